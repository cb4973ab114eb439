"""The till's screen: articles and keypad, the ticket, the payment as it goes, its end and the receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nicegui import ui

from host.money import Money
from host.payment.model import Payment
from host.payment.states import State
from host.payment.words import reason
from host.point_of_sale.model import Article, LineKind, Ticket, TicketState
from host.point_of_sale.receipt_pdf import as_pdf
from host.point_of_sale.receipt_text import as_text
from host.point_of_sale.receipts import Receipt
from host.point_of_sale.till_words import ENDS, PHASES, TEXTS
from host.web.elements import box, button, money, symbol, text
from host.web.words import LANGUAGES, in_language

STYLE = Path(__file__).parent / "till.css"
KEYS = ("7", "8", "9", "4", "5", "6", "1", "2", "3", "0", "00", "C")
MOST_DIGITS = 7
ICONS = {State.APPROVED: "check_circle", State.DECLINED: "cancel", State.UNKNOWN: "help"}


class Sales(Protocol):
    """What the screen asks of point_of_sale.service.TillService."""

    def articles(self) -> list[Article]: ...

    def open_ticket(self) -> Ticket: ...

    def ticket(self, ticket_id: int) -> Ticket: ...

    def add_article(self, ticket_id: int, article_id: int) -> Ticket: ...

    def add_amount(self, ticket_id: int, amount: Money) -> Ticket: ...

    def take_back(self, ticket_id: int, position: int) -> Ticket: ...

    def discount_percent(self, ticket_id: int, percent: int) -> Ticket: ...

    def abandon(self, ticket_id: int) -> Ticket: ...

    async def pay(self, ticket_id: int) -> Payment: ...

    def receipt(self, ticket_id: int, copy: str, language: str) -> Receipt: ...


class Payments(Protocol):
    def listen(self, listener: Callable[[Payment, str], None]) -> Callable[[], None]: ...


@dataclass(frozen=True)
class Row:
    """Lines of one article, shown as one. `positions` are theirs on the ticket."""

    label: str
    unit_price: Money
    kind: LineKind
    positions: tuple[int, ...]
    quantity: int

    @property
    def total(self) -> Money:
        return self.unit_price * self.quantity


def rows(ticket: Ticket) -> list[Row]:
    """What is on the ticket, in order; lines taken back and their opposites are left out."""
    gone = ticket.taken_back()
    found: dict[tuple, Row] = {}
    for position, line in enumerate(ticket.lines):
        if position in gone or line.kind is LineKind.CORRECTION:
            continue
        same = (line.kind, line.label, line.unit_price)
        row = found.get(same, Row(line.label, line.unit_price, line.kind, (), 0))
        positions, quantity = (*row.positions, position), row.quantity + line.quantity
        found[same] = Row(line.label, line.unit_price, line.kind, positions, quantity)
    return list(found.values())


class Till:
    """The sale in progress at this counter, seen by any number of browser windows."""

    def __init__(self, sales: Sales, payments: Payments) -> None:
        self.sales = sales
        self.articles = sales.articles()
        self.ticket = sales.open_ticket()
        self.phases: list[str] = []  # of the running payment, the last one is now; empty: none runs
        self.payment: Payment | None = None  # as it ended
        self.receipts: dict[tuple[str, str], Receipt] = {}  # by copy and language: looking twice is not printing twice
        self._paying: asyncio.Task | None = None
        self._views: list[TillView] = []
        payments.listen(self._step)

    def build(self, language: str) -> None:
        view = TillView(self, language)
        self._views.append(view)
        ui.context.client.on_delete(lambda: self._views.remove(view))

    def change(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.redraw()

    def pay(self) -> None:
        """Have the ticket paid, or ask again how its payment ended; a payment that runs goes on."""
        if self._paying is None:
            self.payment, self.phases = None, ["requested"]
            self.receipts = {}
            self._paying = asyncio.create_task(self._pay())
            self.redraw()

    def new_sale(self) -> None:
        self.payment = None
        self.change(self.sales.open_ticket())

    def back_to_ticket(self) -> None:
        self.payment = None
        self.redraw()

    def receipt(self, copy: str, language: str) -> Receipt:
        if (copy, language) not in self.receipts:
            self.receipts[copy, language] = self.sales.receipt(self.ticket.id, copy, language)
        return self.receipts[copy, language]

    async def _pay(self) -> None:
        try:
            self.payment = await self.sales.pay(self.ticket.id)
        finally:
            self._paying, self.phases = None, []
            self.change(self.sales.ticket(self.ticket.id))

    def _step(self, payment: Payment, phase: str) -> None:
        if payment.order_reference == self.ticket.order_reference and phase in PHASES and self._paying:
            self.phases.append(phase)
            self.redraw()

    def redraw(self) -> None:
        for view in self._views:
            view.sale.refresh()


class TillView:
    """The till in one browser window."""

    def __init__(self, till: Till, language: str) -> None:
        self._till = till
        self._language = language
        self._words = in_language(TEXTS, language)
        self._typed = ""
        self._copy = "customer"
        self.sale = ui.refreshable(self._sale)
        with box("till"):
            with box("counter"):
                self._catalogue()
                self._keypad()
            with box("sale"):
                self.sale()

    # articles and keypad

    def _catalogue(self) -> None:
        with box("catalogue"):
            text(self._words["catalogue"], tag="h2")
            with box("tiles"):
                for article in self._till.articles:
                    self._tile(article)

    def _tile(self, article: Article) -> None:
        with box("tile", "button", type="button", data_article=str(article.id)) as tile:
            text(article.label, "tile-label")
            with box("tile-foot"):
                text(article.category, "tile-category")
                money(article.price, self._language, "tile-price")
        tile.on("click", lambda: self._add(lambda ticket: self._till.sales.add_article(ticket, article.id)))

    def _keypad(self) -> None:
        with box("keypad"):
            with box("typed"):
                text(self._words["amount"], tag="h2")
                self._amount = money(Money(0), self._language, "typed-amount")
            with box("digits"):
                for key in KEYS:
                    name = {"aria_label": self._words["clear"]} if key == "C" else {}
                    button(key, lambda key=key: self._type(key), "digit", data_digit=key, **name)
            button(self._words["add"], self._add_typed, "add", "add", data_action="add")

    def _type(self, key: str) -> None:
        typed = "" if key == "C" else (self._typed + key).lstrip("0")
        self._typed = self._typed if len(typed) > MOST_DIGITS else typed
        self._amount.set_text(Money(int(self._typed or "0")).text(self._language))

    def _add_typed(self) -> None:
        amount = Money(int(self._typed or "0"))
        if amount:
            self._add(lambda ticket: self._till.sales.add_amount(ticket, amount))
            self._type("C")

    def _add(self, add: Callable[[int], Ticket]) -> None:
        """Put something on the ticket; after a paid one, on the next."""
        if self._till.payment and self._till.ticket.state is TicketState.PAID:
            self._till.new_sale()
        if self._till.ticket.state is TicketState.OPEN and not self._till.phases:
            self._till.payment = None
            self._till.change(add(self._till.ticket.id))

    # the sale: ticket, payment, end

    def _sale(self) -> None:
        if self._till.phases:
            self._paying()
        elif self._till.payment:
            self._ended(self._till.payment)
        else:
            self._ticket(self._till.ticket)

    def _ticket(self, ticket: Ticket) -> None:
        words, shown = self._words, rows(ticket)
        with box("sale-head"):
            text(words["ticket"], tag="h2")
            if shown:
                button(words["discount"], self._discount, "quiet small", data_action="discount")
                button(words["abandon"], self._abandon, "quiet small", data_action="abandon")
        with box("lines", "ol"):
            if not shown:
                text(words["empty"], "soft empty", "li")
            for row in shown:
                self._row(row)
        with box("sums"):
            for vat in ticket.vat():
                with box("sum soft"):
                    text(f"{words['vat']} {vat.rate / 100:g} %".replace(".", "," if self._language != "en" else "."))
                    money(vat.vat, self._language)
            with box("sum total"):
                text(words["total"])
                money(ticket.total, self._language, "total-amount")
        idle = {} if ticket.total else {"disabled": True}
        button(words["card"], self._till.pay, "primary pay", "credit_card", data_action="card", **idle)

    def _row(self, row: Row) -> None:
        with box(f"line line-{row.kind}", "li"):
            with box("line-what"):
                text(row.label)
                if row.quantity > 1:
                    text(f"{row.quantity} × {row.unit_price.text(self._language)}", "soft small-print")
            money(row.total, self._language)
            label = f"{self._words['take_back']} {row.label}"
            button("", lambda: self._take_back(row.positions[-1]), "quiet take-back", "remove", aria_label=label)

    def _take_back(self, position: int) -> None:
        self._till.change(self._till.sales.take_back(self._till.ticket.id, position))

    def _discount(self) -> None:
        self._till.change(self._till.sales.discount_percent(self._till.ticket.id, 10))

    def _abandon(self) -> None:
        self._till.sales.abandon(self._till.ticket.id)
        self._till.new_sale()

    def _paying(self) -> None:
        column = LANGUAGES.index(self._language)
        self._amount_head()
        with box("phases", "ol", aria_live="polite"):
            *passed, now = self._till.phases
            for phase in passed:
                with box("phase passed", "li"):
                    symbol("check")
                    text(PHASES[phase][1][column])
            with box("phase now", "li", data_phase=now):
                box("pulse")
                text(PHASES[now][0][column])
        text(self._words["cancel_hint"], "soft hint")

    def _amount_head(self) -> None:
        with box("sale-head"):
            text(self._words["payment"], tag="h2")
        with box("due"):
            text(self._words["to_pay"], "soft")
            money(self._till.ticket.total, self._language, "due-amount")

    def _ended(self, payment: Payment) -> None:
        column = LANGUAGES.index(self._language)
        word, advice = ENDS[payment.state]
        with box(f"verdict {payment.state}", role="status", data_end=str(payment.state)):
            symbol(ICONS.get(payment.state, "info"))
            with box("verdict-words"):
                text(word[column], "verdict-word")
                if not payment.approved:
                    text(reason(payment.why, self._language), "verdict-why")
                    text(advice[column], "verdict-advice")
            money(payment.amount, self._language, "verdict-amount")
        self._facts(payment)
        if payment.state is State.UNKNOWN:
            button(self._words["ask_again"], self._till.pay, "primary wide", "refresh", data_action="ask-again")
            return
        self._receipt(payment)
        with box("after"):
            if payment.approved:
                button(self._words["new_sale"], self._till.new_sale, "primary", "add", data_action="new-sale")
            else:
                button(self._words["back"], self._till.back_to_ticket, "", "arrow_back", data_action="back")
                button(self._words["retry"], self._till.pay, "primary", "refresh", data_action="retry")

    def _facts(self, payment: Payment) -> None:
        words, card = self._words, payment.card
        facts = [f"{card.label or ''} •••• {card.last4}".strip()] if card else []
        facts += [words[payment.interface]] if payment.interface else []
        facts += [words[payment.cvm]] if payment.approved and payment.cvm else []
        with box("facts", "ul"):
            if facts:
                text(" · ".join(facts), tag="li")
            if payment.authorisation_code:
                text(f"{words['authorisation']} {payment.authorisation_code}", tag="li")
            if payment.ledger_entry is not None:
                entry = f"{words['entry']} n° {payment.ledger_entry}"
                text(entry, tag="li", data_ledger_entry=str(payment.ledger_entry))
            if payment.transaction_id is not None:
                with box(tag="li"):
                    text(self._words["explain"], tag="a", href="#explanation")

    def _receipt(self, payment: Payment) -> None:
        if payment.transaction_id is None:
            box("no-receipt")
            return
        receipt = self._till.receipt(self._copy, self._language)
        with box("receipt-bar"):
            with box("copies", role="group", aria_label=self._words["receipt"]):
                for copy in ("customer", "merchant"):
                    pressed = str(copy == self._copy).lower()
                    choose = lambda copy=copy: self._choose_copy(copy)  # noqa: E731
                    button(self._words[copy], choose, "small", aria_pressed=pressed, data_copy=copy)
            download = lambda: ui.download(as_pdf(receipt), f"{receipt.name}.pdf")  # noqa: E731
            button(self._words["pdf"], download, "quiet small", "download", data_action="pdf")
        with box("paper"):
            text(as_text(receipt), "receipt", "pre", lang=self._language)

    def _choose_copy(self, copy: str) -> None:
        self._copy = copy
        self.sale.refresh()
