"""What tests of a payment after its end say to the reader, and hear."""

from __future__ import annotations

import asyncio

from emv.action import Finish, Send
from emv.outcome import Outcome
from firmware.secure import dukpt
from firmware.secure.transaction_keys import TransactionKeys
from tests.support.sale_bench import (
    CARD,
    GENERATE_AC,
    SELECT,
    SaleBench,
    card_data,
)

PREAUTHORISATION = {"kind": "preauthorisation"}
REFUND_CHIP = [Send(SELECT), card_data, Send(GENERATE_AC), Finish(Outcome("approved", "refund_taken"))]
SEALED_IN = ("ksn", "sealed_card", "mac")


def run(story: object) -> None:
    asyncio.run(story)


async def paid(bench: SaleBench, code: bytes = b"00", **wishes: object) -> dict:
    """By chip, to its result."""
    transaction_id = await bench.begun(**wishes)
    bench.board.card_reader.put("contact", CARD)
    await bench.hear("online_request")
    await bench.answer(transaction_id, code, authorisation_code="123456")
    result = await bench.hear("result")
    bench.board.card_reader.pull()
    return result


async def recording(bench: SaleBench) -> dict:
    """An approved sale whose copy the till has not confirmed."""
    bench.keeps = False
    transaction_id = await bench.begun()
    bench.board.card_reader.put("contact", CARD)
    await bench.hear("online_request")
    await bench.answer(transaction_id, b"00")
    result = await bench.hear("result")
    assert bench.board.display.shown[-1] == "recording" and bench.phases()[-1] == "remove_card"
    return result


async def asked(bench: SaleBench, kind: str, transaction_id: bytes, **fields: object) -> dict:
    """What answers: a result, or an error."""
    message = {"type": kind, "transaction_id": transaction_id}
    message.update(fields)
    heard = len(bench.heard)
    await bench.say(message)
    while True:
        for answer in bench.heard[heard:]:
            if answer["type"] in ("result", "error"):
                return answer
        await bench.hear_any()


async def code_of(bench: SaleBench, kind: str, transaction_id: bytes, **fields: object) -> str:
    return (await asked(bench, kind, transaction_id, **fields)).get("code", "")


def next_keys(storage: object) -> TransactionKeys:
    ksn, key = dukpt.take(bytearray(storage.files["dukpt"]))
    return TransactionKeys(ksn, key, lambda length: bytes(length))
