"""CBOR as RFC 8949, section 4.2.1 wants it: one encoding for each value, and no other is read.

Integers (64 bits), byte and text strings, arrays, maps (keys: integers and text), booleans and null. No floats, tags or
indefinite lengths. MicroPython lets pass UTF-8 that CPython refuses (surrogates, overlong forms).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocol.errors import MalformedCbor

if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 8  # arrays and maps inside each other; the reader's stack is small

UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE = range(8)  # major types, RFC 8949 section 3.1


def encode(value: Any) -> bytes:
    """Raises TypeError for what CBOR here cannot say, OverflowError for an integer above 64 bits."""
    out = bytearray()
    _write(out, value)
    return bytes(out)


def decode(data: bytes) -> Any:
    """The one value that `data` is. Raises MalformedCbor."""
    value, end = _read(data, 0, MAX_DEPTH)
    if end != len(data):
        raise MalformedCbor("bytes after the end")
    return value


def head(major: int, argument: int) -> bytes:
    """The initial byte and its argument, as short as can be: what an array's items, written one by one, follow."""
    if argument < 24:
        return bytes((major << 5 | argument,))
    size, low = 1, 24  # 24, 25, 26, 27 announce 1, 2, 4, 8 bytes
    while argument >> 8 * size:
        size, low = 2 * size, low + 1
    if size > 8:
        raise OverflowError("above 64 bits")
    return bytes((major << 5 | low,)) + argument.to_bytes(size, "big")


def _write(out: bytearray, value: Any) -> None:
    if value is None:
        out.append(0xF6)
    elif isinstance(value, bool):  # before int: on CPython a bool is one
        out.append(0xF5 if value else 0xF4)
    elif isinstance(value, int):
        out.extend(head(UNSIGNED, value) if value >= 0 else head(NEGATIVE, -1 - value))
    elif isinstance(value, (bytes, bytearray)):
        out.extend(head(BYTES, len(value)))
        out.extend(value)
    elif isinstance(value, str):
        text = value.encode()
        out.extend(head(TEXT, len(text)))
        out.extend(text)
    elif isinstance(value, (list, tuple)):
        out.extend(head(ARRAY, len(value)))
        for item in value:
            _write(out, item)
    elif isinstance(value, dict):
        _write_map(out, value)
    else:
        raise TypeError("no CBOR for this type")


def _write_map(out: bytearray, value: dict) -> None:
    """Keys in the bytewise order of their encodings."""
    out.extend(head(MAP, len(value)))
    for encoded, key in sorted([(encode(key), key) for key in value]):
        out.extend(encoded)
        _write(out, value[key])


def _read(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    """The value that begins at `at`, and where the next one begins."""
    if at >= len(data):
        raise MalformedCbor("cut short")
    major = data[at] >> 5
    if major == SIMPLE:
        return _read_simple(data[at]), at + 1
    argument, at = _read_argument(data, at)
    if major == UNSIGNED:
        return argument, at
    if major == NEGATIVE:
        return -1 - argument, at
    if major == TAG:
        raise MalformedCbor("tag")
    # each item takes a byte at least: a length that lies allocates nothing
    if argument > len(data) - at:
        raise MalformedCbor("cut short")
    if major == BYTES:
        return bytes(data[at : at + argument]), at + argument
    if major == TEXT:
        return _read_text(data[at : at + argument]), at + argument
    if depth == 0:
        raise MalformedCbor("too deep")
    if major == ARRAY:
        return _read_array(data, at, argument, depth - 1)
    return _read_map(data, at, argument, depth - 1)


def _read_simple(initial: int) -> bool | None:
    if initial not in (0xF4, 0xF5, 0xF6):
        raise MalformedCbor("float or simple value")
    return None if initial == 0xF6 else initial == 0xF5


def _read_argument(data: bytes, at: int) -> tuple[int, int]:
    low = data[at] & 0x1F
    at += 1
    if low < 24:
        return low, at
    if low > 27:
        raise MalformedCbor("indefinite length")
    size = 1 << low - 24
    argument = int.from_bytes(data[at : at + size], "big")
    if at + size > len(data):
        raise MalformedCbor("cut short")
    if argument < 24 or (size > 1 and not argument >> 4 * size):
        raise MalformedCbor("not the shortest form")
    return argument, at + size


def _read_text(data: bytes) -> str:
    try:
        return str(data, "utf-8")
    except UnicodeError:
        raise MalformedCbor("not UTF-8") from None


def _read_array(data: bytes, at: int, count: int, depth: int) -> tuple[list, int]:
    items = []
    for _ in range(count):
        item, at = _read(data, at, depth)
        items.append(item)
    return items, at


def _read_map(data: bytes, at: int, count: int, depth: int) -> tuple[dict, int]:
    entries = {}
    previous = b""
    for _ in range(count):
        start = at
        key, at = _read(data, at, 0)
        encoded = data[start:at]
        if not isinstance(key, (int, str)) or isinstance(key, bool):
            raise MalformedCbor("neither number nor text as a key")
        if encoded <= previous:
            raise MalformedCbor("keys out of order")
        previous = encoded
        entries[key], at = _read(data, at, depth)
    return entries, at
