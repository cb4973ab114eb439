"""What becomes of an approved payment: its copy, cancelled, with a tip, in part, offline, refused after all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from host.acquirer.errors import AcquirerSilent, AcquirerUnreachable
from host.acquirer.model import AdviceKind, Reason
from host.app import App
from host.ledger.model import Account
from host.money import Money
from host.payment.errors import (
    AmountChanged,
    NotAuthorised,
    NotVoidable,
    RefundBeyond,
    Refused,
    TooLate,
)
from host.payment.model import Payment
from host.payment.states import Asked, State
from host.terminal import words
from host.terminal.errors import LinkLost, ReaderBusy
from tests.host.payment_life import NOTHING, PRICE, copies, pay, receivable, refund, run_timers, void
from tests.host.stand_ins import Acquirer, Reader, chip_sale, ledger_balance, till

# ---- the result and its copy ----


def test_a_result_is_kept_with_its_copy_before_the_reader_is_told(tmp_path: Path) -> None:
    class Looks(Reader):
        async def kept(self, result: dict[str, Any]) -> None:
            (copy,) = copies(app)
            assert (copy.line.transaction_id, copy.line.amount) == (result["transaction_id"], PRICE)
            assert app.payments.of_order("C1-1").approved
            await super().kept(result)

    app = till(tmp_path)
    app.payments._terminal = Looks(chip_sale)
    payment = pay(app)
    assert app.payments._terminal.told == [("kept", payment.transaction_id)]


def test_a_copy_says_what_the_reader_said(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = pay(app)
    (copy,) = copies(app)
    told = app.terminal.journal[payment.request_id]
    line = copy.line
    assert (line.icc_data, line.ksn, line.sealed_card, line.mac) == tuple(
        told[name] for name in ("icc_data", "ksn", "sealed_card", "mac")
    )
    assert (line.kind, line.taken_at, line.response_code, line.offline) == ("purchase", told["taken_at"], b"00", False)
    assert (copy.reader, copy.brand, copy.aid.hex().upper()) == ("ZINC-0001", "cb", "A0000000421010")


def test_a_refused_payment_has_no_copy_and_is_told_as_kept_all_the_same(tmp_path: Path) -> None:
    app = till(tmp_path, acquirer=Acquirer(b"51"))
    payment = pay(app)
    assert copies(app) == []
    assert app.terminal.told == [("kept", payment.transaction_id)]


# ---- cancelled ----


@pytest.mark.covers("terminal/T-R09")
def test_a_sale_is_cancelled_before_its_day_is_closed(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = void(app, pay(app))
    assert (payment.state, payment.outcome, payment.why) == (State.VOIDED, "voided", "voided_by_merchant")
    assert receivable(app) == NOTHING
    assert copies(app) == [], "it is captured no more"
    run_timers(app)
    (advice,) = app.acquirer.advised
    assert (advice.kind, advice.transaction_id, advice.amount) == (
        AdviceKind.CANCELLATION,
        payment.transaction_id,
        PRICE,
    )
    assert void(app, payment) == payment, "pressed again, it is cancelled already"
    assert len(app.acquirer.advised) == 1
    assert pay(app).request_id != payment.request_id, "the order can be paid anew"


@pytest.mark.covers("terminal/T-R09")
def test_after_the_seal_a_sale_can_only_be_refunded(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = pay(app)
    app.terminal.sealed.add(payment.transaction_id)
    with pytest.raises(TooLate) as refusal:
        void(app, payment)
    assert "Refund" in words.words(refusal.value.code, "en")
    assert app.payments.get(payment.request_id) == payment
    assert refund(app, payment, PRICE).approved
    assert receivable(app) == NOTHING


@pytest.mark.parametrize("error", [LinkLost(), ReaderBusy({"code": "busy"})])
def test_a_reader_out_of_reach_is_asked_again_to_cancel(tmp_path: Path, error: Exception) -> None:
    app = till(tmp_path)
    payment = pay(app)
    app.terminal.out_of_reach = error
    assert void(app, payment).state is State.VOIDING
    assert receivable(app) == PRICE, "nothing is concluded from silence"
    app.terminal.out_of_reach = None
    (resolved,) = asyncio.run(app.payments.resolve_unknown())
    assert resolved.state is State.VOIDED
    assert receivable(app) == NOTHING


def test_a_wish_to_cancel_that_comes_too_late_after_all_leaves_the_sale(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = pay(app)
    app.terminal.out_of_reach = LinkLost()
    void(app, payment)
    app.terminal.out_of_reach = None
    app.terminal.sealed.add(payment.transaction_id)
    (resolved,) = asyncio.run(app.payments.resolve_unknown())
    assert resolved.approved
    assert receivable(app) == PRICE


def test_of_a_reader_that_is_gone_a_sale_that_was_to_be_cancelled_stays(tmp_path: Path) -> None:
    """Its copy is captured: the customer is given the money back by a refund."""
    app = till(tmp_path)
    payment = pay(app)
    app.terminal.out_of_reach = LinkLost()
    assert void(app, payment).state is State.VOIDING
    assert app.payments.write_off(payment.request_id).approved
    assert receivable(app) == PRICE


@pytest.mark.covers("faults/R-04")
def test_a_till_that_cannot_ask_leaves_what_another_till_settled_meanwhile(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = pay(app)
    seen_before = replace(payment, state=State.AUTHORISING, outcome=None, ended_at=None)
    app.terminal.out_of_reach = LinkLost()
    asyncio.run(app.payments._resolving(seen_before)())
    assert app.payments.get(payment.request_id) == payment


def test_another_reader_cannot_cancel(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = pay(app)
    app.terminal.serial = "ZINC-0002"
    assert void(app, payment).state is State.VOIDING
    assert ("void", payment.transaction_id) not in app.terminal.told


@pytest.mark.parametrize("code", [b"51", b"05"])
def test_what_is_not_kept_is_not_cancelled(tmp_path: Path, code: bytes) -> None:
    app = till(tmp_path, acquirer=Acquirer(code))
    with pytest.raises(NotVoidable):
        void(app, pay(app))


def test_cancelling_twice_at_once_is_once(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = pay(app)

    async def twice() -> list[Payment]:
        return await asyncio.gather(*[app.payments.void(payment.request_id) for _ in range(3)])

    assert {payment.state for payment in asyncio.run(twice())} == {State.VOIDED}
    assert app.terminal.told.count(("void", payment.transaction_id)) == 1


# ---- tips, and parts of an amount ----


def tapped(tip: int, *codes: bytes) -> tuple[Callable, Acquirer]:
    """The cardholder adds a tip where one is offered; the acquirer answers one after the other with `codes`."""

    class Answers(Acquirer):
        async def authorise(self, request: Any) -> Any:
            self.response_code = codes[len(self.asked)]
            return await super().authorise(request)

    async def script(reader: Reader, request_id: bytes) -> dict:
        wishes = reader.wishes[-1]
        chosen = tip if "tips" in wishes else 0
        told = {"tip_minor": chosen, "amount_minor": reader.amount_minor + chosen} if chosen else {}
        told["interface"] = wishes.get("interface", "contactless")
        answer = await reader.go_online(**told)
        soft = answer["response_code"] == b"1A"
        why = {"why": "chip_and_pin_required"} if soft else {}
        return reader.result(request_id, "declined" if soft else "approved", **told, **why)

    return script, Answers()


@pytest.mark.covers("terminal/T-R06")
def test_a_tip_is_in_the_amount_that_is_signed_and_booked_by_itself(tmp_path: Path) -> None:
    script, acquirer = tapped(125, b"00")
    app = till(tmp_path, script, acquirer)
    payment = pay(app, tips=[5, 10])
    assert payment.approved and (payment.amount, payment.tip_minor, payment.paid) == (PRICE, 125, Money(1375))
    assert app.terminal.wishes == [{"tips": [5, 10]}]
    assert (acquirer.asked[0].amount, acquirer.asked[0].tip_minor) == (Money(1375), 125)
    assert ledger_balance(app, Account.TIPS) == -Money(125)
    assert ledger_balance(app, Account.SALES) == -PRICE
    assert pay(app) == payment, "the order is the same, whatever was added"


@pytest.mark.covers("terminal/T-R06", "terminal/T-R14")
def test_a_tip_outlives_the_issuers_wish_for_the_chip(tmp_path: Path) -> None:
    script, acquirer = tapped(125, b"1A", b"00")
    app = till(tmp_path, script, acquirer)
    payment = pay(app, tips=[5, 10])
    assert payment.approved and (payment.tip_minor, payment.paid) == (125, Money(1375))
    assert app.terminal.wishes[1] == {"interface": "contact", "tip_minor": 125}
    assert [request.amount for request in acquirer.asked] == [Money(1375), Money(1375)]
    assert ledger_balance(app, Account.TIPS) == -Money(125)


async def partial(reader: Reader, request_id: bytes) -> dict:
    reader.progress("accepted")
    answer = await reader.go_online()
    part = answer["authorised_minor"]
    if await reader.confirm("partial_amount", part):
        return reader.result(request_id, "approved", amount_minor=part)
    return reader.result(request_id, "declined", why="partial_refused_reversal_owed")


def partly(folder: Path) -> App:
    acquirer = Acquirer(b"10")
    acquirer.authorised = Money(800)
    return till(folder, partial, acquirer)


@pytest.mark.covers("terminal/T-R07")
def test_a_part_of_the_amount_is_paid_when_the_merchant_says_yes(tmp_path: Path) -> None:
    app = partly(tmp_path)

    def merchant(payment: Payment, phase: str) -> None:
        if phase == "confirmation":
            assert payment.transaction_id
            question = app.payments.question(payment.transaction_id)
            assert question and (question["what"], question["amount_minor"]) == ("partial_amount", 800)
            app.payments.answer(payment.transaction_id, True)

    app.payments.listen(merchant)
    payment = pay(app)
    assert payment.approved and (payment.amount, payment.paid) == (PRICE, Money(800))
    assert receivable(app) == Money(800)
    assert copies(app)[0].line.amount == Money(800)
    assert app.payments.question(payment.transaction_id) is None
    with pytest.raises(RefundBeyond):
        refund(app, payment, Money(801))


@pytest.mark.covers("terminal/T-R07")
def test_a_part_that_the_merchant_refuses_is_given_back(tmp_path: Path) -> None:
    app = partly(tmp_path)
    app.payments.listen(
        lambda payment, phase: phase == "confirmation" and app.payments.answer(payment.transaction_id, False)
    )
    payment = pay(app)
    assert payment.state is State.REVERSAL_DUE
    run_timers(app)
    assert [(advice.amount, advice.reason) for advice in app.acquirer.advised] == [
        (Money(800), Reason.MERCHANT_REFUSED)
    ]


def test_a_part_is_known_after_a_crash(tmp_path: Path) -> None:
    app = partly(tmp_path)

    async def crash(payment: Payment, question: dict) -> bool:
        app.terminal.result(payment.request_id, "approved", amount_minor=800)
        raise KeyError("the host dies here")

    app.payments._ask_merchant = crash
    with pytest.raises(KeyError):
        pay(app)
    again = till(tmp_path)
    again.terminal.journal = app.terminal.journal
    (payment,) = asyncio.run(again.payments.resolve_unknown())
    assert payment.approved and payment.paid == Money(800)


def test_an_answer_that_nobody_waits_for_means_nothing(tmp_path: Path) -> None:
    till(tmp_path).payments.answer(bytes(16), True)


def test_a_part_that_the_acquirer_did_not_approve_is_not_ours(tmp_path: Path) -> None:
    async def less(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        return reader.result(request_id, "approved", amount_minor=800)

    payment = pay(till(tmp_path, less))
    assert (payment.state, payment.why) == (State.UNKNOWN, "result_of_another_payment")


# ---- without the acquirer ----


async def approves_offline(reader: Reader, request_id: bytes) -> dict:
    reader.progress("accepted")
    assert "response_code" not in await reader.go_online()
    return reader.result(request_id, "approved", why="approved_offline", response_code=b"Y3", authorisation_code=None)


@pytest.mark.covers("terminal/T-R13", "faults/R-02")
def test_an_offline_approval_after_silence_is_captured_and_the_authorisation_given_back(tmp_path: Path) -> None:
    app = till(tmp_path, approves_offline, Acquirer(error=AcquirerSilent("10 s")))
    payment = pay(app, store_and_forward=True)
    assert app.terminal.wishes == [{"store_and_forward": "yes"}]
    assert (payment.state, payment.asked) == (State.APPROVED, Asked.ASKED)
    assert receivable(app) == PRICE
    assert [copy.line.offline for copy in copies(app)] == [True]
    run_timers(app)
    assert [(advice.kind, advice.reason) for advice in app.acquirer.advised] == [
        (AdviceKind.REVERSAL, Reason.NO_ANSWER)
    ]
    assert app.payments.get(payment.request_id).approved, "the sale is kept"
    assert void(app, payment).state is State.VOIDED
    assert run_timers(app) == 0, "of what was given back there is nothing to cancel"


@pytest.mark.covers("terminal/T-R13")
def test_an_offline_approval_of_what_the_acquirer_never_heard_owes_nothing(tmp_path: Path) -> None:
    app = till(tmp_path, approves_offline, Acquirer(error=AcquirerUnreachable()))
    payment = pay(app, store_and_forward=True)
    assert payment.approved and payment.asked is Asked.NOT_ASKED
    assert run_timers(app) == 0


@pytest.mark.covers("terminal/T-R13")
def test_an_offline_approval_of_what_the_acquirer_refused_unheard_is_captured(tmp_path: Path) -> None:
    """The refusal came to the host, and the line was cut before the reader heard it: its journal keeps the sale."""

    async def hears_nothing(reader: Reader, request_id: bytes) -> dict:
        reader.progress("accepted")
        await reader.go_online()
        return reader.result(request_id, "approved", why="approved_offline", response_code=None)

    app = till(tmp_path, hears_nothing, Acquirer(b"05"))
    payment = pay(app, store_and_forward=True)
    assert (payment.state, payment.offline) == (State.APPROVED, True)
    assert [copy.line.offline for copy in copies(app)] == [True]
    assert receivable(app) == PRICE


@pytest.mark.covers("faults/R-02")
def test_a_refusal_that_the_reader_does_not_believe_is_reversed(tmp_path: Path) -> None:
    """Whoever wrote it, it was not the acquirer, who may have approved."""

    async def disbelieves(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        return reader.result(request_id, "declined", why="answer_not_authentic", response_code=None)

    app = till(tmp_path, disbelieves, Acquirer(b"05"))
    payment = pay(app)
    assert payment.state is State.REVERSAL_DUE
    run_timers(app)
    assert [advice.kind for advice in app.acquirer.advised] == [AdviceKind.REVERSAL]
    assert app.payments.get(payment.request_id).state is State.REVERSED


def test_each_refusal_has_words() -> None:
    classes = [NotVoidable, RefundBeyond, TooLate, NotAuthorised]
    assert all(issubclass(each, Refused) and each.code in words.WORDS for each in classes)


# ---- for a person to decide ----


def test_a_reader_that_is_gone_leaves_its_payment_unknown_until_a_person_decides(tmp_path: Path) -> None:
    async def gone(reader: Reader, request_id: bytes) -> dict:
        reader.progress("accepted")
        await reader.go_online()
        raise LinkLost

    app = till(tmp_path, gone)
    payment = pay(app)
    app.terminal.out_of_reach = LinkLost()
    for _ in range(3):
        (payment,) = asyncio.run(app.payments.resolve_unknown())
        assert payment.state is State.UNKNOWN
    with app.database.transaction() as work:
        assert app.payments.copies.without_copy(work, "ZINC-0001") == ["C1-1"]
    decided = app.payments.write_off(payment.request_id)
    assert (decided.state, decided.why) == (State.REVERSAL_DUE, "written_off")
    run_timers(app)
    assert app.payments.get(payment.request_id).state is State.REVERSED
    assert app.payments.write_off(payment.request_id).state is State.REVERSED


@pytest.mark.covers("terminal/T-R23")
def test_an_order_is_the_same_payment_after_thirteen_months(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = pay(app)
    app.clock.moment += timedelta(days=400)
    run_timers(app)
    assert pay(app) == payment
    assert len(app.terminal.asked) == 1
    with pytest.raises(AmountChanged):
        pay(app, Money(1251))


def test_a_reader_that_is_connected_is_named_with_the_intent(tmp_path: Path) -> None:
    stored: list[str | None] = []

    class Connected(Reader):
        connected_serial = "ZINC-0001"

        async def connect(self) -> dict:
            stored.append(app.payments.of_order("C1-1").reader)
            return await super().connect()

    app = till(tmp_path)
    app.payments._terminal = Connected(chip_sale)
    assert pay(app).approved
    assert stored == ["ZINC-0001"]


@pytest.mark.covers("faults/R-04")
def test_of_two_tills_one_takes_an_order_and_the_other_does_not_call_it_cancelled(tmp_path: Path) -> None:
    """Neither knew its reader yet: what the second one's says of the payment, it says of one that it never had."""

    class Meanwhile(Reader):
        async def status(self, **about: Any) -> dict[str, Any]:
            told = await super().status(**about)
            go_on.set()
            await taken.wait()
            return told

    class Slow(Reader):
        async def take_payment(self, *wanted: Any, **wishes: Any) -> dict[str, Any]:
            taken.set()
            return await super().take_payment(*wanted, **wishes)

        async def connect(self) -> dict[str, Any]:
            await go_on.wait()
            return await super().connect()

    async def both() -> list[Payment]:
        first = asyncio.create_task(one.payments.take_payment(PRICE, "C1-1"))
        await asyncio.sleep(0)
        return list(await asyncio.gather(first, other.payments.take_payment(PRICE, "C1-1")))

    go_on, taken = asyncio.Event(), asyncio.Event()
    one, other = till(tmp_path), till(tmp_path)
    one.payments._terminal, other.payments._terminal = Slow(chip_sale), Meanwhile(chip_sale)
    other.payments._terminal.serial = "ZINC-0002"
    payments = asyncio.run(both())
    assert payments[0].approved and payments[1].state is not State.CANCELLED
    assert pay(other) == payments[0]


def test_what_another_till_called_cancelled_is_not_put_to_a_reader_any_more(tmp_path: Path) -> None:
    class Late(Reader):
        async def connect(self) -> dict[str, Any]:
            found = other.payments.of_order("C1-1")
            other.payments._commits.step(found.never_began("never_began", other.clock.now()))
            return await super().connect()

    one, other = till(tmp_path), till(tmp_path)
    one.payments._terminal = late = Late(chip_sale)
    assert pay(one).state is State.CANCELLED
    assert late.asked == []
