"""The reader and a tapped Mastercard: with and without PIN, and one that leaves too early and comes back."""

from __future__ import annotations

import asyncio

from emv.tlv import encode
from firmware.errors import CardRemoved
from tests.support.plain_card import NOT_FOUND, OK, PPSE, template
from tests.support.sale_bench import SaleBench
from tools.profiles import france

AID = bytes.fromhex("A0000000041010")
PAN = "5413330089601232"
_OPTIONS, _RECORD, _GENERATE_AC, _RECOVER_AC = 0xA8, 0xB2, 0xAE, 0xD0


def tlv(tag: int, value: str) -> tuple[int, bytes]:
    return tag, bytes.fromhex(value)


class Tap:
    """M/Chip without CDA: ARQC to everything. `leaves`: it is gone at its first GENERATE AC, after it made it."""

    def __init__(self, leaves: bool = False) -> None:
        self._leaves = leaves
        self.commands: list[bytes] = []

    def __call__(self, command: bytes) -> bytes:
        self.commands.append(bytes(command))
        if command[1] == 0xA4:
            return self._select(command[5:-1])
        if command[1] == _OPTIONS:
            return template(0x77, tlv(0x82, "1080"), tlv(0x94, "10010100")) + OK
        if command[1] == _RECORD:
            return self._record()
        if command[1] == _GENERATE_AC and self._leaves:
            self._leaves = False
            raise CardRemoved
        if command[1] in (_GENERATE_AC, _RECOVER_AC):
            issuer_data = tlv(0x9F10, "0114" + "00" * 16)
            return template(0x77, tlv(0x9F27, "80"), tlv(0x9F36, "0007"), tlv(0x9F26, "A1" * 8), issuer_data) + OK
        return b"\x6d\x00"

    def _select(self, name: bytes) -> bytes:
        if name == PPSE:
            entry = template(0x61, (0x4F, AID), tlv(0x87, "01"))
            return template(0x6F, (0x84, PPSE), (0xA5, encode(0xBF0C, entry))) + OK
        return template(0x6F, (0x84, AID), (0xA5, encode(0x50, b"MC"))) + OK if name == AID else NOT_FOUND

    def _record(self) -> bytes:
        objects = (
            tlv(0x5A, PAN),
            tlv(0x5F24, "491231"),
            tlv(0x57, PAN + "D49122010000012300000F"),
            tlv(0x8C, "9F02069F37049F3403"),
            tlv(0x8E, "0000000000000000" + "42031F03"),
            tlv(0x9F51, "9F37049F0206"),
        )
        return template(0x70, *objects) + OK


def bench() -> SaleBench:
    profile = france()
    for application in profile.contactless_applications():
        application.parameters.tac_denial = bytes(5)  # a card without keys cannot prove that it is genuine
    return SaleBench(None, profile=profile)


async def sold(b: SaleBench, amount_minor: int, pin: str = "") -> dict:
    transaction_id = await b.begun(amount_minor=amount_minor)
    b.board.card_reader.put("contactless", Tap())
    if pin:
        await b.board.display.until("enter_pin")
        b.board.keypad.press(*pin, "OK")
    await b.hear("online_request")
    await b.answer(transaction_id, b"00")
    return await b.hear("result")


def test_fifty_euros_without_pin_and_a_cent_more_with_one() -> None:
    async def sale() -> None:
        async with bench() as b:
            result = await sold(b, 5000)
            assert (result["why"], result["cvm"], result["apdus"]) == ("approved_online", "none", 5)
        async with bench() as b:
            result = await sold(b, 5001, "1234")
            assert (result["why"], result["cvm"], result["apdus"]) == ("approved_online", "online_pin", 5)

    asyncio.run(sale())


def test_a_card_that_left_too_early_gives_the_same_cryptogram_when_it_comes_back() -> None:
    async def sale() -> None:
        async with bench() as b:
            card = Tap(leaves=True)
            transaction_id = await b.begun()
            b.board.card_reader.put("contactless", card)
            await b.board.display.until("try_again")
            assert len(b.terminal.torn) == 1
            assert bytes.fromhex(PAN) not in repr(b.terminal.torn).encode()
            b.board.card_reader.put("contactless", card)
            await b.hear("online_request")
            await b.answer(transaction_id, b"00")
            assert (await b.hear("result"))["why"] == "approved_online"
            instructions = [command[1] for command in card.commands]
            assert instructions.count(_GENERATE_AC) == 1
            assert instructions[-1] == _RECOVER_AC
            asked = next(command for command in card.commands if command[1] == _GENERATE_AC)
            assert card.commands[-1][5:9] == asked[11:15]  # the same unpredictable number
            assert b.terminal.torn == []

    asyncio.run(sale())
