"""Torn transactions: cards that left while they made a cryptogram, and may be asked for it again (Book C-2, 3.7).

The log is a list that the reader keeps from one transaction to the next, so its records are plain tuples: who the card
is (a hash: no account number stays), when it was torn in seconds, data objects, what PDOL and CDOL1 gave, the type of
cryptogram asked for, whether signed, what DRDOL asks for.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from emv import dol
from emv.constant import const

if TYPE_CHECKING:
    from emv.transaction import Transaction

    TornRecord = tuple[bytes, int, dict[int, bytes], bytes, int, bool, bytes]

_APPLICATION_PAN_SEQUENCE_NUMBER = const(0x5F34)
_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)
_DRDOL = const(0x9F51)
_MAX_LIFETIME = const(0xDF811C)
_MAX_NUMBER = const(0xDF811D)

_DEFAULT_LIFETIME_S = const(300)

# What the transaction is, as far as this reader can differ: amounts, currency, kind, application.
_SAME = (0x9F02, 0x9F03, 0x5F2A, 0x9C, 0x9F06)
# Annex A, Torn Record: what the cryptogram was asked for with.
_KEPT = (
    0x9F1A, 0x9F1E, 0x9F21, 0x9F33, 0x9F34, 0x9F35, 0x9F37, 0x9F53, 0x95, 0x9A,
    0xDF8301, 0xDF8302, 0xDF8303, 0xDF8304, 0xDF8305, 0xDF8306, 0xDF8307,
)  # fmt: skip


def applies(transaction: Transaction) -> bool:
    """S456.43: does the card know of recovery, and does the reader keep a log?"""
    return _DRDOL in transaction.data and _most(transaction) > 0


def find(transaction: Transaction) -> TornRecord | None:
    """The record of this card, of a transaction that the reader would ask for again.

    The book does not compare amounts; but what is shown to the cardholder, and sent to the issuer, is this one's.
    """
    if not applies(transaction):
        return None
    _forget_old(transaction)
    card = _card(transaction)
    for record in transaction.torn:
        if record[0] == card and all(record[2].get(tag) == transaction.data.get(tag) for tag in _SAME):
            return record
    return None


def add(transaction: Transaction, signed: bool) -> None:
    """One record a card, the oldest makes room."""
    card = _card(transaction)
    log = transaction.torn
    log[:] = [record for record in log if record[0] != card]
    while len(log) >= _most(transaction):
        log.pop(0)
    data = transaction.data
    kept = {tag: data[tag] for tag in _SAME + _KEPT if tag in data}
    time_s = seconds(transaction.request.clock)
    related = dol.fill(data[_DRDOL], data)
    log.append((card, time_s, kept, transaction.listed, transaction.requested, signed, related))


def restore(transaction: Transaction, record: TornRecord) -> None:
    """S10.11: the transaction is the one that was torn; its record has served."""
    for tag, value in record[2].items():
        transaction.put(tag, value)
    transaction.listed = record[3]
    transaction.requested = record[4]
    transaction.torn.remove(record)


def seconds(clock: tuple[int, ...]) -> int:
    """Seconds of a local time (year to second), from a day long ago."""
    year, month, day = clock[:3]
    if month < 3:
        year -= 1
        month += 12
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day
    return days * 86400 + clock[3] * 3600 + clock[4] * 60 + clock[5]


def _forget_old(transaction: Transaction) -> None:
    value = transaction.data.get(_MAX_LIFETIME)
    lifetime_s = _DEFAULT_LIFETIME_S if value is None else int.from_bytes(value, "big")
    now_s = seconds(transaction.request.clock)
    log = transaction.torn
    log[:] = [record for record in log if 0 <= now_s - record[1] <= lifetime_s]


def _most(transaction: Transaction) -> int:
    return int.from_bytes(transaction.data.get(_MAX_NUMBER, b""), "big")


def _card(transaction: Transaction) -> bytes:
    data = transaction.data
    return sha256(
        data[_APPLICATION_PRIMARY_ACCOUNT_NUMBER] + b"|" + data.get(_APPLICATION_PAN_SEQUENCE_NUMBER, b"-")
    ).digest()
