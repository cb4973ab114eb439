"""Whatever goes wrong has a name that reaches the merchant, nothing hangs, and the next sale works."""

from __future__ import annotations

import asyncio

from emv.action import ChooseApplication, EnterPin, Send
from firmware.flows import ask_card, ask_choice, ask_pin, go_online
from tests.support.deadlines import Shorter
from tests.support.fake_drivers import REMOVED, SILENT, keyed_files
from tests.support.fake_storage import FakeStorage
from tests.support.sale_bench import (
    APPROVED,
    CARD,
    DECLINED,
    GENERATE_AC,
    LIMIT_MINOR,
    OK,
    ONLINE_CHIP,
    REQUEST_ID,
    SECOND_GENERATE_AC,
    SELECT,
    TAP,
    TAP_ONLINE,
    SaleBench,
    card_data,
)

PIN_CHIP = [Send(SELECT), card_data, EnterPin("online", None), Send(GENERATE_AC), APPROVED]

COVERS = {
    "test_second_sale_on_a_busy_reader_hears_whose_payment_runs": ["faults/R-04"],
    "test_the_same_request_is_answered_never_paid_twice": ["faults/R-04", "terminal/T-R23"],
    "test_cancel_before_the_cryptogram": ["terminal/T-R10"],
    "test_cancel_too_late_is_answered_by_the_result": ["terminal/T-R10"],
    "test_status_is_always_answered": ["terminal/T-R20"],
    "test_a_power_cut_is_never_an_approval": ["terminal/T-R22", "faults/R-01"],
    "test_host_gone_while_online_comes_back_and_answers": ["faults/R-05"],
    "test_storage_full_refuses_before_the_card": ["faults/R-12"],
    "test_a_card_forgotten_in_the_slot_pays_nothing": ["attacks/B-13"],
}


def run(sale: object) -> None:
    asyncio.run(sale)


def test_amounts_and_currencies_that_no_card_is_asked_for() -> None:
    async def sale() -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            for amount, currency, code in (
                (0, 978, "amount_zero"),
                (LIMIT_MINOR + 1, 978, "amount_above_limit"),
                (1250, 840, "wrong_currency"),
            ):
                await bench.ask_for(amount, REQUEST_ID, currency)
                error = await bench.hear("error")
                assert (error["code"], error["request_id"]) == (code, REQUEST_ID)
            assert bench.terminal.journal.begun(REQUEST_ID) is None
            assert bench.board.card_reader.armed == []
            await bench.sells_next()

    run(sale())


def test_second_sale_on_a_busy_reader_hears_whose_payment_runs() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED], TAP_ONLINE]) as bench:
            transaction_id = await bench.begun()
            await bench.ask_for(999, b"request2")
            error = await bench.hear("error")
            assert (error["code"], error["transaction_id"]) == ("busy", transaction_id)
            assert (error["amount_minor"], error["request_id"]) == (1250, REQUEST_ID)
            await bench.ask_for(1250)
            assert (await bench.hear("progress"))["transaction_id"] == transaction_id
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            assert (await bench.hear("result"))["outcome"] == "approved"
            bench.board.card_reader.pull()
            await bench.sells_next()

    run(sale())


def test_the_same_request_is_answered_never_paid_twice() -> None:
    async def sale() -> None:
        async with SaleBench([TAP_ONLINE, TAP_ONLINE]) as bench:
            first = await bench.sell("contactless", TAP)
            await bench.ask_for(1250)
            assert await bench.hear("result") == first
            await bench.ask_for(1300)
            error = await bench.hear("error")
            assert (error["code"], error["amount_minor"]) == ("out_of_order", 1250)
            assert len(bench.kernel.transactions) == 1
            await bench.sells_next()

    run(sale())


def test_cancel_before_the_cryptogram() -> None:
    async def sale() -> None:
        async with SaleBench([PIN_CHIP, TAP_ONLINE]) as bench:
            for request_id, with_card in ((b"request1", False), (b"request2", True)):
                transaction_id = await bench.begun(1250, request_id)
                if with_card:
                    bench.board.card_reader.put("contact", CARD)
                    await bench.board.display.until("enter_pin")
                await bench.say({"type": "cancel", "transaction_id": transaction_id})
                result = await bench.hear("result")
                assert (result["outcome"], result["why"]) == ("cancelled", "merchant_cancelled")
            bench.board.card_reader.pull()
            await bench.sells_next()

    run(sale())


def test_cancel_too_late_is_answered_by_the_result() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            await bench.say({"type": "cancel", "transaction_id": transaction_id})
            await bench.answer(transaction_id, b"00")
            result = await bench.hear("result")
            assert result["outcome"] == "approved"
            await bench.say({"type": "cancel", "transaction_id": transaction_id})
            assert await bench.hear("result") == result
            await bench.say({"type": "cancel", "transaction_id": bytes(16)})
            assert (await bench.hear("error"))["code"] == "unknown_transaction"

    run(sale())


def test_status_is_always_answered() -> None:
    async def sale() -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            await bench.say({"type": "status_query", "transaction_id": bytes(16)})
            assert (await bench.hear("status"))["state"] == "not_found"
            await bench.say({"type": "status_query"})
            assert (await bench.hear("status"))["state"] == "not_found"
            transaction_id = await bench.begun()
            for asked in ({"transaction_id": transaction_id}, {"request_id": REQUEST_ID}):
                query = {"type": "status_query"}
                query.update(asked)
                await bench.say(query)
                status = await bench.hear("status")
                assert (status["state"], status["transaction_id"]) == ("in_progress", transaction_id)
            bench.board.card_reader.put("contactless", TAP)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            result = await bench.hear("result")
        async with SaleBench([], bench.board.storage) as bench:
            await bench.say({"type": "status_query", "request_id": REQUEST_ID})
            assert await bench.hear("result") == result
            await bench.say({"type": "trace_query", "transaction_id": transaction_id, "part": 0})
            assert (await bench.hear("error"))["code"] == "unknown_transaction"

    run(sale())


def test_the_cardholder_cancels() -> None:
    choose = [ChooseApplication([(b"A", "CB"), (b"B", "VISA")])]

    async def sale() -> None:
        async with SaleBench([PIN_CHIP, choose, TAP_ONLINE]) as bench:
            for number, screen in enumerate(("present_card", "enter_pin", "choose_application")):
                await bench.begun(1250, b"request%d" % number)
                if number:
                    bench.board.card_reader.put("contact", CARD)
                    await bench.board.display.until(screen)
                bench.board.keypad.press("CANCEL")
                result = await bench.hear("result")
                assert (result["outcome"], result["why"]) == ("cancelled", "cardholder_cancelled")
                bench.board.card_reader.pull()
            await bench.sells_next()

    run(sale())


def test_nobody_does_anything_in_time() -> None:
    choose = [ChooseApplication([(b"A", "CB"), (b"B", "VISA")])]

    async def sale() -> None:
        async with SaleBench([PIN_CHIP, choose, TAP_ONLINE]) as bench:
            rows = (
                (ask_card, "CARD_TIMEOUT_MS", "card_timeout"),
                (ask_pin, "PIN_TIMEOUT_MS", "pin_timeout"),
                (ask_choice, "CHOICE_TIMEOUT_MS", "choice_timeout"),
            )
            for number, (flow, deadline, why) in enumerate(rows):
                with Shorter(flow, deadline, 100):
                    await bench.begun(1250, b"request%d" % number)
                    if number:
                        bench.board.card_reader.put("contact", CARD)
                    result = await bench.hear("result")
                assert (result["outcome"], result["why"]) == ("cancelled", why)
                bench.board.card_reader.pull()
            await bench.sells_next()

    run(sale())


def test_card_pulled_at_each_command_is_never_an_approval() -> None:
    async def sale() -> None:
        for pulled_at, why in enumerate(("card_removed", "card_removed", "card_removed_reversal_owed")):
            async with SaleBench([ONLINE_CHIP + [APPROVED], TAP_ONLINE]) as bench:
                transaction_id = await bench.begun()
                script = list(CARD)
                script[pulled_at] = (script[pulled_at][0], REMOVED)
                bench.board.card_reader.put("contact", script)
                if pulled_at == 2:
                    await bench.hear("online_request")
                    await bench.answer(transaction_id, b"00")
                result = await bench.hear("result")
                assert (result["outcome"], result["why"]) == ("declined", why)
                assert bench.board.display.shown[-1] == "not_completed"
                await bench.sells_next()

    run(sale())


def test_card_pulled_while_the_pin_is_typed() -> None:
    async def sale() -> None:
        async with SaleBench([PIN_CHIP, TAP_ONLINE]) as bench:
            await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            await bench.board.display.until("enter_pin")
            bench.board.keypad.press("1", "2")
            bench.board.card_reader.pull()
            assert (await bench.hear("result"))["why"] == "card_removed"
            await bench.sells_next()

    run(sale())


def test_card_declines_after_the_issuer_approved() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [DECLINED]]) as bench:
            result = await bench.sell("contact", CARD)
            assert (result["outcome"], result["why"]) == ("declined", "card_declined_reversal_owed")

    run(sale())


def test_unreadable_card_is_tried_a_few_times() -> None:
    async def sale() -> None:
        async with SaleBench([[Send(SELECT)]] * 4 + [TAP_ONLINE]) as bench:
            await bench.begun()
            for number in range(4):
                bench.board.card_reader.put("contact", [(SELECT, SILENT)])
                await bench.board.display.until("card_error")
                bench.board.card_reader.pull()
                if number < 3:
                    await bench.board.display.until("present_card")
            result = await bench.hear("result")
            assert (result["outcome"], result["why"]) == ("declined", "card_unreadable")
            await bench.sells_next()

    run(sale())


def test_no_acquirer() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [DECLINED], TAP_ONLINE, TAP_ONLINE]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            await bench.say({"type": "online_answer", "transaction_id": transaction_id})
            assert (await bench.hear("result"))["why"] == "no_answer"
            assert bench.kernel.replies[2] is None
            bench.board.card_reader.pull()
            with Shorter(go_online, "ANSWER_TIMEOUT_MS", 50):
                await bench.begun(1250, b"request2")
                bench.board.card_reader.put("contactless", TAP)
                result = await bench.hear("result")
            assert (result["outcome"], result["why"]) == ("declined", "no_answer")
            bench.board.card_reader.pull()
            await bench.sells_next()

    run(sale())


def test_an_answer_that_the_acquirer_did_not_sign() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [DECLINED], TAP_ONLINE, TAP_ONLINE]) as bench:
            for request_id, interface, card in ((b"request1", "contact", CARD), (b"request2", "contactless", TAP)):
                transaction_id = await bench.begun(1250, request_id)
                bench.board.card_reader.put(interface, card)
                await bench.hear("online_request")
                await bench.answer(transaction_id, b"00", signed=False)
                result = await bench.hear("result")
                assert (result["outcome"], result["why"]) == ("declined", "answer_not_authentic")
                bench.board.card_reader.pull()
            assert bench.kernel.replies[2].response_code == b"05"
            await bench.sells_next()

    run(sale())


def test_host_gone_while_the_card_is_awaited() -> None:
    async def sale() -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            with Shorter(ask_card, "HOST_GONE_S", 1):
                await bench.begun()
                bench.pipe.cut()
                await bench.board.display.until("cancelled")
            await bench.connect()
            await bench.say({"type": "status_query", "request_id": REQUEST_ID})
            assert (await bench.hear("result"))["why"] == "host_gone"
            await bench.sells_next()

    run(sale())


def test_host_gone_while_online_comes_back_and_answers() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            request = await bench.hear("online_request")
            bench.pipe.cut()
            welcome = await bench.connect()
            assert welcome["transaction_id"] == transaction_id
            assert await bench.hear("online_request") == request
            await bench.answer(transaction_id, b"00")
            assert (await bench.hear("result"))["outcome"] == "approved"

    run(sale())


def test_garbage_from_the_host_ends_the_session_and_not_the_reader() -> None:
    async def sale() -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            await bench.pipe.host.send(b"\xff" * 40)
            await bench.hear("error")
            bench.pipe.cut()
            await bench.connect()
            await bench.sells_next()

    run(sale())


def test_storage_full_refuses_before_the_card() -> None:
    async def sale() -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            storage = bench.board.storage
            storage.capacity = sum([len(content) for content in storage.files.values()])
            await bench.ask_for(1250)
            assert (await bench.hear("error"))["code"] == "reader_fault"
            assert bench.board.card_reader.armed == []
            storage.capacity = None
            await bench.sells_next()

    run(sale())


def test_a_result_that_cannot_be_kept_is_unknown_until_another_begins() -> None:
    async def sale() -> None:
        async with SaleBench([TAP_ONLINE, TAP_ONLINE]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contactless", TAP)
            await bench.hear("online_request")
            bench.board.storage.capacity = 0
            await bench.answer(transaction_id, b"00")
            result = await bench.hear("result")
            assert (result["outcome"], result["why"]) == ("unknown", "result_not_kept")
            assert bench.board.display.shown[-1] == "not_completed"
            for asked in ({"transaction_id": transaction_id}, {"request_id": REQUEST_ID}):
                query = {"type": "status_query"}
                query.update(asked)
                await bench.say(query)
                assert (await bench.hear("result"))["why"] == "result_not_kept"
            bench.board.card_reader.pull()
            await bench.ask_for(1250, b"request2")
            assert (await bench.hear("error"))["code"] == "reader_fault"
            bench.board.storage.capacity = None
            await bench.sells_next()
            await bench.say({"type": "status_query", "request_id": REQUEST_ID})
            result = await bench.hear("result")
            assert (result["outcome"], result["why"]) == ("declined", "interrupted_while_online")

    run(sale())


def test_a_reader_without_keys_asks_for_no_card() -> None:
    async def sale() -> None:
        files = keyed_files()
        files.pop("dukpt")
        async with SaleBench([], FakeStorage(files)) as bench:
            await bench.ask_for(1250)
            assert (await bench.hear("error"))["code"] == "reader_fault"
            assert bench.board.card_reader.armed == []

    run(sale())


def test_a_fault_of_ours_ends_the_payment_and_not_the_reader() -> None:
    def fault(transaction: object) -> None:
        raise MemoryError

    async def sale() -> None:
        async with SaleBench([[Send(SELECT), fault], ONLINE_CHIP + [fault], TAP_ONLINE]) as bench:
            await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            assert (await bench.hear("result"))["why"] == "reader_fault"
            bench.board.card_reader.pull()
            result = await bench.sell("contact", CARD, request_id=b"request2")
            assert (result["outcome"], result["why"]) == ("declined", "reader_fault_reversal_owed")
            await bench.sells_next()

    run(sale())


def test_a_power_cut_is_never_an_approval() -> None:
    async def cut(online: bool) -> tuple:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await bench.begun()
            if online:
                bench.board.card_reader.put("contact", CARD)
                await bench.hear("online_request")
        return transaction_id, bench.board.storage

    async def sale() -> None:
        for online, outcome, why in (
            (False, "declined", "interrupted_before_online"),
            (True, "declined", "interrupted_while_online"),
        ):
            transaction_id, storage = await cut(online)
            async with SaleBench([TAP_ONLINE], storage, random_start=100) as bench:
                assert bench.board.display.shown[0] == "not_completed"
                await bench.say({"type": "status_query", "transaction_id": transaction_id})
                result = await bench.hear("result")
                assert (result["outcome"], result["why"], result["amount_minor"]) == (outcome, why, 1250)
                await bench.sells_next()

    run(sale())


def test_a_card_forgotten_in_the_slot_pays_nothing() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED], TAP_ONLINE]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            await bench.hear("result")
            await bench.ask_for(5000, b"request2")
            await bench.board.display.until("remove_card")
            assert len(bench.kernel.transactions) == 1
            bench.board.card_reader.pull()
            await bench.board.display.until("present_card")
            bench.board.card_reader.put("contactless", TAP)
            assert (await bench.hear("online_request"))["amount_minor"] == 5000

    run(sale())


def test_each_deadline_is_there() -> None:
    """What a test cut short is bounded in the product."""
    for deadline in (
        ask_card.CARD_TIMEOUT_MS,
        ask_choice.CHOICE_TIMEOUT_MS,
        ask_pin.PIN_TIMEOUT_MS,
        ask_card.REMOVAL_TIMEOUT_MS,
        go_online.ANSWER_TIMEOUT_MS,
    ):
        assert 20_000 <= deadline <= 70_000
    assert OK and SECOND_GENERATE_AC
