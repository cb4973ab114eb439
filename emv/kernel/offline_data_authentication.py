"""Offline data authentication: SDA, DDA, and the keys for CDA (Book 3, 10.3; Book 2, 5 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu, dol, tlv
from emv.certificates import keys, recovery
from emv.constant import const
from emv.errors import CardFault, NotAuthentic

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Send
    from emv.transaction import Transaction

_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_DATA_AUTHENTICATION_CODE = const(0x9F45)
_DDOL = const(0x9F49)
_FORMAT_1 = const(0x80)
_FORMAT_2 = const(0x77)
_ICC_DYNAMIC_NUMBER = const(0x9F4C)
_SIGNED_DYNAMIC_APPLICATION_DATA = const(0x9F4B)
_SIGNED_STATIC_APPLICATION_DATA = const(0x93)
_TERMINAL_CAPABILITIES = const(0x9F33)
_UNPREDICTABLE_NUMBER = const(0x9F37)

_TVR_NOT_PERFORMED = const(0x950180)
_TVR_SDA_FAILED = const(0x950140)
_TVR_ICC_DATA_MISSING = const(0x950120)
_TVR_DDA_FAILED = const(0x950108)
_TVR_CDA_FAILED = const(0x950104)
_TVR_SDA_SELECTED = const(0x950102)
_TSI_PERFORMED = const(0x9B0180)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    if reply is None:
        transaction.oda = method(transaction)
        if transaction.oda == "none":
            tags = (_APPLICATION_INTERCHANGE_PROFILE, _TERMINAL_CAPABILITIES)
            transaction.note("authentication_not_performed", tags, _TVR_NOT_PERFORMED)
            return "done"
    try:
        if reply is not None:
            return _dynamic(transaction, reply[0], reply[1])
        if transaction.oda == "sda":
            return _static(transaction)
        keys.card_key(transaction)
        transaction.note("card_key_recovered", recovery.ISSUER + recovery.ICC)
        # CDA goes on with the first GENERATE AC.
        return _challenge(transaction) if transaction.oda == "dda" else "done"
    except NotAuthentic as fault:
        failed(transaction, fault)
        return "done"


def method(transaction: Transaction) -> str:
    """The strongest that card (82 byte 1) and terminal (9F33 byte 3) both know."""
    for name, card, terminal in (("cda", 0x01, 0x08), ("dda", 0x20, 0x40), ("sda", 0x40, 0x80)):
        if transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 1, card) and transaction.has_bit(
            _TERMINAL_CAPABILITIES, 3, terminal
        ):
            return name
    return "none"


def failed(transaction: Transaction, fault: NotAuthentic) -> None:
    bit = {"cda": _TVR_CDA_FAILED, "dda": _TVR_DDA_FAILED}.get(transaction.oda, _TVR_SDA_FAILED)
    transaction.note(fault.why, fault.tags, _TVR_ICC_DATA_MISSING if fault.why == "authentication_data_missing" else 0)
    transaction.note("authentication_failed", (), bit)
    transaction.note("authentication_performed", (), _TSI_PERFORMED)


def _static(transaction: Transaction) -> str:
    transaction.note("sda_selected", (_APPLICATION_INTERCHANGE_PROFILE,), _TVR_SDA_SELECTED)
    issuer = keys.issuer_key(transaction, (_SIGNED_STATIC_APPLICATION_DATA,))
    code = recovery.static_signature(issuer, transaction.data, keys.static_data(transaction))
    transaction.put(_DATA_AUTHENTICATION_CODE, code)
    transaction.note("static_data_authentic", (_SIGNED_STATIC_APPLICATION_DATA,), _TSI_PERFORMED)
    return "done"


def _challenge(transaction: Transaction) -> Send:
    """Book 2, 6.5.1: the card's list, or ours where it has none; without 9F37 in it there is no proof."""
    ddol = transaction.data.get(_DDOL, transaction.parameters.ddol)
    try:
        challenging = dol.asks_for(ddol, _UNPREDICTABLE_NUMBER)
    except CardFault:
        challenging = False
    if not challenging:
        raise NotAuthentic("ddol_without_number", (_DDOL,))
    transaction.draw_unpredictable_number()
    transaction.progress = dol.fill(ddol, transaction.data)
    return transaction.send_listed(apdu.internal_authenticate(transaction.progress), ddol)


def _dynamic(transaction: Transaction, data: bytes, sw: int) -> str:
    if sw != 0x9000:
        raise CardFault("authentication_refused")
    template, start, end = tlv.single(data)
    signature = b""
    if template == _FORMAT_1:
        signature = data[start:end]
    elif template == _FORMAT_2:
        for tag, value in tlv.objects(data, start, end):
            if tag == _SIGNED_DYNAMIC_APPLICATION_DATA:
                signature = value
    if not signature:
        raise CardFault("authentication_response_incomplete")
    transaction.bring([(_SIGNED_DYNAMIC_APPLICATION_DATA, signature)], len(transaction.exchange))
    dynamic_data = recovery.dynamic_signature(keys.card_key(transaction), signature, transaction.progress)
    transaction.put(_ICC_DYNAMIC_NUMBER, recovery.dynamic_number(dynamic_data))
    transaction.note("dynamic_data_authentic", (_SIGNED_DYNAMIC_APPLICATION_DATA,), _TSI_PERFORMED)
    return "done"
