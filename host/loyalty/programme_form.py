"""A programme as it is typed: texts in fields, and the programme that they make. What is no number counts as none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from host.loyalty.model import (
    EURO,
    NOTHING,
    Basis,
    Conditions,
    Counter,
    Earning,
    Programme,
    Reward,
    RewardKind,
)
from host.money import EUR, Money
from host.web.words import LANGUAGES

LARGEST = Decimal(100_000)  # euros, and more than any threshold


@dataclass
class EarningForm:
    counter: str = Counter.POINTS
    basis: str = Basis.AMOUNT
    gives: str = "1"
    step: str = "1"
    category: str = ""

    def earning(self) -> Earning:
        step = amount(self.step) if self.basis != Basis.ARTICLE else EURO
        category = self.category if self.basis == Basis.ARTICLE else ""
        return Earning(Counter(self.counter), Basis(self.basis), whole(self.gives), step, category)


@dataclass
class RewardForm:
    id: str
    kind: str = RewardKind.REDUCTION
    counter: str = Counter.POINTS
    threshold: str = "100"
    label: str = ""
    amount: str = "5"
    percent: str = "10"
    category: str = ""

    def reward(self) -> Reward:
        """What its kind has no field for is left out."""
        kind = RewardKind(self.kind)
        return Reward(
            self.id,
            kind,
            Counter(self.counter),
            whole(self.threshold),
            self.label.strip(),
            NOTHING if kind is RewardKind.COUPON else amount(self.amount),
            whole(self.percent) if kind is RewardKind.COUPON else 0,
            "" if kind is RewardKind.REDUCTION else self.category,
        )


@dataclass
class ProgrammeForm:
    """begins: a date, or empty for at once. short: by language."""

    name: str
    earnings: list[EarningForm] = field(default_factory=list)
    rewards: list[RewardForm] = field(default_factory=list)
    birthday: str = ""
    expires: str = ""
    conditions: str = ""
    short: dict[str, str] = field(default_factory=dict)
    url: str = ""
    begins: str = ""

    def programme(self, zone: ZoneInfo) -> Programme:
        return Programme(
            self.name.strip(),
            tuple(each.earning() for each in self.earnings),
            tuple(each.reward() for each in self.rewards),
            self._begins(zone),
            self._conditions(),
            whole(self.birthday) if self.birthday.strip() else 0,
            whole(self.expires) if self.expires.strip() else None,
        )

    def add_reward(self) -> None:
        taken = {each.id for each in self.rewards}
        first = next(f"r{count}" for count in range(1, len(taken) + 2) if f"r{count}" not in taken)
        self.rewards.append(RewardForm(first, counter=self.earnings[0].counter if self.earnings else Counter.POINTS))

    def _conditions(self) -> Conditions | None:
        """None where there are none."""
        short = {language: text for language in LANGUAGES if (text := self.short.get(language, "").strip())}
        version, url = self.conditions.strip(), self.url.strip()
        return Conditions(version, short, url) if version or short or url else None

    def _begins(self, zone: ZoneInfo) -> datetime:
        """Midnight, local time; what is no date has begun."""
        try:
            return datetime.combine(date.fromisoformat(self.begins), time(), zone).astimezone(UTC)
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)


def form_of(programme: Programme) -> ProgrammeForm:
    """To make the next version of it."""
    conditions = programme.conditions or Conditions("")
    return ProgrammeForm(
        programme.name,
        [
            EarningForm(each.counter, each.basis, str(each.gives), plain(each.step), each.category)
            for each in programme.earnings
        ],
        [
            RewardForm(
                each.id, each.kind, each.counter, str(each.threshold), each.label, plain(each.amount),
                str(each.percent or 10), each.category,
            )
            for each in programme.rewards
        ],
        str(programme.birthday_bonus or ""),
        str(programme.expiry_days or ""),
        conditions.version,
        dict(conditions.short),
        conditions.url,
    )  # fmt: skip


def example(name: str, label: str) -> ProgrammeForm:
    """What a shop may begin with: a point a euro, and five euros back for a hundred."""
    return ProgrammeForm(name, [EarningForm()], [RewardForm("r1", label=label)], expires="365")


def amount(typed: str) -> Money:
    """Euros as a person writes them, rounded down to the cent."""
    try:
        euros = Decimal(typed.replace("€", "").replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except InvalidOperation:
        return NOTHING
    return Money(int(euros * 10**EUR.exponent)) if euros.is_finite() and 0 <= euros <= LARGEST else NOTHING


def whole(typed: str) -> int:
    digits = typed.replace(" ", "").replace("\u202f", "")
    return int(digits) if digits.isascii() and digits.isdigit() and Decimal(digits) <= LARGEST else -1


def plain(money: Money) -> str:
    """As `amount` reads it: 5 or 2,50."""
    euros, cents = divmod(money.amount_minor, 10**EUR.exponent)
    return f"{euros},{cents:02d}" if cents else str(euros)
