"""Messages of ISO 8583:1993 as this acquirer reads and writes them: one line of its table for each data element.

A message is a dict: "mti", numbers to text, and "48.TT" for the subfields of element 48.
"""

from __future__ import annotations

import hmac
from typing import Any

TABLE = """
3 n 6|4 n 12|7 n 10|11 n 6|12 n 12|22 a 12|24 n 3|25 n 4|30 n 24|38 a 6|39 n 3|41 a 8|42 a 15|48 LLLa 999
49 n 3|53 LLh 48|54 LLLa 120|55 LLLh 255|56 LLa 35|72 LLLa 999|74 n 10|76 n 10|77 n 10|86 n 16|88 n 16
89 n 16|97 a 17|123 LLLa 999|128 h 8
"""
LAYOUT = {
    int(number): (form.count("L"), form[-1], int(size))
    for number, form, size in (each.split() for each in TABLE.replace("\n", "|").split("|") if each)
}
MAC_CHARACTERS = 16


class Unreadable(Exception):
    """They did wrong: not a message of ours, or its MAC is not good."""


def read(data: bytes) -> dict[Any, str]:
    """Raises Unreadable."""
    try:
        return _read(data.decode("ascii"))
    except (ValueError, KeyError, IndexError) as error:
        raise Unreadable(type(error).__name__) from None


def _read(text: str) -> dict[Any, str]:
    bits = bin(int("1" + text[4:20], 16))[3:]
    rest = text[20:]
    if bits[0] == "1":
        bits, rest = bits + bin(int("1" + rest[:16], 16))[3:], rest[16:]
    message: dict[Any, str] = {"mti": text[:4]}
    for number in (place for place, bit in enumerate(bits, 1) if bit == "1" and place > 1):
        prefix, kind, size = LAYOUT[number]
        count = int(rest[:prefix]) if prefix else size
        if count > size:
            raise ValueError(number)
        end = prefix + count * (2 if kind == "h" else 1)
        if len(rest) < end:
            raise ValueError(number)
        message[number], rest = rest[prefix:end], rest[end:]
    if rest:
        raise ValueError("too long")
    _split(message)
    return message


def _split(message: dict[Any, str]) -> None:
    private = message.pop(48, "")
    while private:
        size = int(private[2:5])
        message[f"48.{private[:2]}"] = private[5 : 5 + size]
        private = private[5 + size :]


def write(message: dict[Any, str], key: bytes | None = None) -> bytes:
    """Signed with the key."""
    elements = {number: value for number, value in message.items() if isinstance(number, int)}
    private = sorted((name[3:], value) for name, value in message.items() if str(name).startswith("48."))
    if private:
        elements[48] = "".join(f"{tag}{len(value):03}{value}" for tag, value in private)
    if key:
        elements[128] = "0" * MAC_CHARACTERS
    bits = ["0"] * (128 if max(elements) > 64 else 64)
    for number in elements:
        bits[number - 1] = "1"
    if len(bits) == 128:
        bits[0] = "1"
    text = message["mti"] + "".join(f"{int(''.join(bits[at : at + 64]), 2):016X}" for at in range(0, len(bits), 64))
    for number, value in sorted(elements.items()):
        prefix, kind, _ = LAYOUT[number]
        count = len(value) // 2 if kind == "h" else len(value)
        text += (f"{count:0{prefix}}" if prefix else "") + value
    return _signed(text.encode(), key) if key else text.encode()


def _signed(data: bytes, key: bytes) -> bytes:
    return data[:-MAC_CHARACTERS] + mac(data[:-MAC_CHARACTERS], key)


def mac(data: bytes, key: bytes) -> bytes:
    return hmac.new(key, data, "sha256").hexdigest()[:MAC_CHARACTERS].upper().encode()


def is_signed(data: bytes, key: bytes) -> bool:
    return mac(data[:-MAC_CHARACTERS], key) == data[-MAC_CHARACTERS:]
