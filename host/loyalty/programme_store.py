"""Versions of the programme, and the proof of consents: both are only ever added to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from host.database import Work
from host.loyalty.client_store import IN_FORCE
from host.loyalty.model import (
    Basis,
    Conditions,
    Consent,
    Counter,
    Earning,
    Programme,
    Reward,
    RewardKind,
    Subject,
)
from host.loyalty.tables import consents, programmes
from host.money import CURRENCIES, Money

EVERY = select(programmes).order_by(programmes.c.version.desc())


class ProgrammeStore:
    def __init__(self) -> None:
        self._read: dict[int, Programme] = {}  # a version never changes

    def in_force(self, work: Work, now: datetime) -> Programme | None:
        """Ended ones are none."""
        version = work.scalar(IN_FORCE, {"now": now})
        programme = self.get(work, version) if version else None
        return programme if programme is not None and programme.active else None

    def get(self, work: Work, version: int) -> Programme:
        if version not in self._read:
            self._programme(work.execute(select(programmes).where(programmes.c.version == version)).one())
        return self._read[version]

    def every(self, work: Work) -> list[Programme]:
        """The newest first."""
        return [self._programme(row) for row in work.execute(EVERY)]

    def add(self, work: Work, programme: Programme, at: datetime) -> int:
        """The version that it is."""
        version = (work.scalar(select(func.max(programmes.c.version))) or 0) + 1
        document = json.dumps(_document(programme), ensure_ascii=False)
        facts = {"version": version, "document": document, "valid_from": programme.valid_from, "published_at": at}
        work.execute(programmes.insert(), facts)
        return version

    def _programme(self, row: Row) -> Programme:
        if row.version not in self._read:
            self._read[row.version] = _programme(json.loads(row.document), row.version, row.valid_from)
        return self._read[row.version]


class ConsentStore:
    def add(self, work: Work, consent: Consent) -> None:
        work.execute(consents.insert(), _consent_row(consent))

    def of(self, work: Work, family: Sequence[str]) -> list[Consent]:
        """In the order in which they were given."""
        mine = consents.c.member_id.in_(family)
        return [_consent(row) for row in work.execute(select(consents).where(mine).order_by(consents.c.id))]


def _document(programme: Programme) -> dict[str, Any]:
    conditions = programme.conditions
    return {
        "name": programme.name,
        "earnings": [_earning_document(earning) for earning in programme.earnings],
        "rewards": [_reward_document(reward) for reward in programme.rewards],
        "conditions": None if conditions is None else [conditions.version, dict(conditions.short), conditions.url],
        "birthday_bonus": programme.birthday_bonus,
        "expiry_days": programme.expiry_days,
        "active": programme.active,
    }


def _earning_document(earning: Earning) -> dict[str, Any]:
    facts = {"counter": str(earning.counter), "basis": str(earning.basis), "gives": earning.gives}
    return facts | {"step": _amount(earning.step), "category": earning.category}


def _reward_document(reward: Reward) -> dict[str, Any]:
    facts = {"id": reward.id, "kind": str(reward.kind), "counter": str(reward.counter), "label": reward.label}
    facts |= {"threshold": reward.threshold, "amount": _amount(reward.amount)}
    return facts | {"percent": reward.percent, "category": reward.category}


def _programme(document: dict[str, Any], version: int, valid_from: datetime) -> Programme:
    conditions = document["conditions"]
    return Programme(
        document["name"],
        tuple(_earning(each) for each in document["earnings"]),
        tuple(_reward(each) for each in document["rewards"]),
        valid_from,
        Conditions(*conditions) if conditions else None,
        document["birthday_bonus"],
        document["expiry_days"],
        document["active"],
        version,
    )


def _earning(document: dict[str, Any]) -> Earning:
    counter, basis, step = Counter(document["counter"]), Basis(document["basis"]), _money(document["step"])
    return Earning(counter, basis, document["gives"], step, document["category"])


def _reward(document: dict[str, Any]) -> Reward:
    return Reward(
        document["id"],
        RewardKind(document["kind"]),
        Counter(document["counter"]),
        document["threshold"],
        document["label"],
        _money(document["amount"]),
        document["percent"],
        document["category"],
    )


def _amount(money: Money) -> list[Any]:
    return [money.amount_minor, money.currency.code]


def _money(document: list[Any]) -> Money:
    return Money(document[0], CURRENCIES[document[1]])


def _consent_row(consent: Consent) -> dict[str, object]:
    return {
        "member_id": consent.member_id,
        "subject": str(consent.subject),
        "answer": consent.answer,
        "text": consent.text,
        "channel": consent.channel,
        "language": consent.language,
        "at": consent.at,
    }


def _consent(row: Row) -> Consent:
    return Consent(row.member_id, Subject(row.subject), row.answer, row.text, row.channel, row.language, row.at)
