"""Whether what a merchant or a member typed can be: programmes, with the law's limits at their edit, and profiles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from host.loyalty.errors import InvalidProfile
from host.loyalty.law import WHOLE, limit
from host.loyalty.model import NOTHING, Basis, Conditions, Earning, LegalClass, Programme, Reward, RewardKind
from host.loyalty.rules import earns, rate

EMAIL = re.compile(r"[^@\s\x00-\x1f<>,;]+@[^@\s\x00-\x1f<>,;]+\.[^@\s.\x00-\x1f<>,;]+")
LONGEST_EMAIL = 254
NAME_LENGTH = 32  # on the reader
LABEL_LENGTH = 40  # on a ticket
VERSION_OCTETS, SHORT_OCTETS, URL_OCTETS = 16, 300, 106


def checked_email(text: str) -> str:
    """Raises InvalidProfile."""
    if len(text) > LONGEST_EMAIL or not EMAIL.fullmatch(text):
        raise InvalidProfile("email")
    return text


def checked_birthday(text: str) -> str:
    """MM-DD. Raises InvalidProfile."""
    try:
        return f"{date.fromisoformat(f'2000-{text}'):%m-%d}"
    except ValueError:
        raise InvalidProfile("birthday") from None


def faults(programme: Programme, classes: Mapping[str, LegalClass], day: date) -> list[str]:
    """Why a programme cannot be, as keys fault_... of programme_words.py; `classes` by category of article."""
    found = []
    if not 1 <= len(programme.name) <= NAME_LENGTH:
        found.append("name")
    if not programme.earnings or any(_is_wrong(earning) for earning in programme.earnings):
        found.append("earnings")
    if len({reward.id for reward in programme.rewards}) != len(programme.rewards):
        found.append("reward_twice")
    if any(_reward_is_wrong(programme, reward) for reward in programme.rewards):
        found.append("rewards")
    if programme.birthday_bonus < 0 or (programme.expiry_days is not None and programme.expiry_days < 1):
        found.append("numbers")
    if programme.conditions is not None and _conditions_are_wrong(programme.conditions):
        found.append("conditions")
    return found + _against_the_law(programme, classes, day)


def _conditions_are_wrong(conditions: Conditions) -> bool:
    """In the octets that the reader has room for (protocol/schema): each short text goes with the version."""
    texts = conditions.short.values()
    version_fits = 1 <= len(conditions.version.encode()) <= VERSION_OCTETS
    texts_fit = all(1 <= len(text.encode()) <= SHORT_OCTETS for text in texts) and "fr" in conditions.short
    url_fits = not conditions.url or (
        conditions.url.startswith("https://") and len(conditions.url.encode()) <= URL_OCTETS
    )
    return not (version_fits and texts_fit and url_fits)


def _is_wrong(earning: Earning) -> bool:
    needs_step = earning.basis is Basis.AMOUNT
    least = 1 if needs_step else 0
    needs_category = earning.basis is Basis.ARTICLE and not earning.category
    return earning.gives < 1 or earning.step.amount_minor < least or needs_category


def _reward_is_wrong(programme: Programme, reward: Reward) -> bool:
    if reward.threshold < 1 or not 1 <= len(reward.label) <= LABEL_LENGTH or not reward.id:
        return True
    if reward.counter not in {earning.counter for earning in programme.earnings}:
        return True
    if reward.kind is RewardKind.REDUCTION:
        return not reward.amount > NOTHING
    if reward.kind is RewardKind.COUPON:
        return not 1 <= reward.percent <= WHOLE
    return not reward.category


def _against_the_law(programme: Programme, classes: Mapping[str, LegalClass], day: date) -> list[str]:
    """What is of one category is refused when the law leaves it nothing, or less than it gives."""
    found = []
    for earning in programme.earnings:
        legal_class = classes.get(earning.category, LegalClass.ORDINARY)
        if earning.category and not earns(programme, earning, legal_class, day):
            found.append(f"law_{legal_class}")
    for reward in programme.rewards:
        legal_class = classes.get(reward.category, LegalClass.ORDINARY)
        if reward.category and not _lawful(programme, reward, limit(legal_class, day).value):
            found.append(f"law_{legal_class}")
    return sorted(set(found))


def _lawful(programme: Programme, reward: Reward, most: int) -> bool:
    if most in (0, WHOLE):
        return most == WHOLE
    return rate(programme, reward) <= Fraction(most, WHOLE)
