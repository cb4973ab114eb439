"""The sale on the till's screen: the ticket, then the payment as it goes, then its end with the receipt.

Buttons that stay from one state to the next are made once: a click must not meet an element that was just replaced.
"""

from __future__ import annotations

from nicegui import ui

from host.payment.model import BRANDS, Payment
from host.payment.states import State
from host.point_of_sale.checkout import REQUESTED, Checkout, Row, rows
from host.point_of_sale.model import LineKind
from host.point_of_sale.receipt_pdf import as_pdf
from host.point_of_sale.receipt_text import as_text
from host.point_of_sale.till_words import ENDS, TEXTS
from host.terminal.words import words as reader_words
from host.web.elements import box, button, money, symbol, text
from host.web.words import LANGUAGES, in_language

ICONS = {State.APPROVED: "check_circle", State.DECLINED: "cancel", State.UNKNOWN: "help"}
DISCOUNT_PERCENT = 10


class SalePanel:
    def __init__(self, checkout: Checkout, language: str) -> None:
        self._checkout = checkout
        self._language = language
        self._words = in_language(TEXTS, language)
        self._copy = "customer"
        self._lines, self._sums = ui.refreshable(self._make_lines), ui.refreshable(self._make_sums)
        self._phases, self._end = ui.refreshable(self._make_phases), ui.refreshable(self._make_end)
        with box("sale"):
            self._ticket()
            self._paying()
            with box("sale-part") as self._ended:
                self._end()
        self.follow()

    def follow(self) -> None:
        """Show where the sale is."""
        checkout = self._checkout
        paying, ended = bool(checkout.phases), checkout.payment is not None
        self._selling.set_visibility(not paying and not ended)
        self._running.set_visibility(paying)
        self._ended.set_visibility(ended and not paying)
        self._card.props.set_bool("disabled", not checkout.ticket.total)
        self._corrections.set_visibility(bool(rows(checkout.ticket)))
        for part in (self._lines, self._sums, self._phases, self._end):
            part.refresh()

    # the ticket

    def _ticket(self) -> None:
        words, checkout = self._words, self._checkout
        with box("sale-part") as self._selling:
            with box("sale-head"):
                text(words["ticket"], tag="h2")
                with box("corrections") as self._corrections:
                    discount = lambda: checkout.discount(DISCOUNT_PERCENT)  # noqa: E731
                    button(words["discount"], discount, "quiet small", data_action="discount")
                    button(words["abandon"], checkout.abandon, "quiet small", data_action="abandon")
            with box("lines", "ol"):
                self._lines()
            with box("sums"):
                self._sums()
            self._card = button(words["card"], checkout.pay, "primary pay", "credit_card", data_action="card")

    def _make_lines(self) -> None:
        shown = rows(self._checkout.ticket)
        if not shown:
            text(self._words["empty"], "soft no-lines", "li")
        for row in shown:
            self._row(row)

    def _make_sums(self) -> None:
        ticket = self._checkout.ticket
        for vat in ticket.vat():
            with box("sum soft"):
                text(f"{self._words['vat']} {self._percent(vat.rate)}")
                money(vat.vat, self._language)
        with box("sum total"):
            text(self._words["total"])
            money(ticket.total, self._language, "total-amount")
        if self._checkout.refusal:
            text(reader_words(self._checkout.refusal, self._language), "refusal", role="alert")

    def _percent(self, rate: int) -> str:
        """Hundredths of a percent as the language writes them."""
        return f"{rate / 100:g}%" if self._language == "en" else f"{rate / 100:g}\u00a0%".replace(".", ",")

    def _row(self, row: Row) -> None:
        with box(f"line line-{row.kind}", "li"):
            with box("line-what"):
                text(row.label)
                if row.kind is LineKind.SALE and row.quantity > 1:
                    text(f"{row.quantity} × {row.unit_price.text(self._language)}", "soft small-print")
            money(row.total, self._language)
            label = f"{self._words['take_back']} {row.label}"
            button("", lambda: self._checkout.take_back(row), "quiet take-back", "remove", aria_label=label)

    # the payment

    def _paying(self) -> None:
        with box("sale-part") as self._running:
            with box("sale-head"):
                text(self._words["payment"], tag="h2")
            self._phases()
            button(self._words["cancel"], self._checkout.cancel, "quiet", "close", data_action="cancel")

    def _make_phases(self) -> None:
        if not self._checkout.phases:
            return
        *passed, now = self._checkout.phases
        with box("due"):
            text(self._words["to_pay"], "soft")
            money(self._checkout.ticket.total, self._language, "due-amount")
        with box("phases", "ol", aria_live="polite"):
            for phase in passed:
                with box("phase passed", "li"):
                    symbol("check")
                    text(self._phase(phase))
            with box("phase now", "li", data_phase=now):
                box("pulse")
                text(self._phase(now))

    def _phase(self, phase: str) -> str:
        return self._words["requested"] if phase == REQUESTED else reader_words(phase, self._language)

    # its end

    def _make_end(self) -> None:
        payment = self._checkout.payment
        if payment is not None:
            self._verdict(payment)
            self._facts(payment)
            if payment.state is not State.UNKNOWN:
                self._receipt(payment)
            self._next(payment)

    def _verdict(self, payment: Payment) -> None:
        with box(f"verdict {payment.state}", role="status", data_end=str(payment.state)):
            symbol(ICONS.get(payment.state, "info"))
            with box("verdict-words"):
                text(ENDS[payment.state][LANGUAGES.index(self._language)], "verdict-word")
                if not payment.approved:
                    text(reader_words(payment.why or "", self._language), "verdict-why")
                if payment.state is State.UNKNOWN:
                    text(self._words["do_not_charge"], "verdict-advice")
            money(payment.paid, self._language, "verdict-amount")

    def _next(self, payment: Payment) -> None:
        words, checkout = self._words, self._checkout
        with box("after"):
            if payment.state is State.UNKNOWN:
                button(words["ask_again"], checkout.pay, "primary", "refresh", data_action="ask-again")
            elif payment.approved:
                button(words["new_sale"], checkout.new_sale, "primary", "add", data_action="new-sale")
            else:
                button(words["back"], checkout.back_to_ticket, "", "arrow_back", data_action="back")
                button(words["retry"], checkout.pay, "primary", "refresh", data_action="retry")

    def _facts(self, payment: Payment) -> None:
        words, card = self._words, payment.card
        facts = [f"{card.label or ''} •••• {card.last4}".strip()] if card else []
        if card and card.brand:
            facts.append(
                BRANDS[card.brand] + (f" ({words['cardholder_choice']})" if card.brand_by == "cardholder" else "")
            )
        facts += [words[payment.interface]] if payment.interface else []
        facts += [words[payment.cvm]] if payment.approved and payment.cvm else []
        with box("facts", "ul"):
            if facts:
                text(" · ".join(facts), tag="li")
            if payment.authorisation_code:
                text(f"{words['authorisation']} {payment.authorisation_code}", tag="li")
            if payment.ledger_entry is not None:
                entry = f"{words['entry']} n° {payment.ledger_entry}"
                with box(tag="li"):
                    text(entry, tag="a", href="#ledger", data_ledger_entry=str(payment.ledger_entry))
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
        self._end.refresh()
