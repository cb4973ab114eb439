"""The merchant is asked: signature and partial approval after the card, a code before a refund of no sale."""

from __future__ import annotations

import asyncio

from emv.action import Finish, Send
from emv.outcome import Outcome
from firmware.flows import ask_merchant
from firmware.flows.payment import remembered
from firmware.local_time import clock_of, seconds
from firmware.secure import merchant_code
from firmware.secure.key_files import TEST_KEYS
from firmware.secure.vault import Vault
from tests.support.fake_drivers import keyed_files
from tests.support.fake_storage import FakeStorage, PowerCut
from tests.support.sale_bench import (
    APPROVED,
    CARD,
    DECLINED,
    GENERATE_AC,
    ONLINE_CHIP,
    SELECT,
    TAP,
    TAP_ONLINE,
    SaleBench,
    card_data,
)

COVERS = {
    "test_a_part_counts_when_the_merchant_accepts_it": ["terminal/T-R07"],
    "test_a_part_that_is_not_accepted_is_owed_back": ["terminal/T-R07"],
    "test_a_refund_of_no_sale_wants_the_code_before_the_card": ["terminal/T-R08"],
    "test_a_code_that_is_wrong_three_times": ["terminal/T-R08"],
}

SIGNED = Finish(Outcome("approved", "", "signature"))
READ = [Send(SELECT), card_data, Send(GENERATE_AC), Finish(Outcome("approved", "refund_taken"))]


async def approved(bench: SaleBench, interface: str, card: list, code: bytes = b"00", **fields: object) -> bytes:
    transaction_id = await bench.begun()
    bench.board.card_reader.put(interface, card)
    await bench.hear("online_request")
    await bench.answer(transaction_id, code, **fields)
    return transaction_id


async def confirm(bench: SaleBench, transaction_id: bytes, accepted: str) -> dict:
    """The question that was answered."""
    question = await bench.hear("confirmation_request")
    assert question["transaction_id"] == transaction_id
    await bench.say({"type": "confirmation", "transaction_id": transaction_id, "accepted": accepted})
    return question


def test_a_signature_counts_when_the_merchant_accepts_it() -> None:
    async def sale(accepted: str, outcome: str, why: str) -> None:
        async with SaleBench([ONLINE_CHIP + [SIGNED]]) as bench:
            transaction_id = await approved(bench, "contact", CARD)
            question = await confirm(bench, transaction_id, accepted)
            assert (question["what"], question["amount_minor"]) == ("signature", 1250)
            result = await bench.hear("result")
            assert (result["outcome"], result["why"], result["cvm"]) == (outcome, why, "signature")

    asyncio.run(sale("yes", "approved", "approved_online"))
    asyncio.run(sale("no", "declined", "signature_refused_reversal_owed"))


def test_a_signature_after_an_offline_approval_owes_nothing() -> None:
    async def sale() -> None:
        async with SaleBench([[Send(SELECT), card_data, SIGNED]]) as bench:
            transaction_id = await bench.begun()
            bench.terminal.payment.offline_minor = 1250
            bench.board.card_reader.put("contact", [(SELECT, b"\x90\x00")])
            await confirm(bench, transaction_id, "no")
            result = await bench.hear("result")
            assert (result["outcome"], result["why"]) == ("declined", "signature_refused")

    asyncio.run(sale())


def test_what_is_declined_asks_nobody() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [DECLINED]]) as bench:
            await approved(bench, "contact", CARD, b"10", authorised_minor=800)
            assert (await bench.hear("result"))["why"] == "card_declined_reversal_owed"
            assert "ask_merchant" not in bench.board.display.shown

    asyncio.run(sale())


def test_a_part_counts_when_the_merchant_accepts_it() -> None:
    async def sale(interface: str, script: list, card: list) -> None:
        async with SaleBench([script]) as bench:
            transaction_id = await approved(bench, interface, card, b"10", authorised_minor=800)
            question = await confirm(bench, transaction_id, "yes")
            assert (question["what"], question["amount_minor"]) == ("partial_amount", 800)
            result = await bench.hear("result")
            assert (result["outcome"], result["amount_minor"], result["response_code"]) == ("approved", 800, b"10")
            assert result["authorised_minor"] == 800
            known = remembered(bench.terminal.journal.begun(transaction_id))
            assert (known.amount_minor, known.asked_minor) == (800, 1250)
            shown = bench.board.display.shown
            assert shown.index("ask_merchant") < shown.index("approved")

    asyncio.run(sale("contact", ONLINE_CHIP + [APPROVED], CARD))
    asyncio.run(sale("contactless", TAP_ONLINE, TAP))


def test_a_part_that_is_not_accepted_is_owed_back() -> None:
    async def sale(interface: str, script: list, card: list) -> None:
        async with SaleBench([script]) as bench:
            transaction_id = await approved(bench, interface, card, b"10", authorised_minor=800)
            await confirm(bench, transaction_id, "no")
            result = await bench.hear("result")
            assert (result["outcome"], result["why"]) == ("declined", "partial_refused_reversal_owed")

    asyncio.run(sale("contact", ONLINE_CHIP + [APPROVED], CARD))
    asyncio.run(sale("contactless", TAP_ONLINE, TAP))


def test_a_part_that_cannot_be_is_no_answer() -> None:
    async def sale(fields: dict) -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            await approved(bench, "contactless", TAP, b"10", **fields)
            assert (await bench.hear("result"))["why"] == "answer_not_authentic", fields

    for fields in ({}, {"authorised_minor": 0}, {"authorised_minor": 1250}, {"authorised_minor": 2000}):
        asyncio.run(sale(fields))


def test_the_part_is_under_the_mac() -> None:
    async def sale() -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contactless", TAP)
            await bench.hear("online_request")
            keys, told = bench.terminal.payment.keys, []
            real = keys.answer_mac_is_good

            def another_part(transaction_id: bytes, answer: dict) -> bool:
                changed = dict(answer)
                changed["authorised_minor"] = 900
                told.append((real(transaction_id, answer), real(transaction_id, changed)))
                return False

            keys.answer_mac_is_good = another_part
            await bench.answer(transaction_id, b"10", authorised_minor=800)
            assert (await bench.hear("result"))["why"] == "answer_not_authentic"
            assert told == [(True, False)]

    asyncio.run(sale())


def test_nobody_who_answers_in_time_is_no_and_so_is_the_cardholder() -> None:
    async def silence() -> None:
        before, ask_merchant.ANSWER_TIMEOUT_MS = ask_merchant.ANSWER_TIMEOUT_MS, 20
        try:
            async with SaleBench([TAP_ONLINE]) as bench:
                bench.terminal._code._resident.add("firmware.flows.ask_merchant")  # it keeps its shorter patience
                await approved(bench, "contactless", TAP, b"10", authorised_minor=800)
                assert (await bench.hear("result"))["why"] == "partial_refused_reversal_owed"
        finally:
            ask_merchant.ANSWER_TIMEOUT_MS = before

    async def given_up() -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            await approved(bench, "contactless", TAP, b"10", authorised_minor=800)
            await bench.hear("confirmation_request")
            bench.board.keypad.press("1", "OK", "CANCEL")
            assert (await bench.hear("result"))["why"] == "partial_refused_reversal_owed"

    asyncio.run(given_up())
    asyncio.run(silence())


def test_a_host_that_comes_back_is_asked_again() -> None:
    async def sale() -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            transaction_id = await approved(bench, "contactless", TAP, b"10", authorised_minor=800)
            await bench.hear("confirmation_request")
            bench.pipe.cut()
            await bench.connect()
            await confirm(bench, transaction_id, "yes")
            assert (await bench.hear("result"))["amount_minor"] == 800

    asyncio.run(sale())


# ---- the merchant's code

CODE = bytearray((1, 2, 3, 4, 5, 6))
NOW_S = seconds((2026, 11, 21, 12, 30, 0))


def coded() -> FakeStorage:
    files = FakeStorage(keyed_files())
    key = Vault(files, bytes).merchant_code_key()
    files.files[merchant_code.FILE] = TEST_KEYS + bytes(16) + merchant_code.hashed(key, bytes(16), CODE)
    return files


def tried(files: FakeStorage, digits: tuple, now_s: int = NOW_S) -> bool:
    return merchant_code.is_good(files, Vault(files, bytes), bytearray(digits), now_s)


async def typed(bench: SaleBench, code: str) -> None:
    """Once it is asked for; to the last digit on the screen."""
    await bench.board.display.until("merchant_code")
    bench.board.keypad.press(*code, "OK")
    for _ in code:
        await bench.board.display.until("merchant_code")


def test_a_refund_of_no_sale_wants_the_code_before_the_card() -> None:
    async def sale() -> None:
        async with SaleBench([READ], coded()) as bench:
            await bench.ask_for(1250, kind="refund")
            accepted = await bench.hear("progress")
            await typed(bench, "123455")
            assert bench.board.card_reader.armed == []
            await typed(bench, "123456")
            await bench.board.display.until("present_card")
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            await bench.answer(accepted["transaction_id"], b"00")
            assert (await bench.hear("result"))["outcome"] == "approved"
            assert b"123456" not in bytes(bench.pipe.carried)

    asyncio.run(sale())


def test_a_code_that_is_wrong_three_times() -> None:
    async def sale() -> None:
        async with SaleBench([], coded()) as bench:
            for number, why, tries in ((0, "merchant_code_wrong", 3), (1, "merchant_code_locked", 0)):
                await bench.ask_for(1250, b"request%d" % number, kind="refund")
                await bench.hear("progress")
                for _ in range(tries):
                    await typed(bench, "000000")
                result = await bench.hear("result")
                assert (result["outcome"], result["why"]) == ("cancelled", why)
                while bench.terminal.payment is not None:
                    await asyncio.sleep(0)
            assert bench.board.card_reader.armed[:1] in ([], [(False, False)])

    asyncio.run(sale())


def test_a_reader_without_a_code_refunds_sales_alone() -> None:
    async def ask() -> None:
        async with SaleBench([]) as bench:
            await bench.ask_for(1250, kind="refund")
            assert (await bench.hear("error"))["code"] == "not_allowed"

    asyncio.run(ask())


def test_tries_are_counted_and_forgotten() -> None:
    files = coded()
    assert tried(files, (1, 2, 3, 4, 5, 6))
    for wrong in ((0, 0, 0, 0, 0, 0), (1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6, 7)):
        assert not merchant_code.is_locked(files, NOW_S)
        assert not tried(files, wrong)
    assert merchant_code.is_locked(files, NOW_S) and merchant_code.is_locked(files, NOW_S + 899)
    assert not merchant_code.is_locked(files, NOW_S + 900)
    assert not tried(files, (0, 0, 0, 0, 0, 0), NOW_S + 900)
    assert not merchant_code.is_locked(files, NOW_S + 900)
    assert tried(files, (1, 2, 3, 4, 5, 6), NOW_S + 901)
    for _ in range(2):
        assert not tried(files, (9, 9, 9, 9))
    assert not merchant_code.is_locked(files, NOW_S)


def test_a_clock_that_went_back_locks_for_no_longer() -> None:
    files = coded()
    for _ in range(3):
        tried(files, (0, 0, 0, 0))
    assert merchant_code.is_locked(files, NOW_S - 172_800)
    assert not merchant_code.is_locked(files, NOW_S - 172_800 + 900)


def test_a_power_cut_makes_no_try_free() -> None:
    files = coded()
    tries = 0
    while not merchant_code.is_locked(files, NOW_S):
        files.cut_at, files.torn = files.writes + 2, 0.0  # whatever comes after the count
        try:
            assert not tried(files, (0, 0, 0, 0))
        except PowerCut:
            pass
        tries += 1
    assert tries == 3
    files = coded()
    files.cut_at, files.torn = 2, 0.0
    try:
        tried(files, (1, 2, 3, 4, 5, 6))
        raise AssertionError("no cut")
    except PowerCut:
        assert files.files[merchant_code.TRIES][0] == 1


def test_local_time_counts_every_second_once() -> None:
    rows = (
        ((2028, 2, 28, 23, 59, 59), (2028, 2, 29, 0, 0, 0)),
        ((2028, 2, 29, 23, 59, 59), (2028, 3, 1, 0, 0, 0)),
        ((2027, 2, 28, 23, 59, 59), (2027, 3, 1, 0, 0, 0)),
        ((2026, 12, 31, 23, 59, 59), (2027, 1, 1, 0, 0, 0)),
        ((2026, 11, 30, 23, 59, 59), (2026, 12, 1, 0, 0, 0)),
    )
    for before, after in rows:
        assert seconds(after) - seconds(before) == 1, before
    assert seconds((2027, 11, 21, 12, 0, 0)) - seconds((2026, 11, 21, 12, 0, 0)) == 365 * 86400
    assert clock_of("20261121123059") == (2026, 11, 21, 12, 30, 59)
