"""A programme in the words of those who join it: on the member's page, in the conditions and on posters."""

from __future__ import annotations

import re

from host.loyalty.model import EURO, Basis, Counter, Earning, Programme, Reward, RewardKind
from host.money import NO_BREAK, Money
from host.web.locale import number, percent
from host.web.words import LANGUAGES, Texts

COUNTERS: dict[Counter, tuple[Texts, Texts]] = {  # of one, of several
    Counter.POINTS: (("point", "point", "punt"), ("points", "points", "punten")),
    Counter.VISITS: (("visite", "visit", "bezoek"), ("visites", "visits", "bezoeken")),
    Counter.STAMPS: (("tampon", "stamp", "stempel"), ("tampons", "stamps", "stempels")),
}
TEXTS: dict[str, Texts] = {
    "by_euro": ("{} par euro dépensé", "{} for each euro spent", "{} per uitgegeven euro"),
    "by_step": ("{} par tranche de {}", "{} for each full {}", "{} per volle {}"),
    "by_visit": ("{} par visite", "{} a visit", "{} per bezoek"),
    "by_visit_from": ("{} par visite d’au moins {}", "{} a visit of at least {}", "{} per bezoek van minstens {}"),
    "by_article": ("{} par article « {} »", "{} for each article of “{}”", "{} per artikel van ‘{}’"),
    "off": ("{} de remise", "{} off", "{} korting"),
    "off_category": ("{} de remise sur « {} »", "{} off “{}”", "{} korting op ‘{}’"),
    "gift": ("un article « {} » offert", "an article of “{}” for free", "een artikel van ‘{}’ gratis"),
    "gift_to": (
        "un article « {} » offert, de {} au plus",
        "an article of “{}” for free, of {} at most",
        "een artikel van ‘{}’ gratis, van hoogstens {}",
    ),
    "expires": ("valables {} jours", "valid for {} days", "{} dagen geldig"),
    "expires_year": ("valables un an", "valid for a year", "een jaar geldig"),
    "no_expiry": ("sans date de fin", "without an end", "zonder einddatum"),
    "birthday": ("{} à votre anniversaire", "{} on your birthday", "{} op uw verjaardag"),
}
YEAR = 365


NARROW = re.compile(r" (?=[:;!?»%€])|(?<=«) ")


def typeset(text: str) -> str:
    """No line begins with what French keeps a space before."""
    return NARROW.sub(NO_BREAK, text)


def say(name: str, language: str, *gaps: str) -> str:
    return typeset(TEXTS[name][LANGUAGES.index(language)].format(*gaps))


def counted(count: int, counter: Counter, language: str) -> str:
    """120 points; in French nothing and one are singular."""
    one = abs(count) == 1 or (count == 0 and language == "fr")
    word = COUNTERS[counter][not one][LANGUAGES.index(language)]
    return f"{number(count, language)}{NO_BREAK}{word}"


def money(amount: Money, language: str) -> str:
    """Without cents where there are none: 5 €."""
    return re.sub(r"[.,]00(?=\D|$)", "", amount.text(language))


def several(counter: Counter, language: str) -> str:
    return COUNTERS[counter][1][LANGUAGES.index(language)]


def earning(rule: Earning, language: str) -> str:
    gives, step = counted(rule.gives, rule.counter, language), money(rule.step, language)
    if rule.basis is Basis.ARTICLE:
        return say("by_article", language, gives, rule.category)
    if rule.basis is Basis.VISIT:
        return say("by_visit_from", language, gives, step) if rule.step else say("by_visit", language, gives)
    return say("by_euro", language, gives) if rule.step == EURO else say("by_step", language, gives, step)


def gives(reward: Reward, language: str) -> str:
    """What it gives, whatever the merchant calls it."""
    if reward.kind is RewardKind.GIFT:
        most = [money(reward.amount, language)] if reward.amount else []
        return say("gift_to" if most else "gift", language, reward.category, *most)
    coupon = reward.kind is RewardKind.COUPON
    much = percent(reward.percent, language) if coupon else money(reward.amount, language)
    return say("off_category", language, much, reward.category) if reward.category else say("off", language, much)


def beyond_label(reward: Reward, language: str) -> str:
    """The same, unless the merchant's label says it already."""
    told = gives(reward, language)
    return "" if told.replace(NO_BREAK, " ").casefold() == reward.label.casefold() else told


def threshold(reward: Reward, language: str) -> str:
    return counted(reward.threshold, reward.counter, language)


def expiry(programme: Programme, language: str) -> str:
    if programme.expiry_days is None:
        return say("no_expiry", language)
    if programme.expiry_days == YEAR:
        return say("expires_year", language)
    return say("expires", language, number(programme.expiry_days, language))


def birthday(programme: Programme, language: str) -> str:
    """Empty where nothing is given."""
    bonus = programme.birthday_bonus
    return say("birthday", language, counted(bonus, programme.counter, language)) if bonus else ""
