"""Totals as rows of bytes, as the reader seals them: they are what is hashed, kept, added up and compared.

A row: brand u8 | length and AID | currency u16 | count u16 and sum u48, of debits, of credits, of cancellations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from struct import error as StructError
from struct import pack, unpack_from

from host.acquirer.model import Totals
from host.money import CURRENCIES
from host.telecollection.errors import MalformedSeal
from host.telecollection.model import CREDITS
from host.telecollection.ports import Copy
from protocol.generated.messages import ENUMERATIONS, FIELDS

BRANDS = ENUMERATIONS[FIELDS.index("brand")]  # a brand's number in a row is its number in the schema
BY_NUMERIC = {currency.numeric: currency.code for currency in CURRENCIES.values()}
SUMS = [name.name for name in fields(Totals)][3:]  # count and sum of debits, of credits, of cancellations
SIDES = 3
SIDE_SIZE = 8


def read(data: bytes) -> tuple[Totals, ...]:
    """Raises MalformedSeal."""
    rows: list[Totals] = []
    place = 0
    try:
        while place < len(data):
            brand, length = BRANDS[data[place]], data[place + 1]
            aid = data[place + 2 : place + 2 + length]
            place += 2 + length
            (currency,) = unpack_from(">H", data, place)
            sides = [_side(data, place + 2 + SIDE_SIZE * side) for side in range(SIDES)]
            place += 2 + SIDE_SIZE * SIDES
            rows.append(Totals(brand, aid, BY_NUMERIC[currency], *[number for side in sides for number in side]))
    except (IndexError, KeyError, StructError):
        raise MalformedSeal("totals") from None
    return tuple(rows)


def write(rows: Iterable[Totals]) -> bytes:
    """In ascending order of their bytes. A sum of several readers' counts may pass u16: see `joined`."""
    return b"".join(sorted(map(_row, rows)))


def joined(totals: Iterable[Totals]) -> tuple[Totals, ...]:
    """Rows of the same scheme, application and currency as one."""
    sums: dict[tuple[str, bytes, str], Totals] = {}
    for row in totals:
        key = (row.brand, row.aid, row.currency)
        before = sums.get(key, Totals(*key))
        sums[key] = replace(before, **{name: getattr(before, name) + getattr(row, name) for name in SUMS})
    return tuple(sums[key] for key in sorted(sums))


def of_copies(copies: Iterable[Copy]) -> tuple[Totals, ...]:
    """Of lines that go without a seal."""
    return joined(of_copy(copy) for copy in copies)


def of_copy(copy: Copy) -> Totals:
    amount = copy.line.amount
    key = (copy.brand, copy.aid, amount.currency.code)
    if copy.line.kind in CREDITS:
        return Totals(*key, credit_count=1, credit_minor=amount.amount_minor)
    return Totals(*key, debit_count=1, debit_minor=amount.amount_minor)


def without(totals: Iterable[Totals], taken_away: Iterable[Totals]) -> tuple[Totals, ...]:
    """What is left when rejected lines are not counted; rows without anything are left out."""
    minus = [replace(row, **{name: -getattr(row, name) for name in SUMS}) for row in taken_away]
    return tuple(row for row in joined([*totals, *minus]) if any(getattr(row, name) for name in SUMS))


def net_minor(totals: Iterable[Totals]) -> int:
    """What the acquirer owes: debits less credits."""
    return sum(row.debit_minor - row.credit_minor for row in totals)


def count(totals: Iterable[Totals]) -> int:
    """Of lines; a cancelled sale is none."""
    return sum(row.debit_count + row.credit_count for row in totals)


def _side(data: bytes, place: int) -> tuple[int, int]:
    high, low = unpack_from(">HI", data, place + 2)
    return unpack_from(">H", data, place)[0], high << 32 | low


def _row(row: Totals) -> bytes:
    numeric = {currency.code: currency.numeric for currency in CURRENCIES.values()}[row.currency]
    sums = [getattr(row, name) for name in SUMS]
    sides = b"".join(
        pack(">HHI", number, minor >> 32, minor & 0xFFFFFFFF) for number, minor in zip(sums[::2], sums[1::2])
    )
    return bytes((BRANDS.index(row.brand), len(row.aid))) + row.aid + pack(">H", numeric) + sides
