"""A tip on the reader: what may be chosen, and that the total is what is shown, journalled, signed and asked for."""

from __future__ import annotations

import asyncio

from firmware.flows import tips
from firmware.flows.payment import remembered
from protocol import cbor
from tests.support.contracts import signed
from tests.support.fake_drivers import keyed_files
from tests.support.fake_storage import FakeStorage
from tests.support.sale_bench import APPROVED, CARD, LIMIT_MINOR, ONLINE_CHIP, REQUEST_ID, TAP, TAP_ONLINE, SaleBench

COVERS = {
    "test_the_tip_is_in_the_amount_that_the_card_signs": ["terminal/T-R06"],
    "test_a_tip_outlives_a_tap_that_the_issuer_wants_by_chip": ["terminal/T-R06"],
    "test_percentages_to_the_nearest_cent": ["terminal/T-R06"],
}


def test_percentages_to_the_nearest_cent() -> None:
    rows = ((1250, 5, 63), (1250, 10, 125), (1249, 10, 125), (1244, 10, 124), (1, 50, 1), (1, 49, 0), (999, 100, 999))
    for amount, percent, tip in rows:
        assert tips.tip_minor(amount, percent) == tip
    for amount in range(1, 2000, 7):
        for percent in range(101):
            tip = tips.tip_minor(amount, percent)
            assert -50 < 100 * tip - amount * percent <= 50


def test_no_tip_above_the_amount_or_the_limit() -> None:
    assert tips.most_minor(1250, LIMIT_MINOR) == 1250
    assert tips.most_minor(99_000, LIMIT_MINOR) == 1000
    assert tips.most_minor(LIMIT_MINOR, LIMIT_MINOR) == 0
    assert tips.most_minor(600_000_000_000, 10**13) == 399_999_999_999
    assert tips.offered(1250, [5, 100, 101, 0], LIMIT_MINOR) == [(5, 63), (100, 1250)]
    assert tips.offered(1, [5, 10], LIMIT_MINOR) == []


def test_a_part_pays_the_goods_first() -> None:
    for authorised, left in ((1300, 50), (1250, 0), (800, 0), (1374, 124)):
        assert tips.cut(1375, 125, authorised) == left


async def offered(bench: SaleBench, percentages: tuple = (5, 10, 15), **wishes: object) -> bytes:
    await bench.ask_for(1250, tips=list(percentages), **wishes)
    accepted = await bench.hear("progress")
    await bench.board.display.until("choose_tip")
    return accepted["transaction_id"]


def test_the_tip_is_in_the_amount_that_the_card_signs() -> None:
    async def sale(keys: tuple, tip: int) -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await offered(bench)
            assert bench.board.card_reader.armed == []
            bench.board.keypad.press(*keys)
            await bench.board.display.until("present_card")
            total = 1250 + tip
            known = remembered(bench.terminal.journal.begun(transaction_id))
            assert (known.amount_minor, known.tip_minor, known.asked_minor) == (total, tip, 1250)
            bench.board.card_reader.put("contact", CARD)
            request = await bench.hear("online_request")
            assert (request["amount_minor"], request.get("tip_minor", 0)) == (total, tip)
            assert request["mac"] == bench.terminal.payment.keys.request_mac(request)
            assert bench.kernel.transactions[0].request.amount_minor == total
            assert bench.kernel.transactions[0].data[0x9F02].hex() == f"{total:012}"
            await bench.ask_for(1250, tips=[5, 10, 15])
            assert (await bench.hear("progress"))["phase"] == "accepted"
            await bench.answer(transaction_id, b"00")
            result = await bench.hear("result")
            assert (result["amount_minor"], result.get("tip_minor", 0)) == (total, tip)

    asyncio.run(sale(("2", "OK"), 125))
    asyncio.run(sale(("1", "OK"), 63))
    asyncio.run(sale(("OK",), 0))
    asyncio.run(sale(("4", "2", "0", "0", "OK", "OK"), 200))
    asyncio.run(sale(("4", "9", "9", "9", "9", "OK", "1", "CLEAR", "CLEAR", "OK", "OK"), 99))
    asyncio.run(sale(("3", "CLEAR", "9", "1", "OK"), 63))
    asyncio.run(sale(("4", "OK", "OK"), 0))


def test_a_tip_given_up_takes_no_card() -> None:
    async def by_key(keys: tuple) -> None:
        async with SaleBench([]) as bench:
            await offered(bench)
            bench.board.keypad.press(*keys)
            result = await bench.hear("result")
            assert (result["why"], result["amount_minor"]) == ("cardholder_cancelled", 1250)
            assert (True, True) not in bench.board.card_reader.armed

    async def by_the_till() -> None:
        async with SaleBench([]) as bench:
            transaction_id = await offered(bench)
            await bench.say({"type": "cancel", "transaction_id": transaction_id})
            assert (await bench.hear("result"))["why"] == "merchant_cancelled"

    for keys in (("CANCEL",), ("1", "CANCEL"), ("4", "2", "CANCEL")):
        asyncio.run(by_key(keys))
    asyncio.run(by_the_till())


def test_a_tip_outlives_a_tap_that_the_issuer_wants_by_chip() -> None:
    """The till asks anew for the total, and nobody is asked for a tip again."""

    async def sale() -> None:
        async with SaleBench([TAP_ONLINE, ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await offered(bench)
            bench.board.keypad.press("2", "OK")
            await bench.board.display.until("present_card")
            bench.board.card_reader.put("contactless", TAP)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"65")
            soft = await bench.hear("result")
            assert (soft["why"], soft["amount_minor"], soft["tip_minor"]) == ("chip_and_pin_required", 1375, 125)
            bench.board.card_reader.pull()
            while bench.terminal.payment is not None:
                await asyncio.sleep(0)
            await bench.ask_for(1375, b"request2", tip_minor=125, interface="contact")
            accepted = await bench.hear("progress")
            await bench.board.display.until("ask_chip")
            assert bench.board.display.shown.count("choose_tip") == 1
            known = remembered(bench.terminal.journal.begun(b"request2"))
            assert (known.amount_minor, known.tip_minor) == (1375, 125)
            bench.board.card_reader.put("contact", CARD)
            request = await bench.hear("online_request")
            assert (request["amount_minor"], request["tip_minor"]) == (1375, 125)
            await bench.answer(accepted["transaction_id"], b"00")
            result = await bench.hear("result")
            assert (result["outcome"], result["amount_minor"], result["tip_minor"]) == ("approved", 1375, 125)

    asyncio.run(sale())


def test_tips_that_cannot_be_are_refused_by_name() -> None:
    rows = (
        ({"tips": [5], "kind": "refund", "original": bytes(16)}, "not_allowed"),
        ({"tips": [5], "kind": "preauthorisation"}, "not_allowed"),
        ({"tip_minor": 125, "kind": "preauthorisation"}, "not_allowed"),
        ({"tips": [5], "tip_minor": 125}, "not_allowed"),
        ({"tip_minor": 626}, "amount_above_limit"),
    )

    async def ask(kept: str) -> None:
        files = keyed_files()
        if kept:
            files["contract"] = cbor.encode(signed(kept))
        async with SaleBench([], FakeStorage(files)) as bench:
            for wishes, code in rows if not kept else (({"tips": [5]}, "not_allowed"),):
                await bench.ask_for(1250, **wishes)
                assert (await bench.hear("error"))["code"] == code, wishes
            assert bench.terminal.journal.begun(REQUEST_ID) is None

    asyncio.run(ask(""))
    asyncio.run(ask("without_tips"))
