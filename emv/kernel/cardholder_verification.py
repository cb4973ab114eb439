"""Cardholder verification: the card's rules, one after the other (Book 3, 10.5 and C3; Book 4, 6.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu
from emv.action import EnterPin, Send
from emv.constant import const
from emv.kernel.terminal_risk_management import bring_counter

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Action, PinEntry
    from emv.transaction import Transaction

_APPLICATION_CURRENCY_CODE = const(0x9F42)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_CVM_LIST = const(0x8E)
_CVM_RESULTS = const(0x9F34)
_PIN_TRY_COUNTER = const(0x9F17)
_TERMINAL_CAPABILITIES = const(0x9F33)
_TERMINAL_TYPE = const(0x9F35)
_TRANSACTION_CURRENCY_CODE = const(0x5F2A)

_TVR_ICC_DATA_MISSING = const(0x950120)
_TVR_FAILED = const(0x950380)
_TVR_UNRECOGNISED = const(0x950340)
_TVR_PIN_TRY_LIMIT_EXCEEDED = const(0x950320)
_TVR_PIN_PAD_NOT_WORKING = const(0x950310)
_TVR_PIN_NOT_ENTERED = const(0x950308)
_TVR_ONLINE_PIN_ENTERED = const(0x950304)
_TSI_PERFORMED = const(0x9B0140)

_FAIL = const(0x00)
_PLAINTEXT_PIN = const(0x01)
_ONLINE_PIN = const(0x02)
_PLAINTEXT_PIN_AND_SIGNATURE = const(0x03)
_SIGNATURE = const(0x1E)
_NO_CVM = const(0x1F)

_UNKNOWN = const(0)
_FAILED = const(1)
_SUCCESSFUL = const(2)


def decide(transaction: Transaction, reply: Any) -> Action | str:
    """progress: [place in the list, last rule performed as 9F34 or None, PIN bypassed, waiting for, tries left]."""
    if reply is None:
        return _begin(transaction)
    if transaction.progress[3] == "tries":
        return _tries_read(transaction, reply[0], reply[1])
    return _pin_entered(transaction, reply)


def _begin(transaction: Transaction) -> Action | str:
    if not transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 1, 0x10):
        transaction.note("verification_not_supported", (_APPLICATION_INTERCHANGE_PROFILE,))
        transaction.put(_CVM_RESULTS, b"\x3f\x00\x00")
        return "done"
    if len(transaction.data.get(_CVM_LIST, b"")) < 10:
        transaction.note("cvm_list_missing", (_CVM_LIST,), _TVR_ICC_DATA_MISSING)
        transaction.put(_CVM_RESULTS, b"\x3f\x00\x00")
        return "done"
    transaction.progress = [8, None, False, "", None]
    transaction.note("verification_performed", (_CVM_LIST,), _TSI_PERFORMED)
    return _next_rule(transaction)


def _next_rule(transaction: Transaction) -> Action | str:
    """Go through the rules from where we are to the first that settles it or has to ask."""
    rules = transaction.data[_CVM_LIST]
    progress = transaction.progress
    while progress[0] + 1 < len(rules):
        code = rules[progress[0]]
        condition = rules[progress[0] + 1]
        if not _condition_met(transaction, code & 0x3F, condition):
            progress[0] += 2
            continue
        result = _apply(transaction, code & 0x3F)
        if result is not None:
            return result
        if not code & 0x40:
            break
        progress[0] += 2
    return _fail(transaction)


def _condition_met(transaction: Transaction, method: int, condition: int) -> bool:
    """C3, table 40. A condition that is not known, or whose data is missing, is not met."""
    if condition == 0x00:
        return True
    if condition == 0x03:
        return method == _FAIL or (method in _REQUIRES and _supported(transaction, method))
    kind = transaction.request.transaction_type
    cash = kind == 0x01
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


# Method -> the bits of 9F33 byte 2 that it needs.
_REQUIRES = {
    _PLAINTEXT_PIN: 0x80,
    _ONLINE_PIN: 0x40,
    _PLAINTEXT_PIN_AND_SIGNATURE: 0xA0,
    0x04: 0x10,
    0x05: 0x30,
    _SIGNATURE: 0x20,
    _NO_CVM: 0x08,
}


def _supported(transaction: Transaction, method: int) -> bool:
    # Enciphered offline PIN (04, 05) is not in this kernel, whatever the terminal says of itself.
    bits = _REQUIRES[method]
    capabilities = transaction.data.get(_TERMINAL_CAPABILITIES, bytes(3))[1]
    return not bits & 0x10 and capabilities & bits == bits


def _apply(transaction: Transaction, method: int) -> Action | str | None:
    """Apply a rule whose condition is met: an action, "done", or None when it was not successful."""
    if method == _FAIL:
        transaction.note("cvm_fails_by_rule", (_CVM_LIST,))
        _performed(transaction)
        return None
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
    if transaction.progress[2]:
        transaction.note("pin_bypassed", (), _TVR_PIN_NOT_ENTERED)
        return None
    if method == _ONLINE_PIN:
        return _ask_pin(transaction, "online", None)
    transaction.progress[3] = "tries"
    return Send(apdu.get_data(_PIN_TRY_COUNTER))


def _note_unsupported(transaction: Transaction, method: int) -> None:
    """10.5.1, 10.5.2: a PIN that this terminal cannot take at all is a PIN pad that is not there."""
    capabilities = transaction.data.get(_TERMINAL_CAPABILITIES, bytes(3))[1]
    missing = method == _ONLINE_PIN or (method <= 0x05 and not capabilities & 0x90)
    tags = (_CVM_LIST, _TERMINAL_CAPABILITIES)
    transaction.note("cvm_not_supported", tags, _TVR_PIN_PAD_NOT_WORKING if missing else 0)


def _tries_read(transaction: Transaction, data: bytes, sw: int) -> Action | str:
    tries = None
    if sw == 0x9000:
        bring_counter(transaction, data, _PIN_TRY_COUNTER)
        counter = transaction.data.get(_PIN_TRY_COUNTER)
        tries = counter[0] if counter else None
    if tries == 0:
        transaction.note("pin_try_limit_exceeded", (_PIN_TRY_COUNTER,), _TVR_PIN_TRY_LIMIT_EXCEEDED)
        return _unsuccessful(transaction)
    return _ask_pin(transaction, "offline_plaintext", tries)


def _ask_pin(transaction: Transaction, method: str, tries: int | None) -> EnterPin:
    transaction.progress[3] = method
    transaction.progress[4] = tries
    return EnterPin(method, tries)


def _pin_entered(transaction: Transaction, entry: PinEntry) -> Action | str:
    if entry.status == "unavailable":
        transaction.note("pin_pad_not_working", (), _TVR_PIN_PAD_NOT_WORKING)
        return _unsuccessful(transaction)
    if entry.status != "entered":
        transaction.progress[2] = True
        transaction.note("pin_bypassed", (), _TVR_PIN_NOT_ENTERED)
        return _unsuccessful(transaction)
    if transaction.progress[3] == "online":
        transaction.note("online_pin_entered", (_CVM_LIST,), _TVR_ONLINE_PIN_ENTERED)
        return _succeed(transaction, "cvm_online_pin", "online_pin", _UNKNOWN)
    return _verified(transaction, entry.sw1 << 8 | entry.sw2)


def _verified(transaction: Transaction, sw: int) -> Action | str:
    """The card's answer to VERIFY. The exchange keeps that it was asked, never what was in it."""
    transaction.exchange.append((b"\x00\x20\x00\x80", bytes((sw >> 8, sw & 0xFF))))
    if sw == 0x9000:
        code = transaction.data[_CVM_LIST][transaction.progress[0]] & 0x3F
        # A signature beside the PIN leaves the result open (Book 4, 6.3.4.5).
        both = code == _PLAINTEXT_PIN_AND_SIGNATURE
        return _succeed(transaction, "cvm_offline_pin", "offline_pin", _UNKNOWN if both else _SUCCESSFUL)
    if sw in (0x63C0, 0x6983, 0x6984):
        transaction.note("pin_try_limit_exceeded", (), _TVR_PIN_TRY_LIMIT_EXCEEDED)
    elif sw & 0xFFF0 == 0x63C0:
        before = transaction.progress[4]
        tries = sw & 0x0F
        # A card whose count does not go down is not asked for ever (attacks/C-17).
        if before is None or tries < before:
            transaction.note("pin_wrong")
            return _ask_pin(transaction, "offline_plaintext", tries)
    transaction.note("pin_not_verified")
    return _unsuccessful(transaction)


def _unsuccessful(transaction: Transaction) -> Action | str:
    """The rule at hand failed: its bit 7 says whether the next one gets a chance."""
    progress = transaction.progress
    if not transaction.data[_CVM_LIST][progress[0]] & 0x40:
        return _fail(transaction)
    progress[0] += 2
    return _next_rule(transaction)


def _performed(transaction: Transaction) -> None:
    at = transaction.progress[0]
    transaction.progress[1] = transaction.data[_CVM_LIST][at : at + 2]


def _succeed(transaction: Transaction, rule: str, cvm: str, result: int) -> str:
    _performed(transaction)
    transaction.put(_CVM_RESULTS, transaction.progress[1] + bytes((result,)))
    transaction.cvm = cvm
    transaction.note(rule, (_CVM_LIST,))
    return "done"


def _fail(transaction: Transaction) -> str:
    """Book 4, table 2: the last rule performed, or 3F 00 where there was none."""
    transaction.put(_CVM_RESULTS, (transaction.progress[1] or b"\x3f\x00") + bytes((_FAILED,)))
    transaction.note("verification_failed", (_CVM_LIST,), _TVR_FAILED)
    return "done"
