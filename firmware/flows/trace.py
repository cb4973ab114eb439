"""The last payment's trace, for the host to ask after the result: CBOR, in parts that fit a message.

{"apdus": [[command, response, milliseconds]], "objects": [[tag, value]], "decisions": [[step, rule, bit, tags, index in
apdus or -1]]}, the latter two as in emv/trace.py. Nothing in it names the card or its holder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import trace
from emv.constant import const
from firmware.secure.card_data import pan
from firmware.secure.redaction import hide_pan, redact_exchange
from protocol import cbor

if TYPE_CHECKING:
    from emv.transaction import Transaction
    from firmware.flows.payment import Payment

_PART = const(900)


def encode(payment: Payment) -> list[bytearray]:
    """Row by row, since whole it would need its size in one piece of the heap."""
    transaction = payment.transaction
    exchange = transaction.exchange[: len(payment.times_ms)] if transaction is not None else []
    decisions = transaction.trace if transaction is not None else []
    objects = trace.objects(transaction) if transaction is not None else []
    parts = [bytearray()]
    _put(parts, b"\xa3" + cbor.encode("apdus") + cbor.head(cbor.ARRAY, len(exchange)))
    for place, row in enumerate(exchange):
        command, response = _shown(payment.card, row)
        _put(parts, cbor.encode((command, response, payment.times_ms[place])))
    _put(parts, cbor.encode("objects") + cbor.head(cbor.ARRAY, len(objects)))
    for tag, value in objects:
        _put(parts, cbor.encode((tag, _without_pan(payment.card, (value, b""))[0])))
    _put(parts, cbor.encode("decisions") + cbor.head(cbor.ARRAY, len(decisions)))
    for decision in decisions:
        _put(parts, cbor.encode(decision))
    return parts


def _put(parts: list[bytearray], data: bytes) -> None:
    room = _PART - len(parts[-1])
    parts[-1].extend(data[:room])
    if len(data) > room:
        parts.append(bytearray(data[room:]))


def _shown(transaction: Transaction, row: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    command, response = row
    return _without_pan(transaction, redact_exchange(command, response, transaction.lists.get(command[:-1], b"")))


def _without_pan(transaction: Transaction, shown: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    digits = pan(transaction.data)
    return hide_pan([shown], digits)[0] if digits else shown
