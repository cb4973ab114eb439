"""The evening over the line: a day is closed, told and acknowledged, while another payment may be in progress."""

from __future__ import annotations

import asyncio

from tests.support.evening import expected_hash
from tests.support.sale_bench import APPROVED, CARD, ONLINE_CHIP, SaleBench

COVERS = {
    "test_a_sale_is_a_line_of_its_day": ["terminal/T-R24", "terminal/T-R25"],
    "test_a_payment_in_progress_does_not_keep_the_day_open": ["terminal/T-R25"],
}


async def close(bench: SaleBench, number: int) -> dict:
    await bench.say({"type": "close_day", "number": number, "business_date": 20261121})
    return await bench.hear("seal")


async def lines(bench: SaleBench, number: int) -> bytes:
    await bench.say({"type": "seal_query", "number": number, "part": 0})
    return (await bench.hear("seal_lines"))["data"]


def test_a_sale_is_a_line_of_its_day() -> None:
    async def evening() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            result = await bench.sell("contact", CARD)
            seal = await close(bench, 1)
            told = await lines(bench, 1)
            assert seal["count"] == 1 and told.startswith(result["transaction_id"] + b"\0")
            assert told[17:] == (1250).to_bytes(6, "big") + (978).to_bytes(2, "big") + result.get("mac", bytes(8))
            assert seal["hash"] == expected_hash(seal, told)
            keys = bench.terminal.vault.open_transaction()
            assert int.from_bytes(keys.ksn[8:], "big") == int.from_bytes(seal["ksn"][8:], "big") + 1
            await bench.say({"type": "acknowledge", "number": 1, "hash": seal["hash"]})
            assert (await bench.hear("acknowledged"))["number"] == 1
            await bench.say({"type": "acknowledge", "number": 1, "hash": bytes(32)})
            assert (await bench.hear("error"))["code"] == "wrong_seal"

    asyncio.run(evening())


def test_a_payment_in_progress_does_not_keep_the_day_open() -> None:
    async def evening() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await bench.begun()
            assert (await close(bench, 1))["count"] == 0
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            assert (await bench.hear("result"))["outcome"] == "approved"
            assert (await close(bench, 2))["count"] == 1
            assert (await lines(bench, 2)).startswith(transaction_id)

    asyncio.run(evening())
