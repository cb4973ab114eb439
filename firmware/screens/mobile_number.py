"""A mobile number as it is typed: how people read it, and whether it can be one. The host knows the numbering plans.

National numbers have ten digits, the first a 0 (France, Belgium and the Netherlands alike). 00 begins those of other
countries, which have 8 to 15 digits after it (ITU-T E.164).
"""

from __future__ import annotations

from emv.constant import const

LONGEST = const(17)
_NATIONAL = const(10)
_ABROAD = b"00"


def can_be(typed: bytearray) -> bool:
    """`typed`: ASCII digits. No PIN is one: the shortest has ten digits (attacks/P-01)."""
    if typed[:2] == _ABROAD:
        return 10 <= len(typed) <= LONGEST and typed[2:3] != b"0"
    return len(typed) == _NATIONAL and typed[:1] == b"0"


def dialled(typed: bytearray) -> bytearray:
    """As the host is told it: + in the place of 00. The caller wipes both."""
    return bytearray(b"+") + typed[2:] if typed[:2] == _ABROAD else typed[:]


def shown(typed: bytearray) -> str:
    """`0612345` -> `06 12 34 5`; `0032470123` -> `+32 470 123`."""
    digits = str(typed, "ascii")
    if typed[:2] == _ABROAD:
        return "+" + " ".join([digits[2:4]] + [digits[at : at + 3] for at in range(4, len(digits), 3)])
    return " ".join([digits[at : at + 2] for at in range(0, len(digits), 2)])
