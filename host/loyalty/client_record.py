"""One client: what they are worth, what they have, what they agreed to, what they did; and the erasure they ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from nicegui import ui

from host.loyalty.client_words import TEXTS
from host.loyalty.directory import Record
from host.loyalty.errors import UnknownMember
from host.loyalty.model import Client, Counter, Entry, EntryKind, Subject
from host.loyalty.space import Space
from host.loyalty.states import ENROLLED, GONE
from host.loyalty.visit_store import SALE, Booked
from host.web.elements import box, button, money, symbol, text
from host.web.locale import number, plain_date, time_of_day
from host.web.words import in_language

SHOWN = 30  # rows of history
ANSWERED = (Subject.SMS_OFFERS, Subject.EMAIL_OFFERS)
SHOW = "matchMedia('(max-width: 980px)').matches && document.querySelector('.client-record').scrollIntoView()"


def name(client: Client, ending: str, language: str) -> str:
    """As the merchant tells clients apart: by the end of a number, or of an id that says nothing."""
    words = in_language(TEXTS, language)
    return f"•• •• {ending[:2]} {ending[2:]}" if ending else f"{words['stranger']} {client.id[:4].upper()}"


class ClientRecord:
    def __init__(self, space: Space, language: str, changed: Callable[[], object]) -> None:
        """changed: called when the lists are to be made again."""
        self._space = space
        self._language = language
        self._words = in_language(TEXTS, language)
        self._changed = changed
        self.chosen: str | None = None
        self._sure = False
        self._said = ""
        self._content = ui.refreshable(self._make)

    def build(self) -> None:
        with box("sheet client-record"):
            self._content()

    def choose(self, client_id: str | None) -> None:
        self.chosen, self._sure, self._said = client_id, False, ""
        self._content.refresh()
        if client_id:
            ui.run_javascript(SHOW)

    def _make(self) -> None:
        if self._said:
            text(self._words[self._said], "notice", role="status", data_said=self._said)
        if self.chosen is None:
            text("" if self._said else self._words["choose"], "soft record-none")
            return
        record = self._record(self.chosen)
        if record is None:
            text(self._words["gone"], "soft record-none")
            return
        self._head(record)
        self._worth(record.client)
        if record.client.state in ENROLLED:
            self._has(record)
        self._history(record)
        if record.client.state in ENROLLED:
            self._erasing()

    def _record(self, client_id: str) -> Record | None:
        """None: gone meanwhile, erased at their own request."""
        try:
            record = self._space.loyalty.directory.record(client_id)
        except UnknownMember:
            return None
        return None if record.client.state in GONE else record

    def _head(self, record: Record) -> None:
        client, words = record.client, self._words
        with box("record-head"):
            with box():
                text(name(client, record.ending, self._language), "record-name", "h2", data_record=client.id)
                text(words[client.state], f"chip {'authorised' if client.confirmed else ''}")
            button("", lambda: (self.choose(None), self._changed()), "quiet small", "close", aria_label=words["close"])
        facts = [words["since"].format(self._date(client.first_visit_at or client.since))]
        facts += [words["joined_on"].format(self._date(client.joined_at))] if client.joined_at else []
        text(" · ".join(facts), "soft small-print")

    def _worth(self, client: Client) -> None:
        with box("record-worth"):
            for label, shown in (
                ("visits", number(client.visits, self._language)),
                ("average_basket", client.average_basket.text(self._language)),
                ("turnover", client.turnover.text(self._language)),
                ("rewards", number(client.rewards, self._language)),
            ):
                with box("", data_worth=label):
                    text(self._words[label], "soft small-print")
                    text(shown, "record-figure")

    def _has(self, record: Record) -> None:
        words = self._words
        with box("record-facts", "dl"):
            for counter in Counter:
                if counter in record.balances:
                    self._fact(self._counter(counter), number(record.balances[counter], self._language))
            for subject in ANSWERED:
                self._fact(f"{words['offers']} : {words[subject]}", self._answer(record, subject))
            self._fact(words["cards"], str(record.cards))

    def _fact(self, label: str, shown: str) -> None:
        with box("record-fact"):
            text(label, "soft", "dt")
            text(shown, "numeric", "dd")

    def _answer(self, record: Record, subject: Subject) -> str:
        """With the day of the proof."""
        given = [consent for consent in record.consents if consent.subject is subject]
        if not given:
            return self._words["not_asked"]
        return self._words["agreed"].format(self._date(given[-1].at)) if given[-1].answer else self._words["refused"]

    def _history(self, record: Record) -> None:
        """What a ticket earned is beside its visit."""
        earned: dict[str, list[Entry]] = {}
        for entry in record.entries:
            if entry.kind is EntryKind.EARNED:
                earned.setdefault(entry.ticket, []).append(entry)
        others = [entry for entry in record.entries if entry.kind is not EntryKind.EARNED]
        rows: list[Booked | Entry] = sorted([*record.visits, *others], key=lambda each: each.at, reverse=True)
        text(self._words["history"], tag="h3")
        if not rows:
            text(self._words["no_history"], "soft")
        with box("history", "ol"):
            for each in rows[:SHOWN]:
                with box("history-row", "li"):
                    at = self._space.local(each.at)
                    text(f"{plain_date(at.date())} {time_of_day(at, self._language)}", "soft small-print history-at")
                    if isinstance(each, Booked):
                        self._visit(each, earned.get(each.ticket, []) if each.kind == SALE else [])
                    else:
                        self._entry(each)

    def _visit(self, visit: Booked, earned: list[Entry]) -> None:
        text(self._words[visit.kind])
        money(visit.amount, self._language)
        if earned:
            came = [f"+{entry.points} {self._counter(entry.counter).lower()}" for entry in earned]
            text(", ".join(came), "soft small-print history-at")

    def _entry(self, entry: Entry) -> None:
        what = f"{self._counter(entry.counter)} {self._words[entry.kind]}"
        text(f"{what} : {entry.reward}" if entry.reward else what)
        text(f"{entry.points:+d}".replace("-", "−"), "numeric")

    def _counter(self, counter: Counter) -> str:
        return self._words["counter_visits" if counter is Counter.VISITS else counter]

    def _erasing(self) -> None:
        words = self._words
        if not self._sure:
            button(words["erase"], lambda: self._ask(True), "quiet", "person_remove", data_action="erase")
            return
        with box("ask-sure", role="alertdialog", aria_label=words["erase"]):
            symbol("warning", "danger-mark")
            text(words["erase_sure"])
            with box("ask-answers"):
                button(words["keep"], lambda: self._ask(False), data_action="keep")
                button(words["erase_yes"], self._erase, "danger", data_action="erase-yes")

    def _ask(self, sure: bool) -> None:
        self._sure = sure
        self._content.refresh()

    def _erase(self) -> None:
        """Pressed twice, or done by the member meanwhile: it is done."""
        try:
            self._space.loyalty.members.erase(self.chosen or "")
        except UnknownMember:
            pass
        self.choose(None)
        self._said = "erased"
        self._content.refresh()
        self._changed()

    def _date(self, moment: datetime) -> str:
        return plain_date(self._space.local(moment).date())
