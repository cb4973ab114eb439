"""One sale, from request to result: what the steps of take_payment know of each other."""

from __future__ import annotations

import asyncio
from struct import pack, unpack_from
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emv.transaction import Transaction
    from firmware.secure.vault import TransactionKeys

REQUEST = ">8sQH"  # in the journal: request id, amount, currency


class Payment:
    """apdus: commands sent to cards, over all tries. exchanges: (command, response, milliseconds), redacted.

    committed: a command was sent by which the card makes a cryptogram, so it is too late to cancel.
    keys: None for a payment of the past. cvm: as in emv/outcome.py, "" before an outcome.
    asked: the acquirer was; answer: its online_answer, None when none came. answer_is_false: its MAC was not good.
    """

    def __init__(
        self,
        transaction_id: bytes,
        request_id: bytes,
        amount_minor: int,
        currency: int,
        keys: TransactionKeys | None = None,
    ) -> None:
        self.transaction_id = transaction_id
        self.request_id = request_id
        self.amount_minor = amount_minor
        self.currency = currency
        self.interface = ""
        self.apdus = 0
        self.exchanges: list[tuple[bytes, bytes, int]] = []
        self.marks: list[int] = []
        self.committed = False
        self.cancelled = asyncio.Event()
        self.transaction: Transaction | None = None
        self.keys = keys
        self.pin_block: bytes | None = None
        self.cvm = ""
        self.asked = False
        self.answer: dict | None = None
        self.answer_is_false = False

    @property
    def response_code(self) -> bytes | None:
        """Tag 8A as the acquirer gave it, authenticated."""
        return self.answer.get("response_code") if self.answer else None

    def begin_try(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.exchanges = []
        self.marks = []

    def note_exchange(self) -> None:
        """After each move of the kernel."""
        while len(self.marks) < len(self.transaction.exchange):
            self.marks.append(len(self.exchanges) - 1)

    def pending(self) -> dict:
        """What busy and welcome tell of it."""
        return {
            "transaction_id": self.transaction_id,
            "request_id": self.request_id,
            "amount_minor": self.amount_minor,
        }

    def request(self) -> bytes:
        """For the journal."""
        return pack(REQUEST, self.request_id, self.amount_minor, self.currency)


def remembered(transaction_id: bytes, request: bytes) -> Payment:
    """The payment that the journal kept."""
    request_id, amount_minor, currency = unpack_from(REQUEST, request, 0)
    return Payment(transaction_id, request_id, amount_minor, currency)
