"""The till's screen: articles and keypad, the ticket, the payment as it goes, its end and the receipt."""

from __future__ import annotations

from pathlib import Path

from nicegui import ui

from host.money import Money
from host.payment.model import Payment
from host.payment.states import State
from host.point_of_sale.checkout import REQUESTED, Checkout, Row, rows
from host.point_of_sale.model import Article, Ticket
from host.point_of_sale.receipt_pdf import as_pdf
from host.point_of_sale.receipt_text import as_text
from host.point_of_sale.till_words import ENDS, TEXTS
from host.terminal.words import words as reader_words
from host.web.elements import box, button, money, symbol, text
from host.web.words import LANGUAGES, in_language

STYLE = Path(__file__).parent / "till.css"
KEYS = ("7", "8", "9", "4", "5", "6", "1", "2", "3", "0", "00", "C")
MOST_DIGITS = 7
ICONS = {State.APPROVED: "check_circle", State.DECLINED: "cancel", State.UNKNOWN: "help"}


class Till:
    """One counter's sale, seen by any number of browser windows."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout

    def build(self, language: str) -> None:
        """Make the till in the current page; it follows the sale until the page is left."""
        view = TillView(self._checkout, language)
        ui.context.client.on_delete(self._checkout.listen(view.follow))


class TillView:
    """The till in one browser window."""

    def __init__(self, checkout: Checkout, language: str) -> None:
        self._checkout = checkout
        self._language = language
        self._words = in_language(TEXTS, language)
        self._typed = ""
        self._copy = "customer"
        self._refreshable = ui.refreshable(self._sale)
        with box("till"):
            with box("counter"):
                self._catalogue()
                self._keypad()
            with box("sale"):
                self._refreshable()

    def follow(self) -> None:
        self._refreshable.refresh()

    # articles and keypad

    def _catalogue(self) -> None:
        with box("catalogue"):
            text(self._words["catalogue"], tag="h2")
            with box("tiles"):
                for article in self._checkout.articles:
                    self._tile(article)

    def _tile(self, article: Article) -> None:
        with box("tile", "button", type="button", data_article=str(article.id)) as tile:
            text(article.label, "tile-label")
            with box("tile-foot"):
                text(article.category, "tile-category")
                money(article.price, self._language, "tile-price")
        tile.on("click", lambda: self._checkout.add_article(article))

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
        self._checkout.add_amount(Money(int(self._typed or "0")))
        self._type("C")

    # the sale: ticket, payment, end

    def _sale(self) -> None:
        if self._checkout.phases:
            self._paying()
        elif self._checkout.payment:
            self._ended(self._checkout.payment)
        else:
            self._ticket(self._checkout.ticket)

    def _ticket(self, ticket: Ticket) -> None:
        words, shown = self._words, rows(ticket)
        with box("sale-head"):
            text(words["ticket"], tag="h2")
            if shown:
                button(words["discount"], lambda: self._checkout.discount(10), "quiet small", data_action="discount")
                button(words["abandon"], self._checkout.abandon, "quiet small", data_action="abandon")
        with box("lines", "ol"):
            if not shown:
                text(words["empty"], "soft no-lines", "li")
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
        button(words["card"], self._checkout.pay, "primary pay", "credit_card", data_action="card", **idle)

    def _row(self, row: Row) -> None:
        with box(f"line line-{row.kind}", "li"):
            with box("line-what"):
                text(row.label)
                if row.quantity > 1:
                    text(f"{row.quantity} × {row.unit_price.text(self._language)}", "soft small-print")
            money(row.total, self._language)
            label = f"{self._words['take_back']} {row.label}"
            button("", lambda: self._checkout.take_back(row), "quiet take-back", "remove", aria_label=label)

    def _paying(self) -> None:
        self._amount_head()
        with box("phases", "ol", aria_live="polite"):
            *passed, now = self._checkout.phases
            for phase in passed:
                with box("phase passed", "li"):
                    symbol("check")
                    text(self._phase(phase))
            with box("phase now", "li", data_phase=now):
                box("pulse")
                text(self._phase(now))
        button(self._words["cancel"], self._checkout.cancel, "quiet", "close", data_action="cancel")

    def _phase(self, phase: str) -> str:
        return self._words["requested"] if phase == REQUESTED else reader_words(phase, self._language)

    def _amount_head(self) -> None:
        with box("sale-head"):
            text(self._words["payment"], tag="h2")
        with box("due"):
            text(self._words["to_pay"], "soft")
            money(self._checkout.ticket.total, self._language, "due-amount")

    def _ended(self, payment: Payment) -> None:
        column = LANGUAGES.index(self._language)
        with box(f"verdict {payment.state}", role="status", data_end=str(payment.state)):
            symbol(ICONS.get(payment.state, "info"))
            with box("verdict-words"):
                text(ENDS[payment.state][column], "verdict-word")
                if not payment.approved:
                    text(reader_words(payment.why or "", self._language), "verdict-why")
                if payment.state is State.UNKNOWN:
                    text(self._words["do_not_charge"], "verdict-advice")
            money(payment.amount, self._language, "verdict-amount")
        self._facts(payment)
        if payment.state is State.UNKNOWN:
            button(self._words["ask_again"], self._checkout.pay, "primary wide", "refresh", data_action="ask-again")
            return
        self._receipt(payment)
        with box("after"):
            if payment.approved:
                button(self._words["new_sale"], self._checkout.new_sale, "primary", "add", data_action="new-sale")
            else:
                button(self._words["back"], self._checkout.back_to_ticket, "", "arrow_back", data_action="back")
                button(self._words["retry"], self._checkout.pay, "primary", "refresh", data_action="retry")

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
        receipt = self._checkout.receipt(self._copy, self._language)
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
        self.follow()
