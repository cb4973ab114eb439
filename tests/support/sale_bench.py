"""A terminal on a fake board, a till that says what the test wants, and a kernel whose decisions are a script.

async with SaleBench([[Send(SELECT), pan, GoOnline(), Finish(Outcome("approved", ""))]]) as bench:
    await bench.ask_for(1250)
"""

from __future__ import annotations

import asyncio

from emv.action import Action, EnterPin, Finish, GoOnline, Send
from emv.kernel import flow
from emv.outcome import Outcome
from emv.profile import Profile
from firmware.errors import LinkLost
from firmware.screens.canvas import Canvas
from firmware.secure import dukpt, mac_content
from firmware.secure.cmac import cmac
from firmware.terminal import Drivers, Terminal
from protocol.session import Session
from tests.support.fake_drivers import DEADLINE_S, FakeBoard
from tests.support.pipe_link import PipeLink

REQUEST_ID = b"request1"
EUR = 978
LIMIT_MINOR = 100_000
PROFILE = Profile("test 1", {}, [], amount_limit_minor=LIMIT_MINOR, currency=EUR)
PAN = "4970101234567890"

SELECT = bytes.fromhex("00A4040007A000000042101000")
GENERATE_AC = bytes.fromhex("80AE8000021234 00")
SECOND_GENERATE_AC = bytes.fromhex("80AE4000023030 00")
VERIFY = bytes.fromhex("00200080")
OK = b"\x90\x00"
CARD = [(SELECT, OK), (GENERATE_AC, OK), (SECOND_GENERATE_AC, OK)]


def card_data(transaction: object) -> None:
    """A script's item: the card has told who it is and made a cryptogram."""
    transaction.application = object()
    transaction.data.update(
        {
            0x5A: bytes.fromhex(PAN),
            0x5F24: bytes.fromhex("281231"),
            0x50: b"CB",
            0x84: bytes.fromhex("A0000000421010"),
            0x95: bytes(5),
            0x9F26: bytes(range(8)),
            0x9F27: b"\x80",
            0x9F36: b"\x00\x01",
        }
    )


ONLINE_CHIP = [Send(SELECT), card_data, Send(GENERATE_AC), GoOnline(), Send(SECOND_GENERATE_AC)]
APPROVED = Finish(Outcome("approved", ""))
DECLINED = Finish(Outcome("declined", ""))
TAP = [(SELECT, OK)]
TAP_ONLINE = [Send(SELECT), card_data, Finish(Outcome("online", ""))]


class ScriptedKernel:
    """Stands in emv.kernel.flow. Each try is a list of actions and of functions that change the transaction."""

    def __init__(self, tries: list[list]) -> None:
        self._tries = [list(script) for script in tries]
        self._script: list = []
        self.replies: list = []
        self.transactions: list = []
        self.tables: list = []

    def begin(self, transaction: object, *table: object) -> Action:
        self.tables += table
        self._script = self._tries.pop(0)
        self.transactions.append(transaction)
        return self._next(transaction)

    def advance(self, transaction: object, reply: object) -> Action:
        self.replies.append(reply)
        if reply is None and isinstance(self._due, Send):  # the card is gone
            return Finish(Outcome("try_again", "card_lost", start="B", restart_ui=("21",)))
        if isinstance(self._due, Send):
            data, sw1, sw2 = reply[:3]
            transaction.exchange.append((self._due.command, data + bytes((sw1, sw2))))
        elif isinstance(self._due, EnterPin) and self._due.method == "offline_plaintext":
            transaction.exchange.append((VERIFY, bytes((reply.sw1, reply.sw2))))
        return self._next(transaction)

    def _next(self, transaction: object) -> Action:
        self._due = self._script.pop(0)
        while not isinstance(self._due, Action):
            self._due(transaction)
            self._due = self._script.pop(0)
        return self._due


class SaleBench:
    """`tries` None: the real kernel with the profile `profile`. keeps: the till stores results, and says so at once."""

    def __init__(
        self, tries: list[list] | None, storage: object = None, random_start: int = 0, profile: Profile = PROFILE
    ) -> None:
        self.pipe = PipeLink(LinkLost, LinkLost)
        self.board = FakeBoard([self.pipe.reader], storage, random_start)
        self.kernel = ScriptedKernel(tries) if tries is not None else None
        self.profile = profile
        self.host = Session("host")
        self.heard: list[dict] = []
        self.keeps = True

    async def __aenter__(self) -> SaleBench:
        self.terminal = Terminal(Drivers(**self.board.drivers()), self.profile)
        self._serving = asyncio.create_task(self.terminal.serve())
        await self.connect()
        self._real = (flow.begin, flow.begin_contactless, flow.advance)
        self._glyph, Canvas._glyph = Canvas._glyph, lambda *_: None  # texts are looked at in tests/screens
        if self.kernel is not None:
            flow.begin = flow.begin_contactless = self.kernel.begin
            flow.advance = self.kernel.advance
        return self

    async def __aexit__(self, *_: object) -> None:
        flow.begin, flow.begin_contactless, flow.advance = self._real
        Canvas._glyph = self._glyph
        self._serving.cancel()
        try:
            await self._serving
        except asyncio.CancelledError:
            pass

    async def connect(self) -> dict:
        self.host = Session("host")
        await self.pipe.host.open()
        await self.say({"type": "hello", "versions": [1], "name": "till"})
        return await self.hear("welcome")

    async def say(self, message: dict) -> None:
        while not self.host.credits:
            await self._receive()
        self.host.send(message)
        await self.pipe.host.send(self.host.take_outgoing())

    async def hear(self, wanted: str) -> dict:
        """The next message of that type; the others stay in `heard`."""
        message = await self.hear_any()
        while message["type"] != wanted:
            message = await self.hear_any()
        return message

    async def hear_any(self) -> dict:
        message = self.host.next_message()
        while message is None:
            await self._receive()
            message = self.host.next_message()
        self.heard.append(message)
        await self._grant()
        if message["type"] == "result" and self.keeps:
            await self.keep(message["transaction_id"])
        return message

    async def keep(self, transaction_id: bytes) -> None:
        """The till has stored the result of that payment, whose end is then shown."""
        await self.say({"type": "kept", "transaction_id": transaction_id})
        await asyncio.wait_for(self._is_over(transaction_id), DEADLINE_S)

    async def _is_over(self, transaction_id: bytes) -> None:
        while self.terminal.payment is not None and self.terminal.payment.transaction_id == transaction_id:
            await asyncio.sleep(0)

    async def looks(self) -> None:
        """The reader has looked at itself once more: what it was asked is answered."""
        await self.say({"type": "status_query", "request_id": bytes(8)})
        await self.hear("status")

    async def _grant(self) -> None:
        data = self.host.take_outgoing()
        if data:
            await self.pipe.host.send(data)

    async def _receive(self) -> None:
        self.host.receive(await asyncio.wait_for(self.pipe.host.receive(), DEADLINE_S))

    async def ask_for(
        self, amount_minor: int, request_id: bytes = REQUEST_ID, currency: int = EUR, **wishes: object
    ) -> None:
        request = {"type": "take_payment", "request_id": request_id, "amount_minor": amount_minor, "currency": currency}
        request.update(wishes)
        await self.say(request)

    async def begun(self, amount_minor: int = 1250, request_id: bytes = REQUEST_ID, **wishes: object) -> bytes:
        """Ask, and give the transaction id that was accepted, once the screen asks for a card."""
        await self.ask_for(amount_minor, request_id, **wishes)
        accepted = await self.hear("progress")
        await self.board.display.until("present_card")
        return accepted["transaction_id"]

    async def answer(self, transaction_id: bytes, code: bytes, signed: bool = True, **fields: object) -> None:
        """As the acquirer, by way of the till."""
        message = {"type": "online_answer", "transaction_id": transaction_id, "response_code": code}
        message.update(fields)
        key = self.terminal.payment.keys._derive(dukpt.MAC_VERIFICATION)
        mac = cmac(key, mac_content.answer_content(transaction_id, message))[:8]
        message["mac"] = mac if signed else bytes(8)
        await self.say(message)

    def phases(self) -> list[str]:
        return [message["phase"] for message in self.heard if message["type"] == "progress"]

    async def sell(self, interface: str, card: list, code: bytes = b"00", request_id: bytes = REQUEST_ID) -> dict:
        """One sale that goes online, to its result."""
        transaction_id = await self.begun(1250, request_id)
        self.board.card_reader.put(interface, card)
        await self.hear("online_request")
        await self.answer(transaction_id, code, authorisation_code="123456")
        result = await self.hear("result")
        self.board.card_reader.pull()
        return result

    async def sells_next(self) -> None:
        """The reader is as good as before: a tap goes through."""
        result = await self.sell("contactless", TAP, request_id=b"request9")
        assert result["why"] == "approved_online"
