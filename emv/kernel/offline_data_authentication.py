"""Offline data authentication: SDA, DDA, and the keys for CDA (Book 3, 10.3; Book 2, 5 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu, dol, tlv
from emv.certificates import recovery
from emv.constant import const
from emv.errors import CardFault, NotAuthentic

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Send
    from emv.transaction import Transaction

_APPLICATION_IDENTIFIER_TERMINAL = const(0x9F06)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)
_CA_PUBLIC_KEY_INDEX = const(0x8F)
_DATA_AUTHENTICATION_CODE = const(0x9F45)
_DDOL = const(0x9F49)
_FORMAT_1 = const(0x80)
_FORMAT_2 = const(0x77)
_ICC_DYNAMIC_NUMBER = const(0x9F4C)
_ICC_PUBLIC_KEY_CERTIFICATE = const(0x9F46)
_ICC_PUBLIC_KEY_EXPONENT = const(0x9F47)
_ISSUER_PUBLIC_KEY_CERTIFICATE = const(0x90)
_ISSUER_PUBLIC_KEY_EXPONENT = const(0x9F32)
_SIGNED_DYNAMIC_APPLICATION_DATA = const(0x9F4B)
_SIGNED_STATIC_APPLICATION_DATA = const(0x93)
_STATIC_DATA_AUTHENTICATION_TAG_LIST = const(0x9F4A)
_TERMINAL_CAPABILITIES = const(0x9F33)
_UNPREDICTABLE_NUMBER = const(0x9F37)

_TVR_NOT_PERFORMED = const(0x950180)
_TVR_SDA_FAILED = const(0x950140)
_TVR_ICC_DATA_MISSING = const(0x950120)
_TVR_DDA_FAILED = const(0x950108)
_TVR_CDA_FAILED = const(0x950104)
_TVR_SDA_SELECTED = const(0x950102)
_TSI_PERFORMED = const(0x9B0180)

_ISSUER = (_CA_PUBLIC_KEY_INDEX, _ISSUER_PUBLIC_KEY_CERTIFICATE, _ISSUER_PUBLIC_KEY_EXPONENT)
_ICC = (_ICC_PUBLIC_KEY_CERTIFICATE, _ICC_PUBLIC_KEY_EXPONENT)


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
        transaction.icc_key = card_key(transaction)
        if transaction.oda == "dda":
            return _challenge(transaction)
        # CDA goes on with the first GENERATE AC.
        transaction.note("card_key_recovered", _ISSUER + _ICC)
        return "done"
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
    transaction.note(fault.why, (), _TVR_ICC_DATA_MISSING if fault.why == "authentication_data_missing" else 0)
    transaction.note("authentication_failed", (), bit)
    transaction.note("authentication_performed", (), _TSI_PERFORMED)


def issuer_key(transaction: Transaction, needed: tuple[int, ...]) -> tuple[bytes, bytes]:
    """Recover the issuer's key, once all that the method needs is there (10.3: what is missing is a bit of its own)."""
    data = transaction.data
    for tag in (_APPLICATION_PRIMARY_ACCOUNT_NUMBER,) + _ISSUER + needed:
        if tag not in data:
            raise NotAuthentic("authentication_data_missing")
    key = transaction.profile.ca_key(data[_APPLICATION_IDENTIFIER_TERMINAL][:5], data[_CA_PUBLIC_KEY_INDEX][0])
    if key is None:
        transaction.note("ca_key_unknown", (_CA_PUBLIC_KEY_INDEX,))
        raise NotAuthentic("ca_key_unknown")
    return recovery.issuer_key(key, data)


def card_key(transaction: Transaction, needed: tuple[int, ...] = ()) -> tuple[bytes, bytes]:
    issuer = issuer_key(transaction, _ICC + needed)
    return recovery.icc_key(issuer, transaction.data, static_data(transaction))


def static_data(transaction: Transaction) -> list[bytes]:
    """What the issuer signed (10.3): the records that the AFL says, then the AIP where tag 9F4A asks for it."""
    if not transaction.authenticable:
        raise NotAuthentic("record_not_template")
    parts = [response[start:] for response, start in transaction.authenticated]
    listed = transaction.data.get(_STATIC_DATA_AUTHENTICATION_TAG_LIST)
    if listed is not None:
        if listed != b"\x82":
            raise NotAuthentic("static_tag_list")
        parts.append(transaction.data[_APPLICATION_INTERCHANGE_PROFILE])
    return parts


def _static(transaction: Transaction) -> str:
    transaction.note("sda_selected", (_APPLICATION_INTERCHANGE_PROFILE,), _TVR_SDA_SELECTED)
    issuer = issuer_key(transaction, (_SIGNED_STATIC_APPLICATION_DATA,))
    code = recovery.static_signature(issuer, transaction.data, static_data(transaction))
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
        raise NotAuthentic("ddol_without_number")
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
    dynamic_data = recovery.dynamic_signature(transaction.icc_key, signature, transaction.progress)
    transaction.put(_ICC_DYNAMIC_NUMBER, recovery.dynamic_number(dynamic_data))
    transaction.note("dynamic_data_authentic", (_SIGNED_DYNAMIC_APPLICATION_DATA,), _TSI_PERFORMED)
    return "done"
