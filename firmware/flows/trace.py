"""The last payment's trace, for the host to ask after the result, as CBOR.

{"apdus": [[command, response, milliseconds]], "decisions": [[step, rule, bit, tags, index in apdus or -1]]}, the latter
as in emv/trace.py. Nothing in it names the card or its holder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.secure.card_data import pan
from firmware.secure.redaction import hide_pan
from protocol import cbor

if TYPE_CHECKING:
    from firmware.flows.payment import Payment


def encode(payment: Payment) -> bytes:
    apdus = payment.exchanges
    decisions = []
    if payment.transaction is not None:
        digits = pan(payment.transaction.data)
        if digits:
            shown = hide_pan([(command, response) for command, response, _ in apdus], digits)
            apdus = [(command, response, apdus[at][2]) for at, (command, response) in enumerate(shown)]
        decisions = [_placed(row, payment.marks) for row in payment.transaction.trace]
    return cbor.encode({"apdus": apdus, "decisions": decisions})


def _placed(decision: tuple, marks: list[int]) -> tuple:
    """The kernel counts its own exchanges; the list of all has the PIN's and the repeats between them."""
    step, rule, bit, tags, apdu = decision
    return step, rule, bit, tags, marks[apdu] if 0 <= apdu < len(marks) else -1
