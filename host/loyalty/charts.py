"""Charts of a few elements: bars on a scale, bars beside their names, a heat map. Each has its figures as text, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from host.web.elements import box, text
from host.web.locale import number, weekday

LABELS = 12  # on an axis, at most
STEPS = 4  # of a scale
ROUND = (1, 2, 5, 10)
HEATS = 6  # shades of a heat map, 0 being none
WORKING_HOURS = (7, 20)  # are shown whatever was


@dataclass(frozen=True)
class Bar:
    """`part` of `value` is drawn darker. `label` is on the axis, `name` in the table."""

    label: str
    name: str
    value: int
    part: int = 0


@dataclass(frozen=True)
class Words:
    """What a chart says of itself: of its bars as a whole, and of their darker part."""

    title: str
    whole: str
    part: str
    table: str


def scale(most: int, unit: int = 1) -> tuple[int, int]:
    """(step, top): a round step, in multiples of `unit`, and the first multiple of it that is not below `most`."""
    step = unit
    while step * STEPS < most:
        magnitude = 10 ** (len(str(step // unit)) - 1)
        step = unit * next(magnitude * each for each in ROUND if unit * magnitude * each > step)
    return step, max(step, -(-most // step) * step)


def columns(bars: Sequence[Bar], words: Words, shown: Callable[[int], str], unit: int = 1) -> None:
    """`shown` writes a value; `unit`: the least that the scale may step by."""
    step, top = scale(max((bar.value for bar in bars), default=0), unit)
    with box("chart", "figure"):
        _caption(words)
        with box("plot", aria_hidden="true"):
            with box("rules"):
                for value in range(0, top + 1, step):
                    text(shown(value), "rule").style(f"bottom: {100 * value / top:.2f}%")
            with box("bars"):
                every = -(-len(bars) // LABELS)
                for place, bar in enumerate(bars):
                    _column(bar, top, shown, labelled=place % every == 0)
        _table(bars, words, shown)


def _column(bar: Bar, top: int, shown: Callable[[int], str], labelled: bool) -> None:
    with box("bar", title=f"{bar.name} : {shown(bar.value)}"):
        with box("bar-whole").style(f"height: {100 * max(0, bar.value) / top:.2f}%"):
            if bar.part > 0 and bar.value > 0:
                box("bar-part").style(f"height: {min(100, 100 * bar.part / bar.value):.2f}%")
        if labelled:
            text(bar.label, "bar-label")


def shares(bars: Sequence[Bar], words: Words, shown: Callable[[int], str], aside: Callable[[int], str]) -> None:
    """A row a bar: its name, its length, its value, and `aside` of its value."""
    most = max((bar.value for bar in bars), default=0) or 1
    with box("chart", "figure"):
        _caption(words)
        with box("shares", "dl"):
            for bar in bars:
                with box("share"):
                    text(bar.name, "", "dt")
                    with box("share-track", "dd", aria_hidden="true"):
                        box("share-bar").style(f"width: {100 * max(0, bar.value) / most:.2f}%")
                    text(shown(bar.value), "share-value", "dd")
                    text(aside(bar.value), "share-value soft", "dd")


def heat_map(heat: Sequence[Sequence[int]], title: str, language: str) -> None:
    """Weekdays by hour, as a table whose cells have their figure; hours that nothing was in are left out."""
    busy = [hour for hour in range(24) if any(row[hour] > 0 for row in heat)]
    first, last = min([*busy, WORKING_HOURS[0]]), max([*busy, WORKING_HOURS[1]])
    most = max((max(row) for row in heat), default=0) or 1
    with box("heat", "table"):
        text(title, "unseen", "caption")
        with box(tag="thead"), box(tag="tr"):
            box(tag="td")
            for hour in range(first, last + 1):
                text(f"{hour}\u00a0h" if language == "fr" else f"{hour:02d}", "", "th", scope="col")
        with box(tag="tbody"):
            for day, row in enumerate(heat):
                with box(tag="tr"):
                    text(weekday(day, language, short=True), "", "th", scope="row", title=weekday(day, language))
                    for hour in range(first, last + 1):
                        visits = max(0, row[hour])
                        shade = -(-visits * (HEATS - 1) // most)
                        text(number(visits, language) if visits else "", f"heat-{shade}", "td")


def _caption(words: Words) -> None:
    with box("chart-head", "figcaption"):
        text(words.title, tag="h3")
        if words.part:
            with box("legend"):
                text(words.whole, "legend-whole")
                text(words.part, "legend-part")


def _table(bars: Sequence[Bar], words: Words, shown: Callable[[int], str]) -> None:
    with box("chart-table", "details"):
        text(words.table, tag="summary")
        with box("figures", "table"):
            with box(tag="thead"), box(tag="tr"):
                box(tag="td")
                for column in (words.whole, words.part):
                    if column:
                        text(column, "numeric", "th", scope="col")
            with box(tag="tbody"):
                for bar in bars:
                    with box(tag="tr"):
                        text(bar.name, "", "th", scope="row")
                        text(shown(bar.value), "numeric", "td")
                        if words.part:
                            text(shown(bar.part), "numeric", "td")
