"""ISO 8583:1993 messages in ASCII: type, bitmaps and data elements (clauses 4 and 5), as text and back.

Bitmaps and binary elements are hexadecimal; the length of a variable element counts characters, of a binary one octets.
Element 48 is private: subfields of a two-digit tag and a three-digit length. docs/iso8583.md tells what each holds.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from host.acquirer.errors import MalformedMessage

# Kind and length: fixed digits (n), fixed text (an), fixed octets (b); or the digits of the length, and the longest
FIXED = {
    3: ("n", 6), 4: ("n", 12), 7: ("n", 10), 11: ("n", 6), 12: ("n", 12), 22: ("an", 12), 24: ("n", 3), 25: ("n", 4),
    30: ("n", 24), 38: ("an", 6), 39: ("n", 3), 41: ("an", 8), 42: ("an", 15),
    49: ("n", 3), 74: ("n", 10), 76: ("n", 10), 77: ("n", 10), 86: ("n", 16), 88: ("n", 16), 89: ("n", 16),
    97: ("an", 17), 128: ("b", 8),
}  # fmt: skip
TEXT = {48: (3, 999), 54: (3, 120), 56: (2, 35), 72: (3, 999), 123: (3, 999)}
OCTETS = {53: (2, 48), 55: (3, 255)}
HALF = 64
MAC, MAC_SIZE = 128, 8


@dataclass
class Message:
    """`elements` by number: text, or bytes where the element is binary; `private`: subfields of element 48 by tag."""

    type: str
    elements: dict[int, str | bytes] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)

    def text(self, number: int) -> str:
        """Raises KeyError when it is absent."""
        return str(self.elements[number])

    def octets(self, number: int) -> bytes:
        """Empty when it is absent."""
        value = self.elements.get(number, b"")
        return value if isinstance(value, bytes) else b""


def pack(message: Message, key: bytes | None = None) -> bytes:
    """With a key, element 128 signs the message. Raises ValueError for what an element cannot hold."""
    elements = dict(message.elements)
    if message.private:
        elements[48] = _private(message.private)
    if key is not None:
        elements[MAC] = bytes(MAC_SIZE)
    head = message.type + _bitmaps(elements)
    data = (head + "".join(_written(number, elements[number]) for number in sorted(elements))).encode("ascii")
    return data if key is None else data[: -2 * MAC_SIZE] + _mac(data, key)


def unpack(data: bytes, key: bytes | None = None) -> Message:
    """With a key, element 128 must be there and good. Raises MalformedMessage."""
    try:
        text = data.decode("ascii")
        message, place = Message(text[:4]), 4
        present, place = _present(text, place)
        for number in present:
            message.elements[number], place = _read(number, text, place)
        if place != len(text) or not message.type.isdigit():
            raise ValueError("length")
        message.private = _subfields(str(message.elements.pop(48, "")))
    except (ValueError, KeyError, IndexError) as error:
        raise MalformedMessage(type(error).__name__) from None
    if key is not None and (MAC not in message.elements or not hmac.compare_digest(_mac(data, key), data[-16:])):
        raise MalformedMessage("MAC")
    return message


def _mac(data: bytes, key: bytes) -> bytes:
    """HMAC-SHA-256 over all before it (ISO 9797-2), cut to 8 octets."""
    return hmac.digest(key, data[: -2 * MAC_SIZE], sha256)[:MAC_SIZE].hex().upper().encode()


def _bitmaps(numbers: Mapping[int, object]) -> str:
    bits = sum(1 << (2 * HALF - number) for number in numbers)
    if any(number > HALF for number in numbers):
        return f"{bits | 1 << (2 * HALF - 1):032X}"
    return f"{bits >> HALF:016X}"


def _present(text: str, place: int) -> tuple[list[int], int]:
    size = 32 if int(text[place], 16) & 8 else 16
    bits = int(text[place : place + size], 16)
    first = 2 if size == 32 else 1
    return [number for number in range(first, size * 4 + 1) if bits >> (size * 4 - number) & 1], place + size


def _written(number: int, value: str | bytes) -> str:
    text = value if isinstance(value, str) else value.hex().upper()
    if number in FIXED:
        kind, size = FIXED[number]
        text = text.ljust(size) if kind == "an" else text
        if len(text) != (2 * size if kind == "b" else size) or (kind == "n" and not text.isdigit()):
            raise ValueError(f"element {number}")
        return text
    digits, longest = TEXT.get(number) or OCTETS[number]
    if len(value) > longest or isinstance(value, str) is (number in OCTETS):
        raise ValueError(f"element {number}")
    return f"{len(value):0{digits}}{text}"


def _read(number: int, text: str, place: int) -> tuple[str | bytes, int]:
    if number in FIXED:
        kind, size = FIXED[number]
        part = _part(text, place, 2 * size if kind == "b" else size)
        if kind == "n" and not part.isdigit():
            raise ValueError(f"element {number}")
        return (bytes.fromhex(part) if kind == "b" else part.rstrip()), place + len(part)
    digits, longest = TEXT.get(number) or OCTETS[number]
    size, place = int(_part(text, place, digits)), place + digits
    if size > longest:
        raise ValueError(f"element {number}")
    part = _part(text, place, 2 * size if number in OCTETS else size)
    return (bytes.fromhex(part) if number in OCTETS else part), place + len(part)


def _part(text: str, place: int, size: int) -> str:
    part = text[place : place + size]
    if len(part) != size:
        raise ValueError("cut")
    return part


def _private(subfields: Mapping[str, str]) -> str:
    return "".join(f"{tag}{len(value):03}{value}" for tag, value in sorted(subfields.items()))


def _subfields(text: str) -> dict[str, str]:
    found, place = dict[str, str](), 0
    while place < len(text):
        tag, size = _part(text, place, 2), int(_part(text, place + 2, 3))
        found[tag] = _part(text, place + 5, size)
        place += 5 + size
    return found
