"""Messages by name <-> CBOR by number, checked both ways against the schema (protocol/schema/terminal.cddl).

A message is a dict: {"type": "take_payment", "request_id": bytes, "amount_minor": 1250, "currency": 978}.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocol import cbor
from protocol.errors import InvalidMessage, UnknownMessage
from protocol.generated.messages import (
    ARRAY,
    BYTES,
    ENUMERATION,
    ENUMERATIONS,
    FIELDS,
    HIGH,
    KINDS,
    LOW,
    MESSAGES,
    ROWS,
    TEXT,
)

if TYPE_CHECKING:
    from typing import Any

TYPE = 0  # the key of the message's type


def encode(message: dict) -> bytes:
    """Raises InvalidMessage, or UnknownMessage for a type that the schema does not have."""
    code = _code(message.get("type"))
    required, optional = keys(code)
    numbered = {TYPE: code}
    for key in required + optional:
        if FIELDS[key] in message:
            numbered[key] = _number(key, message[FIELDS[key]])
    if len(numbered) != len(message):
        raise InvalidMessage("field without a place")
    _check(numbered, required, optional)
    return cbor.encode(numbered)


def decode(data: bytes) -> dict:
    """Raises InvalidMessage; of these UnknownMessage for another type, MalformedCbor for another encoding."""
    numbered = cbor.decode(data)
    if not isinstance(numbered, dict) or not _is_uint(numbered.get(TYPE)):
        raise InvalidMessage("no type")
    code = numbered[TYPE]
    if code not in MESSAGES:
        raise UnknownMessage("type %d" % code)
    required, optional = keys(code)
    _check(numbered, required, optional)
    message: dict[str, Any] = {"type": MESSAGES[code]}
    for key in required + optional:
        if key in numbered:
            message[FIELDS[key]] = _name(key, numbered[key])
    return message


def keys(code: int) -> tuple[bytes, bytes]:
    """The keys that a message of the type must have, and those that it may."""
    at = 0
    while ROWS[at] != code:
        at += 3 + ROWS[at + 1] + ROWS[at + 2]
    optional = at + 3 + ROWS[at + 1]
    return ROWS[at + 3 : optional], ROWS[optional : optional + ROWS[at + 2]]


def _code(name: Any) -> int:
    for code in MESSAGES:
        if MESSAGES[code] == name:
            return code
    raise UnknownMessage("type")


def _check(numbered: dict, required: bytes, optional: bytes) -> None:
    """Each key that must be there, none that may not, each value within its bounds."""
    for key in required:
        if key not in numbered:
            raise InvalidMessage(FIELDS[key] + " is missing")
    known = required + optional
    for key in numbered:
        if key == TYPE:
            continue
        if not _is_byte(key) or key not in known:
            raise InvalidMessage("field without a place")
        if not _fits(KINDS[key], LOW[key], HIGH[key], numbered[key]):
            raise InvalidMessage(FIELDS[key])


def _fits(kind: int, low: int, high: int, value: Any) -> bool:
    if kind == BYTES:
        return isinstance(value, (bytes, bytearray)) and low <= len(value) <= high
    if kind == TEXT:
        return isinstance(value, str) and low <= len(value.encode()) <= high
    if kind == ARRAY:
        return isinstance(value, (list, tuple)) and low <= len(value) <= high and all(map(_is_byte, value))
    return _is_uint(value) and low <= value <= high


def _is_uint(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_byte(value: Any) -> bool:
    return _is_uint(value) and value <= 255


def _number(key: int, value: Any) -> Any:
    """An enumeration's name as its number."""
    if KINDS[key] != ENUMERATION:
        return value
    if value not in ENUMERATIONS[key]:
        raise InvalidMessage(FIELDS[key])
    return LOW[key] + ENUMERATIONS[key].index(value)


def _name(key: int, value: Any) -> Any:
    """An enumeration's number as its name."""
    return ENUMERATIONS[key][value - LOW[key]] if KINDS[key] == ENUMERATION else value
