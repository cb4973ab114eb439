"""The merchant's loyalty programme as readers need it: the port that host/loyalty implements, and who puts it to use.

The cardholder is at the reader: a programme that fails costs a member, never a payment.
"""

from __future__ import annotations

import logging
from typing import Protocol

from host.terminal.connection import Message
from protocol import messages

log = logging.getLogger(__name__)


class Loyalty(Protocol):
    """Each is called on the loop while somebody waits: it looks at the database and at nothing else."""

    def greeting(self, result: Message) -> Message:
        """The fields that `kept` has for an approved result, whose copy is stored: those of an offer (`programme`, and
        the three of conditions where there are any), or a member's (`programme`, `points` and `counter`, `rewards`).

        Empty for no programme, no card, or one that refused a while ago. Texts are in `language` of the result.
        """
        ...

    def enrol(self, enrolment: Message) -> Message:
        """The fields of `enrolled`: `standing`, and of who joined the `points` of this payment. Called again with the
        same enrolment, whose answer was lost, it answers the same."""
        ...

    def refused(self, transaction_id: bytes) -> None:
        """The cardholder of this payment said no."""
        ...


class LoyaltyDesk:
    """`programme`: None while there is none."""

    programme: Loyalty | None = None

    def kept(self, result: Message) -> Message:
        """What the reader hears of an approved result that is stored; of another one it only hears that."""
        message: Message = {"type": "kept", "transaction_id": result["transaction_id"]}
        if self.programme is None or result["outcome"] != "approved":
            return message
        try:
            greeting = message | self.programme.greeting(result)
            messages.encode(greeting)
            return greeting
        except Exception:  # the end of a payment does not wait for the repair of a programme
            log.exception("no greeting for %s", result["transaction_id"].hex())
            return message

    def answer(self, message: Message) -> Message | None:
        """To one of UNASKED; None where the reader waits for nothing."""
        transaction_id = message["transaction_id"]
        answer: Message = {"type": "enrolled", "transaction_id": transaction_id, "standing": "not_now"}
        try:
            if self.programme is not None and message["type"] == "enrolment":
                told = answer | self.programme.enrol(message)
                messages.encode(told)
                answer = told
            elif self.programme is not None:
                self.programme.refused(transaction_id)
        except Exception as error:  # noqa: BLE001 the line is for payments; a traceback might show the number
            log.error("%s of %s: %s", message["type"], transaction_id.hex(), type(error).__name__)
        return answer if message["type"] == "enrolment" else None
