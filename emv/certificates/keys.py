"""The keys of this card's issuer and of the card, out of what it gave (Book 2, 5.2, 6.2 and 7.1).

Raises NotAuthentic; what the card should have given and did not is `authentication_data_missing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.certificates import recovery
from emv.constant import const
from emv.errors import NotAuthentic

if TYPE_CHECKING:
    from emv.transaction import Transaction

_APPLICATION_IDENTIFIER_TERMINAL = const(0x9F06)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)
_CA_PUBLIC_KEY_INDEX = const(0x8F)
_CA_PUBLIC_KEY_INDEX_TERMINAL = const(0x9F22)
_STATIC_DATA_AUTHENTICATION_TAG_LIST = const(0x9F4A)

_NEEDED = (_APPLICATION_PRIMARY_ACCOUNT_NUMBER, _CA_PUBLIC_KEY_INDEX) + recovery.ISSUER[:2]


def issuer_key(transaction: Transaction, needed: tuple[int, ...]) -> tuple[bytes, bytes]:
    """Recover the issuer's key, once all that the method needs is there."""
    data = transaction.data
    for tag in _NEEDED + needed:
        if tag not in data:
            raise NotAuthentic("authentication_data_missing", (tag,))
    index = data[_CA_PUBLIC_KEY_INDEX]
    key = transaction.profile.ca_key(data[_APPLICATION_IDENTIFIER_TERMINAL][:5], index[0])
    if key is None:
        raise NotAuthentic("ca_key_unknown", (_CA_PUBLIC_KEY_INDEX,))
    transaction.put(_CA_PUBLIC_KEY_INDEX_TERMINAL, index)
    return recovery.issuer_key(key, data)


def card_key(transaction: Transaction, needed: tuple[int, ...] = ()) -> tuple[bytes, bytes]:
    """The key that the card signs with, recovered once. `needed`: what else the method asks the card for."""
    if not transaction.icc_key[0]:
        issuer = issuer_key(transaction, recovery.ICC[:2] + needed)
        transaction.icc_key = recovery.icc_key(issuer, transaction.data, static_data(transaction))
    return transaction.icc_key


def pin_key(transaction: Transaction) -> tuple[bytes, bytes]:
    """7.1: of the pair made for PINs where the card has one, else of the pair that it signs with."""
    needed = recovery.PIN_ENCIPHERMENT[:2]
    for tag in needed:
        if tag not in transaction.data:
            return card_key(transaction)
    issuer = issuer_key(transaction, needed)
    return recovery.icc_key(issuer, transaction.data, [], recovery.PIN_ENCIPHERMENT)


def static_data(transaction: Transaction) -> list[bytes]:
    """What the issuer signed (Book 3, 10.3): the records that the AFL says, then the AIP where tag 9F4A asks for it."""
    if not transaction.authenticable:
        raise NotAuthentic("record_not_template")
    parts = [response[start:] for response, start in transaction.authenticated]
    listed = transaction.data.get(_STATIC_DATA_AUTHENTICATION_TAG_LIST)
    if listed is not None:
        if listed != b"\x82":
            raise NotAuthentic("static_tag_list", (_STATIC_DATA_AUTHENTICATION_TAG_LIST,))
        parts.append(transaction.data[_APPLICATION_INTERCHANGE_PROFILE])
    return parts
