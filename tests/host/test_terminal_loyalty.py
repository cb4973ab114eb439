"""What the till says of the loyalty programme with the copy of a result, and how it hears cardholders who join."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from host.terminal.client import ReaderClient
from tests.support.scripted_reader import RESULT, TRANSACTION_ID, ScriptedReader, play

OFFER = {"programme": "Les Amis du Fournil", "conditions_version": "2026-11", "conditions": "1 point par euro."}
ENROLMENT = {
    "transaction_id": TRANSACTION_ID,
    "mobile": b"0612345678",
    "sms_consent": "no",
    "language": "fr",
    "taken_at": "20261122143020",
}


class Programme:
    def __init__(self) -> None:
        self.heard: list[Any] = []

    def greeting(self, result: dict[str, Any]) -> dict[str, Any]:
        self.heard.append(result["outcome"])
        return OFFER

    def enrol(self, enrolment: dict[str, Any]) -> dict[str, Any]:
        self.heard.append(enrolment["mobile"])
        return {"standing": "joined", "points": 12}

    def refused(self, transaction_id: bytes) -> None:
        self.heard.append(transaction_id)


class Broken(Programme):
    def greeting(self, result: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError(result["type"])

    def enrol(self, enrolment: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError(enrolment["mobile"])

    def refused(self, transaction_id: bytes) -> None:
        raise RuntimeError(transaction_id)


def telling(programme: Programme | None, *results: dict[str, Any]) -> Any:
    async def till(client: ReaderClient) -> None:
        client.loyalty.programme = programme
        await client.connect()
        for result in results:
            await client.kept(result)
        await client.status(transaction_id=TRANSACTION_ID)

    return till


async def ends(reader: ScriptedReader) -> None:
    await reader.hears("status_query")
    await reader.says("status", state="in_progress")


def test_an_approved_result_is_answered_with_a_greeting() -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        assert await reader.hears("kept") == {"type": "kept", "transaction_id": TRANSACTION_ID} | OFFER
        assert await reader.hears("kept") == {"type": "kept", "transaction_id": TRANSACTION_ID}
        await ends(reader)

    programme = Programme()
    play(telling(programme, RESULT, RESULT | {"outcome": "voided"}), script)
    assert programme.heard == ["approved"]


@pytest.mark.parametrize("programme", [None, Broken()])
def test_without_a_programme_that_works_the_copy_is_told_all_the_same(programme: Programme | None) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        assert await reader.hears("kept") == {"type": "kept", "transaction_id": TRANSACTION_ID}
        await ends(reader)

    play(telling(programme, RESULT), script)


@pytest.mark.covers("services/L-6")
def test_who_joins_is_heard_while_nothing_is_asked_and_in_mid_question() -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("status_query")
        await reader.says("enrolment", **ENROLMENT)
        answer = await reader.hears("enrolled")
        assert (answer["standing"], answer["points"]) == ("joined", 12)
        await reader.says("loyalty_refused", transaction_id=TRANSACTION_ID)
        await reader.says("status", state="in_progress")

    programme = Programme()
    play(telling(programme), script)
    assert programme.heard == [b"0612345678", TRANSACTION_ID]


@pytest.mark.parametrize("programme", [None, Broken()])
def test_a_programme_that_fails_says_not_now_and_shows_no_number(
    programme: Programme | None, caplog: pytest.LogCaptureFixture
) -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("status_query")
        await reader.says("enrolment", **ENROLMENT)
        await reader.says("loyalty_refused", transaction_id=TRANSACTION_ID)
        answer = await reader.hears("enrolled")
        assert answer["standing"] == "not_now"
        await reader.says("status", state="in_progress")

    with caplog.at_level(logging.DEBUG):
        play(telling(programme), script)
    assert "612345678" not in caplog.text
