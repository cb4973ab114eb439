"""The sheet beside the list of payments: what one is, what can be done with it, forms, what runs, its receipt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from host.money import Money
from host.payment.day_book import Entry
from host.payment.states import State
from host.point_of_sale.desk import Desk, typed
from host.point_of_sale.payments_words import TEXTS
from host.point_of_sale.receipt_pdf import as_pdf
from host.point_of_sale.receipt_text import as_text
from host.point_of_sale.receipts import Receipt
from host.point_of_sale.till_words import TEXTS as TILL_TEXTS
from host.point_of_sale.turn_parts import OPEN, facts, phases, question, refusal, verdict
from host.web.elements import box, button, money, symbol, text
from host.web.words import in_language

UNSETTLED = frozenset({State.UNKNOWN, State.VOIDING, State.COMPLETING, State.REVERSAL_DUE})
SURE = ("void", "give_up", "write_off")  # forms that only ask whether one is sure

SHOW = "matchMedia('(max-width: 720px)').matches && document.querySelector('.payment-sheet').scrollIntoView()"


@dataclass
class Form:
    """`reference` is made when it is opened, so that pressing twice is asking once."""

    kind: str  # preauthorise, refund_free, give_back, complete, or one of SURE
    reference: str = ""
    typed: str = ""


class PaymentSheet:
    def __init__(self, desk: Desk, language: str, chose: Callable[[], object]) -> None:
        """chose: called when another payment is looked at."""
        self._desk = desk
        self._language = language
        self._words = in_language(TEXTS, language) | {"pdf": in_language(TILL_TEXTS, language)["pdf"]}
        self._copies = in_language(TILL_TEXTS, language)
        self._chose = chose
        self.chosen: bytes | None = None
        self._form: Form | None = None
        self._paper: Receipt | None = None
        self._problem = ""
        self._ran = False
        self._content = ui.refreshable(self._make)

    def build(self) -> None:
        with box("sale payment-sheet"):
            self._content()

    def follow(self) -> None:
        """What ran has ended: its payment is looked at next."""
        desk = self._desk
        if desk.phases:
            self._ran = True
        elif self._ran:
            self._ran, self._form, self._paper = False, None, None
            self.chosen = desk.payment.request_id if desk.payment else self.chosen
        if self._form is None or desk.phases or desk.question:
            self._content.refresh()

    def choose(self, request_id: bytes) -> None:
        self.chosen, self._form, self._paper = request_id, None, None
        if not self._desk.phases and self._desk.refusal:
            self._desk.dismiss()
        self._draw()

    def open(self, kind: str) -> None:
        entry = self._entry()
        amounts = {"give_back": entry.refundable, "complete": entry.payment.amount} if entry else {}
        letter = {"preauthorise": "P", "refund_free": "R"}.get(kind)
        reference = self._desk.reference(letter) if letter else ""
        if kind == "give_back" and entry:
            reference = self._desk.refund_reference(entry)
        first = amounts.get(kind)
        self._form = Form(kind, reference, _plain(first, self._language) if first else "")
        self._paper, self._problem = None, ""
        self._draw()

    def _back(self) -> None:
        self._form, self._paper, self._problem = None, None, ""
        self._draw()

    def _draw(self) -> None:
        """On a phone the sheet is below the list."""
        self._content.refresh()
        ui.run_javascript(SHOW)
        self._chose()

    def _entry(self) -> Entry | None:
        return self._desk.entry(self.chosen) if self.chosen else None

    def _make(self) -> None:
        desk, entry = self._desk, self._entry()
        if desk.phases:
            self._running()
        elif desk.question is not None:
            question(desk, desk.question, self._language)
        elif self._form is not None:
            self._make_form(self._form, entry)
        elif entry is None:
            text(self._words["choose"], "soft no-lines")
            self._refused()
        elif self._paper is not None:
            self._make_paper(self._paper, entry)
        else:
            self._details(entry)

    def _running(self) -> None:
        text(self._words["running"], tag="h2")
        phases(self._desk, self._language)
        if self._desk.question is None:
            give_up = button(self._words["cancel"], self._desk.cancel, "quiet", "close", data_action="cancel-operation")
            give_up.props.set_bool("disabled", not self._desk.cancellable)

    def _refused(self) -> None:
        code = self._problem or self._desk.refusal
        if code:
            text(refusal(code, self._language), "refusal", role="alert")

    # one payment

    def _details(self, entry: Entry) -> None:
        payment = entry.payment
        text(f"{self._words[payment.kind]} · {payment.requested_at.astimezone():%H:%M}", tag="h2")
        if payment.state in OPEN:
            text(self._words["in_progress"], "chip")
        else:
            verdict(payment, self._language)
        self._refused()
        self._warnings(entry)
        facts(payment, self._language, explained=self._desk.explained(payment))
        box("no-receipt")
        with box("payment-actions"):
            self._actions(entry)

    def _warnings(self, entry: Entry) -> None:
        words, language, payment = self._words, self._language, entry.payment
        if entry.attempts:
            self._notice(words["owed"].format(entry.attempts))
        reason = self._desk.declined().get(payment.transaction_id or b"")
        if reason is not None:
            self._notice(f"{words['declined_later']} {reason}".strip())
        with box("sheet-sums"):
            if entry.refunded:
                self._sum(words["refunded_part"], entry.refunded)
                self._sum(words["refundable"], entry.refundable)
        if entry.expires_at:
            text(f"{words['expires']} {entry.expires_at.astimezone():%d/%m/%Y %H:%M}", "expiry", lang=language)
        if entry.closed and payment.approved:
            text(words["closed"], "soft small-print")

    def _notice(self, words: str) -> None:
        with box("notice", role="status"):
            symbol("warning")
            text(words)

    def _sum(self, label: str, amount: Money) -> None:
        with box("sum"):
            text(label)
            money(amount, self._language)

    def _actions(self, entry: Entry) -> None:
        payment = entry.payment
        if entry.completable:
            self._action("complete", "check", "primary")
            self._action("give_up", "lock_open")
        if entry.voidable:
            self._action("void", "block")
        if entry.refundable.amount_minor > 0:
            self._action("give_back", "undo")
        if payment.state in UNSETTLED:
            button(self._words["ask_again"], lambda: self._desk.ask_again(payment), "primary", "refresh",
                   data_action="ask-state")  # fmt: skip
        if payment.state is State.UNKNOWN:
            self._action("write_off", "remove_done")
        if payment.transaction_id is not None and payment.finished and payment.state is not State.UNKNOWN:
            button(
                self._words["print"], lambda: self._print(entry, "customer"), "", "receipt_long", data_action="print"
            )

    def _action(self, form: str, icon: str, classes: str = "") -> None:
        button(self._words[form], lambda: self.open(form), classes, icon, data_action=form.replace("_", "-"))

    # forms

    def _make_form(self, form: Form, entry: Entry | None) -> None:
        words = self._words
        if form.kind in SURE:
            self._make_sure(form, entry)
            return
        limit = {"give_back": entry.refundable, "complete": entry.payment.amount} if entry else {}
        text(words[form.kind], tag="h2")
        means = {"give_back": "give_back_means", "complete": "complete_means", "refund_free": "free_means"}
        told = words[means.get(form.kind, "preauthorise_means")]
        warned = "notice" if form.kind == "refund_free" else "soft"
        shown = limit.get(form.kind)
        text(told.format(shown.text(self._language) if shown else ""), warned)
        with box("amount-field", "label"):
            text(words["amount"], "soft")
            field = box("amount-input", "input", inputmode="decimal", autocomplete="off", value=form.typed,
                        data_field="amount", placeholder=_plain(Money(0), self._language))  # fmt: skip
            field.on(
                "input", lambda event: setattr(form, "typed", str(event.args)), js_handler="(e) => emit(e.target.value)"
            )
        self._refused()
        box("no-receipt")
        go = {"preauthorise": "preauthorise_go", "refund_free": "give_back"}.get(form.kind, form.kind)
        with box("after"):
            button(words["back"], self._back, "", "arrow_back", data_action="form-back")
            button(words[go], partial(self._go, form), "primary", "check", data_action="form-go")

    def _make_sure(self, form: Form, entry: Entry | None) -> None:
        words = self._words
        text(words[form.kind], tag="h2")
        shown = entry.payment.paid.text(self._language) if entry else ""
        text(words[f"{form.kind}_sure"].format(shown), "sure")
        box("no-receipt")
        with box("after"):
            button(words["keep"], self._back, "", "arrow_back", data_action="form-back")
            button(words[f"{form.kind}_yes"], partial(self._go, form), "danger", "check", data_action="form-go")

    def _go(self, form: Form) -> None:
        """The form is shut with the first press: the second one finds none."""
        amount, entry = typed(form.typed), self._entry()
        if form.kind not in SURE and not amount:
            self._problem = "no_amount"
            self._draw()
            return
        if form is not self._form:
            return
        self._form, self._problem = None, ""
        self._begin(form, amount or Money(0), entry)
        self._draw()

    def _begin(self, form: Form, amount: Money, entry: Entry | None) -> None:
        desk = self._desk
        if form.kind == "preauthorise":
            desk.preauthorise(amount, form.reference)
        elif form.kind == "refund_free":
            desk.refund_without_reference(amount, form.reference)
        elif entry is not None:
            payment = entry.payment
            begins: dict[str, Callable[[], None]] = {
                "give_back": lambda: desk.refund(payment, amount, form.reference),
                "complete": lambda: desk.complete(payment, amount),
                "give_up": lambda: desk.complete(payment, Money(0)),
                "void": lambda: desk.void(payment),
                "write_off": lambda: desk.write_off(payment),
            }
            begins[form.kind]()

    # its receipt

    def _print(self, entry: Entry, copy: str) -> None:
        self._paper = self._desk.receipt(entry.payment, copy, self._language)
        self._draw()

    def _make_paper(self, receipt: Receipt, entry: Entry) -> None:
        text(self._words["duplicate_means"], "soft small-print")
        with box("receipt-bar"):
            with box("copies"):
                for copy in ("customer", "merchant"):
                    pressed = str(receipt.name.endswith(copy)).lower()
                    button(self._copies[copy], partial(self._print, entry, copy), "small",
                           aria_pressed=pressed, data_copy=copy)  # fmt: skip
            download = lambda: ui.download(as_pdf(receipt), f"{receipt.name}.pdf")  # noqa: E731
            button(self._words["pdf"], download, "quiet small", "download", data_action="pdf")
        with box("paper"):
            text(as_text(receipt), "receipt", "pre", lang=self._language)
        with box("after"):
            button(self._words["back"], self._back, "", "arrow_back", data_action="form-back")


def _plain(amount: Money, language: str) -> str:
    """As one types it."""
    euros = f"{amount.amount_minor // 100}.{amount.amount_minor % 100:02d}"
    return euros if language == "en" else euros.replace(".", ",")
