"""The host's copies of what is to be captured, as telecollection asks for them; those that are missing are fetched."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from host.money import Money
from host.payment.attempt import Attempt, Parts
from host.payment.captures import is_capture, is_offline
from host.payment.errors import CaptureDiffers
from host.payment.follow_up import FollowUp
from host.payment.model import Payment, Why
from host.payment.ports import Copy, Message
from host.payment.states import Asked, State
from host.terminal.errors import TerminalError

log = logging.getLogger(__name__)


class Copies:
    def __init__(self, parts: Parts, resolve: Callable[[str], Awaitable[Any]]) -> None:
        """resolve(reader): ask it what became of all that is unsettled (service.py)."""
        self._parts = parts
        self._resolve = resolve
        self._commits = parts.commits
        self._store = parts.commits.store

    def find(self, work: Any, transaction_ids: Sequence[bytes]) -> dict[bytes, Copy]:
        """Those of which there is a copy."""
        return self._commits.captures.find(work, transaction_ids)

    def of_reader(
        self, work: Any, reader: str, after: bytes | None = None, since: datetime | None = None
    ) -> Iterable[Copy]:
        """Of kept sales that were not cancelled: some hundreds that follow `after` in order of transaction id."""
        return self._commits.captures.of_reader(work, reader, after, since)

    def without_copy(self, work: Any, reader: str) -> Sequence[str]:
        """Payments of the reader that may be approved and have no copy, by order reference."""
        doubtful = [payment for payment in self._store.unfinished(work) if payment.reader == reader]
        lacking = [*self._store.without_copy(work, reader), *doubtful]
        return [payment.order_reference for payment in lacking if payment.state is not State.VOIDING]

    async def settle(self, reader: str) -> None:
        """Ask it for the end of what is unsettled, as long as it has that."""
        await self._resolve(reader)

    async def fetch(self, reader: str | None = None) -> None:
        """Ask the reader for what is approved and was not copied; one that is not there has it still."""
        with self._store.transaction() as work:
            lacking = self._store.without_copy(work, reader)
        for payment in lacking:
            try:
                await Attempt(payment, self._parts).reader()
                result = await self._parts.terminal.status(transaction_id=payment.transaction_id)
                if result["type"] == "result":
                    self._commits.copy(payment, result)
            except (TerminalError, CaptureDiffers) as error:
                log.info("a copy is missing: %s", error)

    def keep(self, reader: str, result: Message) -> None:
        """A result that was fetched by id: its payment's end, or the copy that was missing. Durable on return.

        Idempotent. Raises CaptureDiffers. An approved one that this host never had, such as after its disk was lost,
        is entered under its request id.
        """
        with self._store.transaction() as work:
            payment = self._store.get(work, result["request_id"])
        if payment is None and is_capture(result):
            payment = self._adopted(reader, result)
        if payment is None:
            return
        if payment.state in (State.REQUESTED, State.IN_PROGRESS, State.AUTHORISING, State.UNKNOWN):
            payment = Attempt(payment, self._parts).end(result)
        if payment.state is State.AUTHORISED and is_capture(result):
            payment = self._commits.step(payment.completing(result["amount_minor"]))
        if payment.state in (State.VOIDING, State.COMPLETING) and (is_capture(result) or result["outcome"] == "voided"):
            FollowUp(payment, self._parts).told(result)
        elif payment.approved:
            self._commits.copy(payment, result)
        elif payment.why == Why.WRITTEN_OFF and is_capture(result):
            log.error("written off, and its reader has it all the same: payment %s", payment.request_id.hex())
            self._commits.line(payment, result)  # of a sealed day, which goes whole: the acquirer decides of the line

    def _adopted(self, reader: str, result: Message) -> Payment:
        payment = Payment(
            result["request_id"],
            result["request_id"].hex(),
            Money(result["amount_minor"] - result.get("tip_minor", 0)),
            self._parts.clock.now(),
            kind=result.get("kind", "purchase"),
            original=result.get("original"),
            reader=reader,
            asked=Asked.NOT_ASKED if is_offline(result) else Asked.ASKED,
        )
        with self._store.transaction() as work:
            self._store.add(work, payment)
        return payment
