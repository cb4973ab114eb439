"""The last payment's trace, for the host to ask after the result, as CBOR.

{"apdus": [[command, response, milliseconds]], "decisions": [[step, rule, bit, tags, index in apdus or -1]]}, the latter
as in emv/trace.py. Nothing in it names the card or its holder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.secure.card_data import pan
from firmware.secure.redaction import hide_pan, redact_exchange
from protocol import cbor

if TYPE_CHECKING:
    from emv.transaction import Transaction
    from firmware.flows.payment import Payment


def encode(payment: Payment) -> bytes:
    if payment.transaction is None:
        return cbor.encode({"apdus": [], "decisions": []})
    shown = _shown(payment.transaction)
    apdus = [(command, response, ms) for (command, response), ms in zip(shown, payment.times_ms)]
    return cbor.encode({"apdus": apdus, "decisions": payment.transaction.trace})


def _shown(transaction: Transaction) -> list[tuple[bytes, bytes]]:
    shown = []
    for command, response in transaction.exchange:
        shown.append(redact_exchange(command, response, transaction.lists.get(command[:-1], b"")))
    digits = pan(transaction.data)
    return hide_pan(shown, digits) if digits else shown
