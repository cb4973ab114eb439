"""The reader's program: owns the link, the journal and the payment in progress, and answers the host.

A board makes one of each driver and awaits run(Drivers(...)), which never returns.
"""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

from emv.constant import const
from emv.kernel import flow
from firmware.errors import ReaderError, ReaderFault
from firmware.flows import reasons
from firmware.flows.accept_payment import accept_payment
from firmware.flows.cancel import cancel
from firmware.flows.go_online import is_approval
from firmware.flows.payment import Known, Payment, remembered
from firmware.flows.result import result
from firmware.flows.status_query import status_query
from firmware.flows.take_payment import take_payment
from firmware.flows.trace import Trace
from firmware.flows.trace_query import trace_query
from firmware.journal.journal import Journal
from firmware.link.host_link import HostLink
from firmware.parameters import load_profile
from firmware.screens import telling
from firmware.screens.canvas import Canvas
from firmware.screens.money import amount_text
from firmware.screens.prompts import DEFAULT, Prompts
from firmware.secure.vault import Vault
from protocol import messages
from protocol.errors import InvalidMessage

if TYPE_CHECKING:
    from emv.profile import Profile
    from firmware.drivers.beeper import Beeper
    from firmware.drivers.byte_link import ByteLink
    from firmware.drivers.card_reader import CardReader
    from firmware.drivers.clock import Clock
    from firmware.drivers.display import Display
    from firmware.drivers.keypad import Keypad
    from firmware.drivers.secure_element import SecureElement
    from firmware.drivers.storage import Storage

VERSION = "0.1.0"
_REST_MS = const(500)  # how often the reader looks at itself while no payment runs
_END_SHOWN_MS = const(6000)  # how long the end of a payment stays on the screen


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
    await Terminal(drivers, load_profile(drivers.storage, drivers.serial_number)).serve()


class Terminal:
    """payment: the one in progress, or None. trace: of the last one. words: in the cardholder's language."""

    def __init__(self, drivers: Drivers, profile: Profile) -> None:
        self.drivers = drivers
        self.profile = profile
        self.canvas = Canvas(drivers.display, drivers.storage)
        self.words = Prompts()
        self.journal = Journal(drivers.storage)
        self.vault = Vault(drivers.storage, drivers.secure_element.random)
        identity = {"serial": drivers.serial_number, "firmware": VERSION, "profile": profile.name}
        self.link = HostLink(drivers.links, identity)
        self.payment: Payment | None = None
        self.trace: Trace | None = None
        self._shown = ""  # what rests on the screen: "end", "linked", "host_gone" or "" for nothing yet
        self._shown_at = 0
        self._running: asyncio.Task | None = None

    async def serve(self) -> None:
        """Never returns."""
        self._recover()
        pumping = asyncio.create_task(self.link.run())
        try:
            while True:
                self._rest()
                message = await self.link.next_request(_REST_MS)
                if message is not None:
                    ASKED[message["type"]](self, message)
        finally:
            pumping.cancel()
            if self._running is not None:
                self._running.cancel()

    # ---- for the flows

    def tell(self, payment: Known, phase: str, request_id: bytes | None = None) -> None:
        """Post progress; `request_id` goes with the phase accepted."""
        message = {"type": "progress", "transaction_id": payment.transaction_id, "phase": phase}
        if request_id is not None:
            message["request_id"] = request_id
        self.link.post(message)

    def speak(self, language: str) -> None:
        if language != self.words.language:
            self.words = Prompts(language)

    def amount(self, payment: Known) -> str:
        return amount_text(payment.amount_minor, payment.currency, self.words.language)

    def post_kept(self, transaction_id: bytes) -> bool:
        """Tell the result of a payment that is over; False when the journal knows of none."""
        kept = self.journal.result_of(transaction_id)
        if kept is not None:
            self.link.post(messages.decode(kept))
            return True
        begun = self.journal.begun(transaction_id)
        if begun is not None:
            self.link.post(result(remembered(begun.transaction_id, begun.request), "result_not_kept", self.vault))
        return begun is not None

    def start(self, payment: Payment) -> None:
        self.payment = payment
        self.link.in_progress = payment.pending()
        self._running = asyncio.create_task(self._run(payment))

    # ---- the payment in progress

    async def _run(self, payment: Payment) -> None:
        """Whatever happens, the reader is free afterwards; a payment without a kept result is told as unknown."""
        self.trace = None
        try:
            why = await self._pay(payment)
            self.drivers.card_reader.arm(False, False)
            message = self._keep(payment, why)
        finally:
            payment.keys.wipe()
            self.payment = None
            self.link.in_progress = None
            self._running = None
            flow.release()
        inside = payment.interface == "contact" and self.drivers.card_reader.card_present()
        if inside:
            self.tell(payment, "remove_card")
        self.link.post(message)
        self._show_end(payment, message, inside)
        self.trace = Trace(payment)

    async def _pay(self, payment: Payment) -> str:
        try:
            return await take_payment(self, payment)
        except ReaderError as error:
            return reasons.broken_off(error.why, is_approval(payment))
        except Exception:  # noqa: BLE001 a fault of ours, or no memory: it must end by name and leave the reader usable
            payment.begin_try(None)
            flow.release()
            gc.collect()
            return reasons.broken_off("reader_fault", is_approval(payment))

    def _keep(self, payment: Known, why: str) -> dict:
        """Journal the result before anyone hears of it: what is told can be asked again."""
        try:
            message = result(payment, why, self.vault)
            encoded = messages.encode(message)
        except (ReaderFault, InvalidMessage):  # no key for the token, or data of the card that no message holds
            payment.transaction = None
            message = result(payment, reasons.broken_off("reader_fault", is_approval(payment)), self.vault)
            encoded = messages.encode(message)
        try:
            self.journal.end(payment.transaction_id, encoded)
        except ReaderFault:
            message = result(payment, "result_not_kept", self.vault)
        return message

    def _recover(self) -> None:
        """A payment that a power cut interrupted ends now, and never as approved (terminal/T-R22)."""
        begun = self.journal.unfinished()
        if begun is None:
            return
        payment = remembered(begun.transaction_id, begun.request)
        why = "interrupted_while_online" if begun.went_online else "interrupted_before_online"
        self._show_end(payment, self._keep(payment, why), False)

    # ---- the screen between payments

    def _show_end(self, payment: Known, message: dict, card_inside: bool) -> None:
        """What the cardholder is told follows from the result alone."""
        _, outcome, end, prompt = reasons.row(message["why"])
        notes = [prompt] if prompt != "-" else []
        if outcome == "approved" and message.get("cvm") == "signature":
            notes.append("sign_receipt")
        if end in ("declined", "cancelled"):
            notes.append("nothing_debited")
        telling.ended(self.canvas, self.words, end, self.amount(payment), notes, card_inside)
        self.drivers.beeper.lights(0)
        self.drivers.beeper.beep("success" if outcome == "approved" else "alert")
        self._shown = "end"
        self._shown_at = self.drivers.clock.ticks_ms()

    def _rest(self) -> None:
        """Idle, and the truth about the host; the end of a payment stays a while, and as long as the card is in."""
        if self.payment is not None:
            return
        if self._shown == "end":
            shown_ms = (self.drivers.clock.ticks_ms() - self._shown_at) & 0x3FFFFFFF
            if shown_ms < _END_SHOWN_MS or self.drivers.card_reader.card_present():
                return
        state = "linked" if self.link.connected else "host_gone"
        if state != self._shown:
            self.speak(DEFAULT)
            telling.idle(self.canvas, self.words, self.link.connected)
            self._shown = state
            gc.collect()


# what the host can ask -> who answers
ASKED = {
    "take_payment": accept_payment,
    "cancel": cancel,
    "status_query": status_query,
    "trace_query": trace_query,
}
