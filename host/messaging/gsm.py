"""How many SMS a text takes, which is what it costs: 3GPP TS 23.038 (alphabets) and 23.040, 9.2.3.24.1 (parts).

160 characters of the GSM alphabet fit one SMS, 153 each of several. One character outside it makes the whole text
UCS-2, of which 70 fit one and 67 each of several: of French, é è à ù are inside, ç ê â î ô û œ and ’ are not.
"""

from __future__ import annotations

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # an escape, and one more
ONE, EACH = {"gsm": 160, "ucs2": 70}, {"gsm": 153, "ucs2": 67}


@dataclass(frozen=True)
class Size:
    units: int  # septets, or UTF-16 code units
    parts: int
    costly: str  # the characters that make it UCS-2, each once, in their order

    @property
    def encoding(self) -> str:
        return "ucs2" if self.costly else "gsm"


def size(text: str) -> Size:
    costly = "".join(dict.fromkeys(each for each in text if each not in BASIC and each not in EXTENDED))
    encoding = "ucs2" if costly else "gsm"
    lengths = [_units(each, encoding) for each in text]
    units = sum(lengths)
    return Size(units, 1 if units <= ONE[encoding] else _parts(lengths, EACH[encoding]), costly)


def _units(character: str, encoding: str) -> int:
    if encoding == "gsm":
        return 2 if character in EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _parts(lengths: list[int], room: int) -> int:
    """An escape and what it escapes, or the halves of a surrogate pair, are never parted."""
    parts, used = 1, 0
    for length in lengths:
        if used + length > room:
            parts, used = parts + 1, 0
        used += length
    return parts
