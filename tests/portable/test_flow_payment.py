"""Sales from request to result, on a fake board with a scripted kernel: what the reader makes of each decision."""

from __future__ import annotations

import asyncio

from emv.action import ChooseApplication, EnterPin, Finish, GoOnline, Send
from emv.outcome import Outcome
from protocol import cbor
from tests.support.fake_drivers import REMOVED
from tests.support.sale_bench import (
    APPROVED,
    CARD,
    DECLINED,
    GENERATE_AC,
    OK,
    ONLINE_CHIP,
    PAN,
    REQUEST_ID,
    SECOND_GENERATE_AC,
    SELECT,
    TAP,
    TAP_ONLINE,
    SaleBench,
    card_data,
)

COVERS = {
    "test_chip_and_online_pin_approved": ["terminal/T-D3"],
    "test_the_trace_comes_in_parts_and_names_nobody": ["terminal/T-N08"],
}


def run(sale: object) -> None:
    asyncio.run(sale)


def test_chip_approved_online() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            result = await bench.sell("contact", CARD)
            assert result["outcome"] == "approved" and result["why"] == "approved_online"
            assert (result["amount_minor"], result["currency"], result["apdus"]) == (1250, 978, 3)
            assert (result["interface"], result["cvm"], result["last4"]) == ("contact", "none", PAN[-4:])
            assert (result["label"], result["response_code"], result["authorisation_code"]) == ("CB", b"00", "123456")
            assert len(result["token"]) == 32 and result["token_version"] == 1
            assert bench.phases() == ["accepted", "card_presented", "going_online", "remove_card"]
            assert bench.kernel.replies[2].response_code == b"00"
            assert bench.board.display.shown[-1] == "approved"
            assert bench.board.beeper.tones[-1] == "success"
            assert bench.board.card_reader.armed[-1] == (False, False)

    run(sale())


def test_online_request_has_what_the_acquirer_checks_and_no_pan() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            request = await bench.hear("online_request")
            payment = bench.terminal.payment
            assert request["transaction_id"] == transaction_id and request["amount_minor"] == 1250
            assert request["mac"] == payment.keys.request_mac(request)
            assert bytes.fromhex("9F2608") + bytes(range(8)) in request["icc_data"]
            assert bytes.fromhex(PAN) not in request["icc_data"] and b"\x5a" not in request["icc_data"][:1]
            await bench.answer(transaction_id, b"05")
            await bench.hear("result")
            assert bytes.fromhex(PAN) not in bytes(bench.pipe.carried)

    run(sale())


def test_chip_and_online_pin_approved() -> None:
    script = [Send(SELECT), card_data, EnterPin("online", None), Send(GENERATE_AC), GoOnline()]

    async def sale() -> None:
        async with SaleBench([script + [Send(SECOND_GENERATE_AC), Finish(Outcome("approved", "", "online_pin"))]]) as b:
            transaction_id = await b.begun()
            assert b.terminal.journal.begun(REQUEST_ID).transaction_id == transaction_id
            b.board.card_reader.put("contact", CARD)
            await b.board.display.until("enter_pin")
            b.board.keypad.press("1", "2", "3", "4", "OK")
            request = await b.hear("online_request")
            assert len(request["pin_block"]) == 16
            await b.answer(transaction_id, b"00")
            result = await b.hear("result")
            assert result["outcome"] == "approved" and result["cvm"] == "online_pin"
            assert "pin_entry" in b.phases()

    run(sale())


def test_offline_pin_is_verified_by_the_card_and_stays_out_of_the_trace() -> None:
    script = [Send(SELECT), card_data, EnterPin("offline_plaintext", 3), EnterPin("offline_plaintext", 2)]
    verify = bytes.fromhex("0020008008241234FFFFFFFFFF")
    wrong = bytes.fromhex("0020008008241111FFFFFFFFFF")

    async def sale() -> None:
        async with SaleBench([script + [Finish(Outcome("approved", "", "offline_pin"))]]) as bench:
            transaction_id = await bench.begun()
            bench.terminal.payment.offline_minor = 1250
            bench.board.card_reader.put("contact", [(SELECT, OK), (wrong, b"\x63\xc2"), (verify, OK)])
            await bench.board.display.until("enter_pin")
            bench.board.keypad.press("1", "1", "1", "1", "OK")
            await bench.board.display.until("wait")
            await bench.board.display.until("enter_pin")
            bench.board.keypad.press("1", "2", "3", "4", "OK")
            result = await bench.hear("result")
            assert result["why"] == "approved_offline" and result["cvm"] == "offline_pin"
            first, second = bench.kernel.replies[1:]
            assert (first.status, first.sw1, first.sw2, second.sw1) == ("entered", 0x63, 0xC2, 0x90)
            trace = await fetch_trace(bench, transaction_id)
            assert len(trace["apdus"]) == 3
            assert verify[5:] not in b"".join([row[0] for row in trace["apdus"]])

    run(sale())


async def fetch_trace(bench: SaleBench, transaction_id: bytes) -> dict:
    data, part, parts = b"", 0, 1
    while part < parts:
        await bench.say({"type": "trace_query", "transaction_id": transaction_id, "part": part})
        trace = await bench.hear("trace")
        data, part, parts = data + trace["data"], part + 1, trace["parts"]
    return cbor.decode(data)


def test_the_trace_comes_in_parts_and_names_nobody() -> None:
    record = bytes.fromhex("70125A08" + PAN + "5F24032812315F280202509000")
    read = bytes.fromhex("00B2010C00")

    def note(transaction: object) -> None:
        transaction.step = "kernel.read_application_data"
        transaction.trace.append((transaction.step, "record_read", 0, (0x5A,), len(transaction.exchange) - 1))

    script = [Send(SELECT)] + [Send(read)] * 40 + [note, card_data, DECLINED]

    async def sale() -> None:
        async with SaleBench([script]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contact", [(SELECT, OK)] + [(read, record)] * 40)
            result = await bench.hear("result")
            trace = await fetch_trace(bench, transaction_id)
            assert result["apdus"] == len(trace["apdus"]) == 41
            assert trace["decisions"] == [["kernel.read_application_data", "record_read", 0, [0x5A], 40]]
            assert bytes.fromhex(PAN) not in cbor.encode(trace)

    run(sale())


def test_tap_approved_by_the_issuer() -> None:
    async def sale() -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            result = await bench.sell("contactless", TAP)
            assert (result["outcome"], result["interface"], result["apdus"]) == ("approved", "contactless", 1)
            assert bench.phases() == ["accepted", "card_presented", "going_online"]
            assert len(bench.pipe.carried) <= 1500

    run(sale())


def test_tap_declined_by_the_issuer_says_why() -> None:
    async def sale() -> None:
        for code, why in ((b"51", "insufficient_funds"), (b"05", "declined_by_issuer"), (b"54", "card_expired")):
            async with SaleBench([TAP_ONLINE]) as bench:
                result = await bench.sell("contactless", TAP, code)
                assert (result["outcome"], result["why"]) == ("declined", why)
                assert bench.board.display.shown[-1] == "declined"

    run(sale())


def test_tap_with_online_pin_asks_for_it_after_the_card() -> None:
    async def sale() -> None:
        async with SaleBench([[Send(SELECT), card_data, Finish(Outcome("online", "", "online_pin"))]]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contactless", TAP)
            await bench.board.display.until("enter_pin")
            bench.board.card_reader.pull()
            bench.board.keypad.press("1", "2", "3", "4", "OK")
            assert "pin_block" in await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            assert (await bench.hear("result"))["cvm"] == "online_pin"

    run(sale())


def test_tap_refused_goes_on_by_contact() -> None:
    async def sale() -> None:
        refused = [Send(SELECT), Finish(Outcome("another_interface", ""))]
        async with SaleBench([refused, ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contactless", TAP)
            await bench.board.display.until("use_chip")
            assert bench.board.card_reader.armed[-1] == (True, False)
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            result = await bench.hear("result")
            assert (result["outcome"], result["interface"], result["transaction_id"]) == (
                "approved",
                "contact",
                transaction_id,
            )

    run(sale())


def test_tap_torn_may_be_tried_again_a_few_times_only() -> None:
    async def sale() -> None:
        async with SaleBench([[Send(SELECT)]] * 4) as bench:
            await bench.begun()
            bench.board.card_reader.put("contactless", [(SELECT, REMOVED)])
            for _ in range(3):
                await bench.board.display.until("try_again")
                bench.board.card_reader.put("contactless", [(SELECT, REMOVED)])
            result = await bench.hear("result")
            assert (result["outcome"], result["why"]) == ("declined", "card_unreadable")
            assert bench.kernel.replies == [None] * 4, "the kernel hears that the card is gone"
            assert all(transaction.torn is bench.terminal.torn for transaction in bench.kernel.transactions)

    run(sale())


def test_cobadge_is_chosen_by_the_cardholder() -> None:
    async def sale() -> None:
        choose = ChooseApplication([(b"A", "CB"), (b"B", "VISA"), (b"C", "C"), (b"D", "D")])
        async with SaleBench([[choose, card_data, APPROVED], [choose, card_data, APPROVED]]) as bench:
            await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            await bench.board.display.until("choose_application")
            bench.board.keypad.press("9", "OK", "1")
            await bench.hear("result")
            assert bench.kernel.replies[0] == 3

    run(sale())


def test_language_of_the_card() -> None:
    def dutch(transaction: object) -> None:
        transaction.data[0x5F2D] = b"nlfr"

    async def sale() -> None:
        async with SaleBench([[Send(SELECT), dutch, card_data, EnterPin("online", None), DECLINED]]) as bench:
            await bench.begun()
            bench.board.card_reader.put("contact", CARD)
            await bench.board.display.until("enter_pin")
            assert bench.terminal.words["ok"] == "OK"
            bench.board.keypad.press("1", "2", "3", "4", "OK")
            await bench.hear("result")

    run(sale())
