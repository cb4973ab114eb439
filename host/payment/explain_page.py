"""The page that explains the last transaction: APDUs decoded, bits with the rule behind each, decisions by step."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from nicegui import ui

from host.payment import trace_file
from host.payment.card_exchange import Exchange, Node
from host.payment.explanation import LENGTHS, REGISTERS, TSI, TVR, BadTrace, Bit, Decision, Explanation, Input, explain
from host.payment.explanation_words import REGISTER_NAMES, TEXTS, status, step
from host.payment.model import Payment
from host.terminal.errors import TerminalError
from host.web.elements import box, button, money, text
from host.web.words import in_language

STYLE = Path(__file__).parent / "explain.css"
SCRIPT = Path(__file__).parent / "explain.js"
GLANCE = 16  # bytes
log = logging.getLogger(__name__)

Trace = Callable[[bytes], Awaitable[bytes]]  # transaction id -> what ReaderClient.trace gives


class Payments(Protocol):
    def listen(self, listener: Callable[[Payment, str], None]) -> Callable[[], None]: ...


class LastTransaction:
    """The payment that ended last and its explanation; None until the reader has told its trace."""

    def __init__(self, payments: Payments, trace: Trace) -> None:
        self.payment: Payment | None = None
        self.explanation: Explanation | None = None
        self._trace = trace
        self._asking: asyncio.Task | None = None
        self._listeners: list[Callable[[], None]] = []
        payments.listen(self._step)

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def settled(self) -> None:
        """Wait until the reader has told its trace, or failed to."""
        if self._asking is not None:
            await asyncio.wait([self._asking])

    def _step(self, payment: Payment, phase: str) -> None:
        if phase == "ended" and payment.transaction_id is not None:
            self._asking = asyncio.create_task(self._ask(payment, payment.transaction_id))

    async def _ask(self, payment: Payment, transaction_id: bytes) -> None:
        """A reader without the trace leaves the payment unexplained: the sale does not hang on it."""
        explanation = None
        try:
            explanation = explain(await self._trace(transaction_id))
        except (TerminalError, BadTrace) as error:
            log.warning("no trace: %s", error)
        self.payment, self.explanation = payment, explanation
        for listener in list(self._listeners):
            listener()


class ExplainPage:
    def __init__(self, last: LastTransaction) -> None:
        self._last = last

    def build(self, language: str) -> None:
        """Make the explanation in the current page; it follows the payments until the page is left."""
        view = ExplainView(self._last, language)
        ui.context.client.on_delete(self._last.listen(view.follow))


class ExplainView:
    """The explanation in one browser window."""

    def __init__(self, last: LastTransaction, language: str) -> None:
        self._last = last
        self._language = language
        self._words = in_language(TEXTS, language)
        self._refreshable = ui.refreshable(self._content)
        ui.add_body_html(f"<script>{SCRIPT.read_text()}</script>")
        self._refreshable()

    def follow(self) -> None:
        self._refreshable.refresh()

    def _content(self) -> None:
        payment, explanation = self._last.payment, self._last.explanation
        if payment is None or explanation is None:
            with box("explain-empty"):
                text(self._words["none" if payment is None else "no_trace"], "soft")
            return
        with box("explain", data_transaction=(payment.transaction_id or b"").hex()):
            self._head(payment, explanation)
            with box("explain-column"):
                self._exchanges(explanation)
            with box("explain-column"):
                self._registers(explanation)
                self._decisions(explanation)

    def _head(self, payment: Payment, explanation: Explanation) -> None:
        with box("explain-head"):
            money(payment.amount, self._language, "explain-amount")
            facts = [self._words[payment.interface]] if payment.interface else []
            facts += [f"{payment.card.label or ''} •••• {payment.card.last4}".strip()] if payment.card else []
            text(" · ".join(facts), "soft")
            text((payment.transaction_id or b"").hex(), "code soft")
            button(
                self._words["save"],
                lambda: self._save(payment, explanation),
                "quiet",
                "download",
                data_action="save-trace",
            )

    def _save(self, payment: Payment, explanation: Explanation) -> None:
        """For `zinc explain`, or to be sent to whoever is asked about it."""
        ui.download.content(trace_file.text(payment, explanation), trace_file.name_of(payment), "application/json")

    # exchanges

    def _exchanges(self, explanation: Explanation) -> None:
        text(self._words["exchanges"], tag="h2")
        with box("exchanges", "ol"):
            for exchange in explanation.exchanges:
                with box("", "li", data_apdu=str(exchange.index)):
                    self._exchange(exchange)

    def _exchange(self, exchange: Exchange) -> None:
        good = "good" if exchange.sw == 0x9000 or exchange.sw >> 8 == 0x61 else "other"
        with box("exchange", "details"):
            with box("exchange-line", "summary"):
                text(str(exchange.index + 1), "exchange-number")
                with box("exchange-what"):
                    text(exchange.name, "exchange-name", "span")
                    text(exchange.detail, "soft", "span")
                text(f"{exchange.milliseconds} {self._words['milliseconds']}", "soft exchange-time")
                text(f"{exchange.sw:04X}", f"code sw {good}", title=status(exchange.sw, self._language))
            with box("exchange-inside"):
                text(self._words["command"], "soft small-print")
                text(exchange.shown, "code bytes")
                self._nodes(exchange.asked)
                said = status(exchange.sw, self._language)
                text(f"{self._words['answer']}{' – ' if said else ''}{said}", "soft small-print")
                if exchange.data:
                    self._nodes(exchange.data)
                else:
                    text(exchange.response.hex(" ").upper(), "code bytes")

    def _nodes(self, nodes: tuple[Node, ...]) -> None:
        if not nodes:
            return
        with box("nodes", "ul"):
            for node in nodes:
                with box("node", "li"):
                    self._node(node)

    def _node(self, node: Node) -> None:
        with box("node-line"):
            text(f"{node.tag:X}", "code tag", "span")
            text(node.name, "", "span")
        if node.children:
            self._nodes(node.children)
        elif node.hidden:
            text(f"{node.shown} {self._words['bytes']} – {self._words['hidden']}", "soft small-print node-value")
        else:
            with box("node-value"):
                text(node.shown, "code bytes", "span")
                text(node.meaning, "node-meaning", "span")

    # bits

    def _registers(self, explanation: Explanation) -> None:
        text(self._words["registers"], tag="h2")
        for register in (TVR, TSI):
            self._register(register, explanation)

    def _register(self, register: int, explanation: Explanation) -> None:
        setters = explanation.setters(register)
        with box("register"):
            with box("register-head"):
                text(REGISTERS[register], "register-name", "h3")
                text(REGISTER_NAMES[register], "soft")
                text(explanation.value(register).hex(" ").upper(), "code")
            with box("bits"):
                for byte in range(1, LENGTHS[register] + 1):
                    with box("byte"):
                        for number in range(8, 0, -1):
                            self._cell(Bit(register, byte, number), setters)
            if not setters:
                text(self._words["no_bits"], "soft small-print")
            for bit, decision in setters.items():
                self._reason(bit, decision, explanation)

    def _cell(self, bit: Bit, setters: dict[Bit, Decision]) -> None:
        kind = "set" if bit in setters else "clear" if bit.defined else "reserved"
        name = f"{self._words['byte']} {bit.byte} {self._words['bit']} {bit.number} {bit.text(self._language)}"
        text(str(bit.number), f"bit {kind}", title=name)

    def _reason(self, bit: Bit, decision: Decision, explanation: Explanation) -> None:
        with box("reason", data_bit=bit.name):
            with box("reason-bit"):
                text(f"{self._words['byte']} {bit.byte}, {self._words['bit']} {bit.number}", "code", "span")
                text(bit.text(self._language), "reason-text", "span")
            for led in (*explanation.led_to(decision), decision):
                self._decision(led, explanation)

    # decisions

    def _decisions(self, explanation: Explanation) -> None:
        text(self._words["decisions"], tag="h2")
        with box("steps", "ol"):
            for name, decisions in explanation.steps():
                with box("step", "li"):
                    text(step(name, self._language), "step-name", "h3")
                    for decision in decisions:
                        self._decision(decision, explanation)

    def _decision(self, decision: Decision, explanation: Explanation) -> None:
        with box("decision"):
            with box("decision-text"):
                text(decision.text(self._language), "", "span")
                text(decision.paragraph, "soft paragraph", "span")
            with box("decision-basis soft"):
                for given in explanation.inputs(decision):
                    self._input(given)

    def _input(self, given: Input) -> None:
        """A tag with its value, when that is short enough to be taken in at a glance, and where it is from."""
        node = given.node
        with box("chip", "span"):
            text(f"{node.tag:X} {node.name}", "", "span")
            if node.length == 0:
                text(self._words["absent"], "chip-value", "span")
            elif node.hidden or node.length <= GLANCE:
                text(node.meaning or node.shown, "chip-value", "span")
            if given.apdu is not None:
                label = f"APDU {given.apdu + 1}"
                text(label, "link", "button", type="button", data_goto=str(given.apdu))
