"""The page of payments: the list on the left, on the right what can be done with the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from nicegui import ui

from host.money import Money
from host.payment.day_book import Entry
from host.payment.model import Payment
from host.payment.states import State
from host.point_of_sale.desk import Desk
from host.point_of_sale.payment_sheet import PaymentSheet
from host.point_of_sale.payments_words import TEXTS
from host.point_of_sale.turn_parts import OPEN, end_word
from host.web.elements import box, button, money, symbol, text
from host.web.words import in_language

STYLE = Path(__file__).parent / "payments.css"
LOOK_S = 3.0  # between two looks at what no payment announces: the acquirer's answers, expiries, a remittance
ICONS = {"refund": "undo", "preauthorisation": "lock_clock", "verification": "verified"}
WATCHED = frozenset({State.UNKNOWN, State.REVERSAL_DUE, State.AUTHORISED, State.VOIDING, State.COMPLETING})


class PaymentsPage:
    """One counter's payments, seen by any number of browser windows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def build(self, language: str) -> None:
        view = PaymentsView(self._desk, language)
        ui.context.client.on_delete(self._desk.listen(view.follow))
        ui.timer(LOOK_S, view.look)


class PaymentsView:
    def __init__(self, desk: Desk, language: str) -> None:
        self._desk = desk
        self._language = language
        self._words = in_language(TEXTS, language)
        self._shown: list[Entry] = []
        self._list = ui.refreshable(self._make_list)
        self.sheet = PaymentSheet(desk, language, lambda: self._list.refresh())
        with box("payments"):
            with box("payment-list"):
                with box("payment-bar"):
                    button(
                        self._words["preauthorise"], self._open("preauthorise"), "small", "lock_clock",
                        data_action="preauthorise",
                    )  # fmt: skip
                    button(self._words["refund_free"], self._open("refund_free"), "small", "undo",
                           data_action="refund-free")  # fmt: skip
                self._list()
            self.sheet.build()

    def follow(self) -> None:
        self._list.refresh()
        self.sheet.follow()

    def look(self) -> None:
        """Draw again only what has changed: a click must not meet an element that was just replaced."""
        if self._desk.entries() != self._shown:
            self.follow()

    def _open(self, form: str) -> Callable[[], None]:
        return lambda: self.sheet.open(form)

    def _make_list(self) -> None:
        entries = self._shown = self._desk.entries()
        declined = self._desk.declined()
        watched = [entry for entry in entries if _is_watched(entry, declined)]
        if watched:
            self._section(self._words["watch"], watched, declined)
        others = [entry for entry in entries if entry not in watched]
        if others or not entries:
            self._section(self._words["today"], others, declined)

    def _section(self, title: str, entries: list[Entry], declined: dict[bytes, str]) -> None:
        text(title, tag="h2")
        with box("payment-rows", "ul"):
            if not entries:
                text(self._words["none"], "soft no-lines", "li")
            for entry in entries:
                with box(tag="li"):
                    self._row(entry, declined)

    def _row(self, entry: Entry, declined: dict[bytes, str]) -> None:
        payment, words = entry.payment, self._words
        chosen = str(payment.request_id == self.sheet.chosen).lower()
        row = box("payment-row", "button", type="button", data_payment=payment.request_id.hex(),
                  data_state=str(payment.state), aria_pressed=chosen)  # fmt: skip
        with row:
            symbol(ICONS.get(payment.kind, "credit_card"), "payment-icon")
            with box("payment-what"):
                text(words[payment.kind])
                text(" · ".join([_time(payment.requested_at), *self._notes(entry)]), "soft small-print")
            with box("payment-sum"):
                sign = -payment.paid if payment.kind == "refund" else payment.paid
                money(sign, self._language, "" if payment.approved else "soft")
                late = payment.transaction_id in declined
                chip = words["declined_chip"] if late else self._state(payment)
                text(chip, f"chip {'declined' if late else payment.state}")
        row.on("click", lambda: self.sheet.choose(payment.request_id))

    def _state(self, payment: Payment) -> str:
        return self._words["in_progress"] if payment.state in OPEN else end_word(payment, self._language)

    def _notes(self, entry: Entry) -> list[str]:
        payment = entry.payment
        notes = [f"•••• {payment.card.last4}" if payment.card else self._words["no_card"]]
        if payment.tip_minor:
            tip = Money(payment.tip_minor, payment.amount.currency)
            notes.append(f"{self._words['tip']} {tip.text(self._language)}")
        if entry.refunded:
            notes.append(f"{self._words['refund'].lower()} {entry.refunded.text(self._language)}")
        return notes


def _is_watched(entry: Entry, declined: dict[bytes, str]) -> bool:
    return entry.payment.state in WATCHED or entry.payment.transaction_id in declined or bool(entry.attempts)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M}"
