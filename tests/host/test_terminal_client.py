"""The till's reader client against a scripted reader: the stories of protocol/schema/CONVERSATIONS.md."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from host.terminal.client import ReaderClient
from host.terminal.errors import (
    PaymentUnknown,
    ReaderBusy,
    ReaderNotFound,
    ReaderRefused,
)
from tests.support.scripted_reader import (
    APPROVAL,
    DEADLINES,
    IDS,
    MONEY,
    ONLINE_REQUEST,
    REQUEST_ID,
    RESULT,
    TRANSACTION_ID,
    ScriptedReader,
    play,
)

IMPATIENT = replace(DEADLINES, quiet=0.02, resume=0.1)


class Till:
    """take_payment with a merchant and an acquirer who note what they are told."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.answer: dict[str, Any] | Exception = APPROVAL
        self.acquirer_may_answer = asyncio.Event()
        self.acquirer_may_answer.set()
        self.acquirer_is_asked = asyncio.Event()

    def progress(self, phase: str, transaction_id: bytes) -> None:
        assert transaction_id == TRANSACTION_ID
        self.phases.append(phase)

    async def pay(self, client: ReaderClient) -> dict[str, Any]:
        return await client.take_payment(REQUEST_ID, 1250, 978, self.authorise, self.progress)

    async def authorise(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        self.acquirer_is_asked.set()
        await self.acquirer_may_answer.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def till() -> Till:
    return Till()


def test_a_tap_is_approved_online(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.says("progress", transaction_id=TRANSACTION_ID, phase="card_presented")
        await reader.repeats(ONLINE_REQUEST)
        answer = await reader.hears("online_answer")
        assert answer == {"type": "online_answer", "transaction_id": TRANSACTION_ID, **APPROVAL}
        await reader.repeats(RESULT)

    assert play(till.pay, script) == RESULT
    assert till.phases == ["accepted", "card_presented"]
    assert till.asked == [ONLINE_REQUEST]


def test_an_acquirer_that_fails_is_no_answer(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.answer = RuntimeError("the acquirer's library broke")

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.repeats(ONLINE_REQUEST)
        assert await reader.hears("online_answer") == {"type": "online_answer", "transaction_id": TRANSACTION_ID}
        await reader.repeats(RESULT)

    play(till.pay, script)
    assert "online_request failed" in caplog.text


def test_an_answer_that_does_not_fit_is_no_answer(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.answer = {"response_code": b"too long"}

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.repeats(ONLINE_REQUEST)
        assert "response_code" not in await reader.hears("online_answer")
        await reader.repeats(RESULT)

    play(till.pay, script)
    assert "response_code" in caplog.text


def test_cancel_before_and_after_acceptance(till: Till) -> None:
    async def pay_and_cancel(client: ReaderClient) -> dict[str, Any]:
        payment = asyncio.create_task(till.pay(client))
        await asyncio.sleep(0)
        await client.cancel()
        return await payment

    cancelled = {**RESULT, "outcome": "cancelled", "why": "merchant_cancelled", "apdus": 0}

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        assert (await reader.hears("cancel"))["transaction_id"] == TRANSACTION_ID
        await reader.repeats(cancelled)

    assert play(pay_and_cancel, script) == cancelled


def test_cancel_without_a_payment_does_nothing() -> None:
    async def script(reader: ScriptedReader) -> None:
        assert not reader.pipe.carried

    play(lambda client: client.cancel(), script)


@pytest.mark.covers("faults/R-05")
def test_cut_before_the_reader_heard_is_asked_and_sent_again(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("take_payment")
        reader.pipe.cut()
        await reader.accepts()
        assert (await reader.hears("status_query"))["request_id"] == REQUEST_ID
        await reader.says("status", state="not_found", request_id=REQUEST_ID)
        assert (await reader.hears("take_payment"))["request_id"] == REQUEST_ID
        await reader.repeats(RESULT)

    assert play(till.pay, script) == RESULT


@pytest.mark.covers("terminal/T-R03", "terminal/T-L09")
def test_cut_while_the_acquirer_thinks_asks_the_acquirer_once(till: Till) -> None:
    till.acquirer_may_answer.clear()

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.repeats(ONLINE_REQUEST)
        await till.acquirer_is_asked.wait()
        reader.pipe.cut()
        await reader.accepts(transaction_id=TRANSACTION_ID)
        await reader.repeats(ONLINE_REQUEST)
        await reader.hears("status_query")
        await reader.says("status", state="in_progress", **IDS)
        till.acquirer_may_answer.set()
        await reader.hears("online_answer")
        reader.pipe.cut()
        await reader.accepts(transaction_id=TRANSACTION_ID)
        await reader.repeats(ONLINE_REQUEST)
        await reader.hears("status_query")
        assert (await reader.hears("online_answer"))["response_code"] == b"00"
        await reader.repeats(RESULT)

    assert play(till.pay, script) == RESULT
    assert len(till.asked) == 1


def test_a_question_that_comes_before_the_id_is_answered_once_the_id_is_known(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("take_payment")
        reader.pipe.cut()
        await reader.accepts(transaction_id=TRANSACTION_ID)
        await reader.repeats(ONLINE_REQUEST)
        await reader.hears("status_query")
        await reader.says("status", state="in_progress", **IDS)
        assert (await reader.hears("online_answer"))["response_code"] == b"00"
        await reader.repeats(RESULT)

    assert play(till.pay, script) == RESULT


def test_the_question_of_another_payment_is_not_answered(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts(transaction_id=b"o" * 16)
        await reader.repeats({**ONLINE_REQUEST, "transaction_id": b"o" * 16})
        await reader.hears("take_payment")
        await reader.says("error", code="busy", transaction_id=b"o" * 16, amount_minor=1250)

    with pytest.raises(ReaderBusy):
        play(till.pay, script)
    assert till.asked == []


def test_another_reader_never_takes_the_payment_of_the_first(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("take_payment")
        reader.pipe.cut()
        await reader.accepts(serial="R2")
        await reader.accepts(serial="R1")
        await reader.hears("status_query")
        await reader.repeats(RESULT)

    assert play(till.pay, script) == RESULT


def test_a_reader_that_forgot_the_payment_leaves_it_unknown(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        reader.pipe.cut()
        await reader.accepts()
        await reader.hears("status_query")
        await reader.says("status", state="not_found", request_id=REQUEST_ID)

    with pytest.raises(PaymentUnknown):
        play(till.pay, script)


def test_cut_before_the_result_finds_the_result(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        reader.pipe.cut()
        await reader.accepts()
        await reader.hears("status_query")
        await reader.repeats(RESULT)

    assert play(till.pay, script) == RESULT


@pytest.mark.covers("terminal/T-L25", "terminal/T-R20")
def test_a_reader_that_stays_away_leaves_the_payment_unknown(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        reader.pipe.reader_in_reach = False
        reader.pipe.cut()

    with pytest.raises(PaymentUnknown) as unknown:
        play(till.pay, script, IMPATIENT)
    assert (unknown.value.request_id, unknown.value.transaction_id) == (REQUEST_ID, TRANSACTION_ID)


@pytest.mark.covers("terminal/T-L08")
def test_a_reader_that_falls_silent_is_asked_then_left(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.hears("status_query")
        await reader.says("status", state="in_progress", **IDS)
        await reader.hears("status_query")
        reader.pipe.reader_in_reach = False

    with pytest.raises(PaymentUnknown):
        play(till.pay, script, IMPATIENT)


def test_a_payment_has_an_end_in_time(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()

    with pytest.raises(PaymentUnknown):
        play(till.pay, script, replace(DEADLINES, payment=0.05))


def test_a_reader_that_talks_nonsense_is_left_and_asked_again(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.pipe.reader.send(b"nonsense")
        await reader.accepts()
        await reader.hears("status_query")
        await reader.repeats(RESULT)

    assert play(till.pay, script) == RESULT


def test_a_refusal_that_ends_the_session_is_not_one_of_the_payment(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("take_payment")
        await reader.says("error", code="bad_message")
        await reader.accepts()
        await reader.hears("status_query")
        await reader.repeats(RESULT)

    assert play(till.pay, script) == RESULT


@pytest.mark.parametrize("code", ["amount_zero", "amount_above_limit", "wrong_currency", "reader_fault"])
def test_a_refusal_is_named_and_the_next_sale_works(till: Till, code: str) -> None:
    async def twice(client: ReaderClient) -> dict[str, Any]:
        with pytest.raises(ReaderRefused) as refusal:
            await till.pay(client)
        assert refusal.value.code == code
        return await till.pay(client)

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("take_payment")
        await reader.says("error", code=code, request_id=REQUEST_ID)
        await reader.takes_payment()
        await reader.repeats(RESULT)

    assert play(twice, script) == RESULT


def test_an_error_after_acceptance_is_no_end(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.says("error", code="out_of_order")
        await reader.repeats(RESULT)

    assert play(till.pay, script) == RESULT


@pytest.mark.covers("attacks/B-13")
def test_a_busy_reader_tells_whose_payment_runs(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("take_payment")
        await reader.says("error", code="busy", transaction_id=b"o" * 16, amount_minor=990)

    with pytest.raises(ReaderBusy) as busy:
        play(till.pay, script)
    assert (busy.value.transaction_id, busy.value.amount_minor) == (b"o" * 16, 990)


@pytest.mark.covers("attacks/B-13", "terminal/T-L22")
def test_a_second_sale_does_not_queue_behind_the_first(till: Till) -> None:
    async def two_sales(client: ReaderClient) -> dict[str, Any]:
        first = asyncio.create_task(till.pay(client))
        await asyncio.sleep(0)
        with pytest.raises(ReaderBusy) as busy:
            await till.pay(client)
        assert busy.value.amount_minor == 1250
        return await first

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.repeats(RESULT)

    assert play(two_sales, script) == RESULT


def test_whoever_would_connect_while_a_payment_runs_hears_busy(till: Till) -> None:
    async def sale_and_another(client: ReaderClient) -> dict[str, Any]:
        first = asyncio.create_task(till.pay(client))
        await asyncio.sleep(0)
        with pytest.raises(ReaderBusy):
            await client.connect()
        return await first

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.repeats(RESULT)

    assert play(sale_and_another, script) == RESULT


def test_no_reader_is_no_payment(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        reader.pipe.reader_in_reach = False

    async def later(client: ReaderClient) -> dict[str, Any]:
        await asyncio.sleep(0)
        return await till.pay(client)

    with pytest.raises(ReaderNotFound):
        play(later, script)


def test_results_of_another_payment_are_not_ours(till: Till) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.repeats({**RESULT, "request_id": b"anotherr", "outcome": "declined"})
        await reader.says("progress", transaction_id=b"o" * 16, phase="pin_entry")
        await reader.repeats({**ONLINE_REQUEST, **MONEY, "transaction_id": b"o" * 16})
        await reader.repeats(RESULT)

    assert play(till.pay, script) == RESULT
    assert till.phases == ["accepted"]
    assert till.asked == []
