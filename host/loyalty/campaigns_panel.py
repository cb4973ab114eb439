"""Campaigns: those that were made, and of the one that is chosen how far it is and what came of it (services/L-12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from nicegui import ui

from host.loyalty.campaign_form import CampaignForm, Draft, draft_of
from host.loyalty.campaign_words import RESULTS, STATES, TEXTS, WHYS
from host.loyalty.space import Space
from host.messaging.errors import IllegalMove
from host.messaging.model import Campaign, Channel
from host.messaging.states import CampaignState, State
from host.web.elements import box, button, money, symbol, text
from host.web.locale import long_date, number, plain_date, time_of_day
from host.web.words import LANGUAGES, in_language

LOOK_S = 2.0  # between two looks at one that is under way
STOPS_FOR = timedelta(days=7)
WAITING = (State.DUE, State.SENDING)
CHIPS = {CampaignState.SCHEDULED: "authorised", CampaignState.QUEUEING: "unknown", CampaignState.QUEUED: "approved"}
CANCELLABLE = (CampaignState.SCHEDULED, CampaignState.QUEUEING, CampaignState.QUEUED)


class CampaignsPanel:
    def __init__(self, space: Space, language: str) -> None:
        self._space = space
        self._language = language
        self._words = in_language(TEXTS, language)
        self._chosen: int | None = None
        self._draft: Draft | None = None
        self._list, self._detail = ui.refreshable(self._make_list), ui.refreshable(self._make_detail)

    def build(self) -> None:
        with box("campaigns"):
            with box("campaigns-list"):
                self._list()
            with box("campaign-detail"):
                self._detail()

    def _draw(self) -> None:
        self._list.refresh()
        self._detail.refresh()

    # ---- the list ----

    def _make_list(self) -> None:
        words, campaigns = self._words, self._space.messages.campaigns.latest()
        button(words["new"], self._write, "primary", "add", data_action="new-campaign")
        if campaigns:
            with box("sheet campaign-rows", "ul"):
                for campaign in campaigns:
                    with box(tag="li"):
                        self._row(campaign)

    def _row(self, campaign: Campaign) -> None:
        pressed = str(campaign.id == self._chosen).lower()
        with box("campaign-row", "button", type="button", aria_pressed=pressed, data_campaign=str(campaign.id)) as row:
            symbol("sms" if campaign.channel is Channel.SMS else "mail", "soft")
            with box("campaign-what"):
                text(campaign.name, "campaign-name")
                when = campaign.scheduled_at or campaign.made_at
                text(plain_date(self._space.local(when).date()), "soft small-print")
            text(self._state(campaign), f"chip {CHIPS.get(campaign.state, '')}")
        row.on("click", lambda: self._choose(campaign.id))

    def _state(self, campaign: Campaign) -> str:
        return STATES[campaign.state][LANGUAGES.index(self._language)]

    def _write(self) -> None:
        self._chosen, self._draft = None, Draft()
        self._draw()

    def _choose(self, campaign_id: int) -> None:
        self._chosen, self._draft = campaign_id, None
        self._draw()

    # ---- one of them ----

    def _make_detail(self) -> None:
        campaign = self._campaign()
        if campaign is not None and campaign.state is CampaignState.DRAFT:
            self._draft = self._draft or draft_of(campaign)
        if self._draft is not None:
            CampaignForm(self._space, self._draft, self._language, self._choose).build()
        elif campaign is None:
            self._nothing()
        else:
            self._shown(campaign)

    def _nothing(self) -> None:
        words, some = self._words, bool(self._space.messages.campaigns.latest(1))
        with box("nothing-yet"):
            text(words["choose" if some else "none"], tag="h3")
            text(words["none_means"], "soft")

    def _campaign(self) -> Campaign | None:
        found = [each for each in self._space.messages.campaigns.latest() if each.id == self._chosen]
        return found[0] if found else None

    def _shown(self, campaign: Campaign) -> None:
        totals = self._space.messages.campaigns.totals(campaign.id)
        waiting = sum(totals.get(state, (0, 0))[0] for state in WAITING)
        if campaign.state is CampaignState.QUEUEING or (waiting and campaign.state is CampaignState.QUEUED):
            ui.timer(LOOK_S, self._draw, once=True)
        with box("sheet campaign-shown", data_campaign_state=str(campaign.state)):
            with box("record-head"):
                with box():
                    text(campaign.name, tag="h2")
                    text(self._state(campaign), f"chip {CHIPS.get(campaign.state, '')}")
            text(self._about(campaign), "soft small-print")
            text(campaign.text, "bubble bubble-text")
            if campaign.state is CampaignState.SCHEDULED and campaign.scheduled_at:
                at = self._space.local(campaign.scheduled_at)
                day, moment = long_date(at.date(), self._language), time_of_day(at, self._language)
                text(self._words["scheduled_for"].format(day, moment), "campaign-leaves")
            else:
                self._results(campaign, totals, waiting)
            self._actions(campaign, waiting)

    def _about(self, campaign: Campaign) -> str:
        words = self._words
        made = words["made"].format(plain_date(self._space.local(campaign.made_at).date()))
        return " · ".join([words[campaign.channel], words[f"segment_{campaign.segment}"], made])

    def _results(self, campaign: Campaign, totals: dict[State, tuple[int, int]], waiting: int) -> None:
        words, language = self._words, self._language
        text(words["results"], tag="h3")
        if not totals:
            text(words["no_results"], "soft")
            return
        whole = sum(count for count, _ in totals.values())
        if waiting:
            with box("progress-track"):
                box("progress-bar").style(f"width: {100 * (whole - waiting) / whole:.1f}%")
            text(
                words["progress"].format(number(whole - waiting, language), number(whole, language)), "soft small-print"
            )
        with box("preview-sums"):
            for state, names in RESULTS.items():
                if state in totals:
                    self._count(names[LANGUAGES.index(language)], totals[state][0], str(state))
            if campaign.scheduled_at:
                left = campaign.scheduled_at + STOPS_FOR
                stops = self._space.loyalty.directory.left(campaign.channel, campaign.scheduled_at, left)
                self._count(words["stops" if campaign.channel is Channel.SMS else "leaves_link"], stops, "stop")
        if campaign.channel is Channel.SMS:
            self._paid(totals)
        self._whys(campaign)

    def _count(self, label: str, count: int, name: str) -> None:
        with box("sum", data_result=name):
            text(label)
            text(number(count, self._language), "numeric")

    def _paid(self, totals: dict[State, tuple[int, int]]) -> None:
        parts = sum(parts for state, (_, parts) in totals.items() if state not in (State.DUE, State.REFUSED))
        with box("sum"):
            text(f"{self._words['parts_sent']} : {number(parts, self._language)}", "soft")
            money(self._space.messages.campaigns.cost(parts), self._language)

    def _whys(self, campaign: Campaign) -> None:
        refused = self._space.messages.campaigns.refused(campaign.id)
        if refused:
            text(self._words["not_sent"], tag="h3")
            with box("preview-sums"):
                for why, count in sorted(refused.items()):
                    self._count(WHYS[why][LANGUAGES.index(self._language)], count, str(why))

    def _actions(self, campaign: Campaign, waiting: int) -> None:
        words, campaigns = self._words, self._space.messages.campaigns
        over = campaign.state is CampaignState.QUEUED and not waiting
        with box("campaign-actions"):
            if campaign.state is CampaignState.SCHEDULED:
                unschedule = self._does(lambda: campaigns.unschedule(campaign.id))
                button(words["unschedule"], unschedule, "", "edit", data_action="unschedule")
            if campaign.state in CANCELLABLE and not over:
                cancel = self._does(lambda: campaigns.cancel(campaign.id))
                button(
                    words["cancel"],
                    cancel,
                    "quiet",
                    "block",
                    title=words["cancel_means"],
                    data_action="cancel-campaign",
                )

    def _does(self, do: Callable[[], object]) -> Callable[[], None]:
        def act() -> None:
            try:
                do()
            except IllegalMove:  # it went on meanwhile
                pass
            self._draw()

        return act
