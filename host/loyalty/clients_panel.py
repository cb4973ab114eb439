"""Clients: the best, members, the inactive, or by the end of a number; beside them who is chosen (services/L-9)."""

from __future__ import annotations

from nicegui import ui

from host.loyalty.analysis import ClientList
from host.loyalty.client_record import ClientRecord, name
from host.loyalty.client_words import TEXTS
from host.loyalty.directory import LEAST_DIGITS, Listed
from host.loyalty.model import Client
from host.loyalty.overview_panel import empty
from host.loyalty.space import Space
from host.loyalty.states import ENROLLED, State
from host.web import forms
from host.web.elements import box, button, money, symbol, text
from host.web.locale import number, plain_date, time_of_day
from host.web.words import in_language

PAGE = 25


class ClientsPanel:
    def __init__(self, space: Space, language: str) -> None:
        self._space = space
        self._language = language
        self._words = in_language(TEXTS, language)
        self._which = ClientList.BEST
        self._who = "all"  # of the inactive
        self._typed = ""
        self._most = PAGE
        self._list = ui.refreshable(self._make_list)
        self._record = ClientRecord(space, language, self._list.refresh)

    def build(self) -> None:
        with box("clients"):
            with box("clients-list"):
                self._list()
            self._record.build()

    def _make_list(self) -> None:
        self._bar()
        if self._typed:
            self._found()
            return
        text(self._words[f"{self._which}_means"], "soft small-print")
        if self._which is ClientList.INACTIVE:
            who = {each: self._words[f"who_{each}"] for each in ("all", "members", "others")}
            forms.segments(self._words["who"], who, self._who, self._choose_who)
        listed = self._listed()
        if not listed:
            empty(self._words[f"none_{self._which}"], self._words[f"none_{self._which}_means"])
            return
        self._table(listed[: self._most])
        if len(listed) > self._most:
            button(self._words["more"], self._show_more, "", "expand_more", data_action="more")
        if self._which is ClientList.MEMBERS:
            self._export()

    def _bar(self) -> None:
        words = self._words
        with box("clients-bar"):
            lists = {str(each): words[each] for each in ClientList}
            forms.segments(words["lists"], lists, "" if self._typed else self._which, self._choose)
            forms.line(
                words["search"], self._typed, self._search, "search", inputmode="numeric", maxlength="10",
                placeholder=words["search_hint"], data_field="search",
            )  # fmt: skip

    def _listed(self) -> list[Listed]:
        """One more than is shown, where there are more."""
        analysis, wanted = self._space.loyalty.analysis, self._most + 1
        if self._which is not ClientList.INACTIVE or self._who == "all":
            return self._space.loyalty.directory.listed(analysis.clients(self._which, wanted))
        states = ENROLLED if self._who == "members" else {State.STRANGER}
        return self._space.loyalty.directory.listed(analysis.clients(self._which, wanted, states=states))

    def _found(self) -> None:
        words = self._words
        if len(self._typed) < LEAST_DIGITS:
            text(words["too_short"], "refusal", role="alert")
            return
        found = self._space.loyalty.directory.search(self._typed)
        if not found:
            empty(words["found_none"].format(self._typed), words["found_none_means"])
            return
        with box("found"):
            text(words["found"].format(self._typed), tag="h3")
            button(words["clear"], lambda: self._search(""), "quiet small", "close", data_action="clear-search")
        self._table(found)

    def _table(self, listed: list[Listed]) -> None:
        words = self._words
        with box("sheet client-sheet"), box("client-rows", "table"):
            with box(tag="thead"), box(tag="tr"):
                text(words["client"], "", "th", scope="col")
                for column in ("visits", "average_basket", "turnover", "rewards", "last_visit"):
                    text(words[column], f"numeric of-{column}", "th", scope="col")
            with box(tag="tbody"):
                for each in listed:
                    self._row(each)

    def _row(self, each: Listed) -> None:
        client = each.client
        with box(
            "client-row", "tr", data_client=client.id, aria_selected=str(client.id == self._record.chosen).lower()
        ) as row:
            with box("", "th", scope="row"), box("client-name", "button", type="button"):
                symbol("person" if client.state in ENROLLED else "credit_card", "soft")
                text(name(client, each.ending, self._language), tag="span")
                if client.state is State.JOINED:
                    text(self._words["joined_chip"], "chip unknown", "span")
            text(number(client.visits, self._language), "numeric", "td")
            money(client.average_basket, self._language, "", "td")
            money(client.turnover, self._language, "", "td")
            text(number(client.rewards, self._language), "numeric of-rewards", "td")
            text(self._last(client), "numeric", "td")
        row.on("click", lambda: self._open(client.id))

    def _last(self, client: Client) -> str:
        return plain_date(self._space.local(client.last_visit_at).date()) if client.last_visit_at else "–"

    def _export(self) -> None:
        words, latest = self._words, self._space.loyalty.directory.exports(1)
        with box("sheet export"):
            with box():
                text(words["export_means"], "soft small-print")
                for each in latest:
                    at = self._space.local(each.at)
                    when = f"{plain_date(at.date())}, {time_of_day(at, self._language)}"
                    counts = [number(count, self._language) for count in (each.members, each.numbers, each.emails)]
                    text(words["exported"].format(when, *counts), "small-print", data_exported="true")
            button(words["export"], self._download, "", "download", data_action="export-members")

    def _download(self) -> None:
        content = "\ufeff" + self._space.loyalty.directory.export()
        ui.download.content(content, f"membres-{self._space.today():%Y-%m-%d}.csv", "text/csv; charset=utf-8")
        self._list.refresh()

    def _choose(self, which: str) -> None:
        self._which, self._typed, self._most = ClientList(which), "", PAGE
        self._list.refresh()

    def _choose_who(self, who: str) -> None:
        self._who, self._most = who, PAGE
        self._list.refresh()

    def _search(self, typed: str) -> None:
        self._typed = "".join(each for each in typed if each in "0123456789")
        self._list.refresh()

    def _show_more(self) -> None:
        self._most += PAGE
        self._list.refresh()

    def _open(self, client_id: str) -> None:
        self._record.choose(client_id)
        self._list.refresh()
