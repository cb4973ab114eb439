"""Where the attacker pays: the emulated reader over Bluetooth, the till, and the bank behind it, all of this tree."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import TracebackType

from emv import tlv
from host.acquirer.caaa_link import CaaaLink
from host.app import App, build
from host.money import EUR, Currency, Money
from host.payment.model import Payment
from host.payment.ports import Acquirer
from host.settings import Settings
from host.terminal.client import ReaderClient
from protocol import cbor
from tools.emulator.card import Card
from tools.emulator.emulator import Emulator
from tools.keys import load as load_keys
from tools.simulators.acquirer.server import AcquirerServer
from tools.simulators.acquirer.simulator import AcquirerSimulator
from tools.simulators.issuer import Issuer, IssuerAnswer, IssuerRequest
from tools.simulators.key_host import acquirer_keys

SERIAL = "ZINC-0001"
ENDS = ("approved", "declined", "cancelled", "not_completed")
ANOTHER_TRY = ("use_chip", "try_again", "present_again", "another_card", "see_phone", "ask_chip")
GAVE_UP = "cardholder_cancelled"  # the reader refused the card and asked for another
DEADLINE_S = 60
Act = Callable[[], Awaitable[None]]


class Bank:
    """The simulated issuer. `asked` is what it was told; `scripts` go with its answers; `open` holds them back."""

    def __init__(self) -> None:
        self.issuer = Issuer()
        self.asked: list[IssuerRequest] = []
        self.scripts: list[bytes] = []
        self.open = threading.Event()
        self.open.set()

    def authorise(self, request: IssuerRequest) -> IssuerAnswer:
        self.asked.append(request)
        if not self.open.wait(DEADLINE_S):
            raise TimeoutError("nobody opened the bank")
        return replace(self.issuer.authorise(request), scripts=self.scripts)

    def release(self, authorisation_code: str) -> None:
        self.issuer.release(authorisation_code)

    def told(self, at: int = -1) -> dict[int, bytes]:
        """By tag: field 55 of one request."""
        return dict(tlv.objects(self.asked[at].icc_data))


class Shop:
    """`async with Shop(folder) as shop`. `host`: what stands between the till and its acquirer, a rogue host say."""

    reader: Emulator
    terminal: ReaderClient
    app: App

    def __init__(self, folder: Path, host: Callable[[Acquirer], Acquirer] = lambda acquirer: acquirer) -> None:
        self._folder = folder
        self._host = host
        self._exit = AsyncExitStack()
        self._orders = count(1)
        self.bank = Bank()
        load_keys(folder / "reader", SERIAL)
        self.reader = Emulator(state=folder / "reader", serial_number=SERIAL)

    async def __aenter__(self) -> Shop:
        try:
            await self._exit.enter_async_context(self.reader)
            self._open_acquirer()
            await self._open_till()
        except BaseException:
            await self._exit.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exit.aclose()

    def _open_acquirer(self) -> None:
        keys, database = acquirer_keys().transaction, self._folder / "acquirer.db"
        simulator = AcquirerSimulator(keys, self.bank, lambda: datetime.now(UTC), database)
        self.acquirer = AcquirerServer(("127.0.0.1", 0), simulator)
        serving = threading.Thread(target=self.acquirer.serve_forever, args=(0.01,))
        serving.start()
        for step in (simulator.close, self.acquirer.server_close, serving.join, self.acquirer.shutdown):
            self._exit.callback(step)

    async def _open_till(self) -> None:
        self.terminal = ReaderClient(self.reader.byte_link())
        self._exit.push_async_callback(self.terminal.close)
        settings = Settings(
            database=self._folder / "zinc.db", acquirer_url=f"http://127.0.0.1:{self.acquirer.server_address[1]}/caaa"
        )
        parties = build(settings, self.terminal)
        assert isinstance(parties.acquirer, CaaaLink)
        self.app = build(settings, self.terminal, acquirer=self._host(parties.acquirer))
        self._exit.push_async_callback(parties.close)
        self._exit.callback(self.app.database.close)
        await self.app.start()

    async def pay(
        self,
        card: Card,
        interface: str,
        amount_minor: int = 1250,
        *,
        pin: str = "0000",
        acts: dict[str, Act] | None = None,
        currency: Currency = EUR,
        order: str = "",
        deadline_s: float = DEADLINE_S,
    ) -> Payment:
        """The payment at its end. `acts`: what is done at a prompt, other than what it says. Raises TimeoutError."""
        amount = Money(amount_minor, currency)
        paying = self.app.payments.take_payment(amount, order or f"order-{next(self._orders)}")
        async with asyncio.timeout(deadline_s):
            payment, _ = await asyncio.gather(paying, self._follow(self._usual(card, interface, pin) | (acts or {})))
        return payment

    def _usual(self, card: Card, interface: str, pin: str) -> dict[str, Act]:
        """The card is presented once; whoever is asked again gives up."""
        cards = [card]

        async def present() -> None:
            if not cards:
                await self.reader.press("CANCEL")
            elif interface == "contact":
                await self.reader.insert(cards.pop())
            else:
                await self.reader.tap(cards.pop())

        async def give_up() -> None:
            await self.reader.remove()
            await self.reader.press("CANCEL")

        return {
            "present_card": present,
            "insert_card": present,
            **dict.fromkeys(ANOTHER_TRY, give_up),
            "choose_application": lambda: self.reader.press("1"),
            "enter_pin": lambda: self.reader.press(*pin, "OK"),
            "remove_card": self.reader.remove,
            "card_error": self.reader.remove,
        }

    async def _follow(self, acts: dict[str, Act]) -> None:
        """Do what the screen says until it tells the end; a prompt drawn several times in a row is one."""
        at, before = len(self.reader.pictures), ""
        changed = asyncio.Event()
        forget = self.reader.listen(changed.set)
        try:
            while before not in ENDS:
                while at == len(self.reader.pictures):
                    changed.clear()
                    await changed.wait()
                prompt = self.reader.pictures[at]
                at += 1
                if prompt != before and prompt in acts:
                    await acts[prompt]()
                before = prompt
        finally:
            forget()
        await self.reader.remove()

    async def trace(self, payment: Payment) -> dict[str, list]:
        """The reader's own account of its last payment: apdus and decisions (emv/trace.py)."""
        assert payment.transaction_id is not None
        return cbor.decode(await self.terminal.trace(payment.transaction_id))

    async def decided(self, payment: Payment, rule: str) -> bool:
        return any(decision[1] == rule for decision in (await self.trace(payment))["decisions"])


def paid(payment: Payment, *refusals: str) -> bool:
    """Did the attacker get the goods? Any other end than the refusals named is a fault of the test."""
    assert payment.approved or payment.why in (*refusals, GAVE_UP), f"{payment.state}: {payment.why}"
    return payment.approved
