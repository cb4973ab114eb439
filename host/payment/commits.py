"""What becomes durable together: a payment's state with its capture record, its entry and what the acquirer is owed.

A sale has three commits that count: the intent; what is needed to reverse, before the acquirer is asked; the result.
Each of them is whole or did not happen, and what follows from it (a question, `kept`, a reversal) follows after.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from host.acquirer.model import Advice, AdviceKind, Reason
from host.clock import Clock
from host.jobs.port import Timers
from host.ledger.model import Scheme
from host.money import Money
from host.payment import advice
from host.payment.advice import AdviceStore
from host.payment.captures import CaptureStore, aid_of, is_capture, is_offline, names_the_card
from host.payment.model import Payment
from host.payment.ports import Ledger, Message, Store
from host.payment.states import Asked, State

EXPIRY = "preauthorisation"  # kind of a timer, whose key is the request id in hex

# Why an approved authorisation was not followed, by the reader's word (firmware/flows/reasons.py); else a MALFUNCTION.
REASONS = {
    "card_declined_reversal_owed": Reason.CARD_DECLINED,
    "declined_by_card": Reason.CARD_DECLINED,
    "card_not_genuine": Reason.CARD_DECLINED,
    "cardholder_cancelled": Reason.CUSTOMER_CANCELLED,
    "card_removed_reversal_owed": Reason.CUSTOMER_CANCELLED,
    "merchant_cancelled": Reason.MERCHANT_REFUSED,
    "signature_refused": Reason.MERCHANT_REFUSED,
    "signature_refused_reversal_owed": Reason.MERCHANT_REFUSED,
    "partial_refused_reversal_owed": Reason.MERCHANT_REFUSED,
    "no_answer": Reason.NO_ANSWER,
    "given_up": Reason.CUSTOMER_CANCELLED,
    "expired": Reason.EXPIRED,
}

log = logging.getLogger(__name__)


def owed(payment: Payment, result: Message | None = None) -> tuple[AdviceKind, Reason] | None:
    """What the acquirer is to be told because the payment is in its state, by that result.

    An offline approval after a silent acquirer is captured by itself; what was asked for before it is given back. And
    what the acquirer never approved, or was given back, needs no cancellation.
    """
    offline = result is not None and is_offline(result)
    if payment.state is State.REVERSAL_DUE:
        silent = payment.asked is Asked.ASKED and payment.why not in ("given_up", "expired")
        return AdviceKind.REVERSAL, Reason.NO_ANSWER if silent else REASONS.get(str(payment.why), Reason.MALFUNCTION)
    if payment.state in (State.APPROVED, State.AUTHORISED) and offline and payment.asked is not Asked.NOT_ASKED:
        return AdviceKind.REVERSAL, Reason.NO_ANSWER
    if payment.state is State.VOIDED and payment.asked is not Asked.NOT_ASKED and not offline:
        return AdviceKind.CANCELLATION, Reason.CUSTOMER_CANCELLED
    return None


@dataclass(frozen=True)
class Commits:
    store: Store
    captures: CaptureStore
    advices: AdviceStore
    ledger: Ledger
    timers: Timers
    clock: Clock
    preauthorisation: timedelta  # how long one is valid,
    days_of_contract: Callable[[Any], int | None] = lambda _: None  # unless a contract in force says so

    def step(self, payment: Payment) -> Payment:
        """A state on the way. Raises TransactionIdTaken."""
        with self.store.transaction() as work:
            self.store.save(work, payment)
        return payment

    def stays(self, payment: Payment) -> Payment:
        """The reader did not change it. What is held goes on to expire: its time may have come meanwhile."""
        with self.store.transaction() as work:
            self._watch(work, payment)
            self.store.save(work, payment)
        return payment

    def step_from(self, payment: Payment, before: Payment) -> Payment:
        """`payment`; or what is stored, when another till has moved it meanwhile."""
        with self.store.transaction() as work:
            moved = self.store.save_from(work, payment, before)
            return payment if moved else self.store.get(work, payment.request_id) or before

    def end(self, payment: Payment, result: Message) -> Payment:
        """A state that the reader's result led to, with all that follows. Raises TransactionIdTaken, CaptureDiffers."""
        with self.store.transaction() as work:
            payment = self._booked(work, payment)
            self._copy(work, payment, result)
            self._watch(work, payment)
            self._owe(work, payment, owed(payment, result))
            self.store.save(work, payment)
        return payment

    def copy(self, payment: Payment, result: Message) -> None:
        """The capture record of a payment that is approved already. Raises CaptureDiffers."""
        with self.store.transaction() as work:
            self._copy(work, payment, result)

    def give_back(self, payment: Payment) -> Payment:
        """What is held is given back; no result says so."""
        with self.store.transaction() as work:
            self._watch(work, payment)
            self._owe(work, payment, owed(payment))
            self.store.save(work, payment)
        return payment

    def _booked(self, work: Any, payment: Payment) -> Payment:
        """The ledger's entry; what is approved and moves no money has none."""
        if payment.transaction_id is None:
            return payment
        if payment.state is State.VOIDED and payment.ledger_entry is not None:
            self.ledger.record_cancellation(work, payment.transaction_id)
        if not payment.approved or payment.kind == "verification":
            return payment
        brand = payment.card.brand if payment.card else None
        scheme = Scheme(brand or "none", aid_of(payment.icc_data))
        if payment.kind == "refund":
            entry = self.ledger.record_refund(work, payment.transaction_id, payment.paid, scheme=scheme)
            return replace(payment, ledger_entry=entry)
        record = self.ledger.record_completion if payment.kind == "preauthorisation" else self.ledger.record_sale
        tip = Money(payment.tip_minor, payment.amount.currency) if payment.paid == payment.total else None
        return replace(payment, ledger_entry=record(work, payment.transaction_id, payment.paid, tip=tip, scheme=scheme))

    def _copy(self, work: Any, payment: Payment, result: Message) -> None:
        if payment.state is State.VOIDED and payment.transaction_id:
            self.captures.void(work, payment.transaction_id, self.clock.now())
        if payment.approved and is_capture(result):
            self._line(work, payment, result)

    def line(self, payment: Payment, result: Message) -> None:
        """The capture record of a payment that is not paid, as far as is known here. Raises CaptureDiffers."""
        with self.store.transaction() as work:
            self._line(work, payment, result)

    def _line(self, work: Any, payment: Payment, result: Message) -> None:
        if not payment.reader:
            return
        if names_the_card(result.get("icc_data", b"")):
            log.error("a capture record that names the card is not kept: payment %s", payment.request_id.hex())
            return
        self.captures.add(work, result, payment.reader, self.clock.now())

    def _watch(self, work: Any, payment: Payment) -> None:
        """A pre-authorisation that nobody completes is given back in time."""
        if payment.kind != "preauthorisation":
            return
        if payment.state is State.AUTHORISED:
            self.timers.set(work, EXPIRY, payment.request_id.hex(), self.expiry(work, payment))
        else:
            self.timers.clear(work, EXPIRY, payment.request_id.hex())

    def expiry(self, work: Any, payment: Payment) -> datetime:
        days = self.days_of_contract(work)
        validity = self.preauthorisation if days is None else timedelta(days=days)
        return (payment.asked_at or payment.requested_at) + validity

    def _owe(self, work: Any, payment: Payment, due: tuple[AdviceKind, Reason] | None) -> None:
        if due is None or payment.transaction_id is None:
            return
        now = self.clock.now()
        told = Advice(
            kind=due[0],
            transaction_id=payment.transaction_id,
            amount=payment.held,
            requested_at=payment.asked_at or payment.requested_at,
            reason=due[1],
            transaction_kind=payment.kind,
        )
        self.advices.add(work, told, payment.token, now)
        self.timers.set(work, advice.TIMER, payment.transaction_id.hex(), now)
