"""The reader with its real kernel and profile: plain cards, chip and tap, to an authenticated answer of the issuer."""

from __future__ import annotations

import asyncio

from firmware.errors import CardRemoved
from tests.support import plain_card
from tests.support.plain_card import PAN, ChipCard, TapCard
from tests.support.sale_bench import REQUEST_ID, SaleBench
from tools.profiles import france

COVERS = {"test_card_torn_at_each_apdu_is_never_an_approval_without_its_end": ["faults/R-08"]}


def bench(**more: object) -> SaleBench:
    profile = france()
    profile.policies = ("C-07", "C-09", "C-10")  # without C-04, which keeps a plaintext PIN from such a card
    for application in profile.contact_applications():
        application.parameters.tac_denial = bytes(5)  # a plain card cannot prove that it is genuine
    return SaleBench(None, profile=profile, **more)


async def to_result(bench: SaleBench, interface: str, card: object, code: bytes = b"00", pin: str = "") -> dict:
    transaction_id = await bench.begun()
    bench.board.card_reader.put(interface, card)
    if pin:
        await bench.board.display.until("enter_pin")
        bench.board.keypad.press(*pin, "OK")
    await bench.hear("online_request")
    await bench.answer(transaction_id, code)
    return await bench.hear("result")


def test_tap() -> None:
    async def sale() -> None:
        async with bench() as b:
            card = TapCard()
            result = await to_result(b, "contactless", card)
            assert (result["why"], result["apdus"], result["last4"]) == ("approved_online", 3, PAN[-4:])
            assert result["label"] == "VISA"
            assert len(b.pipe.carried) <= 1500, len(b.pipe.carried)

    asyncio.run(sale())


def test_tap_declined() -> None:
    async def sale() -> None:
        async with bench() as b:
            assert (await to_result(b, "contactless", TapCard(), b"51"))["why"] == "insufficient_funds"

    asyncio.run(sale())


def test_chip_with_online_pin() -> None:
    async def sale() -> None:
        async with bench() as b:
            result = await to_result(b, "contact", ChipCard(plain_card.CVM_ONLINE_PIN), pin="1234")
            assert (result["why"], result["cvm"], result["label"]) == ("approved_online", "online_pin", "CB")
            assert bytes.fromhex(PAN) not in bytes(b.pipe.carried) and PAN.encode() not in bytes(b.pipe.carried)

    asyncio.run(sale())


def test_chip_with_offline_pin_typed_wrong_once() -> None:
    async def sale() -> None:
        async with bench() as b:
            transaction_id = await b.begun()
            b.board.card_reader.put("contact", ChipCard(plain_card.CVM_OFFLINE_PIN))
            for pin in ("1111", "1234"):
                await b.board.display.until("enter_pin")
                b.board.keypad.press(*pin, "OK")
                await b.board.display.until("wait")
            await b.hear("online_request")
            await b.answer(transaction_id, b"00")
            result = await b.hear("result")
            assert (result["why"], result["cvm"]) == ("approved_online", "offline_pin")

    asyncio.run(sale())


def test_chip_declines_after_approval() -> None:
    async def sale() -> None:
        async with bench() as b:
            result = await to_result(b, "contact", ChipCard(second=0x00))
            assert (result["outcome"], result["why"]) == ("declined", "card_declined_reversal_owed")

    asyncio.run(sale())


def test_the_trace_hides_what_a_card_asks_back_of_itself() -> None:
    async def sale() -> None:
        card = ChipCard(cdol1=bytes.fromhex("5A06" + "5F200B") + plain_card.CDOL1)
        async with bench() as b:
            transaction_id = (await to_result(b, "contact", card))["transaction_id"]
            said = next(command for command in card.commands if command[1] == 0xAE)
            assert bytes.fromhex(PAN)[:6] + b"DUPONT/ANNE" in said
            await b.say({"type": "trace_query", "transaction_id": transaction_id, "part": 0})
            told = (await b.hear("trace"))["data"]
            assert said[:5] + bytes(6 + 11) + said[22:] in told
            assert bytes.fromhex(PAN)[:4] not in told and b"DUPONT" not in told

    asyncio.run(sale())


def test_no_application_in_common() -> None:
    async def sale() -> None:
        async with bench() as b:
            await b.begun()
            b.board.card_reader.put("contact", lambda command: plain_card.NOT_FOUND)
            result = await b.hear("result")
            assert (result["outcome"], result["why"]) == ("declined", "card_not_accepted")

    asyncio.run(sale())


def test_a_card_that_sends_garbage_is_unreadable() -> None:
    def garbage(command: bytes) -> bytes:
        return card(command) if command[1] == 0xA4 else b"\xff\xff\xff\x90\x00"

    card = ChipCard()

    async def sale() -> None:
        async with bench() as b:
            await b.begun()
            b.board.card_reader.put("contact", garbage)
            assert (await b.hear("result"))["why"] == "card_unreadable"

    asyncio.run(sale())


class Torn:
    """A card that leaves instead of its n-th answer."""

    def __init__(self, card: object, at: int) -> None:
        self._card = card
        self._left = at

    def __call__(self, command: bytes) -> bytes:
        if not self._left:
            raise CardRemoved()
        self._left -= 1
        return self._card(command)


def test_card_torn_at_each_apdu_is_never_an_approval_without_its_end() -> None:
    async def sale() -> int:
        card = ChipCard()
        async with bench() as b:
            assert (await to_result(b, "contact", card))["outcome"] == "approved"
        last = len(card.commands) - 1
        for at in range(last + 1):
            async with bench() as b:
                transaction_id = await b.begun()
                b.board.card_reader.put("contact", Torn(ChipCard(), at))
                if at == last:
                    await b.hear("online_request")
                    await b.answer(transaction_id, b"00")
                result = await b.hear("result")
                assert result["outcome"] == "declined" and result["request_id"] == REQUEST_ID
                assert result["why"] == ("card_removed_reversal_owed" if at == last else "card_removed")

    asyncio.run(sale())
