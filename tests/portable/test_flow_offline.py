"""Store and forward at the reader: by contract and by the merchant's switch, within limits counted in the journal."""

from __future__ import annotations

import asyncio

from emv.action import Finish, GoOnline, Send
from emv.outcome import Outcome
from firmware.flows import stored
from firmware.local_time import clock_of, seconds
from protocol import cbor
from tests.support.contracts import signed
from tests.support.fake_drivers import keyed_files
from tests.support.fake_storage import FakeStorage, PowerCut
from tests.support.sale_bench import (
    APPROVED,
    CARD,
    ONLINE_CHIP,
    REQUEST_ID,
    SELECT,
    TAP,
    SaleBench,
    card_data,
)

COVERS = {
    "test_off_without_a_contract_that_has_it": ["terminal/T-R13", "services/OP-1"],
    "test_a_card_approves_where_contract_and_merchant_allow_it": ["terminal/T-R13", "services/OP-1"],
    "test_each_limit_is_the_largest_that_is_allowed": ["terminal/T-R13", "faults/R-11"],
    "test_the_reader_refuses_at_each_limit": ["terminal/T-R13", "faults/R-11"],
    "test_a_power_cut_in_the_queue_loses_no_cent_of_it": ["faults/R-11"],
    "test_a_reader_without_leave_takes_no_offline_approval": ["terminal/T-R13", "services/OP-1"],
}

BY_PIN = Finish(Outcome("approved", "", "offline_pin"))
LIMITS = {"amount_minor": 5000, "sum_minor": 10000, "count": 3, "age_hours": 24}
NOW = "20261121123000"  # of the fake clock
NOW_S = seconds(clock_of(NOW))


def storage(kept: str = "store_and_forward") -> FakeStorage:
    files = keyed_files()
    if kept:
        files["contract"] = cbor.encode(signed(kept))
    return FakeStorage(files)


async def sold(bench: SaleBench, amount_minor: int, number: int, online: bool = False) -> dict:
    """By chip and PIN; the acquirer is out of reach, unless `online`."""
    wishes = {} if online else {"store_and_forward": "yes"}
    transaction_id = await bench.begun(amount_minor, b"%08d" % number, **wishes)
    bench.board.card_reader.put("contact", CARD)
    await bench.hear("online_request")
    if online:
        await bench.answer(transaction_id, b"00")
    else:
        await bench.say({"type": "online_answer", "transaction_id": transaction_id})
    result = await bench.hear("result")
    bench.board.card_reader.pull()
    await free(bench)
    return result


async def free(bench: SaleBench) -> None:
    while bench.terminal.payment is not None:
        await asyncio.sleep(0)


async def first_of(bench: SaleBench, *wanted: str) -> dict:
    message = await bench.hear_any()
    while message["type"] not in wanted:
        message = await bench.hear_any()
    return message


async def refused(bench: SaleBench, amount_minor: int, number: int, **wishes: object) -> str:
    """The error code, "" when it was begun; then it is given up."""
    fields = {"store_and_forward": "yes"}
    fields.update(wishes)
    await bench.ask_for(amount_minor, b"%08d" % number, **fields)
    answer = await first_of(bench, "error", "progress")
    if answer["type"] == "error":
        return answer["code"]
    await bench.board.display.until("present_card")
    bench.board.keypad.press("CANCEL")
    await bench.hear("result")
    await free(bench)
    return ""


def test_each_limit_is_the_largest_that_is_allowed() -> None:
    rows = (
        ([], 5000),
        ([(5000, NOW), (4999, NOW)], 1),
        ([(5000, NOW), (5000, NOW)], 0),
        ([(1, NOW), (1, NOW)], 5000),
        ([(1, NOW), (1, NOW), (1, NOW)], 0),
        ([(1, "20261120123000")], 5000),
        ([(1, "20261120122959")], 0),
        ([(1, "20261123123000")], 5000),
        ([(5001, NOW)], 4999),
    )
    for sales, room in rows:
        assert stored.room_minor(LIMITS, sales, NOW_S) == room, sales


def test_off_without_a_contract_that_has_it() -> None:
    async def ask(kept: str) -> None:
        async with SaleBench([], storage(kept)) as bench:
            await bench.ask_for(1250, store_and_forward="yes")
            assert (await bench.hear("error"))["code"] == "not_allowed"
            assert bench.terminal.journal.begun(REQUEST_ID) is None

    asyncio.run(ask(""))
    asyncio.run(ask("online"))


def test_only_a_purchase_is_stored() -> None:
    async def ask() -> None:
        async with SaleBench([], storage()) as bench:
            kinds = ({"kind": "refund", "original": bytes(16)}, {"kind": "preauthorisation"})
            for number, wishes in enumerate(kinds + ({"kind": "cash_back", "amount_other_minor": 100},)):
                assert await refused(bench, 1250, number, **wishes) == "not_allowed", wishes
            await bench.ask_for(0, kind="verification", store_and_forward="yes")
            assert (await bench.hear("error"))["code"] == "not_allowed"

    asyncio.run(ask())


def test_a_card_approves_where_contract_and_merchant_allow_it() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [BY_PIN]] * 2, storage()) as bench:
            result = await sold(bench, 1250, 1)
            assert (result["outcome"], result["why"]) == ("approved", "approved_offline")
            assert "mac" in result and "ksn" in result and "response_code" not in result
            assert stored.sales(bench.terminal.journal) == [(1250, NOW)]
            assert (await sold(bench, 1250, 2, online=True))["why"] == "approved_online"
            assert stored.sales(bench.terminal.journal) == [(1250, NOW)]
            asked = [transaction.request.offline_minor for transaction in bench.kernel.transactions]
            assert asked == [5000, 0]

    asyncio.run(sale())


def test_a_reader_without_leave_takes_no_offline_approval() -> None:
    """Whatever a kernel or a card says: at once, or after an acquirer that was asked and did not answer."""

    async def sale(script: list, interface: str, card: list, why: str) -> None:
        async with SaleBench([script + [APPROVED]], storage()) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put(interface, card)
            if GoOnline in [type(item) for item in script]:
                await bench.hear("online_request")
                await bench.say({"type": "online_answer", "transaction_id": transaction_id})
            result = await bench.hear("result")
            assert (result["outcome"], result["why"]) == ("declined", why)
            assert bench.kernel.transactions[0].request.offline_minor == 0
            assert stored.sales(bench.terminal.journal) == []

    asyncio.run(sale([Send(SELECT), card_data], "contact", TAP, "offline_not_allowed"))
    asyncio.run(sale([Send(SELECT), card_data], "contactless", TAP, "offline_not_allowed"))
    asyncio.run(sale(ONLINE_CHIP, "contact", CARD, "no_answer"))


def test_a_tap_is_never_stored() -> None:
    async def sale() -> None:
        async with SaleBench([[Send(SELECT), card_data, APPROVED]], storage()) as bench:
            await bench.begun(store_and_forward="yes")
            bench.board.card_reader.put("contactless", TAP)
            assert (await bench.hear("result"))["why"] == "offline_not_allowed"
            assert bench.kernel.transactions[0].request.offline_minor == 0

    asyncio.run(sale())


def test_the_reader_refuses_at_each_limit() -> None:
    async def sale() -> None:
        files = storage()
        async with SaleBench([ONLINE_CHIP + [BY_PIN]] * 3, files) as bench:
            assert await refused(bench, 5001, 1) == "offline_limit"
            await sold(bench, 5000, 2)
            await sold(bench, 4000, 3)
            assert await refused(bench, 1001, 4) == "offline_limit"
            assert await refused(bench, 1000, 5) == ""
            bench.board.clock.now = lambda: (2026, 11, 22, 12, 30, 1)
            assert await refused(bench, 1, 6) == "offline_limit"
            bench.board.clock.now = lambda: (2026, 11, 22, 12, 30, 0)
            await sold(bench, 500, 7)
            assert await refused(bench, 1, 8) == "offline_limit"
        async with SaleBench([ONLINE_CHIP + [BY_PIN]], files, 90) as bench:
            assert await refused(bench, 1, 9) == "offline_limit"
            assert (await sold(bench, 1250, 10, online=True))["why"] == "approved_online"

    asyncio.run(sale())


def test_what_is_voided_or_acknowledged_weighs_no_more() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [BY_PIN]] * 3, storage()) as bench:
            first = await sold(bench, 1000, 1)
            await sold(bench, 200, 2)
            await bench.say({"type": "void", "transaction_id": first["transaction_id"]})
            assert (await bench.hear("result"))["outcome"] == "voided"
            journal = bench.terminal.journal
            assert stored.sales(journal) == [(200, NOW)]
            await bench.say({"type": "close_day", "number": journal.number, "business_date": 20261121})
            seal = await bench.hear("seal")
            assert stored.sales(journal) == [(200, NOW)]
            await sold(bench, 30, 3)
            assert sorted(stored.sales(journal)) == [(30, NOW), (200, NOW)]
            await bench.say({"type": "acknowledge", "number": seal["number"], "hash": seal["hash"]})
            await bench.hear("acknowledged")
            assert stored.sales(journal) == [(30, NOW)]

    asyncio.run(sale())


def test_a_power_cut_in_the_queue_loses_no_cent_of_it() -> None:
    """At each write of a second stored sale: the first stays counted, the second is as soon as it is kept."""

    async def two(cut_at: int, torn: float) -> bool:
        files = storage()
        async with SaleBench([ONLINE_CHIP + [BY_PIN]], files) as bench:
            await sold(bench, 1234, 1)
        told = {}
        files.cut_at, files.torn, before = files.writes + cut_at, torn, files.writes
        try:
            async with SaleBench([ONLINE_CHIP + [BY_PIN]], files, 50) as bench:
                selling = asyncio.create_task(sold(bench, 4321, 2))
                while not selling.done() and files.writes - before < cut_at:
                    await asyncio.sleep(0)
                if files.writes - before < cut_at:
                    told = await selling
                selling.cancel()
                try:
                    await selling
                except (asyncio.CancelledError, asyncio.TimeoutError, PowerCut):
                    pass
        except PowerCut:
            pass
        files.cut_at = None
        async with SaleBench([], files, 90) as bench:
            counted = sorted([amount for amount, _ in stored.sales(bench.terminal.journal)])
            await bench.say({"type": "status_query", "request_id": b"%08d" % 2})
            answer = await first_of(bench, "result", "status")
            approved = answer.get("outcome") == "approved"
            assert counted == ([1234, 4321] if approved else [1234]), (cut_at, torn)
            assert approved or not told
        return bool(told)

    for torn in (0.0, 0.5, 1.0):
        cut_at = 1
        while not asyncio.run(two(cut_at, torn)):
            cut_at += 1
        assert cut_at > 3
