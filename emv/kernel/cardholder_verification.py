"""Cardholder verification: the card's rules, one after the other (Book 3, 10.5 and C3; Book 4, 6.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import tlv
from emv.action import EnterPin
from emv.constant import const
from emv.data_objects import meets
from emv.errors import CardFault
from emv.kernel import offline_pin

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Action
    from emv.transaction import Transaction

_APPLICATION_CURRENCY_CODE = const(0x9F42)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_CVM_LIST = const(0x8E)
_CVM_RESULTS = const(0x9F34)
_TERMINAL_CAPABILITIES = const(0x9F33)
_TERMINAL_TYPE = const(0x9F35)
_TERMINAL_VERIFICATION_RESULTS = const(0x95)
_TRANSACTION_CURRENCY_CODE = const(0x5F2A)

_TVR_ICC_DATA_MISSING = const(0x950120)
_TVR_FAILED = const(0x950380)
_TVR_UNRECOGNISED = const(0x950340)
_TVR_PIN_PAD_NOT_WORKING = const(0x950310)
_TVR_PIN_NOT_ENTERED = const(0x950308)
_TVR_ONLINE_PIN_ENTERED = const(0x950304)
_TSI_PERFORMED = const(0x9B0140)

_FAIL = const(0x00)
_PLAINTEXT_PIN = const(0x01)
_ONLINE_PIN = const(0x02)
_PLAINTEXT_PIN_AND_SIGNATURE = const(0x03)
_ENCIPHERED_PIN = const(0x04)
_ENCIPHERED_PIN_AND_SIGNATURE = const(0x05)
_SIGNATURE = const(0x1E)
_NO_CVM = const(0x1F)

_UNKNOWN = const(0)
_FAILED = const(1)
_SUCCESSFUL = const(2)

# Of 9F33 byte 2.
_CAN_PLAINTEXT_PIN = const(0x80)
_CAN_OFFLINE_PIN = const(0x90)
# Method -> the bits of 9F33 byte 2 that it needs.
_REQUIRES = {
    _PLAINTEXT_PIN: 0x80,
    _ONLINE_PIN: 0x40,
    _PLAINTEXT_PIN_AND_SIGNATURE: 0xA0,
    _ENCIPHERED_PIN: 0x10,
    _ENCIPHERED_PIN_AND_SIGNATURE: 0x30,
    _SIGNATURE: 0x20,
    _NO_CVM: 0x08,
}

# SDA, DDA or CDA failed.
_AUTHENTICATION_FAILED = b"\x4c"


def decide(transaction: Transaction, reply: Any) -> Action | str:
    """progress: `at` place in the list, `performed` last rule as in 9F34, `capabilities` 9F33 byte 2, `bypassed` a PIN
    was; of the PIN at hand `method`, `awaiting` what, `tries` left, `key`."""
    if reply is None:
        return _begin(transaction)
    if transaction.progress["method"] == "online":
        return _after(transaction, offline_pin.entered(transaction, reply))
    return _after(transaction, offline_pin.go_on(transaction, reply))


def _begin(transaction: Transaction) -> Action | str:
    if not transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 1, 0x10):
        transaction.note("verification_not_supported", (_APPLICATION_INTERCHANGE_PROFILE,))
        transaction.put(_CVM_RESULTS, b"\x3f\x00\x00")
        return "done"
    rules = transaction.data.get(_CVM_LIST, b"")
    if len(rules) % 2:
        raise CardFault("cvm_list_malformed", (_CVM_LIST,))
    if len(rules) < 10:
        transaction.note("cvm_list_missing", (_CVM_LIST,), _TVR_ICC_DATA_MISSING)
        transaction.put(_CVM_RESULTS, b"\x3f\x00\x00")
        return "done"
    transaction.progress = {
        "at": 8,
        "performed": b"\x3f\x00",
        "capabilities": _capabilities(transaction),
        "bypassed": False,
        "method": "",
    }
    transaction.note("verification_performed", (_CVM_LIST,), _TSI_PERFORMED)
    return _next_rule(transaction)


def _capabilities(transaction: Transaction) -> int:
    """Policy C-04: for a list that nobody vouches for, this terminal has no plaintext PIN: who rewrote it wants one."""
    capabilities = transaction.data.get(_TERMINAL_CAPABILITIES, bytes(3))[1]
    if "C-04" not in transaction.profile.policies or not capabilities & _CAN_PLAINTEXT_PIN:
        return capabilities
    if _list_is_authentic(transaction):
        return capabilities
    transaction.note("policy_no_plaintext_pin", (_CVM_LIST, _TERMINAL_VERIFICATION_RESULTS))
    return capabilities & ~_CAN_PLAINTEXT_PIN


def _list_is_authentic(transaction: Transaction) -> bool:
    """Was it in a signed record, and has data authentication held so far? For CDA the card's key is recovered by now,
    from a certificate over those records; what CDA has yet to prove is that the card is no copy."""
    if transaction.oda == "none" or meets(transaction.data[_TERMINAL_VERIFICATION_RESULTS], _AUTHENTICATION_FAILED):
        return False
    for response, start in transaction.authenticated:
        # Of a file above 10 (start 0) nothing was taken.
        if start and _CVM_LIST in [tag for tag, _ in tlv.objects(response, start)]:
            return True
    return False


def _next_rule(transaction: Transaction) -> Action | str:
    """Go through the rules from where we are to the first that settles it or has to ask."""
    rules = transaction.data[_CVM_LIST]
    progress = transaction.progress
    while progress["at"] < len(rules):
        code = rules[progress["at"]]
        condition = rules[progress["at"] + 1]
        if _condition_met(transaction, code & 0x3F, condition):
            result = _apply(transaction, code & 0x3F)
            if result is not None:
                return result
            if not code & 0x40:
                break
        progress["at"] += 2
    return _fail(transaction)


def _condition_met(transaction: Transaction, method: int, condition: int) -> bool:
    """C3, table 40. A condition that is not known, or whose data is missing, is not met."""
    if condition == 0x00:
        return True
    if condition == 0x03:
        return method == _FAIL or (method in _REQUIRES and _supported(transaction, method))
    kind = transaction.request.transaction_type
    cash = kind in (0x01, 0x17)  # withdrawal, disbursement
    cashback = kind == 0x09 or (kind == 0x00 and transaction.request.amount_other_minor > 0)
    attended = transaction.data.get(_TERMINAL_TYPE, b"\x22")[0] & 0x0F <= 3
    if condition == 0x01:
        return cash and not attended
    if condition == 0x02:
        return not cash and not cashback
    if condition == 0x04:
        return cash and attended
    if condition == 0x05:
        return cashback
    return 0x06 <= condition <= 0x09 and _amount_met(transaction, condition)


def _amount_met(transaction: Transaction, condition: int) -> bool:
    """Under X, over X, under Y, over Y; only where the card counts in our currency."""
    data = transaction.data
    currency = data.get(_APPLICATION_CURRENCY_CODE)
    if currency is None or currency != data.get(_TRANSACTION_CURRENCY_CODE):
        return False
    at = 0 if condition <= 0x07 else 4
    limit = int.from_bytes(data[_CVM_LIST][at : at + 4], "big")
    amount = transaction.request.amount_minor
    return amount < limit if condition in (0x06, 0x08) else amount > limit


def _supported(transaction: Transaction, method: int) -> bool:
    return transaction.progress["capabilities"] & _REQUIRES[method] == _REQUIRES[method]


def _apply(transaction: Transaction, method: int) -> Action | str | None:
    """Apply a rule whose condition is met: an action, "done", or None when it was not successful."""
    if method == _FAIL:
        transaction.note("cvm_fails_by_rule", (_CVM_LIST,))
        _performed(transaction)
        return _fail(transaction)  # bit 7 of the rule counts for nothing (10.5)
    if method not in _REQUIRES:
        transaction.note("cvm_not_recognised", (_CVM_LIST,), _TVR_UNRECOGNISED)
        return None
    if not _supported(transaction, method):
        _note_unsupported(transaction, method)
        return None
    if method == _SIGNATURE:
        return _succeed(transaction, "cvm_signature", "signature", _UNKNOWN)
    if method == _NO_CVM:
        return _succeed(transaction, "cvm_none", "none", _SUCCESSFUL)
    _performed(transaction)
    if transaction.progress["bypassed"]:
        transaction.note("pin_bypassed", (), _TVR_PIN_NOT_ENTERED)
        return None
    if method == _ONLINE_PIN:
        transaction.progress["method"] = "online"
        return EnterPin("online", None)
    return offline_pin.begin(transaction, method in (_ENCIPHERED_PIN, _ENCIPHERED_PIN_AND_SIGNATURE))


def _note_unsupported(transaction: Transaction, method: int) -> None:
    """10.5.1, 10.5.2: a PIN that this terminal cannot take at all is a PIN pad that is not there."""
    offline = transaction.progress["capabilities"] & _CAN_OFFLINE_PIN
    missing = method == _ONLINE_PIN or (method <= _ENCIPHERED_PIN_AND_SIGNATURE and not offline)
    tags = (_CVM_LIST, _TERMINAL_CAPABILITIES)
    transaction.note("cvm_not_supported", tags, _TVR_PIN_PAD_NOT_WORKING if missing else 0)


def _after(transaction: Transaction, result: Action | bool) -> Action | str:
    """A PIN is being taken (an action), was accepted (True), or was not: bit 7 of its rule says what then."""
    if not isinstance(result, bool):
        return result
    code = transaction.data[_CVM_LIST][transaction.progress["at"]]
    if result:
        return _accepted(transaction, code & 0x3F)
    if not code & 0x40:
        return _fail(transaction)
    transaction.progress["at"] += 2
    return _next_rule(transaction)


def _accepted(transaction: Transaction, method: int) -> str:
    if method == _ONLINE_PIN:
        transaction.note("online_pin_entered", (_CVM_LIST,), _TVR_ONLINE_PIN_ENTERED)
        return _succeed(transaction, "cvm_online_pin", "online_pin", _UNKNOWN)
    # A signature beside the PIN leaves the result open (Book 4, 6.3.4.5).
    both = method in (_PLAINTEXT_PIN_AND_SIGNATURE, _ENCIPHERED_PIN_AND_SIGNATURE)
    return _succeed(transaction, "cvm_offline_pin", "offline_pin", _UNKNOWN if both else _SUCCESSFUL)


def _performed(transaction: Transaction) -> None:
    at = transaction.progress["at"]
    transaction.progress["performed"] = transaction.data[_CVM_LIST][at : at + 2]


def _succeed(transaction: Transaction, rule: str, cvm: str, result: int) -> str:
    _performed(transaction)
    transaction.put(_CVM_RESULTS, transaction.progress["performed"] + bytes((result,)))
    transaction.cvm = cvm
    transaction.note(rule, (_CVM_LIST,))
    return "done"


def _fail(transaction: Transaction) -> str:
    """Book 4, table 2: the last rule performed, or 3F 00 where there was none."""
    transaction.put(_CVM_RESULTS, transaction.progress["performed"] + bytes((_FAILED,)))
    transaction.note("verification_failed", (_CVM_LIST,), _TVR_FAILED)
    return "done"
