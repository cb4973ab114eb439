"""The list of cards that are not to be accepted (Book 4, 6.3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const

if TYPE_CHECKING:
    from emv.transaction import Transaction

_APPLICATION_PAN_SEQUENCE_NUMBER = const(0x5F34)
_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)


def holds(transaction: Transaction) -> bool:
    """Is the card on it, by its number and, where the list names one, its sequence number?"""
    pan = transaction.data.get(_APPLICATION_PRIMARY_ACCOUNT_NUMBER, b"").hex().rstrip("f")
    sequence = transaction.data.get(_APPLICATION_PAN_SEQUENCE_NUMBER)
    for listed, number in transaction.profile.exceptions:
        if listed.hex().rstrip("f") == pan and number in (None, sequence):
            return True
    return False
