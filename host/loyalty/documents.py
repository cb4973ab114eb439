"""The conditions of a programme, and the notice on personal data that hangs in the shop, as data."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from host.loyalty import legal_words as words
from host.loyalty import telling
from host.loyalty.model import Programme, Reward
from host.web.locale import plain_date
from host.web.words import LANGUAGES, Texts


@dataclass(frozen=True)
class Shop:
    """As its customers know it. page: where a member signs in; stop: where STOP is sent, or nothing."""

    name: str
    address: str
    town: str
    siret: str
    page: str
    stop: str
    zone: ZoneInfo

    @property
    def conditions_page(self) -> str:
        return f"{self.page}/reglement"


@dataclass(frozen=True)
class Section:
    title: str
    text: str
    points: tuple[str, ...] = ()  # a list before the text


@dataclass(frozen=True)
class Document:
    title: str
    subtitle: str
    sections: tuple[Section, ...]


def notice(shop: Shop, language: str) -> Document:
    column = LANGUAGES.index(language)
    stop = words.STOP_AT[column].format(shop.stop) if shop.stop else ""
    facts = _facts(shop) | {"stop": stop}
    sections = tuple(_section(section, column, facts) for section in words.NOTICE.values())
    return Document(words.NOTICE_TITLE[column], shop.name, sections)


def conditions(programme: Programme, shop: Shop, language: str) -> Document:
    """Of that version of the programme. What the merchant wrote as their summary begins it, where there is one."""
    column = LANGUAGES.index(language)
    facts = _facts(shop) | {"name": programme.name, "expiry": telling.expiry(programme, language)}
    points = {
        "earning": _earned(programme, language),
        "rewards": tuple(_told(reward, language) for reward in programme.rewards),
    }
    sections = [_section(section, column, facts, points.get(name, ())) for name, section in words.CONDITIONS.items()]
    summary = _summary(programme, language)
    brief = [Section(words.BRIEF[column], summary)] if summary else []
    return Document(words.CONDITIONS_TITLE[column], _version(programme, shop, column), (*brief, *sections))


def _version(programme: Programme, shop: Shop, column: int) -> str:
    version = programme.conditions.version if programme.conditions else str(programme.version)
    since = plain_date(programme.valid_from.astimezone(shop.zone).date())
    return words.VERSION[column].format(name=programme.name, version=version, since=since)


def _summary(programme: Programme, language: str) -> str:
    """As the reader shows it before it is accepted."""
    short = programme.conditions.short if programme.conditions else {}
    return short.get(language) or short.get("fr") or ""


def _earned(programme: Programme, language: str) -> tuple[str, ...]:
    birthday = telling.birthday(programme, language)
    return (*(telling.earning(rule, language) for rule in programme.earnings), *([birthday] if birthday else []))


def _told(reward: Reward, language: str) -> str:
    colon = "\u00a0:" if language == "fr" else ":"
    gives = telling.beyond_label(reward, language)
    return f"{telling.threshold(reward, language)}{colon} {reward.label}{f' ({gives})' if gives else ''}"


def _facts(shop: Shop) -> dict[str, str]:
    return {"shop": shop.name, "address": shop.address, "town": shop.town, "siret": shop.siret, "page": shop.page}


def _section(section: tuple[Texts, Texts], column: int, facts: dict[str, str], points: tuple[str, ...] = ()) -> Section:
    title, text = section
    return Section(title[column], telling.typeset(text[column].format(**facts)), points)
