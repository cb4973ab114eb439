"""A card signs a challenge (EMV-CAP) at the reader: what its holder sees and does first, and each way not to sign."""

from __future__ import annotations

import asyncio

from emv.profile import Application, Parameters, Profile
from firmware.errors import CardRemoved, CardSilent
from tests.support.fake_drivers import DEADLINE_S
from tests.support.sale_bench import APPROVED, CARD, EUR, LIMIT_MINOR, ONLINE_CHIP, REQUEST_ID, SaleBench

COVERS = {"test_no_pin_before_the_challenge_was_confirmed": ["attacks/P-02"]}

AID = bytes.fromhex("A0000000041010")
PROFILE = Profile(
    "test 1",
    {},
    [Application(AID, b"\x00\x02", True, None, Parameters())],
    amount_limit_minor=LIMIT_MINOR,
    currency=EUR,
)
LISTS = "8C1B9F02069F03069F1A0295055F2A029A039C019F37049F4C029F34038D108A029F02069F03069F1A0295055F2A02"
RECORD = "5A0854133300896012325F3401005F24034912315F280200568E0A00000000000000000100" + LISTS
FIRST = "77269F2701809F3602005A9F2608513C1201B7DB02A09F100F06015603A400000700030000010002"
LAST = FIRST.replace("9F270180", "9F270100")
SIGNED = bytes.fromhex("80005A513C1201B7DB02A006015603A400000700030000010002")


class CapCard:
    """Answers whatever the kernel sends, in any order. `verify`: the status words of the PINs."""

    def __init__(
        self, verify: tuple = ("9000",), first: str = FIRST, gone_at: int = 0, error: type = CardRemoved
    ) -> None:
        self.commands: list[bytes] = []
        self._verify = list(verify)
        self._first = first
        self._gone_at = gone_at
        self._error = error

    def __call__(self, command: bytes) -> bytes:
        command = bytes(command)
        self.commands.append(command)
        if command[1] == self._gone_at:
            raise self._error
        return bytes.fromhex(self._answer(command))

    def _answer(self, command: bytes) -> str:
        ins = command[1]
        if ins == 0xA4:
            found = command[5:12] == AID
            return "6F098407" + AID.hex() + "9000" if found else "6A82"
        if ins == 0x20:
            return self._verify.pop(0)
        if ins == 0xAE:
            return (self._first if command[2] == 0x80 else LAST) + "9000"
        answers = {
            0xA8: "770A82021000940408010100" + "9000",
            0xB2: "70%02X" % (len(RECORD) // 2) + RECORD + "9000",
            0xCA: "9F1701039000",
        }
        return answers[ins]


class Bench(SaleBench):
    """The real kernel, and a card in the slot of the board."""

    def __init__(self) -> None:
        super().__init__(None, profile=PROFILE)

    async def ask(self, challenge: str = "12345678", **amount: int) -> None:
        message = {"type": "sign_with_card", "request_id": REQUEST_ID, "challenge": challenge}
        message.update(amount)
        await self.say(message)

    async def asked(self, **amount: int) -> bytes:
        await self.ask(**amount)
        accepted = await self.hear("progress")
        assert (accepted["phase"], accepted["request_id"]) == ("accepted", REQUEST_ID)
        await self.board.display.until("confirm_signature")
        return accepted["transaction_id"]

    async def inserted(self, card: CapCard) -> None:
        self.board.keypad.press("OK")
        await self.board.display.until("insert_card")
        self.board.card_reader.put("contact", card)

    async def typed(self, *keys: str) -> None:
        await self.board.display.until("enter_pin")
        self.board.keypad.press(*keys)

    async def ends(self, why: str, screen: str) -> dict:
        told = await self.hear("card_signature")
        assert told["why"] == why
        assert self.board.display.shown[-1] == screen
        if why != "card_signed":
            assert "response" not in told and "signed_data" not in told
        return told


def test_the_card_signs() -> None:
    async def sign(amount: dict) -> None:
        card = CapCard()
        async with Bench() as bench:
            transaction_id = await bench.asked(**amount)
            await bench.inserted(card)
            await bench.typed("1", "2", "3", "4", "OK")
            told = await bench.ends("card_signed", "signed")
            assert (told["request_id"], told["transaction_id"]) == (REQUEST_ID, transaction_id)
            # 1 bit of 9F27, 8 of the counter, 17 of the cryptogram
            assert told["response"] == str(1 << 25 | 0x5A << 17 | 0x1DB02A0 & 0x1FFFF)
            assert told["signed_data"] == SIGNED
            generate = [command for command in card.commands if command[1] == 0xAE]
            assert bytes.fromhex("12345678") in generate[0]
            assert generate[0][5:11].hex() == f"{amount.get('amount_minor', 0):012}"
            assert bench.phases() == ["accepted", "card_presented", "pin_entry", "remove_card"]
            assert bench.terminal.journal.begun(REQUEST_ID) is None
            bench.board.card_reader.pull()

    asyncio.run(sign({}))
    asyncio.run(sign({"amount_minor": 1250}))


def test_no_pin_before_the_challenge_was_confirmed() -> None:
    async def sign() -> None:
        async with Bench() as bench:
            await bench.asked()
            bench.board.card_reader.put("contact", CapCard())
            bench.board.keypad.press("1", "2", "3", "4", "CLEAR")
            bench.board.keypad.press("CANCEL")
            await bench.ends("cardholder_cancelled", "cancelled")
            assert "enter_pin" not in bench.board.display.shown and "insert_card" not in bench.board.display.shown
            assert bench.board.card_reader.armed[-1] == (False, False)

    asyncio.run(sign())


def test_cancel_at_each_wait() -> None:
    async def confirming(bench: Bench) -> None:
        pass

    async def waiting_for_the_card(bench: Bench) -> None:
        bench.board.keypad.press("OK")
        await bench.board.display.until("insert_card")

    async def typing(bench: Bench) -> None:
        await bench.inserted(CapCard())
        await bench.typed("1", "2")

    async def by_key(wait: object) -> None:
        async with Bench() as bench:
            await bench.asked()
            await wait(bench)
            bench.board.keypad.press("CANCEL")
            await bench.ends("cardholder_cancelled", "cancelled")

    async def by_the_till(wait: object) -> None:
        async with Bench() as bench:
            transaction_id = await bench.asked()
            await wait(bench)
            await bench.say({"type": "cancel", "transaction_id": transaction_id})
            await bench.ends("merchant_cancelled", "cancelled")

    for wait in (confirming, waiting_for_the_card, typing):
        asyncio.run(by_key(wait))
        asyncio.run(by_the_till(wait))


def test_pins_that_are_wrong() -> None:
    async def wrong_then_right() -> None:
        async with Bench() as bench:
            await bench.asked()
            await bench.inserted(CapCard(("63C2", "9000")))
            await bench.typed("1", "2", "3", "4", "OK")
            await bench.board.display.until("wait")
            await bench.typed("1", "2", "3", "4", "OK")
            await bench.ends("card_signed", "signed")

    async def blocked(words: tuple, why: str) -> None:
        card = CapCard(words)
        async with Bench() as bench:
            await bench.asked()
            await bench.inserted(card)
            await bench.typed("1", "2", "3", "4", "OK")
            await bench.ends(why, "declined")
            assert not [command for command in card.commands if command[1] == 0xAE]

    asyncio.run(wrong_then_right())
    asyncio.run(blocked(("6983",), "pin_blocked"))
    asyncio.run(blocked(("63C0",), "pin_blocked"))


def test_a_card_that_goes_or_will_not() -> None:
    async def pulled_while_typing() -> None:
        async with Bench() as bench:
            await bench.asked()
            await bench.inserted(CapCard())
            await bench.typed("1", "2")
            bench.board.card_reader.pull()
            await bench.ends("card_removed", "not_completed")

    async def ends(card: CapCard, why: str, screen: str, pin: bool = True) -> None:
        async with Bench() as bench:
            await bench.asked()
            await bench.inserted(card)
            if pin:
                await bench.typed("1", "2", "3", "4", "OK")
            await bench.ends(why, screen)
            assert bench.terminal.words.kind == "signature"

    asyncio.run(pulled_while_typing())
    asyncio.run(ends(CapCard(gone_at=0xA8), "card_removed", "not_completed", pin=False))
    asyncio.run(ends(CapCard(gone_at=0xAE), "card_removed", "not_completed"))
    asyncio.run(ends(CapCard(gone_at=0xAE, error=CardSilent), "card_silent", "not_completed"))
    asyncio.run(ends(CapCard(first=LAST), "declined_by_card", "declined"))
    asyncio.run(ends(CapCard(first=FIRST[:-2]), "card_unreadable", "declined"))


def test_beside_a_payment_it_is_refused_and_a_payment_beside_it() -> None:
    async def both() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            transaction_id = await bench.begun()
            await bench.say({"type": "sign_with_card", "request_id": b"another1", "challenge": "1"})
            refusal = await bench.hear("error")
            assert (refusal["code"], refusal["transaction_id"]) == ("busy", transaction_id)
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            assert (await bench.hear("result"))["outcome"] == "approved"
            bench.board.card_reader.pull()
        async with Bench() as bench:
            transaction_id = await bench.asked(amount_minor=77)
            await bench.ask_for(1250, b"another1")
            refusal = await bench.hear("error")
            assert (refusal["code"], refusal["transaction_id"], refusal["amount_minor"]) == ("busy", transaction_id, 77)
            await bench.say({"type": "status_query", "request_id": REQUEST_ID})
            assert (await bench.hear("status"))["state"] == "in_progress"
            await bench.ask()
            assert (await bench.hear("progress"))["transaction_id"] == transaction_id
            bench.board.keypad.press("CANCEL")
            await bench.ends("cardholder_cancelled", "cancelled")
            await bench.say({"type": "status_query", "request_id": REQUEST_ID})
            assert (await bench.hear("status"))["state"] == "not_found"

    asyncio.run(both())


def test_what_is_refused_by_name() -> None:
    async def ask() -> None:
        async with Bench() as bench:
            for challenge in ("12a4", "-1", " 1", "\u0661"):
                await bench.ask(challenge)
                assert (await bench.hear("error"))["code"] == "challenge_malformed"
            await bench.ask("1", amount_minor=LIMIT_MINOR + 1)
            assert (await bench.hear("error"))["code"] == "amount_above_limit"
            assert bench.terminal.payment is None

    asyncio.run(ask())


def test_a_reader_that_signed_takes_the_next_payment() -> None:
    async def sign_and_sell() -> None:
        async with Bench() as bench:
            await bench.asked()
            await bench.inserted(CapCard())
            await bench.typed("1", "2", "3", "4", "OK")
            await bench.ends("card_signed", "signed")
            bench.board.card_reader.pull()
            await bench.ask_for(1250, b"another1")
            await asyncio.wait_for(bench.hear("progress"), DEADLINE_S)
            await bench.board.display.until("present_card")
            assert bench.terminal.words.kind == "purchase"
            bench.board.keypad.press("CANCEL")
            assert (await bench.hear("result"))["why"] == "cardholder_cancelled"

    asyncio.run(sign_and_sell())
