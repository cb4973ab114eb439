"""The last payment's trace, for the host to ask after the result: CBOR, cut into parts that fit a message.

{"apdus": [[command, response, milliseconds]], "decisions": [[step, rule, bit, tags, index in apdus or -1]]}, the latter
as in emv/trace.py. Nothing in it names the card or its holder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.secure.card_data import pan
from firmware.secure.redaction import hide_pan
from protocol import cbor

if TYPE_CHECKING:
    from firmware.flows.payment import Payment

_PART = const(900)


class Trace:
    """`payment` may be dropped afterwards."""

    def __init__(self, payment: Payment) -> None:
        self.transaction_id = payment.transaction_id
        apdus = payment.exchanges
        decisions = []
        if payment.transaction is not None:
            digits = pan(payment.transaction.data)
            if digits:
                shown = hide_pan([(command, response) for command, response, _ in apdus], digits)
                apdus = [(command, response, apdus[at][2]) for at, (command, response) in enumerate(shown)]
            decisions = [_placed(row, payment.marks) for row in payment.transaction.trace]
        self._data = cbor.encode({"apdus": apdus, "decisions": decisions})

    def part(self, number: int) -> dict | None:
        """The trace message with that part, None when there is none."""
        parts = max(1, (len(self._data) + _PART - 1) // _PART)
        if number >= parts:
            return None
        return {
            "type": "trace",
            "transaction_id": self.transaction_id,
            "part": number,
            "parts": parts,
            "data": self._data[number * _PART : (number + 1) * _PART],
        }


def _placed(decision: tuple, marks: list[int]) -> tuple:
    """The kernel counts its own exchanges; the list of all has the PIN's and the repeats between them."""
    step, rule, bit, tags, apdu = decision
    return step, rule, bit, tags, marks[apdu] if 0 <= apdu < len(marks) else -1
