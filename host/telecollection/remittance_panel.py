"""Remittances, and the one that is looked at: what became of it, its ticket, its files; and rejected lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from nicegui import ui

from host.money import Money
from host.telecollection.errors import FileChanged, NotRejected
from host.telecollection.model import Remittance
from host.telecollection.page_words import MEANS, STATES, TEXTS
from host.telecollection.service import TelecollectionService
from host.telecollection.states import State
from host.telecollection.ticket import as_text
from host.web.elements import box, button, money, text
from host.web.words import LANGUAGES, in_language

SHOWN = 30


class RemittancePanel:
    def __init__(self, service: TelecollectionService, language: str, changed: Callable[[], None]) -> None:
        """changed: called when something was presented again."""
        self._service = service
        self._language = language
        self._words = in_language(TEXTS, language)
        self._changed = changed
        self._chosen: int | None = None
        self._paper = False
        self._problem = ""
        self._content = ui.refreshable(self._make)
        self._content()

    def refresh(self) -> None:
        self._content.refresh()

    def _make(self) -> None:
        contract = next(iter(self._service.overview.contracts()), None)
        if contract is None:
            return
        self._rejected(contract.id)
        text(self._words["history"], tag="h2")
        with box("remittances", "ul"):
            history = self._service.overview.history(contract.id, SHOWN)
            if not history:
                text(self._words["none"], "soft no-lines", "li")
            for remittance in history:
                with box(tag="li"):
                    self._row(remittance)
                    if remittance.id == self._chosen:
                        self._details(remittance)

    def _row(self, remittance: Remittance) -> None:
        empty = is_empty(remittance)
        chosen = str(remittance.id == self._chosen).lower()
        row = box("remittance", "button", type="button", data_remittance=str(remittance.id),
                  data_state=str(remittance.state), aria_expanded=chosen)  # fmt: skip
        with row:
            with box():
                text(f"{remittance.business_date:%d/%m/%Y}")
                text(f"n° {remittance.sequence} · {remittance.opened_at.astimezone():%d/%m %H:%M}", "soft small-print")
            with box("remittance-sum"):
                if remittance.count:
                    money(Money(remittance.net_minor, remittance.currency), self._language)
                column = LANGUAGES.index(self._language)
                word = self._words["nothing"] if empty else STATES[remittance.state][column]
                text(word, f"chip remittance-{'empty' if empty else remittance.state}")
        row.on("click", lambda: self._choose(remittance.id))

    def _choose(self, remittance_id: int) -> None:
        self._chosen = None if self._chosen == remittance_id else remittance_id
        self._paper, self._problem = False, ""
        self._content.refresh()

    def _details(self, remittance: Remittance) -> None:
        with box("remittance-details"):
            if not is_empty(remittance):
                text(MEANS[remittance.state][LANGUAGES.index(self._language)])
                self._funds(remittance)
            text(remittance.reference, "code soft", data_reference=remittance.reference)
            if self._problem:
                text(self._words[self._problem], "refusal", role="alert")
            with box("remittance-actions"):
                button(self._words["ticket"], self._show_paper, "small", "receipt_long", data_action="ticket")
                if remittance.count:
                    button("CSV", lambda: self._csv(remittance), "small", "download", data_action="csv")
                    button("XML", lambda: self._xml(remittance), "small", "download", data_action="xml")
            if self._paper:
                with box("paper"):
                    ticket = self._service.overview.ticket(remittance.id, self._language)
                    text(as_text(ticket), "receipt", "pre", data_ticket="true")

    def _funds(self, remittance: Remittance) -> None:
        """Announced as received only when it is."""
        currency = remittance.currency
        net, came = (Money(minor, currency).text(self._language)
                     for minor in (remittance.net_minor, remittance.funded_minor))  # fmt: skip
        if remittance.state is State.FUNDED:
            text(f"{self._words['funded']} : {came}", "funds funded")
        elif remittance.funded_minor:
            text(self._words["short"].format(came, net), "funds short")
        elif remittance.expected_on:
            text(f"{self._words['expected'].format(_date(remittance.expected_on))} : {net}", "funds")

    def _show_paper(self) -> None:
        self._paper = not self._paper
        self._content.refresh()

    def _csv(self, remittance: Remittance) -> None:
        content = "".join(self._service.overview.csv(remittance.id))
        ui.download.content("\ufeff" + content, f"{remittance.reference}.csv", "text/csv; charset=utf-8")

    def _xml(self, remittance: Remittance) -> None:
        try:
            path = self._service.overview.xml(remittance.id)
        except FileChanged:
            self._problem = "changed"
            self._content.refresh()
            return
        if path is not None:
            ui.download.content(path.read_bytes(), path.name, "application/xml")

    # ---- what the merchant has to decide about ----

    def _rejected(self, contract_id: str) -> None:
        overview = self._service.overview
        rejected, refused = overview.rejected(contract_id), overview.refused_days(contract_id)
        if not rejected and not refused:
            return
        text(self._words["rejected"], tag="h2")
        with box("rejected", "ul"):
            for day in refused:
                what = self._words["refused_day"].format(day.number, day.reader)
                with box("rejected-row", "li", data_day=str(day.number)):
                    self._why(what, day.why or "")
                    self._again(lambda day=day: self._service.present_day_again(day.reader, day.number))
            for each in rejected:
                line = each.line
                with box("rejected-row", "li", data_line=line.transaction_id.hex()):
                    self._why(Money(line.signed_minor, line.amount.currency).text(self._language), line.reason or "")
                    self._again(lambda line=line: self._service.present_again(line.transaction_id))

    def _why(self, what: str, reason: str) -> None:
        with box():
            text(what)
            text(reason, "soft small-print")

    def _again(self, do: Callable[[], None]) -> None:
        def again() -> None:
            try:
                do()
            except NotRejected:  # another window was quicker
                pass
            self._changed()

        button(self._words["again"], again, "small", "redo", data_action="again")


def is_empty(remittance: Remittance) -> bool:
    return remittance.state is State.ACKED and not remittance.count


def _date(day: date) -> str:
    return f"{day:%d/%m/%Y}"
