"""What the till's reader client does outside a payment: connect, ask how one ended, ask why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from host.terminal.client import ReaderClient
from host.terminal.errors import AnotherReader, LinkLost, ReaderBusy, ReaderRefused, ReaderTimeout
from tests.support.scripted_reader import (
    DEADLINES,
    IDS,
    REQUEST_ID,
    RESULT,
    TRANSACTION_ID,
    ScriptedReader,
    play,
)


def test_another_reader_is_named_as_such() -> None:
    async def twice(client: ReaderClient) -> None:
        await client.connect()
        with pytest.raises(LinkLost):
            await client.status(request_id=REQUEST_ID)
        with pytest.raises(AnotherReader):
            await client.connect()

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("status_query")
        reader.pipe.cut()
        await reader.accepts(serial="R2")

    play(twice, script)


def test_a_reader_that_does_not_answer_hello() -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.connected()

    with pytest.raises(ReaderTimeout):
        play(lambda client: client.connect(), script, replace(DEADLINES, hello=0.02))


def test_a_reader_of_another_version() -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.connected()
        await reader.hears("hello")
        await reader.says("error", code="wrong_version", versions=[9])

    with pytest.raises(ReaderRefused) as refusal:
        play(lambda client: client.connect(), script)
    assert refusal.value.code == "wrong_version"


@pytest.mark.covers("attacks/B-12")
def test_a_reader_with_another_host_is_busy() -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.connected()
        await reader.hears("hello")
        await reader.says("error", code="busy")

    with pytest.raises(ReaderBusy):
        play(lambda client: client.connect(), script)


@pytest.mark.covers("faults/R-05")
def test_a_conversation_that_broke_is_no_refusal() -> None:
    """A frame before the question was lost: the reader ends the session, and has not heard what was asked."""

    async def till(client: ReaderClient) -> dict[str, Any]:
        with pytest.raises(LinkLost):
            await client.close_day(1, 20261122)
        return await client.status(request_id=REQUEST_ID)

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("close_day")
        await reader.says("error", code="bad_message")
        await reader.accepts()
        await reader.hears("status_query")
        await reader.says("status", state="not_found", request_id=REQUEST_ID)

    assert play(till, script)["state"] == "not_found"


def test_connect_gives_the_welcome_and_notices_the_cut() -> None:
    async def till(client: ReaderClient) -> dict[str, Any]:
        assert not client.connected
        welcome = await client.connect()
        assert client.connected
        with pytest.raises(LinkLost):
            await client.status(request_id=REQUEST_ID)
        assert not client.connected
        return welcome

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts(transaction_id=TRANSACTION_ID)
        await reader.hears("status_query")
        reader.pipe.cut()

    assert play(till, script)["transaction_id"] == TRANSACTION_ID


def test_status_by_either_id() -> None:
    async def till(client: ReaderClient) -> list[dict[str, Any]]:
        return [await client.status(request_id=REQUEST_ID), await client.status(transaction_id=TRANSACTION_ID)]

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        assert await reader.hears("status_query") == {"type": "status_query", "request_id": REQUEST_ID}
        await reader.says("progress", **IDS, phase="remove_card")
        await reader.says("status", state="in_progress", **IDS)
        assert await reader.hears("status_query") == {"type": "status_query", "transaction_id": TRANSACTION_ID}
        await reader.repeats(RESULT)

    status, result = play(till, script)
    assert status["state"] == "in_progress"
    assert result == RESULT


def test_a_trace_is_joined_from_its_parts() -> None:
    parts = [b"a" * 900, b"b" * 900, b"c"]

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        for number, data in enumerate(parts):
            assert (await reader.hears("trace_query"))["part"] == number
            await reader.says("trace", transaction_id=TRANSACTION_ID, part=number, parts=len(parts), data=data)

    assert play(lambda client: client.trace(TRANSACTION_ID), script) == b"".join(parts)


def test_a_question_refused_and_a_question_unanswered() -> None:
    async def till(client: ReaderClient) -> None:
        with pytest.raises(ReaderRefused) as refusal:
            await client.trace(TRANSACTION_ID)
        assert refusal.value.code == "unknown_transaction"
        with pytest.raises(ReaderTimeout):
            await client.trace(TRANSACTION_ID)

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("trace_query")
        await reader.says("error", code="unknown_transaction", transaction_id=TRANSACTION_ID)
        await reader.hears("trace_query")

    play(till, script, replace(DEADLINES, answer=0.05))
