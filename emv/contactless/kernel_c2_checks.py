"""Kernel 2: what was read is complete and may be paid with, as far as the amount goes (Book C-2, S456)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.contactless.kernel_c2 import exceeds, on_device, signs
from emv.errors import CardFault
from emv.kernel import brand_consistency

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_AMOUNT_AUTHORISED = const(0x9F02)
_APPLICATION_EXPIRATION_DATE = const(0x5F24)
_APPLICATION_IDENTIFIER_TERMINAL = const(0x9F06)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)
_CA_PUBLIC_KEY_INDEX = const(0x8F)
_CDOL1 = const(0x8C)
_CVM_CAPABILITY_NOT_REQUIRED = const(0xDF8119)
_CVM_CAPABILITY_REQUIRED = const(0xDF8118)
_CVM_LIMIT = const(0xDF8126)
_FLOOR_LIMIT = const(0xDF8123)
_STATIC_DATA_AUTHENTICATION_TAG_LIST = const(0x9F4A)
_TERMINAL_CAPABILITIES = const(0x9F33)
_TRANSACTION_LIMIT = const(0xDF8124)
_TRANSACTION_LIMIT_ON_DEVICE = const(0xDF8125)

_TVR_NOT_AUTHENTICATED = const(0x950180)
_TVR_ICC_DATA_MISSING = const(0x950120)
_TVR_CDA_FAILED = const(0x950104)
_TVR_FLOOR_LIMIT_EXCEEDED = const(0x950480)

# Objects of one length (annex A): of any other, one breaks the rules as much as one that cannot be read (4.1).
_LENGTHS = (
    (0x5F24, 3), (0x5F25, 3), (0x5F28, 2), (0x5F34, 1), (0x82, 2), (0x8F, 1), (0x9F07, 2), (0x9F08, 2),
    (0x9F0D, 5), (0x9F0E, 5), (0x9F0F, 5), (0x9F42, 2), (0x9F5D, 3),
)  # fmt: skip
_MANDATORY = (_APPLICATION_EXPIRATION_DATE, _APPLICATION_PRIMARY_ACCOUNT_NUMBER, _CDOL1)
# Certificates and exponents of issuer and card, and what the latter signs.
_FOR_CDA = (_CA_PUBLIC_KEY_INDEX, 0x90, 0x9F32, 0x9F46, 0x9F47, _STATIC_DATA_AUTHENTICATION_TAG_LIST)


def decide(transaction: Transaction, _reply: Any) -> str:
    for tag, length in _LENGTHS:
        if len(transaction.data.get(tag, bytes(length))) != length:
            raise CardFault("object_length", (tag,))
    limits = transaction.parameters.limits
    device = on_device(transaction)
    if exceeds(transaction, limits.on_device_cvm_minor if device else limits.transaction_minor):
        limit = _TRANSACTION_LIMIT_ON_DEVICE if device else _TRANSACTION_LIMIT
        transaction.note("transaction_limit_exceeded", (_AMOUNT_AUTHORISED, limit))
        return "select_next"
    for tag in _MANDATORY:
        if tag not in transaction.data:
            raise CardFault("mandatory_object_missing", (tag,))
    brand_consistency.check(transaction)
    _prepare_authentication(transaction)
    _settle_capabilities(transaction, exceeds(transaction, limits.cvm_minor))
    if exceeds(transaction, limits.floor_minor):
        tags = (_AMOUNT_AUTHORISED, _FLOOR_LIMIT)
        transaction.note("floor_limit_exceeded", tags, _TVR_FLOOR_LIMIT_EXCEEDED)
    return "checked"


def _prepare_authentication(transaction: Transaction) -> None:
    """S3R1.17 and S456.22 to 27: can CDA be done? The certificates wait until the card has gone."""
    if not signs(transaction):
        tags = (_APPLICATION_INTERCHANGE_PROFILE, _TERMINAL_CAPABILITIES)
        transaction.note("authentication_not_performed", tags, _TVR_NOT_AUTHENTICATED)
        return
    transaction.oda = "cda"
    data = transaction.data
    missing = tuple([tag for tag in _FOR_CDA if tag not in data])
    if missing:
        transaction.note("authentication_data_missing", missing, _TVR_ICC_DATA_MISSING)
        transaction.note("authentication_failed", (), _TVR_CDA_FAILED)
    if data.get(_STATIC_DATA_AUTHENTICATION_TAG_LIST) != b"\x82":
        raise CardFault("static_tag_list", (_STATIC_DATA_AUTHENTICATION_TAG_LIST,))
    index = data.get(_CA_PUBLIC_KEY_INDEX)
    if index and transaction.profile.ca_key(data[_APPLICATION_IDENTIFIER_TERMINAL][:5], index[0]) is None:
        transaction.note("ca_key_unknown", (_CA_PUBLIC_KEY_INDEX,), _TVR_CDA_FAILED)
    if not transaction.authenticable:  # S4.36
        transaction.note("record_not_template", (), _TVR_CDA_FAILED)


def _settle_capabilities(transaction: Transaction, required: bool) -> None:
    """S456.30 to 32: above the limit the reader is one that verifies; below, one that need not."""
    data = transaction.data
    own = data[_TERMINAL_CAPABILITIES]
    tag = _CVM_CAPABILITY_REQUIRED if required else _CVM_CAPABILITY_NOT_REQUIRED
    methods = data.get(tag) or transaction.profile.data.get(_TERMINAL_CAPABILITIES, bytes(3))[1:2]
    transaction.put(_TERMINAL_CAPABILITIES, own[:1] + methods + own[2:])
    tags = (_AMOUNT_AUTHORISED, _CVM_LIMIT, tag)
    transaction.note("cvm_limit_exceeded" if required else "cvm_limit_kept", tags)
