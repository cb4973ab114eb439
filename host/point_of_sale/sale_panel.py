"""The sale on the till's screen: the ticket, then the payment as it goes, then its end with the receipt.

Buttons that stay from one state to the next are made once: a click must not meet an element that was just replaced.
"""

from __future__ import annotations

from nicegui import ui

from host.payment.model import Payment
from host.payment.states import State
from host.point_of_sale.checkout import Checkout, Row, rows
from host.point_of_sale.member_desk import MemberDesk
from host.point_of_sale.member_panel import MemberPanel
from host.point_of_sale.model import LineKind, TicketState
from host.point_of_sale.receipt_pdf import as_pdf
from host.point_of_sale.receipt_text import as_text
from host.point_of_sale.till_words import TEXTS
from host.point_of_sale.turn_parts import facts, phases, refusal, verdict
from host.web.elements import box, button, money, text
from host.web.words import in_language

DISCOUNT_PERCENT = 10


class SalePanel:
    def __init__(self, checkout: Checkout, language: str, members: MemberDesk | None = None) -> None:
        self._checkout = checkout
        self._language = language
        self._words = in_language(TEXTS, language)
        self._copy = "customer"
        self._member = MemberPanel(members, language) if members else None
        self._lines, self._sums = ui.refreshable(self._make_lines), ui.refreshable(self._make_sums)
        self._wishes = ui.refreshable(self._make_wishes)
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
        self._corrections.set_visibility(checkout.ticket.state is TicketState.OPEN and bool(rows(checkout.ticket)))
        self._give_up.set_visibility(checkout.question is None)
        self._give_up.props.set_bool("disabled", paying and not checkout.cancellable)
        for part in (self._lines, self._sums, self._wishes, self._phases, self._end):
            part.refresh()
        if self._member is not None:
            self._member.follow()

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
            if self._member is not None:
                self._member.build()
            with box("lines", "ol"):
                self._lines()
            with box("sums"):
                self._sums()
            with box("wishes"):
                self._wishes()
            self._card = button(words["card"], checkout.pay, "primary pay", "credit_card", data_action="card")

    def _make_lines(self) -> None:
        shown = rows(self._checkout.ticket)
        if not shown:
            text(self._words["empty"], "soft no-lines", "li")
        for row in shown:
            self._row(row)

    def _make_sums(self) -> None:
        ticket = self._checkout.ticket
        part_paid = ticket.state is TicketState.PART_PAID
        for vat in ticket.vat():
            with box("sum soft"):
                text(f"{self._words['vat']} {self._percent(vat.rate)}")
                money(vat.vat, self._language)
        with box("sum total"):
            text(self._words["total"])
            money(ticket.total, self._language, "" if part_paid else "total-amount")
        if part_paid:
            with box("sum"):
                text(self._words["already_paid"])
                money(ticket.total - self._checkout.due, self._language)
            with box("sum total"):
                text(self._words["rest_due"])
                money(self._checkout.due, self._language, "total-amount")
            text(self._words["part_paid_means"], "soft small-print")
        if self._checkout.refusal:
            text(refusal(self._checkout.refusal, self._language), "refusal", role="alert")

    def _make_wishes(self) -> None:
        """What the merchant decides before the card; store and forward only where the contract allows it."""
        checkout, words = self._checkout, self._words
        if checkout.tips:
            rates = " · ".join(f"{percent}\u202f%" for percent in checkout.tips)
            self._switch("tip", words["tip_switch"], rates, checkout.wishes.tip)
        if checkout.offline_allowed():
            self._switch(
                "store_and_forward", words["offline_switch"], words["offline_means"], checkout.wishes.store_and_forward
            )

    def _switch(self, wish: str, label: str, meaning: str, on: bool) -> None:
        toggle = lambda: self._checkout.wish(**{wish: not on})  # noqa: E731
        made = box("switch", "button", type="button", role="switch", aria_checked=str(on).lower(), data_wish=wish)
        with made:
            box("switch-track")
            with box("switch-words"):
                text(label)
                text(meaning, "soft small-print")
        made.on("click", toggle)

    def _percent(self, rate: int) -> str:
        """Hundredths of a percent as the language writes them."""
        return f"{rate / 100:g}%" if self._language == "en" else f"{rate / 100:g}\u00a0%".replace(".", ",")

    def _row(self, row: Row) -> None:
        stands = self._checkout.ticket.state is not TicketState.OPEN
        with box(f"line line-{row.kind} {'line-stands' if stands else ''}", "li"):
            with box("line-what"):
                text(row.label)
                if row.kind is LineKind.SALE and row.quantity > 1:
                    text(f"{row.quantity} × {row.unit_price.text(self._language)}", "soft small-print")
            money(row.total, self._language)
            if stands:
                return
            label = f"{self._words['take_back']} {row.label}"
            button("", lambda: self._checkout.take_back(row), "quiet take-back", "remove", aria_label=label)

    # the payment

    def _paying(self) -> None:
        with box("sale-part") as self._running:
            with box("sale-head"):
                text(self._words["payment"], tag="h2")
            self._phases()
            self._give_up = button(self._words["cancel"], self._checkout.cancel, "quiet", "close", data_action="cancel")

    def _make_phases(self) -> None:
        phases(self._checkout, self._language)

    # its end

    def _make_end(self) -> None:
        payment = self._checkout.payment
        if payment is not None:
            verdict(payment, self._language)
            if payment.approved and self._checkout.due.amount_minor > 0:
                self._rest()
            facts(payment, self._language)
            if self._member is not None:
                self._member.paid()
            if payment.state is not State.UNKNOWN:
                self._receipt(payment)
            self._next(payment)

    def _rest(self) -> None:
        with box("rest", role="status"):
            text(self._words["rest_due"])
            money(self._checkout.due, self._language, "rest-amount")

    def _next(self, payment: Payment) -> None:
        words, checkout = self._words, self._checkout
        with box("after"):
            if payment.state is State.UNKNOWN:
                button(words["new_sale"], checkout.new_sale, "", "add", data_action="new-sale")
                button(words["ask_again"], checkout.pay, "primary", "refresh", data_action="ask-again")
            elif payment.approved and checkout.due.amount_minor > 0:
                button(words["back"], checkout.dismiss, "", "arrow_back", data_action="back")
                button(words["pay_rest"], checkout.pay, "primary", "credit_card", data_action="pay-rest")
            elif payment.approved or checkout.ticket.state in (TicketState.PAID, TicketState.CANCELLED):
                button(words["new_sale"], checkout.new_sale, "primary", "add", data_action="new-sale")
            else:
                button(words["back"], checkout.dismiss, "", "arrow_back", data_action="back")
                button(words["retry"], checkout.pay, "primary", "refresh", data_action="retry")

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
