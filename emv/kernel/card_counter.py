"""Counters that a card gives on request (Book 3, 6.5.7): apart, since each step that asks loads no more than this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import tlv
from emv.errors import CardFault

if TYPE_CHECKING:
    from emv.transaction import Transaction


def bring(transaction: Transaction, data: bytes, tag: int) -> None:
    """Store an answer to GET DATA; one that is malformed is as good as none."""
    try:
        start, end = tlv.only(data, tag)
    except CardFault:
        return
    transaction.bring([(tag, data[start:end])], len(transaction.exchange))
