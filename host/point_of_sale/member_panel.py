"""The member on the sale's screen: a key to find them, what they have, a key for each reward that it buys."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from host.loyalty.model import Counter, MemberView
from host.loyalty.words import REFUSALS
from host.point_of_sale.member_desk import NOT_FOUND, MemberDesk
from host.point_of_sale.member_words import COUNTERS, TEXTS
from host.web import forms
from host.web.elements import box, button, symbol, text
from host.web.locale import number
from host.web.words import LANGUAGES, in_language


class MemberPanel:
    def __init__(self, desk: MemberDesk, language: str) -> None:
        self._desk = desk
        self._language = language
        self._words = in_language(TEXTS, language)
        self._asking = False
        self._content = ui.refreshable(self._make)

    def build(self) -> None:
        with box("member"):
            self._content()

    def follow(self) -> None:
        self._content.refresh()

    def paid(self) -> None:
        """At the end of a payment: whose card it was."""
        member = self._desk.paid_by()
        if member is not None:
            with box("member-paid", data_member_paid="true"):
                self._name(member)
                if member.confirmed and member.earned:
                    counter = self._counter(member.counter)
                    text(
                        self._words["earned"].format(number(member.earned, self._language), counter), "soft small-print"
                    )
                for reward in member.rewards[:1]:
                    text(self._words["next_time"].format(reward.label), "small-print")

    def _make(self) -> None:
        if not self._desk.can_change or not self._desk.has_programme:
            return
        member = self._desk.member()
        if member is not None:
            self._shown(member)
        elif self._asking:
            self._ask()
        else:
            button(self._words["find"], lambda: self._open(True), "quiet small", "loyalty", data_action="find-member")
        if self._desk.refusal:
            text(self._refusal(self._desk.refusal), "refusal small-print", role="alert", data_member_refusal="true")

    def _ask(self) -> None:
        with box("member-ask"):
            forms.line(self._words["number"], "", self._find, type="tel", inputmode="tel", data_field="member-number")
            button("", lambda: self._open(False), "quiet small", "close", aria_label=self._words["close"])

    def _shown(self, member: MemberView) -> None:
        self._asking = False
        with box("member-shown", data_member="true"):
            with box("member-head"):
                self._name(member)
                button("", self._desk.forget, "quiet small", "close", aria_label=self._words["forget"])
            for reward in member.rewards:
                button(reward.label, partial(self._desk.use, reward.id), "reward", "redeem", data_reward=reward.id)
            if member.next_reward is not None:
                self._next(member)

    def _name(self, member: MemberView) -> None:
        with box("member-name"):
            symbol("loyalty")
            if not member.confirmed:
                text(self._words["to_confirm"])
                return
            counts = [
                f"{number(points, self._language)} {self._counter(counter)}"
                for counter in Counter
                if (points := member.balances.get(counter, 0))
            ]
            text(" · ".join([self._words["member"], *counts]))

    def _next(self, member: MemberView) -> None:
        reward = member.next_reward
        if reward is not None:
            left = reward.threshold - member.balances.get(reward.counter, 0)
            shown = self._words["still"].format(
                number(left, self._language), self._counter(reward.counter), reward.label
            )
            text(shown, "soft small-print")

    def _counter(self, counter: Counter) -> str:
        return COUNTERS[counter][LANGUAGES.index(self._language)]

    def _refusal(self, code: str) -> str:
        return self._words[code] if code == NOT_FOUND else REFUSALS[code][LANGUAGES.index(self._language)]

    def _open(self, asking: bool) -> None:
        self._asking, self._desk.refusal = asking, ""
        self._content.refresh()

    def _find(self, typed: str) -> None:
        if typed.strip():
            self._desk.find(typed)
