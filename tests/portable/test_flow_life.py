"""A payment after its end: kept by the host, voided, completed, asked for again, and what the screen says of it."""

from __future__ import annotations

import asyncio

from emv.action import Finish, Send
from emv.outcome import Outcome
from firmware.flows import complete, end_payment
from firmware.secure import dukpt
from firmware.secure.transaction_keys import TransactionKeys
from protocol import messages
from tests.support.deadlines import Shorter
from tests.support.sale_bench import (
    APPROVED,
    CARD,
    DECLINED,
    GENERATE_AC,
    ONLINE_CHIP,
    REQUEST_ID,
    SELECT,
    TAP,
    TAP_ONLINE,
    SaleBench,
    card_data,
)

COVERS = {
    "test_the_end_is_shown_when_the_till_has_its_copy": ["faults/R-01"],
    "test_a_till_that_never_says_kept_is_not_waited_for_for_long": ["terminal/T-R10"],
    "test_cancel_while_the_end_is_recorded_is_too_late_and_answered": ["terminal/T-R10"],
    "test_cancel_while_the_tip_is_chosen_or_the_signature_compared": ["terminal/T-R10"],
    "test_who_asks_while_the_end_is_recorded_hears_the_result": ["terminal/T-R20", "faults/R-04"],
    "test_a_sale_a_refund_and_a_reservation_are_voided_once": ["terminal/T-R09"],
    "test_what_cannot_be_voided": ["terminal/T-R09"],
    "test_a_reservation_is_completed_once": ["terminal/T-R11"],
    "test_how_much_a_completion_may_be": ["terminal/T-R11"],
    "test_a_reservation_expires_by_the_clock": ["terminal/T-R11", "faults/R-13"],
    "test_after_a_start_the_screen_says_what_became_of_the_last_payment": ["terminal/T-R22", "faults/R-01"],
    "test_a_refund_names_its_sale": ["terminal/T-R08"],
    "test_the_request_names_the_card_by_its_token": ["terminal/T-R21"],
    "test_a_journal_without_room_refuses_before_the_card": ["faults/R-12"],
}

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


# ---- voided


def test_a_sale_a_refund_and_a_reservation_are_voided_once() -> None:
    async def void(script: list, wishes: dict) -> None:
        async with SaleBench([script]) as bench:
            result = await paid(bench, **wishes)
            voided = await asked(bench, "void", result["transaction_id"])
            assert (voided["outcome"], voided["why"]) == ("voided", "voided_by_merchant")
            assert not [field for field in SEALED_IN if field in voided]
            assert (voided["amount_minor"], voided["taken_at"]) == (1250, result["taken_at"])
            assert bench.board.display.shown[-1] == "cancelled"
            writes = bench.board.storage.writes
            for kind in ("void", "status_query", "cancel"):
                assert await asked(bench, kind, result["transaction_id"]) == voided
            assert bench.board.storage.writes == writes
            await bench.ask_for(1250, **wishes)
            assert await bench.hear("result") == voided

    for script, wishes in (
        (ONLINE_CHIP + [APPROVED], {}),
        (REFUND_CHIP, {"kind": "refund", "original": b"o" * 16}),
        (ONLINE_CHIP + [APPROVED], PREAUTHORISATION),
    ):
        run(void(script, wishes))


def test_what_cannot_be_voided() -> None:
    async def story() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED], ONLINE_CHIP + [APPROVED], TAP_ONLINE, []]) as bench:
            assert await code_of(bench, "void", bytes(16)) == "unknown_transaction"
            sold = await paid(bench)
            checked = await paid(bench, request_id=b"request2", kind="verification", amount_minor=0)
            assert await code_of(bench, "void", checked["transaction_id"]) == "not_approved"
            declined = await bench.sell("contactless", TAP, b"05", b"request3")
            assert await code_of(bench, "void", declined["transaction_id"]) == "not_approved"
            bench.terminal.journal.seal(b"seal")
            assert await code_of(bench, "void", sold["transaction_id"]) == "day_closed"
            running = await bench.begun(request_id=b"request4")
            assert await code_of(bench, "void", running) == "not_approved"

    run(story())


def test_a_payment_in_progress_is_no_obstacle_and_keeps_its_screen() -> None:
    async def story() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED], TAP_ONLINE]) as bench:
            sold = await paid(bench)
            running = await bench.begun(request_id=b"request2")
            assert (await asked(bench, "void", sold["transaction_id"]))["outcome"] == "voided"
            assert bench.board.display.shown[-1] == "present_card"
            bench.board.card_reader.put("contactless", TAP)
            await bench.hear("online_request")
            await bench.answer(running, b"00")
            assert (await bench.hear("result"))["outcome"] == "approved"

    run(story())


def test_a_sale_that_is_voided_before_its_end_is_shown_ends_as_voided() -> None:
    async def story() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            result = await recording(bench)
            assert (await asked(bench, "void", result["transaction_id"]))["outcome"] == "voided"
            await bench.board.display.until("cancelled")
            assert "approved" not in bench.board.display.shown

    with Shorter(end_payment, "KEPT_TIMEOUT_MS", 200):
        run(story())


# ---- completed


def test_a_reservation_asks_the_issuer_as_a_purchase_does() -> None:
    async def story() -> None:
        tapped = [Send(SELECT), card_data, Finish(Outcome("approved", "", "on_device"))]
        async with SaleBench([tapped]) as bench:
            transaction_id = await bench.begun(kind="preauthorisation")
            bench.board.card_reader.put("contactless", TAP)
            request = await bench.hear("online_request")
            assert request["kind"] == "preauthorisation"
            made = bench.kernel.transactions[0].request
            assert made.force_online and made.transaction_type == 0
            await bench.answer(transaction_id, b"00")
            assert (await bench.hear("result"))["outcome"] == "approved"
            assert bench.terminal.words.kind == "preauthorisation"

    run(story())


def test_a_reservation_is_completed_once() -> None:
    async def story() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            reserved = await paid(bench, **PREAUTHORISATION)
            keys = next_keys(bench.board.storage)
            done = await asked(bench, "complete", reserved["transaction_id"], amount_minor=1300)
            assert (done["outcome"], done["why"], done["kind"]) == ("approved", "completed", "preauthorisation")
            assert (done["amount_minor"], done["authorised_minor"]) == (1300, 1250)
            assert (done["ksn"], done["sealed_card"]) == (reserved["ksn"], reserved["sealed_card"])
            assert (done["mac_ksn"], done["mac"]) == (keys.ksn, keys.capture_mac(done))
            assert bench.board.display.shown[-1] == "approved" and bench.terminal.words.kind == "purchase"
            for kind, fields in (("complete", {"amount_minor": 1300}), ("status_query", {})):
                assert await asked(bench, kind, reserved["transaction_id"], **fields) == done
            for other in (0, 1299):
                code = await code_of(bench, "complete", reserved["transaction_id"], amount_minor=other)
                assert code == "out_of_order"
            assert (await asked(bench, "void", reserved["transaction_id"]))["outcome"] == "voided"

    run(story())


def test_how_much_a_completion_may_be() -> None:
    async def story() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]] * 3) as bench:
            for number, (amount, code) in enumerate(((1438, "amount_above_limit"), (1437, ""), (1, ""))):
                reserved = await paid(bench, kind="preauthorisation", request_id=b"request%d" % number)
                answer = await code_of(bench, "complete", reserved["transaction_id"], amount_minor=amount)
                assert answer == code, amount  # 15 % above 12,50 are 14,375

    run(story())


def test_a_reservation_is_given_up() -> None:
    async def story() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            reserved = await paid(bench, **PREAUTHORISATION)
            bench.terminal.journal.seal(b"seal")  # it is no line of any day
            for _ in range(2):
                given_up = await asked(bench, "complete", reserved["transaction_id"], amount_minor=0)
                assert (given_up["outcome"], given_up["kind"]) == ("voided", "preauthorisation")
            assert await code_of(bench, "complete", reserved["transaction_id"], amount_minor=1) == "out_of_order"

    run(story())


def test_what_cannot_be_completed() -> None:
    async def story() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED], TAP_ONLINE]) as bench:
            sold = await paid(bench)
            assert await code_of(bench, "complete", sold["transaction_id"], amount_minor=1250) == "not_approved"
            declined = await bench.sell("contactless", TAP, b"05", b"request2")
            assert await code_of(bench, "complete", declined["transaction_id"], amount_minor=1) == "not_approved"
            assert await code_of(bench, "complete", bytes(16), amount_minor=1) == "unknown_transaction"

    run(story())


def test_a_reservation_expires_by_the_clock() -> None:
    async def story() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            reserved = await paid(bench, **PREAUTHORISATION)
            bench.board.clock.date = (2026, 12, 22, 0, 0, 0)
            code = await code_of(bench, "complete", reserved["transaction_id"], amount_minor=1250)
            assert code == "preauthorisation_expired"
            bench.board.clock.date = (2026, 12, 21, 23, 59, 59)
            assert await code_of(bench, "complete", reserved["transaction_id"], amount_minor=1250) == ""

    run(story())
    taken = {"taken_at": "20280228120000"}
    for today, days, expired in (
        ((2028, 3, 1), 2, False),  # a leap year
        ((2028, 3, 1), 1, True),
        ((2027, 1, 1), 1, False),  # the clock went back
        ((2029, 2, 28), 366, False),
        ((2029, 2, 28), 365, True),
    ):
        assert complete.is_expired(taken, today, days) == expired, today


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
