"""A campaign is written: what, to whom, when; beside it the message as it is received, and what it comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from nicegui import ui
from nicegui.element import Element

from host.loyalty.campaign_words import TEXTS
from host.loyalty.reach import SEGMENTS
from host.loyalty.space import Space
from host.messaging.campaigns import Preview
from host.messaging.errors import IllegalMove, ValueMissing
from host.messaging.gsm import ONE
from host.messaging.model import Campaign, Channel
from host.messaging.quiet import SUNDAY, Hours, is_open
from host.web import forms
from host.web.elements import box, button, money, text
from host.web.locale import long_date, number, plain_date, time_of_day
from host.web.words import in_language

NOT_KEPT = ("fault_text", "fault_gap")
NAME_LENGTH, TEXT_LENGTH, SUBJECT_LENGTH = 64, 1000, 120


@dataclass
class Draft:
    """`later`: on `day` at `time`, local. `id` of a draft that is kept already."""

    id: int = 0
    name: str = ""
    channel: Channel = Channel.SMS
    segment: str = "all"
    subject: str = ""
    text: str = ""
    later: bool = False
    day: str = ""
    time: str = "10:00"


def draft_of(campaign: Campaign) -> Draft:
    facts = (campaign.channel, campaign.segment, campaign.subject, campaign.text)
    return Draft(campaign.id, campaign.name, *facts)


class CampaignForm:
    def __init__(self, space: Space, draft: Draft, language: str, done: Callable[[int], None]) -> None:
        """done: called with the id of the campaign that is kept, or scheduled."""
        self._space = space
        self._draft = draft
        self._language = language
        self._words = in_language(TEXTS, language)
        self._done = done
        self._tries = 0
        self._found: tuple[str, Preview | None] = ("fault_text", None)
        self._buttons: tuple[Element, Element] | None = None
        self._fields, self._preview = ui.refreshable(self._make_fields), ui.refreshable(self._make_preview)

    def build(self) -> None:
        with box("campaign-form"):
            with box("sheet campaign-fields"):
                self._fields()
            with box("sheet campaign-preview"):
                self._preview()
                self._make_buttons()
        ui.timer(0, self._try, once=True)

    # ---- fields ----

    def _make_fields(self) -> None:
        draft, words = self._draft, self._words
        forms.line(
            words["name"], draft.name, self._sets("name"), maxlength=str(NAME_LENGTH), data_field="campaign-name"
        )
        with box("form-field"):
            text(words["channel"], "field-label")
            channels = {str(each): words[each] for each in Channel}
            forms.segments(words["channel"], channels, draft.channel, self._choose_channel)
        segments = {name: words[f"segment_{name}"] for name in SEGMENTS}
        forms.choice(words["segment"], segments, draft.segment, self._sets("segment"), data_field="segment")
        if draft.channel is Channel.EMAIL:
            forms.line(words["subject"], draft.subject, self._sets("subject"), maxlength=str(SUBJECT_LENGTH),
                       data_field="subject")  # fmt: skip
        forms.area(words["text"], draft.text, self._sets("text"), maxlength=str(TEXT_LENGTH), rows="4",
                   data_field="campaign-text")  # fmt: skip
        text(words["text_means"], "soft small-print campaign-hint")
        self._make_when()

    def _make_when(self) -> None:
        draft, words = self._draft, self._words
        with box("form-field"):
            text(words["when"], "field-label")
            whens = {"at_once": words["at_once"], "later": words["later"]}
            forms.segments(words["when"], whens, "later" if draft.later else "at_once", self._choose_when)
        if draft.later:
            with box("fields of-two"):
                first = self._space.today().isoformat()
                forms.line(words["day"], draft.day, self._sets("day"), type="date", min=first, data_field="day")
                forms.line(words["time"], draft.time, self._sets("time"), type="time", data_field="time")

    async def _choose_channel(self, channel: str) -> None:
        self._draft.channel = Channel(channel)
        self._fields.refresh()
        await self._try()

    async def _choose_when(self, when: str) -> None:
        self._draft.later = when == "later"
        self._fields.refresh()
        await self._try()

    def _sets(self, name: str) -> Callable[[str], Awaitable[None]]:
        async def change(typed: str) -> None:
            setattr(self._draft, name, typed)
            await self._try()

        return change

    # ---- as it is received ----

    def _make_preview(self) -> None:
        words, draft = self._words, self._draft
        text(words["preview"], tag="h3")
        fault, preview = self._found
        if preview is None:
            text(words["preview_none"], "soft bubble")
        else:
            self._message(preview)
            self._counts(preview)
        if not self._space.messages.sends(draft.channel):
            text(words["no_gateway"], "notice", role="status")
        if fault:
            text(words[fault], "refusal", role="alert", data_fault=fault)

    def _make_buttons(self) -> None:
        """Made once: whoever leaves a field by pressing one presses it."""
        words = self._words
        schedule = button(words["schedule"], self._schedule, "primary", "schedule_send", data_action="schedule")
        self._buttons = schedule, button(words["save"], self._save, "", "draft", data_action="save-draft")
        self._show_buttons()

    def _show_buttons(self) -> None:
        fault, preview = self._found
        if self._buttons is not None:
            schedule, save = self._buttons
            schedule.props.set_bool("disabled", bool(fault))
            save.set_visibility(preview is not None)

    async def _try(self) -> str:
        """Beside what the till does; of several the last is shown. Why it cannot leave."""
        self._tries += 1
        mine, found = self._tries, await asyncio.to_thread(self._tried)
        if mine == self._tries:
            self._found = found
            self._preview.refresh()
            self._show_buttons()
        return found[0]

    def _tried(self) -> tuple[str, Preview | None]:
        """Why it cannot leave, and how it would."""
        draft = self._draft
        if not draft.text.strip():
            return "fault_text", None
        try:
            preview = self._space.messages.campaigns.preview(self._campaign(), self._moment())
        except ValueMissing:
            return "fault_gap", None
        if draft.channel is Channel.EMAIL and not draft.subject.strip():
            return "fault_subject", preview
        if draft.later and self._moment() is None:
            return "fault_moment", preview
        return "" if preview.reached else "fault_nobody", preview

    def _message(self, preview: Preview) -> None:
        words, draft = self._words, self._draft
        with box("bubble"):
            if draft.channel is Channel.EMAIL:
                text(draft.subject, "bubble-subject")
            text(preview.sample, "bubble-text", data_sample="true")
        if draft.channel is Channel.SMS:
            size = preview.size
            one = words["one_part"].format(size.units, ONE[size.encoding])
            shown = one if size.parts == 1 else words["parts"].format(size.parts, size.units)
            text(shown, "soft small-print", data_parts=str(size.parts))
            if size.costly:
                text(words["costly"].format(" ".join(size.costly)), "law-note")

    def _counts(self, preview: Preview) -> None:
        words, campaigns = self._words, self._space.messages.campaigns
        with box("preview-sums"):
            self._sum(words["segment_members"], number(preview.members, self._language))
            self._sum(words["reached"], number(preview.reached, self._language), "reached")
            means = "reached_means_email" if self._draft.channel is Channel.EMAIL else "reached_means"
            text(words[means].format(campaigns.most_a_month), "soft small-print")
            if self._draft.channel is Channel.SMS:
                with box("sum"):
                    text(words["cost"])
                    money(preview.cost, self._language)
            self._sum(words["leaves"], self._leaves(preview.leaves_at), "leaves")
            if why := self._later(preview.leaves_at):
                text(why, "soft small-print", data_later="true")

    def _sum(self, label: str, shown: str, name: str = "") -> None:
        with box("sum", data_sum=name):
            text(label)
            text(shown, "numeric")

    def _leaves(self, at: datetime) -> str:
        if at <= self._space.clock.now():
            return self._words["now"]
        local = self._space.local(at)
        return self._words["on_at"].format(long_date(local.date(), self._language), time_of_day(local, self._language))

    def _later(self, leaves_at: datetime) -> str:
        """Why not when it was asked for."""
        asked = self._space.local(max(self._moment() or self._space.clock.now(), self._space.clock.now()))
        if leaves_at <= asked:
            return ""
        hours = self._space.messages.campaigns.hours
        times = [
            time_of_day(datetime.combine(asked.date(), each), self._language) for each in (hours.opens, hours.closes)
        ]
        return self._words[f"later_{quiet(hours, asked.date())}"].format(*times)

    # ---- what is done ----

    def _moment(self) -> datetime | None:
        draft = self._draft
        if not draft.later:
            return None
        try:
            local = datetime.combine(date.fromisoformat(draft.day), time.fromisoformat(draft.time), self._space.zone)
        except ValueError:
            return None
        return local.astimezone(UTC)

    def _campaign(self) -> Campaign:
        draft, now = self._draft, self._space.clock.now()
        name = draft.name.strip() or self._words["named"].format(plain_date(self._space.today()))
        subject = draft.subject if draft.channel is Channel.EMAIL else ""
        return Campaign(name[:NAME_LENGTH], draft.channel, draft.segment, draft.text.strip(), subject, now, draft.id)

    def _kept(self) -> int:
        """As a draft, anew or as it was. Raises ValueMissing, IllegalMove."""
        campaigns, campaign = self._space.messages.campaigns, self._campaign()
        if campaign.id:
            campaigns.change(campaign)
            return campaign.id
        facts = (campaign.name, campaign.channel, campaign.segment, campaign.text, campaign.subject)
        self._draft = replace(self._draft, id=campaigns.draft(*facts).id)
        return self._draft.id

    async def _save(self) -> None:
        if (await self._try()) not in NOT_KEPT:
            self._done(self._kept())

    async def _schedule(self) -> None:
        """As it is typed by now. Pressed twice, or by another window, it is scheduled once."""
        if await self._try():
            return
        try:
            kept = self._kept()
            self._space.messages.campaigns.schedule(kept, self._moment())
        except IllegalMove:
            kept = self._draft.id
        self._done(kept)


def quiet(hours: Hours, day: date) -> str:
    """Why offers wait on that day: sunday, holiday or night."""
    if is_open(hours, day):
        return "night"
    return "sunday" if day.weekday() == SUNDAY and not hours.sundays else "holiday"
