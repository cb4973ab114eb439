"""What the till asks of its reader beside payments: the merchant's word, cancelling, completing, the evening."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from host.terminal import errors
from host.terminal.client import ReaderClient
from host.terminal.errors import REFUSALS, DayClosed, LinkLost, ReaderRefused
from protocol.generated.messages import ENUMERATIONS, FIELDS
from tests.support.scripted_reader import RESULT, TRANSACTION_ID, ScriptedReader, play

HASH = bytes(range(32))
SIGNATURE = bytes(8)
QUESTION = {"transaction_id": TRANSACTION_ID, "what": "partial_amount", "amount_minor": 800}
SEAL = {"number": 7, "business_date": 20261122, "count": 1, "totals": b"", "previous": bytes(32), "hash": HASH}
SEAL |= {"ksn": bytes(12), "mac": bytes(8)}


async def no_acquirer(_question: dict) -> dict:
    return {}


def buying(**more: Any) -> Callable[[ReaderClient], Awaitable[dict]]:
    return lambda client: client.take_payment(b"request1", 1250, 978, no_acquirer, lambda *_: None, **more)


@pytest.mark.covers("terminal/T-R07")
@pytest.mark.parametrize("accepts", [True, False])
def test_the_merchant_is_asked_once_however_often_the_reader_asks(accepts: bool) -> None:
    asked: list[dict] = []

    async def confirm(question: dict) -> bool:
        asked.append(question)
        return accepts

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        for _ in range(2):
            await reader.says("confirmation_request", **QUESTION)
            assert (await reader.hears("confirmation"))["accepted"] == ("yes" if accepts else "no")
        await reader.repeats(RESULT)

    assert play(buying(confirm=confirm), script) == RESULT
    assert asked == [{"type": "confirmation_request", **QUESTION}]


@pytest.mark.covers("terminal/T-R07")
def test_a_till_that_cannot_ask_says_no() -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.says("confirmation_request", **QUESTION)
        assert (await reader.hears("confirmation"))["accepted"] == "no"
        await reader.repeats(RESULT)

    play(buying(), script)


def test_a_merchant_whose_screen_fails_has_not_accepted(caplog: pytest.LogCaptureFixture) -> None:
    async def confirm(_question: dict) -> bool:
        raise RuntimeError("the page is gone")

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.says("confirmation_request", **QUESTION)
        assert (await reader.hears("confirmation"))["accepted"] == "no"
        await reader.repeats(RESULT)

    play(buying(confirm=confirm), script)
    assert "confirmation_request failed" in caplog.text


def test_the_merchant_answers_after_the_link_was_cut() -> None:
    decided = asyncio.Event()

    async def confirm(_question: dict) -> bool:
        await decided.wait()
        return True

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.takes_payment()
        await reader.says("confirmation_request", **QUESTION)
        reader.pipe.cut()
        decided.set()
        await reader.accepts(transaction_id=TRANSACTION_ID)
        await reader.hears("status_query")
        await reader.says("confirmation_request", **QUESTION)
        assert (await reader.hears("confirmation"))["accepted"] == "yes"
        await reader.repeats(RESULT)

    assert play(buying(confirm=confirm), script) == RESULT


def test_kept_is_said_and_not_answered() -> None:
    async def till(client: ReaderClient) -> None:
        await client.kept(RESULT)  # nobody is there: nothing happens
        await client.connect()
        await client.kept(RESULT)

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        assert (await reader.hears("kept"))["transaction_id"] == TRANSACTION_ID

    play(till, script)


@pytest.mark.covers("terminal/T-R09", "terminal/T-R11")
@pytest.mark.parametrize(
    ("ask", "heard", "told"),
    [
        (lambda client: client.void(TRANSACTION_ID), {"type": "void"}, {"outcome": "voided"}),
        (
            lambda client: client.complete(TRANSACTION_ID, 800),
            {"type": "complete", "amount_minor": 800},
            {"amount_minor": 800},
        ),
        (
            lambda client: client.complete(TRANSACTION_ID, 0),
            {"type": "complete", "amount_minor": 0},
            {"outcome": "voided"},
        ),
    ],
    ids=["void", "complete", "give up"],
)
def test_cancelling_and_completing_are_answered_by_the_result(ask: Any, heard: dict, told: dict) -> None:
    answer = RESULT | told

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        assert heard.items() <= (await reader.hears(heard["type"])).items()
        await reader.repeats(RESULT | {"outcome": "declined"})  # a late one, about something before
        await reader.repeats(answer)

    assert play(ask, script) == answer


@pytest.mark.covers("terminal/T-R25")
def test_an_evening() -> None:
    async def till(client: ReaderClient) -> list:
        welcome = await client.connect()
        assert client.welcome == welcome
        seal = await client.close_day(welcome["number"], 20261122)
        lines = await client.seal_lines(7)
        await client.acknowledge(7, HASH)
        version = await client.apply_parameters(b"contract", SIGNATURE)
        later = await client.connect()  # the same line, a day later
        assert (later["number"], later["parameters_version"]) == (8, 3)
        return [seal, lines, version]

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts(number=7)
        assert (await reader.hears("close_day"))["business_date"] == 20261122
        await reader.says("seal", **SEAL)
        for part, data in enumerate((bytes(33), b"\x01" * 33)):
            assert (await reader.hears("seal_query"))["part"] == part
            await reader.says("seal_lines", number=7, part=part, parts=2, data=data)
        assert (await reader.hears("acknowledge"))["hash"] == HASH
        await reader.says("acknowledged", number=7, hash=HASH)
        assert (await reader.hears("parameters"))["contract"] == b"contract"
        await reader.says("parameters_applied", parameters_version=3)

    assert play(till, script) == [{"type": "seal", **SEAL}, bytes(33) + b"\x01" * 33, 3]


@pytest.mark.parametrize("code", list(REFUSALS))
def test_a_refusal_has_its_name(code: str) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("void")
        await reader.says("error", code=code, transaction_id=TRANSACTION_ID)

    with pytest.raises(REFUSALS[code]) as refusal:
        play(lambda client: client.void(TRANSACTION_ID), script)
    assert refusal.value.code == code
    assert code in ENUMERATIONS[FIELDS.index("code")]
    assert refusal.type.__name__ in str(errors.__doc__)


def test_a_refusal_without_a_name_of_its_own_is_one_all_the_same() -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("void")
        await reader.says("error", code="reader_fault")

    with pytest.raises(ReaderRefused) as refusal:
        play(lambda client: client.void(TRANSACTION_ID), script)
    assert not isinstance(refusal.value, DayClosed)


def test_a_cut_in_mid_question_is_told() -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("void")
        reader.pipe.cut()

    with pytest.raises(LinkLost):
        play(lambda client: client.void(TRANSACTION_ID), script)


def test_the_reader_is_known_while_it_is_connected() -> None:
    async def till(client: ReaderClient) -> list[str | None]:
        known = [client.connected_serial]
        await client.connect()
        known.append(client.connected_serial)
        await client.close()
        return [*known, client.connected_serial]

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()

    assert play(till, script) == [None, "R1", None]
