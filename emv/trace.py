"""Why each decision was taken, as plain values for the link, with nothing secret in them.

A decision is [step, rule, bit, tags, apdu]: the step's module, a rule of data/rules.csv, the TVR or TSI bit that it
set (0x950240: object 95, byte 2, mask 40; 0 for none), the tags it looked at, and the index of the APDU that brought
the latest of them (-1: none of the card's). Texts and paragraphs are in emv/generated/rules.py: only the host loads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import dol, tlv
from emv.errors import CardFault

if TYPE_CHECKING:
    from emv.transaction import Transaction

# What names the card or its holder, and every RSA block: 9F46 gives the PAN back to whoever has the public keys.
REDACTED = (
    0x56, 0x57, 0x5A, 0x5F20, 0x90, 0x92, 0x93, 0x9F0B, 0x9F1F, 0x9F20, 0x9F24, 0x9F2D, 0x9F2F, 0x9F46, 0x9F48, 0x9F4B,
    0x9F6B,
)  # fmt: skip


def decisions(transaction: Transaction) -> list[list]:
    return [[step, rule, bit, list(tags), apdu] for step, rule, bit, tags, apdu in transaction.trace]


def exchange(transaction: Transaction) -> list[list[bytes]]:
    """[command, response] of each APDU, what is REDACTED as zeros of the same length."""
    return [
        [_command(transaction, command), _response(command, response)] for command, response in transaction.exchange
    ]


def _command(transaction: Transaction, command: bytes) -> bytes:
    """A card may ask for its own PAN in a list: those bytes go."""
    hidden = bytearray(command)
    entries = dol.entries(transaction.lists.get(command[:-1], b""))
    at = len(command) - 1 - sum([length for _, length in entries])
    for tag, length in entries:
        if tag in REDACTED:
            hidden[at : at + length] = bytes(length)
        at += length
    return bytes(hidden)


def _response(command: bytes, response: bytes) -> bytes:
    body = response[:-2]
    # The signature of INTERNAL AUTHENTICATE may come without a tag of its own (format 1).
    if not body or command[1] == 0x88:
        return bytes(len(body)) + response[-2:]
    try:
        tlv.objects(body)
    except CardFault:
        return bytes(len(body)) + response[-2:]
    hidden = bytearray(body)
    _hide(hidden, 0, len(hidden))
    return bytes(hidden) + response[-2:]


def _hide(hidden: bytearray, at: int, end: int) -> None:
    for tag, start, stop in tlv.children(hidden, at, end):
        if tag in REDACTED:
            for index in range(start, stop):
                hidden[index] = 0
        elif tlv.is_constructed(tag):
            _hide(hidden, start, stop)
