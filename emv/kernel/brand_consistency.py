"""Policy C-09: the name of the application, the account number and the CA key are of one scheme (docs/requirements).

A card that answers for a brand that it is not ("card brand mixup") would be judged by the rules of the wrong scheme.
Keys need no test of their own: they are looked up under the scheme of the name (Book 2, 5.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.errors import CardFault

if TYPE_CHECKING:
    from emv.transaction import Transaction

_APPLICATION_IDENTIFIER_TERMINAL = const(0x9F06)
_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)
_DEDICATED_FILE_NAME = const(0x84)
_TRACK_2_EQUIVALENT_DATA = const(0x57)

# By the first four digits, both ends included (ISO/IEC 7812). Maestro is Mastercard's.
_VISA = ((4000, 4999),)
_MASTERCARD = ((2221, 2720), (5000, 5899), (6000, 6999))
# A CB card is issued on Visa's or Mastercard's numbers, also where it is CB's alone.
_RANGES = {
    b"\xa0\x00\x00\x00\x03": _VISA,
    b"\xa0\x00\x00\x00\x04": _MASTERCARD,
    b"\xa0\x00\x00\x00\x42": _VISA + _MASTERCARD,
}


def check(transaction: Transaction) -> None:
    """Once the card is read, before the holder is verified. Raises CardFault where the policy is on and not met."""
    if "C-09" not in transaction.profile.policies:
        return
    data = transaction.data
    scheme = data[_APPLICATION_IDENTIFIER_TERMINAL][:5]
    numbers = _account_numbers(data)
    tags = (_DEDICATED_FILE_NAME, _APPLICATION_PRIMARY_ACCOUNT_NUMBER, _TRACK_2_EQUIVALENT_DATA)
    if len(numbers) == 2 and numbers[0] != numbers[1]:
        raise CardFault("account_numbers_differ", tags)
    named = data.get(_DEDICATED_FILE_NAME, scheme)[:5] == scheme
    if not named or not all(_is_of(scheme, number) for number in numbers):
        raise CardFault("brand_mixed_up", tags)


def _account_numbers(data: dict[int, bytes]) -> list[str]:
    numbers = []
    if _APPLICATION_PRIMARY_ACCOUNT_NUMBER in data:
        numbers.append(data[_APPLICATION_PRIMARY_ACCOUNT_NUMBER].hex().rstrip("f"))
    if _TRACK_2_EQUIVALENT_DATA in data:
        numbers.append(data[_TRACK_2_EQUIVALENT_DATA].hex().split("d")[0])
    return numbers


def _is_of(scheme: bytes, number: str) -> bool:
    """A scheme that is not ours to know has any number."""
    ranges = _RANGES.get(scheme)
    if ranges is None:
        return True
    beginning = number[:4]
    return beginning.isdigit() and any(first <= int(beginning) <= last for first, last in ranges)
