"""Takes payments. host/payment/states.py says what may happen when; host/payment/attempt.py drives one of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from host.clock import Clock
from host.money import Money
from host.payment.advice import Advising
from host.payment.attempt import Attempt, Parts
from host.payment.commits import EXPIRY, Commits
from host.payment.copies import Copies
from host.payment.errors import AmountChanged, InvalidAmount, NotAuthorised, UnknownPayment
from host.payment.follow_up import FollowUp
from host.payment.model import Payment, Why
from host.payment.ports import Acquirer, Message, Terminal
from host.payment.states import State

Listener = Callable[[Payment, str], None]

HIGHEST_AMOUNT_MINOR = 999_999_999_999  # twelve digits, tag 9F02
PREAUTHORISATION = "preauthorisation"
REFUND = "refund"
log = logging.getLogger(__name__)


class PaymentService:
    def __init__(
        self,
        commits: Commits,
        terminal: Terminal,
        acquirer: Acquirer,
        clock: Clock,
        random: Callable[[int], bytes],
        default_brand: str | None = None,
    ) -> None:
        """`default_brand` goes first on co-badged cards; None: the reader's profile says."""
        self._commits = commits
        self._store = commits.store
        self._terminal = terminal
        self._acquirer = acquirer
        self._clock = clock
        self._random = random
        self._wishes: dict[str, Any] = {"brand": default_brand} if default_brand else {}
        self._running: dict[str, asyncio.Task[Payment]] = {}  # by order reference
        self._questions: dict[bytes, tuple[Message, asyncio.Future[bool]]] = {}  # by transaction id
        self._listeners: list[Listener] = []
        self.advising = Advising(commits.store, commits.advices, acquirer, commits.timers, clock)
        self.copies = Copies(self._parts(), self.resolve_unknown)
        commits.timers.handle(EXPIRY, self._expire)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(payment, phase)` at each step, phase being the schema's, "confirmation" or "ended".

        Returns what ends that. At a confirmation `question` tells what the merchant has to say in `answer`.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def get(self, request_id: bytes) -> Payment:
        """Raises UnknownPayment."""
        with self._store.transaction() as work:
            payment = self._store.get(work, request_id)
        if payment is None:
            raise UnknownPayment(request_id.hex())
        return payment

    def of_transaction(self, transaction_id: bytes) -> Payment | None:
        with self._store.transaction() as work:
            return self._store.of_transaction(work, transaction_id)

    def of_order(self, order_reference: str) -> Payment | None:
        """The order's payment that is paid or not finished, else its latest."""
        with self._store.transaction() as work:
            return self._store.current(work, order_reference) or self._store.latest_of(work, order_reference)

    async def take_payment(
        self, amount: Money, order_reference: str, *, tips: list[int] | None = None, store_and_forward: bool = False
    ) -> Payment:
        """Pay the order once: asked again, it is the same payment; asked after a refusal, it is a new one.

        tips: percentages that the cardholder is offered. store_and_forward: the merchant accepts that the acquirer may
        be out of reach, where the contract allows it. Returns when the end is told, or cannot be known now (UNKNOWN).
        Leaving early does not end the payment. Raises InvalidAmount, AmountChanged.
        """
        wishes: dict[str, Any] = {"tips": tips} if tips else {}
        if store_and_forward:
            wishes["store_and_forward"] = "yes"
        return await self._take(Payment(b"", order_reference, amount, self._clock.now()), wishes)

    async def preauthorise(self, amount: Money, order_reference: str) -> Payment:
        """Have the amount held: AUTHORISED, until it is completed, given up, or expired. As take_payment."""
        return await self._take(Payment(b"", order_reference, amount, self._clock.now(), kind=PREAUTHORISATION), {})

    async def refund(self, original: bytes | None, amount: Money, order_reference: str) -> Payment:
        """Give money back: of the sale with that transaction id, or without reference by the merchant's code.

        `order_reference` is the refund's own; with the same one there is never a second refund. As take_payment, and
        raises RefundBeyond.
        """
        refund = Payment(b"", order_reference, amount, self._clock.now(), kind=REFUND, original=original)
        return await self._take(refund, {"original": original} if original else {})

    async def void(self, request_id: bytes) -> Payment:
        """The merchant cancels a kept payment before its day is closed.

        VOIDED; or still VOIDING when the reader is out of reach, which `resolve_unknown` asks again. Raises
        UnknownPayment, NotVoidable, TooLate: then it can be refunded.
        """
        payment = self.get(request_id)
        if payment.state is State.VOIDED:
            return payment
        follow_up = FollowUp(payment, self._parts())
        begin = follow_up.ask if payment.state is State.VOIDING else follow_up.void
        return await self._once(payment.order_reference, begin)

    async def complete(self, request_id: bytes, amount: Money) -> Payment:
        """What a pre-authorisation came to is captured; of amount 0 it is given up, and what is held is given back.

        APPROVED or REVERSAL_DUE; or still COMPLETING when the reader is out of reach. Raises UnknownPayment,
        NotAuthorised, AmountChanged, CompletionRefused.
        """
        payment = self.get(request_id)
        if payment.kind != PREAUTHORISATION:
            raise NotAuthorised(payment.kind)
        if payment.paid_minor is not None and payment.paid_minor != amount.amount_minor:
            raise AmountChanged(payment.order_reference)
        if payment.approved:
            return payment
        follow_up = FollowUp(payment, self._parts())
        if payment.state is State.COMPLETING:
            return await self._once(payment.order_reference, follow_up.ask)
        return await self._once(payment.order_reference, lambda: follow_up.complete(amount.amount_minor))

    def question(self, transaction_id: bytes) -> Message | None:
        """The confirmation_request that waits for the merchant."""
        waiting = self._questions.get(transaction_id)
        return waiting[0] if waiting else None

    def answer(self, transaction_id: bytes, accepted: bool) -> None:
        """The merchant's word on a signature or a partial amount; too late, it means nothing."""
        waiting = self._questions.get(transaction_id)
        if waiting and not waiting[1].done():
            waiting[1].set_result(accepted)

    async def cancel(self) -> None:
        """The merchant gives up; what becomes of the running payment, its `take_payment` tells."""
        await self._terminal.cancel()

    async def resolve_unknown(self, reader: str | None = None) -> list[Payment]:
        """Ask the reader what became of all that is unsettled, or of what was put to that one: when the host starts, as
        long as a reader is connected, and on demand."""
        with self._store.transaction() as work:
            unfinished = [each for each in self._store.unfinished(work) if reader in (None, each.reader)]
        in_doubt = [each.request_id for each in unfinished if each.order_reference not in self._running]
        resolved: list[Payment] = []
        for request_id in in_doubt:
            payment = self.get(request_id)
            if not payment.finished:  # it may have been settled while another was asked about
                resolved.append(await self._once(payment.order_reference, self._resolving(payment)))
        await self.copies.fetch(reader)
        return resolved

    def write_off(self, request_id: bytes) -> Payment:
        """A person decides, since its reader never comes back. Raises UnknownPayment.

        What is UNKNOWN is not paid. A sale that was to be cancelled stays, for its copy is captured; what was held and
        was to be completed is given back.
        """
        payment = self.get(request_id)
        if payment.state is State.VOIDING:
            return self._commits.step(payment.stays())
        if payment.state is State.COMPLETING:
            return self._commits.give_back(payment.given_up(Why.WRITTEN_OFF))
        if payment.state is not State.UNKNOWN:
            return payment
        return self._commits.give_back(payment.never_began(Why.WRITTEN_OFF, self._clock.now()))

    async def _take(self, wanted: Payment, wishes: dict[str, Any]) -> Payment:
        if not 0 < wanted.amount.amount_minor <= HIGHEST_AMOUNT_MINOR:
            raise InvalidAmount(wanted.amount.amount_minor)
        payment, new = self._intent(wanted)
        if payment.finished:
            return payment
        return await self._once(
            wanted.order_reference, (lambda: self._pay(payment, wishes)) if new else self._resolving(payment)
        )

    async def _pay(self, payment: Payment, wishes: dict[str, Any]) -> Payment:
        """A tap that the issuer wants to see as chip and PIN goes on at once, as another payment (terminal/LAW-32).

        The tip that the cardholder chose stays with it (terminal/T-R06).
        """
        wishes = self._wishes | wishes | ({"kind": payment.kind} if payment.kind != "purchase" else {})
        ended = await Attempt(payment, self._parts()).run(**wishes)
        if not ended.wants_chip:
            return ended
        following, _ = self._intent(
            Payment(
                b"",
                ended.order_reference,
                ended.amount,
                self._clock.now(),
                kind=ended.kind,
                original=ended.original,
                tip_minor=ended.tip_minor,
            )
        )
        wishes = {name: wish for name, wish in wishes.items() if name != "tips"} | {"interface": "contact"}
        if ended.tip_minor:
            wishes["tip_minor"] = ended.tip_minor
        return await Attempt(following, self._parts()).run(**wishes)

    def _intent(self, wanted: Payment) -> tuple[Payment, bool]:
        """The order's payment, written before anyone is asked; and whether it is new."""
        with self._store.transaction() as work:
            payment = self._store.current(work, wanted.order_reference)
            if payment is None:
                payment = replace(wanted, request_id=self._random(8), reader=self._terminal.connected_serial)
                self._store.add(work, payment)
                return payment, True
        if (payment.amount, payment.kind, payment.original) != (wanted.amount, wanted.kind, wanted.original):
            raise AmountChanged(wanted.order_reference)
        return payment, False

    def _resolving(self, payment: Payment) -> Callable[[], Coroutine[Any, Any, Payment]]:
        if payment.state in (State.VOIDING, State.COMPLETING):
            return FollowUp(payment, self._parts()).resolve
        return Attempt(payment, self._parts()).resolve

    async def _expire(self, key: str) -> None:
        payment = self.get(bytes.fromhex(key))
        if payment.state is State.AUTHORISED:
            await self._once(payment.order_reference, FollowUp(payment, self._parts()).expire)

    async def _ask_merchant(self, payment: Payment, question: Message) -> bool:
        answer = asyncio.get_running_loop().create_future()
        self._questions[question["transaction_id"]] = (question, answer)
        try:
            self._announce(payment, "confirmation")
            return await answer
        finally:
            del self._questions[question["transaction_id"]]

    async def _once(self, order_reference: str, begin: Callable[[], Coroutine[Any, Any, Payment]]) -> Payment:
        """One task an order: who comes second waits for the first."""
        task = self._running.get(order_reference)
        if task is None:
            task = asyncio.create_task(begin())
            self._running[order_reference] = task
            task.add_done_callback(lambda _: self._running.pop(order_reference))
        return await asyncio.shield(task)

    def _parts(self) -> Parts:
        return Parts(
            self._commits,
            self._terminal,
            self._acquirer,
            self.advising,
            self._clock,
            self._announce,
            self._ask_merchant,
        )

    def _announce(self, payment: Payment, phase: str) -> None:
        for listener in list(self._listeners):
            try:
                listener(payment, phase)
            except Exception:  # a screen that fails must not end a payment
                log.exception("a listener failed")
