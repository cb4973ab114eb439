"""The reader's program: owns the link, the journal and the payment in progress, and answers the host.

A board makes one of each driver and awaits run(Drivers(...)), which never returns.
"""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

from emv.constant import const
from firmware.journal.journal import Journal
from firmware.link.host_link import HostLink
from firmware.overlay import Overlay
from firmware.screens import telling
from firmware.screens.canvas import Canvas
from firmware.screens.money import amount_text
from firmware.screens.prompts import DEFAULT, Prompts

if TYPE_CHECKING:
    from collections.abc import Callable

    from emv.contactless.torn_log import TornRecord
    from emv.profile import Profile
    from firmware.drivers.beeper import Beeper
    from firmware.drivers.byte_link import ByteLink
    from firmware.drivers.card_reader import CardReader
    from firmware.drivers.clock import Clock
    from firmware.drivers.display import Display
    from firmware.drivers.keypad import Keypad
    from firmware.drivers.secure_element import SecureElement
    from firmware.drivers.storage import Storage
    from firmware.flows.payment import Known, Payment
    from firmware.secure.vault import Vault

VERSION = "0.1.0"
_REST_MS = const(500)  # how often the reader looks at itself while no payment runs
_ENDING_S = 0.02
_END_SHOWN_MS = const(6000)  # how long the end of a payment stays on the screen
_END_READ_MS = const(1500)  # and how long before an offer takes its place
_NEARLY_FULL = const(80)  # percent of the journal


class Drivers:
    """What a board brings: firmware/drivers says what each must do."""

    def __init__(
        self,
        card_reader: CardReader,
        display: Display,
        keypad: Keypad,
        links: list[ByteLink],
        storage: Storage,
        clock: Clock,
        secure_element: SecureElement,
        beeper: Beeper,
        serial_number: str = "ZINC-0000",
    ) -> None:
        self.card_reader = card_reader
        self.display = display
        self.keypad = keypad
        self.links = links
        self.storage = storage
        self.clock = clock
        self.secure_element = secure_element
        self.beeper = beeper
        self.serial_number = serial_number


async def run(drivers: Drivers) -> None:
    code = Overlay()
    profile = _load_profile(drivers)
    code.release()
    await Terminal(drivers, profile).serve()


def _load_profile(drivers: Drivers) -> Profile:
    from firmware.parameters import load_profile

    return load_profile(drivers.storage, drivers.serial_number)


class Terminal:
    """payment: the one in progress, or None. words: in the cardholder's language.

    trace: of the last payment, its transaction id and the parts; None while one runs.
    torn: the kernel's log of taps that were torn, from one payment to the next.
    What only a payment needs is loaded for each, and only while it runs.
    """

    def __init__(self, drivers: Drivers, profile: Profile) -> None:
        self.drivers = drivers
        self.profile = profile
        self.canvas = Canvas(drivers.display, drivers.storage)
        self.words = Prompts()
        self.journal = Journal(drivers.storage)
        self.link = HostLink(drivers.links, self._identity)
        self.payment: Payment | None = None
        self.trace: tuple[bytes, list[bytearray]] | None = None
        self.offer: dict | None = None  # `kept` of the last payment, when it has more to say (flows/offer_loyalty.py)
        self.taps = b""  # of flows/velocity.py
        self.pins: tuple[int, int] = (0, 0)  # of secure/pin_rate.py
        self.torn: list[TornRecord] = []
        self.parameters_version = 0  # of the contract in force, 0 for none
        self._shown = ""  # what rests on the screen: "end", that of _rest, or "" for what is no rest
        self._shown_at = 0
        self._shown_ms = 0
        self._running: asyncio.Task | None = None
        self._offering: asyncio.Task | None = None
        self._code = Overlay()

    async def serve(self) -> None:
        """Never returns."""
        self._recover()
        self._code.release()
        pumping = asyncio.create_task(self.link.run())
        try:
            while True:
                self._rest()
                message = await self.link.next_request(_REST_MS)
                if message is not None:
                    while message["type"] in AFTER_THE_END and self._is_ending():
                        await asyncio.sleep(_ENDING_S)  # the host has heard its end, the screen has not shown it yet
                    if message["type"] not in BESIDE_AN_OFFER:
                        await self._end_offer()
                    self._answer(message)
        finally:
            pumping.cancel()
            for task in (self._running, self._offering):
                if task is not None:
                    task.cancel()

    # ---- for the flows

    def tell(self, payment: Known, phase: str, request_id: bytes | None = None) -> None:
        """Post progress; `request_id` goes with the phase accepted."""
        message = {"type": "progress", "transaction_id": payment.transaction_id, "phase": phase}
        if request_id is not None:
            message["request_id"] = request_id
        self.link.post(message)

    def speak(self, language: str) -> None:
        kind = self.payment.kind if self.payment is not None else "purchase"
        if (language, kind) != (self.words.language, self.words.kind):
            self.words = Prompts(language, kind)

    def amount(self, payment: Known) -> str:
        """What it is about: of a signature without an amount, its challenge; "" of an account verification."""
        return self.money(payment.amount_minor, payment.currency) or payment.challenge

    def money(self, amount_minor: int, currency: int) -> str:
        """ "" for none."""
        return amount_text(amount_minor, currency, self.words.language) if amount_minor else ""

    @property
    def vault(self) -> Vault:
        from firmware.secure.vault import Vault

        return Vault(self.drivers.storage, self.drivers.secure_element.random)

    def start(self, payment: Payment) -> None:
        self.payment = payment
        self._shown = ""
        self.link.in_progress = payment.pending()
        self._running = asyncio.create_task(self._run(payment.program))

    def end_shown(self, shown_ms: int = _END_SHOWN_MS) -> None:
        """The end of a payment is on the screen, and stays there a while."""
        self._shown = "end"
        self._shown_at = self.drivers.clock.ticks_ms()
        self._shown_ms = shown_ms

    # ---- code that comes and goes

    def _answer(self, message: dict) -> None:
        name = message["type"]
        try:
            _flow(FLOWS[name])(self, message)
        except MemoryError:
            self.link.post({"type": "error", "code": "reader_fault"})
        if self.payment is None and self._offering is None:
            self._code.release()
            gc.collect()

    async def _run(self, program: str) -> None:
        """Whatever happens, the reader is free afterwards, and what was begun has an end.

        No variable holds the payment: asyncio may keep a task that has ended, and all that its frame refers to.
        """
        try:
            await _flow(program)(self)
        except MemoryError:  # it had no room for its own end
            self._free()
            self._end_interrupted()
        finally:
            self._free()

    def _is_ending(self) -> bool:
        payment = self.payment
        return payment is not None and (payment.is_over or self.link.has_kept(payment.transaction_id))

    def _free(self) -> None:
        if self.payment is not None:
            self.payment.wipe()
        self.payment = None
        self.link.in_progress = None
        self._running = None
        self._code.release()
        gc.collect()

    async def _offer(self) -> None:
        try:
            await _flow("offer_loyalty")(self)
        except MemoryError:  # nobody is a member by it
            pass
        finally:
            self.offer = self._offering = None
            self._code.release()
            gc.collect()

    async def _end_offer(self) -> None:
        """The host wants the reader for something else."""
        self.offer = None
        task = self._offering
        while task is not None and not task.done():
            task.cancel()
            await asyncio.sleep(0)
        self._offering = None  # one that had not begun yet did not say so itself

    def _recover(self) -> None:
        from firmware.flows.recover import recover

        recover(self)
        self._code.release()
        if self.drivers.storage.read("contract") is not None:
            from firmware import contract

            self.parameters_version = contract.load(self.drivers.storage).version

    def _end_interrupted(self) -> None:
        from firmware.flows.recover import end_interrupted

        end_interrupted(self)

    def _identity(self) -> dict:
        """For welcome."""
        identity: dict = {"serial": self.drivers.serial_number, "firmware": VERSION, "profile": self.profile.name}
        identity["number"] = self.journal.number
        identity["used"] = self.journal.used
        if self.parameters_version:
            identity["parameters_version"] = self.parameters_version
        return identity

    # ---- the screen between payments

    def _rest(self) -> None:
        """Idle, and the truth about the host; the end of a payment stays a while, and as long as the card is in."""
        if self.payment is not None or self._offering is not None:
            return
        if self._shown == "end":
            shown_ms = (self.drivers.clock.ticks_ms() - self._shown_at) & 0x3FFFFFFF
            if self.offer is not None and shown_ms >= _END_READ_MS:
                self._shown = ""
                self._offering = asyncio.create_task(self._offer())
                return
            if shown_ms < self._shown_ms or self.drivers.card_reader.card_present():
                return
        linked, nearly_full = self.link.connected, self.journal.used >= _NEARLY_FULL
        state = ("linked" if linked else "host_gone") + ("!" if nearly_full else "")
        if state != self._shown:
            try:
                self.speak(DEFAULT)
                telling.idle(self.canvas, self.words, linked, nearly_full)
                self._shown = state
            except MemoryError:  # at the next look there may be more
                pass
            gc.collect()


def _flow(name: str) -> Callable:
    """The function of firmware/flows that has a module of its own name."""
    return getattr(__import__("firmware.flows." + name, None, None, ("",)), name)


AFTER_THE_END = ("take_payment", "trace_query")  # what asks for these has heard the end of the payment before

# what the host may ask of a payment that is over, while its cardholder is offered to join the programme
BESIDE_AN_OFFER = ("status_query", "trace_query")

# what the host can ask -> the module and function of firmware/flows that answers
FLOWS = {
    "take_payment": "accept_payment",
    "cancel": "cancel",
    "status_query": "status_query",
    "trace_query": "trace_query",
    "sign_with_card": "sign_with_card",
    "void": "void",
    "complete": "complete",
    "close_day": "close_day",
    "seal_query": "seal_query",
    "acknowledge": "acknowledge",
    "parameters": "parameters",
}
