"""A payment after its end: kept by the host, voided, completed, asked for again, and what the screen says of it."""

from __future__ import annotations

from emv.action import Finish
from emv.outcome import Outcome
from firmware.flows import end_payment
from protocol import messages
from tests.support.deadlines import Shorter
from tests.support.life import PREAUTHORISATION, REFUND_CHIP, SEALED_IN, asked, next_keys, paid, recording, run
from tests.support.sale_bench import (
    APPROVED,
    CARD,
    DECLINED,
    ONLINE_CHIP,
    REQUEST_ID,
    TAP_ONLINE,
    SaleBench,
)

COVERS = {
    "test_the_end_is_shown_when_the_till_has_its_copy": ["faults/R-01"],
    "test_a_till_that_never_says_kept_is_not_waited_for_for_long": ["terminal/T-R10"],
    "test_cancel_while_the_end_is_recorded_is_too_late_and_answered": ["terminal/T-R10"],
    "test_cancel_while_the_tip_is_chosen_or_the_signature_compared": ["terminal/T-R10"],
    "test_who_asks_while_the_end_is_recorded_hears_the_result": ["terminal/T-R20", "faults/R-04"],
    "test_after_a_start_the_screen_says_what_became_of_the_last_payment": ["terminal/T-R22", "faults/R-01"],
    "test_a_refund_names_its_sale": ["terminal/T-R08"],
    "test_the_request_names_the_card_by_its_token": ["terminal/T-R21"],
    "test_a_journal_without_room_refuses_before_the_card": ["faults/R-12"],
}


# ---- the end


def test_the_end_is_shown_when_the_till_has_its_copy() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            result = await recording(bench)
            await bench.say({"type": "kept", "transaction_id": b"another payment."})
            await bench.say({"type": "status_query", "transaction_id": result["transaction_id"]})
            assert await bench.hear("result") == result
            assert bench.board.display.shown[-1] == "recording"
            await bench.say({"type": "kept", "transaction_id": result["transaction_id"]})
            await bench.board.display.until("approved")
            await bench.say({"type": "kept", "transaction_id": result["transaction_id"]})
            assert await asked(bench, "status_query", result["transaction_id"]) == result

    run(sale())


def test_a_till_that_never_says_kept_is_not_waited_for_for_long() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED], TAP_ONLINE]) as bench:
            await recording(bench)
            await bench.board.display.until("approved")
            bench.board.card_reader.pull()
            bench.keeps = True
            await bench.sells_next()

    with Shorter(end_payment, "KEPT_TIMEOUT_MS", 30):
        run(sale())


def test_a_till_that_is_gone_is_not_waited_for_at_all() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            result = await recording(bench)
            bench.pipe.cut()
            await bench.board.display.until("approved")
            await bench.connect()
            assert await asked(bench, "status_query", result["transaction_id"]) == result

    with Shorter(end_payment, "KEPT_TIMEOUT_MS", 60_000):
        run(sale())


def test_cancel_while_the_end_is_recorded_is_too_late_and_answered() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            result = await recording(bench)
            assert await asked(bench, "cancel", result["transaction_id"]) == result
            await bench.keep(result["transaction_id"])
            assert bench.board.display.shown[-1] == "approved"

    run(sale())


def test_cancel_while_the_tip_is_chosen_or_the_signature_compared() -> None:
    async def before_the_card() -> None:
        async with SaleBench([]) as bench:
            await bench.ask_for(1250, tips=[5, 10])
            accepted = await bench.hear("progress")
            answer = await asked(bench, "cancel", accepted["transaction_id"])
            assert (answer["outcome"], answer["why"]) == ("cancelled", "merchant_cancelled")

    async def after_the_card() -> None:
        signed = Finish(Outcome("approved", "", "signature"))
        async with SaleBench([ONLINE_CHIP + [signed]]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            await bench.hear("confirmation_request")
            answer = await asked(bench, "cancel", transaction_id)
            assert (answer["outcome"], answer["why"]) == ("declined", "signature_refused_reversal_owed")

    run(before_the_card())
    run(after_the_card())


def test_who_asks_while_the_end_is_recorded_hears_the_result() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            result = await recording(bench)
            await bench.ask_for(1250)
            assert await bench.hear("result") == result
            await bench.ask_for(1300)
            assert (await bench.hear("error"))["code"] == "busy"
            await bench.ask_for(1250, b"request2")
            assert (await bench.hear("error"))["code"] == "busy"
            await bench.keep(result["transaction_id"])

    run(sale())


def test_an_earlier_payment_is_answered_while_another_runs() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED], []]) as bench:
            result = await paid(bench)
            await bench.begun(request_id=b"request2")
            await bench.ask_for(1250)
            assert await bench.hear("result") == result
            await bench.ask_for(1251)
            assert (await bench.hear("error"))["code"] == "out_of_order"

    run(sale())


def test_an_approved_result_is_the_capture_record() -> None:
    async def sale() -> None:
        approved = ONLINE_CHIP + [APPROVED]
        async with SaleBench([approved, REFUND_CHIP, approved, approved, ONLINE_CHIP + [DECLINED]]) as bench:
            for number, (kind, fields) in enumerate(
                (("purchase", 3), ("refund", 3), ("preauthorisation", 2), ("verification", 0), ("purchase", 0))
            ):
                keys = next_keys(bench.board.storage)
                amount = 0 if kind == "verification" else 1250
                wishes = {"kind": kind, "request_id": b"request%d" % number, "amount_minor": amount}
                if kind == "refund":
                    wishes["original"] = b"o" * 16
                result = await paid(bench, b"05" if number == 4 else b"00", **wishes)
                assert result["taken_at"] == "20261121123000"
                assert [field for field in SEALED_IN if field in result] == list(SEALED_IN[:fields]), kind
                if fields:
                    assert result["ksn"] == keys.ksn
                if fields == 3:
                    assert result["mac"] == keys.capture_mac(result)

    run(sale())


# ---- after a start


def test_after_a_start_the_screen_says_what_became_of_the_last_payment() -> None:
    async def paid_and_cut(script: list, wishes: dict, code: bytes, then: list) -> tuple:
        async with SaleBench([script]) as bench:
            result = await paid(bench, code, **wishes)
            for kind, fields in then:
                result = await asked(bench, kind, result["transaction_id"], **fields)
            return result, bench.board.storage

    async def story() -> None:
        reserved = ONLINE_CHIP + [APPROVED]
        for script, wishes, code, then, end, kind in (
            (reserved, {}, b"00", [], "approved", "purchase"),
            (ONLINE_CHIP + [DECLINED], {}, b"51", [], "declined", "purchase"),
            (reserved, {}, b"00", [("void", {})], "cancelled", "purchase"),
            (REFUND_CHIP, {"kind": "refund", "original": b"o" * 16}, b"00", [], "approved", "refund"),
            (reserved, PREAUTHORISATION, b"00", [], "approved", "preauthorisation"),
            (reserved, PREAUTHORISATION, b"00", [("complete", {"amount_minor": 1300})], "approved", "purchase"),
        ):
            result, storage = await paid_and_cut(script, wishes, code, then)
            async with SaleBench([TAP_ONLINE], storage, random_start=100) as bench:
                assert bench.board.display.shown == [end]
                assert bench.terminal.words.kind == kind
                assert await asked(bench, "status_query", result["transaction_id"]) == result
                bench.board.clock.ticks += 59_000
                await bench.looks()
                assert bench.board.display.shown == [end]
                bench.board.clock.ticks += 2_000
                await bench.board.display.until("idle")
                await bench.sells_next()

    run(story())


def test_a_reader_that_never_sold_says_nothing() -> None:
    async def story() -> None:
        async with SaleBench([]) as bench:
            await bench.board.display.until("idle")
            assert bench.board.display.shown in (["idle"], ["host_gone", "idle"])

    run(story())


# ---- before the card


def test_a_refund_names_its_sale() -> None:
    async def story() -> None:
        async with SaleBench([REFUND_CHIP]) as bench:
            await bench.ask_for(1250, original=b"o" * 16)
            assert (await bench.hear("error"))["code"] == "not_allowed"
            transaction_id = await bench.begun(kind="refund", original=b"o" * 16)
            await bench.ask_for(1250, kind="refund", original=b"p" * 16)
            assert (await bench.hear("error"))["code"] == "busy"
            bench.board.card_reader.put("contact", CARD)
            request = await bench.hear("online_request")
            assert request["original"] == b"o" * 16
            assert request["mac"] == bench.terminal.payment.keys.request_mac(request)
            await bench.answer(transaction_id, b"00")
            assert (await bench.hear("result"))["original"] == b"o" * 16

    run(story())


def test_the_request_names_the_card_by_its_token() -> None:
    async def story() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            request = await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            result = await bench.hear("result")
            assert (request["token"], request["token_version"]) == (result["token"], result["token_version"])

    run(story())


def test_a_journal_without_room_refuses_before_the_card() -> None:
    async def story() -> None:
        async with SaleBench([]) as bench:
            bench.terminal.journal.has_room = lambda: False
            await bench.ask_for(1250)
            error = await bench.hear("error")
            assert (error["code"], error["request_id"]) == ("journal_full", REQUEST_ID)
            assert bench.board.card_reader.armed == []

    run(story())


def test_a_journal_without_room_is_purged_before_it_refuses() -> None:
    async def story() -> None:
        async with SaleBench([]) as bench:
            room = [False, True, True]
            bench.terminal.journal.has_room = lambda: room.pop(0)
            await bench.ask_for(1250)
            assert (await bench.hear("progress"))["phase"] == "accepted"

    run(story())


def test_a_day_that_will_have_no_seal_takes_no_payment() -> None:
    async def story() -> None:
        async with SaleBench([]) as bench:
            bench.terminal.journal.rotten = bench.terminal.journal.day_start
            await bench.ask_for(1250)
            error = await bench.hear("error")
            assert (error["code"], error["request_id"]) == ("reader_fault", REQUEST_ID)
            assert bench.board.card_reader.armed == []

    run(story())


def test_welcome_tells_the_day_and_how_full_the_journal_is() -> None:
    async def story() -> None:
        async with SaleBench([]) as bench:
            welcome = bench.heard[0]
            assert (welcome["number"], "parameters_version" in welcome) == (1, False)
            assert 0 <= welcome["used"] <= 100

    run(story())


def test_every_end_fits_a_message_and_reads_the_same_again() -> None:
    async def story() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            reserved = await paid(bench, **PREAUTHORISATION)
            done = await asked(bench, "complete", reserved["transaction_id"], amount_minor=1300)
            assert len(messages.encode(done)) < 600
            assert messages.decode(messages.encode(done)) == done

    run(story())
