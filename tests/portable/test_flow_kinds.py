"""What is no purchase: refund, cancellation, cash back and verification at the reader, with a scripted kernel."""

from __future__ import annotations

import asyncio

from emv.action import Finish, Send
from emv.kernel import refund
from emv.outcome import Outcome
from firmware.flows.payment import KINDS, Payment, remembered
from firmware.journal.journal import Begun
from firmware.secure import mac_content
from tests.support.sale_bench import (
    APPROVED,
    CARD,
    EUR,
    GENERATE_AC,
    LIMIT_MINOR,
    ONLINE_CHIP,
    REQUEST_ID,
    SELECT,
    TAP,
    SaleBench,
    card_data,
)

READ = [Send(SELECT), card_data, Send(GENERATE_AC)]
TAPPED = [Send(SELECT), card_data]
TAKEN = Finish(Outcome("approved", "refund_taken"))
SALE = b"the sale's own id"[:16]


def ended(name: str, ui: tuple = (), cvm: str = "none") -> Finish:
    return Finish(Outcome(name, "card_declines", cvm, ui=ui))


def test_money_comes_back_by_the_acquirers_word_alone() -> None:
    rows = (  # kind, tag 9C, interface, what the kernel says
        ("refund", 0x20, "contact", TAKEN),
        ("cancellation", 0x02, "contact", TAKEN),
        ("refund", 0x20, "contactless", ended("declined")),
        ("refund", 0x20, "contactless", ended("online", cvm="online_pin")),
        ("refund", 0x20, "contactless", ended("end_application", ("1E",))),
        ("cancellation", 0x02, "contactless", ended("approved")),
    )

    async def sale(kind: str, number: int, interface: str, end: Finish, code: bytes) -> None:
        script = READ if interface == "contact" else TAPPED
        async with SaleBench([script + [end]]) as bench:
            transaction_id = await bench.begun(kind=kind, **({"original": SALE} if kind == "refund" else {}))
            bench.board.card_reader.put(interface, CARD if interface == "contact" else TAP)
            request = await bench.hear("online_request")
            assert request["kind"] == kind and "pin_block" not in request
            assert request["mac"] == bench.terminal.payment.keys.request_mac(request)
            await bench.answer(transaction_id, code)
            result = await bench.hear("result")
            assert (result["kind"], result["cvm"]) == (kind, "none")
            assert result["why"] == ("approved_online" if code == b"00" else "declined_by_issuer")
            assert bench.kernel.transactions[0].request.transaction_type == number
            assert bench.kernel.tables == ([refund.TABLE] if interface == "contact" else [])
            assert "enter_pin" not in bench.board.display.shown

    for row in rows:
        asyncio.run(sale(*row, b"00"))
        asyncio.run(sale(*row, b"05"))


def test_what_a_card_did_not_say_is_not_refunded() -> None:
    async def sale() -> None:
        async with SaleBench([READ + [ended("end_application")]]) as bench:
            await bench.begun(kind="refund", original=SALE)
            bench.board.card_reader.put("contact", CARD)
            result = await bench.hear("result")
            assert (result["outcome"], result["why"]) == ("declined", "card_unreadable")

    asyncio.run(sale())


def test_a_tap_that_may_not_be_refunded_is_inserted() -> None:
    async def sale() -> None:
        async with SaleBench([TAPPED + [ended("another_interface", ("18",))], READ + [TAKEN]]) as bench:
            transaction_id = await bench.begun(kind="refund", original=SALE)
            bench.board.card_reader.put("contactless", TAP)
            await bench.board.display.until("use_chip")
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            assert (await bench.hear("result"))["outcome"] == "approved"

    asyncio.run(sale())


def test_refund_without_an_answer_or_with_a_false_one() -> None:
    async def sale(signed: bool, why: str) -> None:
        async with SaleBench([READ + [TAKEN]]) as bench:
            transaction_id = await bench.begun(kind="refund", original=SALE)
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            if signed:
                await bench.say({"type": "online_answer", "transaction_id": transaction_id})
            else:
                await bench.answer(transaction_id, b"00", signed=False)
            assert (await bench.hear("result"))["why"] == why

    asyncio.run(sale(True, "no_answer"))
    asyncio.run(sale(False, "answer_not_authentic"))


def test_cash_back_and_verification_are_what_the_kernel_is_asked() -> None:
    async def sale(amount: int, wishes: dict, asked: tuple) -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await bench.begun(amount, **wishes)
            bench.board.card_reader.put("contact", CARD)
            request = await bench.hear("online_request")
            for field in wishes:
                assert request[field] == wishes[field]
            await bench.answer(transaction_id, b"00")
            result = await bench.hear("result")
            assert result["outcome"] == "approved" and result["kind"] == wishes["kind"]
            made = bench.kernel.transactions[0].request
            given = (made.amount_minor, made.amount_other_minor, made.transaction_type, made.force_online)
            assert given == asked and bench.kernel.tables == []

    asyncio.run(sale(1250, {"kind": "cash_back", "amount_other_minor": 500}, (1250, 500, 0x09, False)))
    asyncio.run(sale(0, {"kind": "verification"}, (0, 0, 0x00, True)))


def test_a_card_cannot_answer_for_its_account() -> None:
    async def sale(cvm: str) -> None:
        async with SaleBench([TAPPED + [ended("approved", cvm=cvm)]]) as bench:
            transaction_id = await bench.begun(0, kind="verification")
            bench.board.card_reader.put("contactless", TAP)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"05")
            result = await bench.hear("result")
            assert (result["outcome"], result["cvm"]) == ("declined", cvm)

    asyncio.run(sale("none"))
    asyncio.run(sale("on_device"))


def test_amounts_that_cannot_be_are_refused_by_name() -> None:
    rows = (
        (0, {"kind": "refund"}, "amount_zero"),
        (0, {"kind": "purchase"}, "amount_zero"),
        (LIMIT_MINOR + 1, {"kind": "refund"}, "amount_above_limit"),
        (1, {"kind": "verification"}, "amount_above_limit"),
        (1250, {"kind": "cash_back"}, "amount_zero"),
        (1250, {"kind": "cash_back", "amount_other_minor": 1251}, "amount_above_limit"),
        (1250, {"amount_other_minor": 1}, "amount_above_limit"),
        (1250, {"kind": "refund", "amount_other_minor": 1}, "amount_above_limit"),
        (0, {"kind": "verification", "amount_other_minor": 1}, "amount_above_limit"),
    )

    async def ask() -> None:
        async with SaleBench([]) as bench:
            for amount, wishes, code in rows:
                await bench.ask_for(amount, **wishes)
                assert (await bench.hear("error"))["code"] == code, wishes
            await bench.ask_for(0, currency=840, kind="verification")
            assert (await bench.hear("error"))["code"] == "wrong_currency"
            assert bench.terminal.journal.begun(REQUEST_ID) is None

    asyncio.run(ask())


def test_a_request_id_names_its_kind() -> None:
    async def sale() -> None:
        async with SaleBench([READ + [TAKEN]]) as bench:
            await bench.begun(kind="refund", original=SALE)
            await bench.ask_for(1250)
            assert (await bench.hear("error"))["code"] == "busy"
            await bench.ask_for(1250, kind="refund", original=SALE)
            assert (await bench.hear("progress"))["phase"] == "accepted"
            bench.board.keypad.press("CANCEL")
            result = await bench.hear("result")
            assert (result["why"], result["kind"]) == ("cardholder_cancelled", "refund")
            assert bench.board.display.shown[-1] == "cancelled" and bench.terminal.words.kind == "refund"
            await bench.ask_for(1250)
            assert (await bench.hear("error"))["code"] == "out_of_order"
            await bench.ask_for(1250, kind="refund", original=SALE)
            assert await bench.hear("result") == result

    asyncio.run(sale())


def test_the_journal_knows_the_kind_and_reads_what_was_written_before() -> None:
    for kind in KINDS:
        payment = Payment(bytes(16), REQUEST_ID, 1250, EUR, None)
        payment.kind, payment.amount_other_minor = kind, 500
        payment.original = b"o" * 16 if kind == "refund" else b""
        known = remembered(Begun(bytes(16), payment.request()))
        assert known.wanted() == payment.wanted() == (1250, EUR, kind, 500, payment.original)
    older = remembered(Begun(bytes(16), payment.request()[:18]))
    assert (older.request_id, older.amount_minor, older.currency) == (REQUEST_ID, 1250, EUR)
    assert (older.kind, older.amount_other_minor) == ("purchase", 0)


def test_the_mac_covers_the_kind() -> None:
    """A host that turns a refund into a debit, or cash into goods, has a MAC for neither."""
    assert tuple(KINDS) == mac_content.KINDS
    request = {"transaction_id": bytes(16), "amount_minor": 1250, "currency": EUR, "icc_data": b"", "sealed_card": b""}
    contents = {mac_content.request_content(request)}
    for kind in KINDS[1:]:
        for cash in (0, 500):
            asked = dict(request)
            asked.update({"kind": kind, "amount_other_minor": cash})
            contents.add(mac_content.request_content(asked))
    assert len(contents) == 11
    request["kind"] = "purchase"
    assert mac_content.request_content(request) in contents
