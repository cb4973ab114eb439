"""A payment that the merchant changes after its end: voided, completed, given up."""

from __future__ import annotations

from emv.action import Finish, Send
from emv.outcome import Outcome
from firmware.flows import complete, end_payment
from tests.support.deadlines import Shorter
from tests.support.life import PREAUTHORISATION, REFUND_CHIP, SEALED_IN, asked, code_of, next_keys, paid, recording, run
from tests.support.sale_bench import (
    APPROVED,
    ONLINE_CHIP,
    SELECT,
    TAP,
    TAP_ONLINE,
    SaleBench,
    card_data,
)

COVERS = {
    "test_a_sale_a_refund_and_a_reservation_are_voided_once": ["terminal/T-R09"],
    "test_what_cannot_be_voided": ["terminal/T-R09"],
    "test_a_reservation_is_completed_once": ["terminal/T-R11"],
    "test_how_much_a_completion_may_be": ["terminal/T-R11"],
    "test_a_reservation_expires_by_the_clock": ["terminal/T-R11", "faults/R-13"],
}


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
