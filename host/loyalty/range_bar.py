"""The range of dates above what is shown of it: four that are asked for often, or any."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from host.loyalty.model import Range
from host.loyalty.page_words import TEXTS
from host.loyalty.spans import Preset, chosen
from host.web import forms
from host.web.elements import box, text
from host.web.words import in_language


class RangeBar:
    """`preset` is kept while the page is open, and the dates with it: tomorrow, today is another day."""

    def __init__(self, today: Callable[[], date], language: str, changed: Callable[[], None]) -> None:
        self._today = today
        self._words = in_language(TEXTS, language)
        self._changed = changed
        self.preset = Preset.MONTH
        self._other = chosen(self.preset, today())

    @property
    def dates(self) -> Range:
        return self._other if self.preset is Preset.OTHER else chosen(self.preset, self._today())

    def build(self) -> None:
        words, dates = self._words, self.dates
        with box("range"):
            presets = {str(each): words[f"range_{each}"] for each in Preset}
            forms.segments(words["range"], presets, self.preset, self._choose)
            if self.preset is Preset.OTHER:
                last = self._today().isoformat()
                with box("range-dates"):
                    forms.line(words["from"], dates.first.isoformat(), self._first, type="date", max=last)
                    forms.line(words["to"], dates.last.isoformat(), self._last, type="date", max=last)
            else:
                text(words["range_of"].format(f"{dates.first:%d/%m/%Y}", f"{dates.last:%d/%m/%Y}"), "soft range-of")

    def _choose(self, preset: str) -> None:
        self._other = self.dates
        self.preset = Preset(preset)
        self._changed()

    def _first(self, typed: str) -> None:
        self._set(typed, lambda day: Range(day, max(day, self._other.last)))

    def _last(self, typed: str) -> None:
        self._set(typed, lambda day: Range(min(day, self._other.first), day))

    def _set(self, typed: str, dates: Callable[[date], Range]) -> None:
        """What is no date changes nothing."""
        try:
            self._other = dates(min(date.fromisoformat(typed), self._today()))
        except ValueError:
            return
        self._changed()
