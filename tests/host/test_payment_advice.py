"""What the acquirer is owed: stored before it is sent, repeated until it is answered, and of one card one at a time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from host.acquirer.errors import AcquirerSilent, AcquirerUnreachable, BadAnswer, CancellationDeclined
from host.acquirer.model import Advice, AuthorisationRequest, Reason
from host.app import App
from host.money import Money
from host.payment import attempt
from host.payment.advice import FIRST_PAUSE, LONGEST_PAUSE, pause
from host.payment.commits import REASONS
from host.payment.model import Payment
from host.payment.states import State
from tests.host.stand_ins import TOKEN, Acquirer, Reader, chip_sale, till

PRICE = Money(1250)
OTHER_TOKEN = bytes.fromhex("c1" * 32)


def pay(app: App, order: str = "C1-1") -> Payment:
    return asyncio.run(app.payments.take_payment(PRICE, order))


def run_timers(app: App, after: timedelta = timedelta()) -> int:
    app.clock.moment += after
    return asyncio.run(app.timers.run_due(app.clock.now()))


def state(app: App, payment: Payment) -> State:
    return app.payments.get(payment.request_id).state


async def says_its_token(reader: Reader, request_id: bytes, token: bytes = TOKEN) -> dict:
    reader.progress("accepted")
    answer = await reader.go_online(token=token)
    approved = answer.get("response_code") == b"00"
    return reader.result(request_id, "approved" if approved else "declined", why="" if approved else "no_answer")


async def another_card(reader: Reader, request_id: bytes) -> dict:
    return await says_its_token(reader, request_id, OTHER_TOKEN)


@pytest.mark.covers("faults/R-02", "terminal/T-R21")
@pytest.mark.parametrize("lost", range(6))
def test_a_reversal_is_repeated_until_it_is_answered(tmp_path: Path, lost: int) -> None:
    app = till(tmp_path, acquirer=Acquirer(error=AcquirerSilent("10 s")))
    payment = pay(app)
    app.acquirer.advice_error = AcquirerSilent("10 s")
    for count in range(1, lost + 1):
        run_timers(app, pause(count))
        assert state(app, payment) is State.REVERSAL_DUE
    app.acquirer.advice_error = None
    run_timers(app, LONGEST_PAUSE)
    assert state(app, payment) is State.REVERSED
    assert [advice.repeated for advice in app.acquirer.advised] == [False] + [True] * lost
    first, *others = app.acquirer.advised
    for other in others:
        assert (other.transaction_id, other.amount, other.requested_at, other.reason) == (
            first.transaction_id,
            first.amount,
            first.requested_at,
            first.reason,
        )
    assert first.requested_at == app.acquirer.asked[0].requested_at
    assert run_timers(app, timedelta(days=30)) == 0, "answered is answered"


def test_the_pauses_double_to_a_quarter_of_an_hour(tmp_path: Path) -> None:
    assert [pause(count).total_seconds() for count in (1, 2, 3, 8, 9, 500)] == [5, 10, 20, 640, 900, 900]
    app = till(tmp_path, acquirer=Acquirer(error=AcquirerSilent("10 s")))
    pay(app)
    app.acquirer.advice_error = BadAnswer("500")
    run_timers(app)
    assert run_timers(app, FIRST_PAUSE - timedelta(seconds=1)) == 0, "not before its time"
    assert run_timers(app, timedelta(seconds=1)) == 1


@pytest.mark.covers("terminal/T-R21", "faults/R-16")
def test_it_is_there_before_it_is_sent_and_marked_when_it_may_have_been(tmp_path: Path) -> None:
    class Dies(Acquirer):
        async def advise(self, advice: Advice) -> None:
            self.advised.append(advice)
            raise KeyboardInterrupt("the host dies between sending and storing")

    app = till(tmp_path, acquirer=Dies(error=AcquirerSilent("10 s")))
    payment = pay(app)
    with pytest.raises(KeyboardInterrupt):
        run_timers(app)
    again = till(tmp_path)
    again.clock.moment = app.clock.moment
    again.timers.release()
    run_timers(again, timedelta(minutes=1))
    assert [advice.repeated for advice in app.acquirer.advised + again.acquirer.advised] == [False, True]
    assert state(again, payment) is State.REVERSED


@pytest.mark.covers("terminal/T-R21")
def test_the_same_card_waits_for_its_reversal_and_another_does_not(tmp_path: Path) -> None:
    app = till(tmp_path, says_its_token, Acquirer(error=AcquirerSilent("10 s")))
    first = pay(app)
    app.acquirer.error = None
    app.acquirer.advice_error = AcquirerSilent("10 s")
    second = pay(app, "C1-2")
    assert (second.state, second.why) == (State.DECLINED, "no_answer"), "nor was the acquirer asked"
    assert len(app.acquirer.asked) == 1
    app.terminal.script = another_card
    assert pay(app, "C1-3").approved
    app.terminal.script = says_its_token
    app.acquirer.advice_error = None
    assert pay(app, "C1-2").approved, "once it is answered"
    assert state(app, first) is State.REVERSED


@pytest.mark.covers("terminal/T-R21")
def test_the_reversal_goes_before_the_next_authorisation(tmp_path: Path) -> None:
    order: list[object] = []

    class Notes(Acquirer):
        async def authorise(self, request: AuthorisationRequest) -> Any:
            order.append("authorise")
            return await super().authorise(request)

        async def advise(self, advice: Advice) -> None:
            order.append("reverse")
            await super().advise(advice)

    app = till(tmp_path, says_its_token, Notes(error=AcquirerSilent("10 s")))
    pay(app)
    app.acquirer.error = None
    assert pay(app, "C1-2").approved
    assert order == ["authorise", "reverse", "authorise"]


@pytest.mark.covers("terminal/T-R21")
def test_a_reversal_that_hangs_does_not_hold_the_next_customer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hangs(Acquirer):
        async def advise(self, advice: Advice) -> None:
            await asyncio.Event().wait()

    monkeypatch.setattr(attempt, "REVERSAL_FIRST_S", 0.01)
    app = till(tmp_path, says_its_token, Hangs(error=AcquirerSilent("10 s")))
    pay(app)
    app.acquirer.error = None
    assert pay(app, "C1-2").state is State.DECLINED


def test_what_two_ask_to_send_is_sent_once(tmp_path: Path) -> None:
    app = till(tmp_path, acquirer=Acquirer(error=AcquirerSilent("10 s")))
    payment = pay(app)

    async def both() -> list:
        return await asyncio.gather(*[app.payments.advising.send(payment.transaction_id) for _ in range(3)])

    assert asyncio.run(both()) == [True] * 3
    assert len(app.acquirer.advised) == 1
    assert asyncio.run(app.payments.advising.send(bytes(16))), "of what is owed nothing, nothing is sent"


@pytest.mark.covers("faults/R-03")
@pytest.mark.parametrize("late_s", [0, 1, 30, 120])
def test_an_answer_after_the_end_is_dropped_and_reversed(tmp_path: Path, late_s: int) -> None:
    answered = asyncio.Event()

    class Late(Acquirer):
        async def authorise(self, request: AuthorisationRequest) -> Any:
            await answered.wait()
            return await super().authorise(request)

    async def gives_up(reader: Reader, request_id: bytes) -> dict:
        reader.progress("accepted")
        reader.late = asyncio.create_task(reader.go_online())
        await asyncio.sleep(0)
        return reader.result(request_id, "declined", why="no_answer")

    app = till(tmp_path, gives_up, Late())

    async def sell() -> Payment:
        payment = await app.payments.take_payment(PRICE, "C1-1")
        app.clock.moment += timedelta(seconds=late_s)
        answered.set()
        assert await app.terminal.late == {}
        return payment

    payment = asyncio.run(sell())
    assert state(app, payment) is State.REVERSAL_DUE
    run_timers(app)
    assert state(app, payment) is State.REVERSED
    assert [advice.reason for advice in app.acquirer.advised] == [Reason.NO_ANSWER]


@pytest.mark.covers("faults/R-02")
@pytest.mark.parametrize(
    ("why", "reason"),
    [
        ("card_declined_reversal_owed", Reason.CARD_DECLINED),
        ("card_removed_reversal_owed", Reason.CUSTOMER_CANCELLED),
        ("cardholder_cancelled", Reason.CUSTOMER_CANCELLED),
        ("signature_refused_reversal_owed", Reason.MERCHANT_REFUSED),
        ("interrupted_while_online", Reason.MALFUNCTION),
        ("of_tomorrow", Reason.MALFUNCTION),
    ],
)
def test_why_an_approval_is_given_back(tmp_path: Path, why: str, reason: Reason) -> None:
    async def not_followed(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        return reader.result(request_id, "declined", why=why)

    app = till(tmp_path, not_followed)
    pay(app)
    run_timers(app)
    assert [advice.reason for advice in app.acquirer.advised] == [reason]


def test_each_named_reason_is_one_of_the_readers_or_ours() -> None:
    from firmware.flows.reasons import REASONS as TOLD

    whys = {line.split()[0] for line in TOLD.split("\n") if line} | {"given_up", "expired"}
    assert set(REASONS) <= whys


def test_an_acquirer_that_was_not_reached_is_owed_nothing(tmp_path: Path) -> None:
    app = till(tmp_path, acquirer=Acquirer(error=AcquirerUnreachable()))
    pay(app)
    assert run_timers(app) == 0


@pytest.mark.covers("terminal/T-R09")
def test_a_cancellation_that_is_declined_is_told_as_an_advice(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = asyncio.run(app.payments.void(pay(app).request_id))
    app.acquirer.advice_error = CancellationDeclined("too late")
    run_timers(app)
    app.acquirer.advice_error = None
    run_timers(app, FIRST_PAUSE)
    assert [advice.repeated for advice in app.acquirer.advised] == [False, True]
    assert state(app, payment) is State.VOIDED
    assert run_timers(app, timedelta(days=1)) == 0


def test_a_kept_sale_owes_nothing(tmp_path: Path) -> None:
    app = till(tmp_path, chip_sale)
    assert pay(app).approved
    assert run_timers(app) == 0
