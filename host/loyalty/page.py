"""The merchant's loyalty space: a view of the till's page, a section at a time. Nothing is asked before it is seen."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from nicegui import ui
from nicegui.element import Element

from host.loyalty.analysis_panel import AnalysisPanel
from host.loyalty.campaigns_panel import CampaignsPanel
from host.loyalty.clients_panel import ClientsPanel
from host.loyalty.overview_panel import OverviewPanel
from host.loyalty.page_words import TEXTS
from host.loyalty.programme_panel import ProgrammePanel
from host.loyalty.range_bar import RangeBar
from host.loyalty.set_up_panel import SetUpPanel
from host.loyalty.space import Space
from host.web.elements import box, text
from host.web.words import in_language

STYLE = Path(__file__).parent / "loyalty.css"


class Section(Protocol):
    def build(self) -> None:
        """Make its elements, as things are now."""
        ...


class LoyaltyPage:
    def __init__(self, space: Space) -> None:
        self._space = space

    def build(self, language: str) -> None:
        LoyaltyView(self._space, language)


class LoyaltyView:
    """The space in one browser window."""

    def __init__(self, space: Space, language: str) -> None:
        self._words = in_language(TEXTS, language)
        dates = RangeBar(space.today, language, self._draw)
        self._sections: dict[str, Section] = {
            "overview": OverviewPanel(space, dates, language, self.go),
            "analysis": AnalysisPanel(space, dates, language, self.go),
            "clients": ClientsPanel(space, language),
            "programme": ProgrammePanel(space, language),
            "campaigns": CampaignsPanel(space, language),
            "set_up": SetUpPanel(space, language, self.go),
        }
        self._chosen = ""
        self._content = ui.refreshable(self._make)
        with box("loyalty"):
            with box("sections", "nav", aria_label=self._words["sections"]):
                self._tabs = {name: self._tab(name) for name in self._sections}
                # Other views of the page hide this one: it asks for nothing until a merchant looks at it.
                ui.element("q-intersection").classes("sections-seen").on("visibility", self._seen)
            self._content()

    def go(self, section: str) -> None:
        self._chosen = section
        for name, tab in self._tabs.items():
            tab.props["aria-current"] = "page" if name == section else "false"
        self._draw()

    def _seen(self, event: object) -> None:
        if getattr(event, "args", False) and not self._chosen:
            self.go(next(iter(self._sections)))

    def _draw(self) -> None:
        self._content.refresh()

    def _tab(self, name: str) -> Element:
        """Made once: whoever is quick does not click what was just replaced."""
        made = text(self._words[name], "section-tab", "button", type="button", data_section=name)
        return made.on("click", partial(self.go, name))

    def _make(self) -> None:
        if self._chosen:
            with box(f"section section-{self._chosen}", data_shown=self._chosen):
                self._sections[self._chosen].build()
