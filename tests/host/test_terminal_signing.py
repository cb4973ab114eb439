"""The till has a card sign a challenge, against a scripted reader."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from host.terminal.client import CardSignature, ReaderClient
from host.terminal.errors import LinkLost, NotSigned, ReaderBusy, ReaderRefused
from tests.support.scripted_reader import TRANSACTION_ID, ScriptedReader, play

SIGNED = {"response": "23790240", "signed_data": bytes(25)}


async def asked(reader: ScriptedReader) -> dict[str, Any]:
    """Up to the transaction id."""
    await reader.accepts()
    request = await reader.hears("sign_with_card")
    ids = {"transaction_id": TRANSACTION_ID, "request_id": request["request_id"]}
    await reader.says("progress", **ids, phase="accepted")
    return ids


def test_a_card_signs() -> None:
    phases: list[str] = []

    async def sign(client: ReaderClient) -> CardSignature:
        return await client.sign_with_card("12345678", 1250, lambda phase, _: phases.append(phase))

    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        request = await reader.hears("sign_with_card")
        assert (request["challenge"], request["amount_minor"]) == ("12345678", 1250)
        ids = {"transaction_id": TRANSACTION_ID, "request_id": request["request_id"]}
        await reader.says("progress", **ids, phase="accepted")
        await reader.says("progress", transaction_id=TRANSACTION_ID, phase="pin_entry")
        await reader.says("card_signature", **(ids | {"request_id": b"another1"}), why="card_signed", response="1")
        await reader.says("card_signature", **ids, why="card_signed", **SIGNED)

    assert play(sign, script) == CardSignature("23790240", bytes(25))
    assert phases == ["accepted", "pin_entry"]


def test_why_it_did_not() -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.says("card_signature", **await asked(reader), why="pin_blocked")

    with pytest.raises(NotSigned) as refusal:
        play(lambda client: client.sign_with_card("1"), script)
    assert refusal.value.code == "pin_blocked"


def test_a_reader_that_is_busy() -> None:
    async def script(reader: ScriptedReader) -> None:
        await reader.accepts()
        await reader.hears("sign_with_card")
        await reader.says("error", code="busy", transaction_id=TRANSACTION_ID, amount_minor=77)

    with pytest.raises(ReaderBusy) as refusal:
        play(lambda client: client.sign_with_card("1"), script)
    assert refusal.value.amount_minor == 77


@pytest.mark.parametrize("challenge", ["", "123456789", "12a4", "-1", "\u0661"])
def test_what_is_no_challenge_is_not_asked(challenge: str) -> None:
    async def script(reader: ScriptedReader) -> None:
        assert not reader.pipe.carried

    with pytest.raises(ReaderRefused) as refusal:
        play(lambda client: client.sign_with_card(challenge), script)
    assert refusal.value.code == "challenge_malformed"


def test_the_till_gives_up() -> None:
    async def sign_and_cancel(client: ReaderClient) -> None:
        signing = asyncio.create_task(client.sign_with_card("1"))
        await asyncio.sleep(0)
        with pytest.raises(ReaderBusy):
            await client.status(request_id=bytes(8))
        await client.cancel()
        with pytest.raises(NotSigned) as refusal:
            await signing
        assert refusal.value.code == "merchant_cancelled"

    async def script(reader: ScriptedReader) -> None:
        ids = await asked(reader)
        assert (await reader.hears("cancel"))["transaction_id"] == TRANSACTION_ID
        await reader.says("card_signature", **ids, why="merchant_cancelled")

    play(sign_and_cancel, script)


def test_over_a_cut_it_goes_on_or_is_lost() -> None:
    async def script(reader: ScriptedReader, **status: Any) -> dict[str, Any]:
        ids = await asked(reader)
        reader.pipe.cut()
        await reader.accepts()
        assert (await reader.hears("status_query"))["request_id"] == ids["request_id"]
        await reader.says("status", request_id=ids["request_id"], **status)
        return ids

    async def goes_on(reader: ScriptedReader) -> None:
        ids = await script(reader, state="in_progress", transaction_id=TRANSACTION_ID)
        await reader.says("card_signature", **ids, why="card_signed", **SIGNED)

    async def is_lost(reader: ScriptedReader) -> None:
        await script(reader, state="not_found")

    assert play(lambda client: client.sign_with_card("1"), goes_on).response == "23790240"
    with pytest.raises(LinkLost):
        play(lambda client: client.sign_with_card("1"), is_lost)
