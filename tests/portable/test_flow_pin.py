"""An enciphered offline PIN on its way through the reader: kept from its entry to its VERIFY, and no longer."""

from __future__ import annotations

import asyncio

from emv.action import EnterPin, Finish, Send, VerifyPin
from emv.certificates.rsa import recover
from emv.outcome import Outcome
from tests.support.fake_drivers import REMOVED
from tests.support.sale_bench import CARD, DECLINED, GENERATE_AC, OK, SELECT, SaleBench, card_data

COVERS = {
    "test_the_pin_is_forgotten_when_the_card_is_pulled": ["attacks/P-08"],
}

KEY = (b"\xc1" + b"\x35" * 63, b"\x03")
PADDING = bytes(range(47))
GET_CHALLENGE = bytes.fromhex("0084000000")
CHALLENGE = b"\x11\x22\x33\x44\x55\x66\x77\x88"
ASK = [EnterPin("offline_enciphered", 3), Send(GET_CHALLENGE)]
APPROVED = Finish(Outcome("approved", "", "offline_pin"))


def verify(pin_block: str) -> bytes:
    plain = b"\x7f" + bytes.fromhex(pin_block) + CHALLENGE + PADDING
    return bytes.fromhex("0020008840") + recover(plain, KEY[0], KEY[1])


def run(sale: object) -> None:
    asyncio.run(sale)


async def typed(bench: SaleBench, *keys: str) -> None:
    await bench.board.display.until("enter_pin")
    bench.board.keypad.press(*keys)


def test_wrong_pin_is_asked_again_and_enciphered_anew() -> None:
    ask_to_verify = VerifyPin(KEY, CHALLENGE, PADDING)
    script = [Send(SELECT), card_data] + ASK + [ask_to_verify] + ASK + [ask_to_verify, APPROVED]
    answers = [
        (SELECT, OK),
        (GET_CHALLENGE, CHALLENGE + b"\x90\x00"),
        (verify("241111FFFFFFFFFF"), b"\x63\xc2"),
        (GET_CHALLENGE, CHALLENGE + b"\x90\x00"),
        (verify("241234FFFFFFFFFF"), OK),
    ]

    async def sale() -> None:
        async with SaleBench([script]) as bench:
            await bench.begun()
            bench.terminal.payment.offline_minor = 1250
            bench.board.card_reader.put("contact", answers)
            await typed(bench, "1", "1", "1", "1", "OK")
            await bench.board.display.until("wait")
            await typed(bench, "1", "2", "3", "4", "OK")
            result = await bench.hear("result")
            assert result["outcome"] == "approved" and result["cvm"] == "offline_pin"
            entry, _, first, _, _, second = bench.kernel.replies[1:]
            assert (entry.status, entry.sw1) == ("entered", 0)
            assert (first.sw1, first.sw2, second.sw1) == (0x63, 0xC2, 0x90)
            for block in ("241234FFFFFFFFFF", "241111FFFFFFFFFF"):
                assert bytes.fromhex(block) not in bytes(bench.pipe.carried)

    run(sale())


def pin_at(seen: list, bench: SaleBench) -> object:
    """Stands in a script: notes what PIN the reader still has."""
    return lambda _: seen.append(bytes(bench.terminal.payment.pin))


def test_the_pin_is_forgotten_when_no_verify_comes() -> None:
    async def sale() -> None:
        seen = []
        script = [Send(SELECT), card_data] + ASK
        async with SaleBench([script]) as bench:
            note = pin_at(seen, bench)
            bench.kernel._tries[0] += [note, Send(GENERATE_AC), note, DECLINED]
            await bench.begun()
            answers = [(SELECT, OK), (GET_CHALLENGE, b"\x69\x85"), (GENERATE_AC, OK)]
            bench.board.card_reader.put("contact", answers)
            await typed(bench, "1", "2", "3", "4", "OK")
            await bench.hear("result")
            assert seen == [b"\x01\x02\x03\x04", b""]

    run(sale())


def test_the_pin_is_forgotten_when_the_card_is_pulled() -> None:
    async def sale() -> None:
        async with SaleBench([[Send(SELECT), card_data] + ASK]) as bench:
            held = []
            await bench.begun()
            bench.board.card_reader.put("contact", [(SELECT, OK), (GET_CHALLENGE, REMOVED)])
            payment = bench.terminal.payment
            forget = payment.forget_pin
            payment.forget_pin = lambda: (held.append(payment.pin), forget())
            await typed(bench, "1", "2", "3", "4", "OK")
            assert (await bench.hear("result"))["outcome"] == "declined"
            assert held[-1] == bytearray(4) and not payment.pin

    run(sale())


def test_a_pin_is_left_out_where_the_profile_allows_it() -> None:
    async def sale() -> None:
        async with SaleBench([[Send(SELECT), card_data, EnterPin("offline_plaintext", 3), DECLINED]]) as bench:
            bench.terminal.profile.pin_bypass = True
            try:
                await bench.begun()
                bench.board.card_reader.put("contact", CARD)
                await typed(bench, "OK")
                await bench.hear("result")
                assert bench.kernel.replies[-1].status == "bypassed"
            finally:
                bench.terminal.profile.pin_bypass = False

    run(sale())
