"""What a card might say in an object: values of a kind that leads on, and of a kind that should not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz.chance import Chance

NAMES = [
    bytes.fromhex(name)
    for name in ("A0000000421010", "A0000000031010", "A0000000041010", "A0000000043060", "A0000000038002")
]
_ACCOUNTS = ("4970101234567810", "5413330089601232", "4999999999999999", "5413339000001513", "41111111111111111F")
_DATES = ("491231", "251231", "260101", "261121", "000000", "269999", "FFFFFF", "1231")
_METHODS = (0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x1E, 0x1F, 0x2F, 0x3F)
# What lists ask for: what a terminal has, what a card has, what is long, what nobody knows.
_LISTED = (0x9F02, 0x9F03, 0x9F1A, 0x95, 0x5F2A, 0x9A, 0x9C, 0x9F37, 0x9F34, 0x9F35, 0x8A, 0x91, 0x98, 0x9F66, 0x9F45)
_LISTED += (0x9F4C, 0x9F4E, 0x9F21, 0x9F33, 0x9F40, 0x5A, 0xDF8117, 0x9F7C)
TAGS = (0x4F, 0x50, 0x56, 0x57, 0x5A, 0x5F20, 0x5F24, 0x5F25, 0x5F28, 0x5F2D, 0x5F34, 0x61, 0x6F, 0x70, 0x77, 0x80)
TAGS += (0x82, 0x84, 0x87, 0x88, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x92, 0x93, 0x94, 0x95, 0x97, 0x9A, 0x9F02, 0x9F07)
TAGS += (0x9F08, 0x9F0D, 0x9F0E, 0x9F0F, 0x9F10, 0x9F11, 0x9F12, 0x9F13, 0x9F14, 0x9F17, 0x9F23, 0x9F26, 0x9F27)
TAGS += (0x9F2A, 0x9F29, 0x9F2D, 0x9F2E, 0x9F32, 0x9F34, 0x9F36, 0x9F37, 0x9F38, 0x9F42, 0x9F46, 0x9F47, 0x9F48)
TAGS += (0x9F49, 0x9F4A, 0x9F4B, 0x9F4C, 0x9F51, 0x9F55, 0x9F56, 0x9F5D, 0x9F66, 0x9F69, 0x9F6C, 0x9F6E, 0xA5, 0xBF0C)
TAGS += (0xDF4B, 0xDF8104, 0xDF8306)
_CHOICES = {
    0x82: ("3C00", "5C00", "3D00", "1C00", "1980", "1981", "1B80", "1B81", "7D00", "2000", "0040", "0000", "FFFF"),
    0x8F: ("F1", "F3", "FA", "00", "EF"),
    0x9F07: ("FFC0", "FF00", "0000", "3D00", "C000"),
    0x9F08: ("0002", "008C", "0001"),
    0x9F32: ("03", "010001", "", "02", "11"),
    0x9F47: ("03", "010001", "", "02", "11"),
    0x9F2E: ("03", "010001", ""),
    0x9F4A: ("82", "", "8295", "5A"),
    0x9F27: ("00", "40", "80", "C0", "48", "41"),
    0x9F42: ("0978", "0840", ""),
    0x5F28: ("0250", "0056"),
    0x5F34: ("00", "01"),
    0x87: ("01", "02", "81", "00", "0F"),
    0x9F11: ("01", "02", "FF"),
    0x9F6C: ("0000", "8000", "0080", "4000", "2000", "1000", "0840", "FFFF", "00"),
    0x9F6E: ("23700000", "20700000", "00000000", "0000000030313233", "00"),
    0x9F69: ("01000000000000", "00000000000000", "01", "0100000000000000800000"),
    0x9F2A: ("02", "03", "42", "00", "C3", "810101"),
    0x9F5D: ("010100", "000000", "01"),
    0x9F55: ("40", "00"),
    0xDF4B: ("000100", "000001", "000000", "00", "000800"),
    0x9F10: ("06011203A00000", "0110A00003220000000000000000000000FF", "06010A030000", "00"),
    0x88: ("01", "00", "0B", "FF"),
}


def value(tag: int, chance: Chance) -> bytes:
    """One for this tag; once in ten just any."""
    if chance.once_in(10):
        return chance.bytes(chance.choice((0, 1, 2, 3, 4, 5, 8, 16, 64, 200)))
    if tag in _CHOICES:
        return bytes.fromhex(chance.choice(_CHOICES[tag]))
    maker = _MAKERS.get(tag)
    return chance.bytes(_LENGTHS.get(tag, 4)) if maker is None else maker(chance)


def cvm_list(chance: Chance) -> bytes:
    rules = chance.choice((bytes(8), bytes.fromhex("000003E800001388"), chance.bytes(8)))
    for _ in range(chance.below(7)):
        rules += bytes((chance.choice(_METHODS) | chance.choice((0x00, 0x40)), chance.choice(range(12))))
    return rules + (b"\x00" if chance.once_in(20) else b"")


def object_list(chance: Chance) -> bytes:
    """Of a DOL: sometimes all that a command can hold, or one byte more."""
    if chance.once_in(12):
        return chance.choice((b"\x9f\x37\xfc", b"\x9f\x37\xfd", b"\x9f", b"\x9f\x37", b"\x9f\x66\x04" * 63, b""))
    made = b"\x9f\x37\x04" if chance.below(4) else b""
    for _ in range(chance.below(9)):
        tag = chance.choice(_LISTED)
        length = 3 if tag > 0xFFFF else 2 if tag > 0xFF else 1
        made += tag.to_bytes(length, "big") + bytes((chance.choice((1, 2, 3, 4, 5, 6, 8, 10, 20)),))
    return made


def locator(chance: Chance) -> bytes:
    """An AFL, mostly of files and records that are none."""
    made = b""
    for _ in range(chance.between(1, 5)):
        file = chance.choice((0, 1, 2, 3, 4, 10, 11, 30, 31))
        first = chance.choice((0, 1, 1, 1, 2))
        last = chance.choice((first, first, 1, 2, 3, 255))
        made += bytes((file << 3 | chance.choice((0, 0, 0, 4)), first, last, chance.choice((0, 0, 1, 2, 255))))
    return made + (b"\x08" if chance.once_in(20) else b"")


def label(chance: Chance) -> bytes:
    return chance.choice((b"CB", b"VISA DEBIT", b"\x1b[2J\x1b[1;1H\x07", b"A" * 64, b"\x00\xff\xc3\x28", b"\xe9\xe8"))


def account(chance: Chance) -> bytes:
    return bytes.fromhex(chance.choice(_ACCOUNTS))


def track2(chance: Chance) -> bytes:
    number = chance.choice(_ACCOUNTS[:4])
    return bytes.fromhex(number + chance.choice(("D27122010000012300000F", "D2712201", "D000", "")))


_MAKERS = {
    0x8E: cvm_list,
    0x8C: object_list,
    0x8D: object_list,
    0x9F38: object_list,
    0x9F49: object_list,
    0x97: object_list,
    0x9F51: object_list,
    0x94: locator,
    0x50: label,
    0x9F12: label,
    0x5A: account,
    0x57: track2,
    0x5F24: lambda chance: bytes.fromhex(chance.choice(_DATES)),
    0x5F25: lambda chance: bytes.fromhex(chance.choice(_DATES)),
    0x84: lambda chance: chance.choice(NAMES),
    0x4F: lambda chance: chance.choice(NAMES) + chance.choice((b"", b"", b"\x01")),
}
_LENGTHS = {0x90: 144, 0x92: 36, 0x93: 144, 0x9F46: 128, 0x9F48: 42, 0x9F4B: 128, 0x9F26: 8, 0x9F36: 2, 0x9F13: 2}
_LENGTHS |= {0x9F17: 1, 0x9F14: 1, 0x9F23: 1, 0x9F0D: 5, 0x9F0E: 5, 0x9F0F: 5, 0x9F2D: 128, 0x9F56: 11, 0x5F2D: 2}
