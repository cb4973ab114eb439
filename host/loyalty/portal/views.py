"""What the member's page shows, in the words of one language; templates only place it."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from host.loyalty import rules, telling
from host.loyalty.members import Profile
from host.loyalty.model import Basket, Consent, Counter, Entry, EntryKind, Programme, Reward, Subject
from host.loyalty.portal.words import CONSENTS, SUBJECTS, TEXTS
from host.loyalty.visit_store import Booked
from host.money import NO_BREAK
from host.web.locale import MONTHS, long_date, number, plain_date, time_of_day
from host.web.words import LANGUAGES, in_language

LATEST = 3
ENTRY_WORDS = {EntryKind.BIRTHDAY: "birthday_entry"}  # the others by their names
KNOWN_CHANNELS = ("reader", "page", "sms_stop", "email_link", "till")


@dataclass(frozen=True)
class RewardLine:
    label: str
    gives: str
    price: str
    have: int
    threshold: int
    missing: str  # nothing: it can be used


@dataclass(frozen=True)
class Line:
    """Of visits and movements."""

    what: str
    when: str
    amount: str
    note: str = ""


@dataclass(frozen=True)
class Question:
    subject: str
    title: str
    text: str
    text_id: str
    answer: bool
    told: str  # when and where it was answered
    possible: bool


class Views:
    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self._zone = zone
        self.words = {name: telling.typeset(text) for name, text in in_language(TEXTS, language).items()}

    @property
    def column(self) -> int:
        return LANGUAGES.index(self.language)

    # ---- points ----

    def balances(self, profile: Profile, counter: Counter) -> list[tuple[str, str]]:
        """(number, what) of each; the programme's own first, also when there is none."""
        kept = {counter: 0} | {each: points for each, points in profile.balances.items() if points or each is counter}
        told = [telling.counted(max(0, points), each, self.language) for each, points in kept.items()]
        return [(text.partition(NO_BREAK)[0], text.partition(NO_BREAK)[2]) for text in told]

    def rewards(self, profile: Profile, programme: Programme) -> list[RewardLine]:
        """Those that can be used first, then by what is missing."""
        lines = [self._reward(reward, profile) for reward in programme.rewards]
        return sorted(lines, key=lambda line: max(0, line.threshold - line.have))

    def _reward(self, reward: Reward, profile: Profile) -> RewardLine:
        have = max(0, profile.balances.get(reward.counter, 0))
        ready = reward in rules.affordable(Programme("", (), (reward,), profile.client.since), profile.balances)
        missing = "" if ready else self._missing(reward, have)
        price, gives = telling.threshold(reward, self.language), telling.beyond_label(reward, self.language)
        return RewardLine(reward.label, gives, price, min(have, reward.threshold), reward.threshold, missing)

    def _missing(self, reward: Reward, have: int) -> str:
        return self.words["missing"].format(telling.counted(reward.threshold - have, reward.counter, self.language))

    def earnings(self, programme: Programme) -> list[str]:
        birthday = telling.birthday(programme, self.language)
        rows = [telling.earning(rule, self.language) for rule in programme.earnings]
        return [*rows, birthday] if birthday else rows

    # ---- what happened ----

    def visits(self, visits: Sequence[Booked]) -> list[Line]:
        return [
            Line(
                self.words[visit.kind],
                self.moment(visit.at),
                visit.amount.text(self.language),
                " · ".join(f"{count}{NO_BREAK}× {category}" for category, count in _bought(visit.basket).items()),
            )
            for visit in visits
        ]

    def movements(self, entries: Sequence[Entry]) -> list[Line]:
        """The newest first."""
        return [self._movement(entry) for entry in entries]

    def _movement(self, entry: Entry) -> Line:
        sign = "+" if entry.points > 0 else "−"
        moved = f"{sign}{NO_BREAK}{telling.counted(abs(entry.points), entry.counter, self.language)}"
        what = self.words[ENTRY_WORDS.get(entry.kind, str(entry.kind))]
        return Line(what, self.moment(entry.at), moved, entry.reward)

    # ---- consents ----

    def questions(self, profile: Profile, shop: str) -> list[Question]:
        return [self._question(subject, profile, shop) for subject in CONSENTS]

    def _question(self, subject: Subject, profile: Profile, shop: str) -> Question:
        text_id, texts = CONSENTS[subject]
        answers = [consent for consent in profile.consents if consent.subject is subject]
        told = self._told(answers[-1]) if answers else self.words["never_asked"]
        possible = subject is not Subject.EMAIL_OFFERS or profile.identity.email_confirmed
        title, text = SUBJECTS[subject][self.column], telling.typeset(texts[self.column].format(shop))
        return Question(str(subject), title, text, text_id, profile.agreed(subject), told, possible)

    def proof(self, consents: Sequence[Consent]) -> list[Line]:
        return [
            Line(
                SUBJECTS[consent.subject][self.column],
                self._told(consent),
                self.words["yes" if consent.answer else "no"],
                self.words["text_shown"].format(consent.text),
            )
            for consent in reversed(consents)
        ]

    def accepted(self, profile: Profile) -> str:
        """When and where the conditions were."""
        answers = [each for each in profile.consents if each.subject is Subject.CONDITIONS and each.answer]
        return self._told(answers[-1]) if answers else ""

    def _told(self, consent: Consent) -> str:
        where = self.words[f"on_{consent.channel}"] if consent.channel in KNOWN_CHANNELS else consent.channel
        return f"{self.moment(consent.at)}, {where}"

    # ---- words ----

    def moment(self, moment: datetime | None) -> str:
        if moment is None:
            return self.words["none"]
        local = moment.astimezone(self._zone)
        return f"{plain_date(local.date())}, {time_of_day(local, self.language)}"

    def date(self, moment: datetime) -> str:
        return long_date(moment.astimezone(self._zone).date(), self.language)

    def months(self) -> list[str]:
        return MONTHS[self.column]

    def birthday(self, birthday: str | None) -> str:
        if not birthday:
            return self.words["none"]
        return f"{int(birthday[3:])}{NO_BREAK}{self.months()[int(birthday[:2]) - 1]}"

    def number(self, count: int) -> str:
        return number(count, self.language)


def _bought(basket: Basket) -> Counts[str]:
    """Articles of each category, in the order in which they were first put into it."""
    counts: Counts[str] = Counts()
    for item in basket:
        counts[item.category] += item.quantity
    return counts


def shown_number(number: str) -> str:
    """+33612345678 as people of France write it; others as they are."""
    if not number.startswith("+33"):
        return number
    digits = f"0{number[3:]}"
    return NO_BREAK.join(digits[at : at + 2] for at in range(0, len(digits), 2))
