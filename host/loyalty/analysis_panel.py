"""Analyse: when clients come, how often, who joins, what members are worth beside the others (services/L-10, L-11)."""

from __future__ import annotations

from collections.abc import Callable

from host.loyalty import charts, spans
from host.loyalty.analysis import Figures, Overview
from host.loyalty.charts import Bar, Words
from host.loyalty.model import Range
from host.loyalty.overview_panel import empty, names
from host.loyalty.page_words import TEXTS
from host.loyalty.range_bar import RangeBar
from host.loyalty.space import Space
from host.money import Money
from host.web.elements import box, text
from host.web.locale import number, percent
from host.web.words import in_language


class AnalysisPanel:
    def __init__(self, space: Space, dates: RangeBar, language: str, go: Callable[[str], None]) -> None:
        self._space = space
        self._dates = dates
        self._language = language
        self._words = in_language(TEXTS, language)
        self._go = go

    def build(self) -> None:
        dates, analysis = self._dates.dates, self._space.loyalty.analysis
        overview = analysis.overview(dates)
        self._dates.build()
        if not overview.whole.visits:
            empty(self._words["nothing"], self._words["nothing_means"])
            return
        self._traffic(analysis.traffic(dates))
        with box("side-by-side"):
            self._frequency(analysis.frequency(dates))
            self._compared(overview.whole)
        self._enrolments(overview, dates)

    def _traffic(self, heat: list[list[int]]) -> None:
        with box("chart", "figure"):
            with box("chart-head", "figcaption"):
                text(self._words["traffic"], tag="h3")
                text(self._words["traffic_means"], "soft small-print")
            with box("heat-scroll"):
                charts.heat_map(heat, self._words["traffic"], self._language)

    def _frequency(self, found: list[int]) -> None:
        words, whole = self._words, sum(found) or 1
        bars = [Bar("", words[f"gap_{gap}"], visits) for gap, visits in enumerate(found)]
        said = Words(words["frequency"], words["visits"], "", "")
        with box("beside-note"):
            charts.shares(
                bars,
                said,
                lambda visits: number(visits, self._language),
                lambda visits: percent(100 * visits / whole, self._language),
            )
            text(words["frequency_means"], "soft small-print chart-note")

    def _compared(self, whole: Figures) -> None:
        """Members beside the others: visits, average basket, and what of the turnover is theirs."""
        words = self._words
        others = Figures(whole.visits - whole.member_visits, whole.turnover - whole.member_turnover)
        members = Figures(whole.member_visits, whole.member_turnover)
        with box("chart", "figure"):
            with box("chart-head", "figcaption"):
                text(words["compared"], tag="h3")
            with box("figures", "table"):
                with box(tag="thead"), box(tag="tr"):
                    box(tag="td")
                    for column in ("members", "others"):
                        text(words[column], "numeric", "th", scope="col")
                with box(tag="tbody"):
                    for name, shown in self._rows(whole.turnover):
                        with box(tag="tr", data_compared=name):
                            text(words[name], "", "th", scope="row")
                            for figures in (members, others):
                                text(shown(figures), "numeric", "td")

    def _rows(self, turnover: Money) -> list[tuple[str, Callable[[Figures], str]]]:
        language, whole = self._language, turnover.amount_minor or 1
        return [
            ("visits", lambda figures: number(figures.visits, language)),
            ("average_basket", lambda figures: figures.average_basket.text(language)),
            ("turnover", lambda figures: figures.turnover.text(language)),
            ("share_of_turnover", lambda figures: percent(100 * figures.turnover.amount_minor / whole, language)),
        ]

    def _enrolments(self, overview: Overview, dates: Range) -> None:
        words = self._words
        bars = [
            Bar(*names(span, self._language), span.figures.enrolments) for span in spans.spans(overview.days, dates)
        ]
        said = Words(words[f"enrolments_by_{spans.step(dates)}"], words["enrolments"], "", words["table"])
        charts.columns(bars, said, lambda count: number(count, self._language))
