"""How the languages of the till write numbers, dates and times of day."""

from __future__ import annotations

from datetime import date, datetime

from host.money import NARROW_NO_BREAK, NO_BREAK
from host.web.words import LANGUAGES

DAYS = (
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
)
SHORT_DAYS = (
    ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ("ma", "di", "wo", "do", "vr", "za", "zo"),
)
MONTHS = (
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
)
SHORT_MONTHS = (
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ["jan.", "feb.", "mrt.", "apr.", "mei", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."],
)
GROUPS = {"fr": NARROW_NO_BREAK, "en": ",", "nl": "."}


def number(count: int, language: str) -> str:
    return f"{count:,}".replace(",", GROUPS[language])


def percent(share: float, language: str, digits: int = 0) -> str:
    """Of a hundred: 12,5 % (fr), 12.5% (en), 12,5% (nl)."""
    written = f"{share:.{digits}f}"
    if language == "en":
        return f"{written}%"
    return written.replace(".", ",") + (f"{NARROW_NO_BREAK}%" if language == "fr" else "%")


def weekday(day: int, language: str, short: bool = False) -> str:
    """Monday is 0."""
    return (SHORT_DAYS if short else DAYS)[LANGUAGES.index(language)][day]


def month(day: date, language: str) -> str:
    return f"{MONTHS[LANGUAGES.index(language)][day.month - 1]} {day.year}"


def short_month(day: date, language: str) -> str:
    return SHORT_MONTHS[LANGUAGES.index(language)][day.month - 1]


def short_date(day: date, language: str) -> str:
    """3 nov."""
    return f"{day.day}{NO_BREAK}{short_month(day, language)}"


def long_date(day: date, language: str) -> str:
    """lundi 3 novembre 2026"""
    ordinal = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{weekday(day.weekday(), language)} {ordinal}{NO_BREAK}{month(day, language)}"


def plain_date(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def time_of_day(moment: datetime, language: str) -> str:
    """Of a local moment: 8 h 05 (fr), 08:05."""
    return f"{moment.hour}{NO_BREAK}h{NO_BREAK}{moment:%M}" if language == "fr" else f"{moment:%H:%M}"
