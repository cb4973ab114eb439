"""What the applications of a simulated card share: status words, saying no, reading what a command carries."""

from __future__ import annotations

from typing import NamedTuple

from emv import dol, tlv
from tools.simulators.personalisation import Records

# Status words (Book 3, table 6 and the commands' own; ISO 7816-4)
AUTHENTICATION_FAILED = 0x6300
WRONG_PIN = 0x63C0
WRONG_LENGTH = 0x6700
PIN_BLOCKED = 0x6983
TRY_ANOTHER_INTERFACE = 0x6984
CONDITIONS_NOT_SATISFIED = 0x6985
WRONG_DATA = 0x6A80
NOT_FOUND = 0x6A82
RECORD_NOT_FOUND = 0x6A83
WRONG_PARAMETERS = 0x6A86
DATA_NOT_FOUND = 0x6A88
INSTRUCTION_NOT_SUPPORTED = 0x6D00
CLASS_NOT_SUPPORTED = 0x6E00


class Refused(Exception):
    """The card answers with a status word that says no."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class Command(NamedTuple):
    cla: int
    instruction: int
    p1: int
    p2: int
    data: bytes

    @classmethod
    def parse(cls, apdu: bytes) -> Command:
        """A short C-APDU, whichever of the four cases (ISO 7816-3, 12.1). Raises Refused."""
        if len(apdu) < 4:
            raise Refused(WRONG_LENGTH)
        data = b""
        if len(apdu) > 5:
            length = apdu[4]
            if len(apdu) - 5 not in (length, length + 1):
                raise Refused(WRONG_LENGTH)
            data = apdu[5 : 5 + length]
        return cls(apdu[0], apdu[1], apdu[2], apdu[3], data)


def read_record(records: Records, command: Command) -> bytes:
    """READ RECORD (Book 3, 6.5.11) of `records`. Raises Refused."""
    number, reference = command.p1, command.p2
    if reference & 0x07 != 0x04 or not number:
        raise Refused(WRONG_PARAMETERS)
    if reference >> 3 not in records.files:
        raise Refused(NOT_FOUND)
    content = records.record(reference >> 3, number)
    if content is None:
        raise Refused(RECORD_NOT_FOUND)
    return tlv.encode(0x70, content)


def values_of(asked: bytes, data: bytes) -> dict[int, bytes]:
    """What the terminal filled the data object list `asked` with. Raises Refused where the length is another."""
    values = {}
    at = 0
    for tag, length in dol.entries(asked):
        values[tag] = data[at : at + length]
        at += length
    if at != len(data):
        raise Refused(WRONG_LENGTH)
    return values


def amount_minor(values: dict[int, bytes]) -> int:
    digits = values[0x9F02].hex()
    if not digits.isdigit():
        raise Refused(WRONG_DATA)
    return int(digits)
