"""Vue générale: the figures of a range of dates, beside those before, and turnover by day (services/L-10)."""

from __future__ import annotations

from collections.abc import Callable

from host.loyalty import charts, spans
from host.loyalty.analysis import Figures, Overview
from host.loyalty.charts import Bar, Words
from host.loyalty.model import Range
from host.loyalty.page_words import TEXTS
from host.loyalty.range_bar import RangeBar
from host.loyalty.space import Space
from host.loyalty.spans import Span, Step
from host.money import EUR, Money
from host.web.elements import box, button, text
from host.web.locale import long_date, month, number, percent, short_date, short_month
from host.web.words import in_language

CENTS = 10**EUR.exponent


class OverviewPanel:
    def __init__(self, space: Space, dates: RangeBar, language: str, go: Callable[[str], None]) -> None:
        """`go` leads to another section."""
        self._space = space
        self._dates = dates
        self._language = language
        self._words = in_language(TEXTS, language)
        self._go = go

    def build(self) -> None:
        dates = self._dates.dates
        now, before = (self._space.loyalty.analysis.overview(each) for each in (dates, spans.before(dates)))
        self._dates.build()
        if not now.whole.visits and not before.whole.visits and self._space.loyalty.programmes.current() is None:
            empty(self._words["no_programme"], self._words["no_programme_means"], self._words["make_programme"],
                  lambda: self._go("programme"))  # fmt: skip
            return
        self._tiles(now, before)
        if not now.whole.visits:
            empty(self._words["nothing"], self._words["nothing_means"])
        elif spans.length(dates) == 1:
            self._hours(dates)
        else:
            self._turnover(now, dates)

    def _tiles(self, now: Overview, before: Overview) -> None:
        words, whole = self._words, now.whole
        with box("tiles-row"):
            for name, shown, change in self._figures(whole, before.whole):
                with box("figure-tile", data_figure=name):
                    text(words[name], "soft")
                    text(shown, "figure-value")
                    if before.whole.visits:
                        text(change or "\u00a0", "soft small-print")
        text(words["since_before" if before.whole.visits else "no_before"], "soft small-print")
        with box("tiles-row of-two"):
            for name, count in (("members_now", now.members), ("waiting", now.waiting)):
                with box("figure-tile wide", data_figure=name):
                    text(number(count, self._language), "figure-value")
                    with box():
                        text(words[name])
                        text(words[f"{name}_means"], "soft small-print")

    def _figures(self, now: Figures, before: Figures) -> list[tuple[str, str, str]]:
        language = self._language
        return [
            (
                "turnover",
                now.turnover.text(language),
                self._more(now.turnover.amount_minor, before.turnover.amount_minor),
            ),
            ("visits", number(now.visits, language), self._more(now.visits, before.visits)),
            (
                "average_basket",
                now.average_basket.text(language),
                self._more(now.average_basket.amount_minor, before.average_basket.amount_minor),
            ),
            ("members_share", percent(now.members_percent, language), self._points_more(now, before)),
            ("enrolments", number(now.enrolments, language), self._more(now.enrolments, before.enrolments)),
        ]

    def _more(self, now: int, before: int) -> str:
        """+12 %, against before; nothing against nothing."""
        if before <= 0:
            return ""
        share = 100 * (now - before) / before
        return _signed(share) + percent(abs(share), self._language)

    def _points_more(self, now: Figures, before: Figures) -> str:
        if not before.visits:
            return ""
        points = now.members_percent - before.members_percent
        return _signed(points) + self._words["points_more"].format(f"{abs(points):.0f}")

    def _turnover(self, now: Overview, dates: Range) -> None:
        words = self._words
        bars = [
            Bar(
                *names(span, self._language),
                span.figures.turnover.amount_minor,
                span.figures.member_turnover.amount_minor,
            )
            for span in spans.spans(now.days, dates)
        ]
        title = words[f"turnover_by_{spans.step(dates)}"]
        said = Words(title, words["all_turnover"], words["of_members"], words["table"])
        charts.columns(bars, said, lambda minor: _plain(Money(minor), self._language), CENTS)

    def _hours(self, dates: Range) -> None:
        heat = self._space.loyalty.analysis.traffic(dates)[dates.first.weekday()]
        shown = [hour for hour in range(24) if heat[hour] > 0] + list(charts.WORKING_HOURS)
        bars = [Bar(f"{hour} h", f"{hour} h", heat[hour]) for hour in range(min(shown), max(shown) + 1)]
        said = Words(self._words["visits_by_hour"], self._words["visits"], "", self._words["table"])
        charts.columns(bars, said, lambda visits: number(visits, self._language))


def names(span: Span, language: str) -> tuple[str, str]:
    """Of a span, on an axis and in a table."""
    if span.step is Step.MONTH:
        return short_month(span.first, language), month(span.first, language)
    label = short_date(span.first, language)
    if span.step is Step.WEEK:
        return label, in_language(TEXTS, language)["week_of"].format(label)
    return label, long_date(span.first, language)


def empty(what: str, means: str, action: str = "", do: Callable[[], None] = lambda: None) -> None:
    """Nothing is there: what that means, and what comes next."""
    with box("nothing-yet"):
        text(what, tag="h3")
        text(means, "soft")
        if action:
            button(action, do, "primary", data_action="next-step")


def _signed(share: float) -> str:
    return "+" if share > 0 else "−" if share < 0 else ""


def _plain(amount: Money, language: str) -> str:
    """Whole euros without cents: on a scale there is little room."""
    written = amount.text(language)
    return written if amount.amount_minor % CENTS else written.replace(",00", "").replace(".00", "")
