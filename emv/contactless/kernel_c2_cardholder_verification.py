"""Kernel 2: how the holder is verified (Book C-2, 7.5 CVM): on the device, by online PIN, by signature, or not.

Nothing is asked here: a PIN is for when the card has gone. An offline PIN is never asked of a card in the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.contactless.kernel_c2 import exceeds, on_device

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_APPLICATION_CURRENCY_CODE = const(0x9F42)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_CVM_LIMIT = const(0xDF8126)
_CVM_LIST = const(0x8E)
_CVM_RESULTS = const(0x9F34)
_TERMINAL_CAPABILITIES = const(0x9F33)
_TERMINAL_TYPE = const(0x9F35)
_TRANSACTION_CURRENCY_CODE = const(0x5F2A)

_TVR_ICC_DATA_MISSING = const(0x950120)
_TVR_FAILED = const(0x950380)
_TVR_UNRECOGNISED = const(0x950340)
_TVR_ONLINE_PIN_ENTERED = const(0x950304)

_FAIL = const(0x00)
_ONLINE_PIN = const(0x02)
_SIGNATURE = const(0x1E)
_NO_CVM = const(0x1F)
_LAST_OFFLINE_PIN = const(0x05)

_CASH = const(0x01)
_CASHBACK = const(0x09)
_CASH_DISBURSEMENT = const(0x17)

# The bit of 9F33 byte 2 that it needs.
_NEEDS = {_ONLINE_PIN: 0x40, _SIGNATURE: 0x20, _NO_CVM: 0x08}


def decide(transaction: Transaction, _reply: Any) -> str:
    if on_device(transaction):
        if exceeds(transaction, transaction.parameters.limits.cvm_minor):
            return _conclude(transaction, "cvm_on_device", b"\x01\x00\x02", "on_device")
        return _conclude(transaction, "cvm_none", b"\x3f\x00\x02")
    if not transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 1, 0x10):
        return _conclude(transaction, "verification_not_supported", b"\x3f\x00\x00")
    rules = transaction.data.get(_CVM_LIST, b"")
    if len(rules) < 10:
        return _conclude(transaction, "cvm_list_missing", b"\x3f\x00\x00", bit=_TVR_ICC_DATA_MISSING)
    return _choose(transaction, rules)


def _choose(transaction: Transaction, rules: bytes) -> str:
    """CVM.9 to CVM.25: the first rule that applies and can be met, unless one before it ends the search."""
    result = b"\x3f\x00\x01"
    for at in range(8, len(rules) - 1, 2):
        code = rules[at]
        method = code & 0x3F
        if not _condition_met(transaction, rules, method, rules[at + 1]):
            continue
        if _supports(transaction, method):
            return _succeed(transaction, method, rules[at : at + 2])
        if method <= _LAST_OFFLINE_PIN or method in _NEEDS:
            transaction.note("cvm_not_supported", (_CVM_LIST, _TERMINAL_CAPABILITIES))
        else:
            transaction.note("cvm_not_recognised", (_CVM_LIST,), _TVR_UNRECOGNISED)
        last = at + 3 >= len(rules)
        if last or not code & 0x40:
            if method == _FAIL:
                result = rules[at : at + 2] + b"\x01"
            break
    return _conclude(transaction, "verification_failed", result, bit=_TVR_FAILED)


def _supports(transaction: Transaction, method: int) -> bool:
    return method in _NEEDS and transaction.has_bit(_TERMINAL_CAPABILITIES, 2, _NEEDS[method])


def _condition_met(transaction: Transaction, rules: bytes, method: int, condition: int) -> bool:
    """CVM.10 to CVM.12. A condition that is not known, or whose data is missing, is not met."""
    if condition == 0x00:
        return True
    if condition == 0x03:
        return method == _FAIL or _supports(transaction, method)
    kind = transaction.request.transaction_type
    attended = transaction.data.get(_TERMINAL_TYPE, b"\x22")[0] & 0x0F <= 3
    if condition == 0x01:
        return kind == _CASH and not attended
    if condition == 0x02:
        return kind not in (_CASH, _CASH_DISBURSEMENT, _CASHBACK)
    if condition == 0x04:
        return kind == _CASH_DISBURSEMENT or (kind == _CASH and attended)
    if condition == 0x05:
        return kind == _CASHBACK
    return 0x06 <= condition <= 0x09 and _amount_met(transaction, rules, condition)


def _amount_met(transaction: Transaction, rules: bytes, condition: int) -> bool:
    """Under X, over X, under Y, over Y: in the application's currency alone."""
    currency = transaction.data.get(_APPLICATION_CURRENCY_CODE)
    if currency is None or currency != transaction.data.get(_TRANSACTION_CURRENCY_CODE):
        return False
    at = 0 if condition < 0x08 else 4
    bound = int.from_bytes(rules[at : at + 4], "big")
    amount = transaction.request.amount_minor
    return amount > bound if condition & 1 else amount < bound


def _succeed(transaction: Transaction, method: int, rule: bytes) -> str:
    if method == _ONLINE_PIN:
        return _conclude(transaction, "cvm_online_pin", rule + b"\x00", "online_pin", _TVR_ONLINE_PIN_ENTERED)
    if method == _SIGNATURE:
        return _conclude(transaction, "cvm_signature", rule + b"\x00", "signature")
    return _conclude(transaction, "cvm_none", rule + b"\x02")


def _conclude(transaction: Transaction, rule: str, result: bytes, cvm: str = "none", bit: int = 0) -> str:
    transaction.put(_CVM_RESULTS, result)
    transaction.cvm = cvm
    tags = (_APPLICATION_INTERCHANGE_PROFILE, _CVM_LIST, _TERMINAL_CAPABILITIES, _CVM_LIMIT)
    transaction.note(rule, tags, bit)
    return "done"
