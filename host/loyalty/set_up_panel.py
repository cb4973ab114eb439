"""Mise en place: the steps with their days, what of them is done, and how to make the programme known (L-2 to L-4)."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from host.loyalty.model import Range
from host.loyalty.set_up import Stage, stages
from host.loyalty.set_up_words import ADVICE, TEXTS
from host.loyalty.space import Space
from host.web.elements import box, button, symbol, text
from host.web.locale import plain_date
from host.web.words import in_language

NOTICE = "notice"
PAPERS = {"notice": (NOTICE,), "posters": ("window", "till")}  # by step


class SetUpPanel:
    def __init__(self, space: Space, language: str, go: Callable[[str], None]) -> None:
        self._space = space
        self._language = language
        self._words = in_language(TEXTS, language)
        self._go = go
        self._content = ui.refreshable(self._make)

    def build(self) -> None:
        self._content()

    def _make(self) -> None:
        words, found = self._words, self._stages()
        done = sum(stage.done for stage in found)
        with box("sheet set-up"):
            with box("set-up-head"):
                with box():
                    text(words["title"], tag="h2")
                    text(words["means"], "soft")
                text(words["done_of"].format(done, len(found)), "set-up-count", data_done=str(done))
            with box("progress-track", aria_hidden="true"):
                box("progress-bar").style(f"width: {100 * done / len(found):.0f}%")
            if done == len(found):
                text(words["all_done"], "notice done", role="status")
            with box("set-up-steps", "ol"):
                for stage in found:
                    self._stage(stage)
        self._advice()

    def _stages(self) -> list[Stage]:
        loyalty, today = self._space.loyalty, self._space.today()
        overview = loyalty.analysis.overview(Range(today, today))
        return stages(loyalty.directory.steps(), loyalty.programmes.current(), overview.members + overview.waiting)

    def _stage(self, stage: Stage) -> None:
        words, step, late = self._words, stage.step, stage.is_late(self._space.today())
        with box(f"step-row {'step-done' if stage.done else ''}", "li", data_step=step.name):
            self._mark(stage)
            with box("step-what"):
                text(words[step.name], "step-title")
                text(words[f"{step.name}_means"], "soft small-print")
                if step.name in ("programme", "conditions") and not stage.done:
                    button(words["go_programme"], lambda: self._go("programme"), "quiet small", "arrow_forward")
                self._papers(step.name)
            with box("step-when"):
                text(self._when(stage), "soft small-print numeric")
                if late:
                    text(words["late"], "chip unknown")
                elif step.known and stage.done:
                    text(words["seen"], "chip approved")

    def _papers(self, step: str) -> None:
        """To be printed; a poster is of the programme in force."""
        address, has_programme = self._space.paper, self._space.loyalty.programmes.current() is not None
        if address is None:
            return
        with box("step-papers"):
            for name in PAPERS.get(step, ()):
                if has_programme or name == NOTICE:
                    text(self._words[f"paper_{name}"], "", "a", href=address(name, self._language), target="_blank",
                         data_paper=name)  # fmt: skip

    def _mark(self, stage: Stage) -> None:
        """A box to tick; of what the till sees for itself, a sign."""
        icon = "check_circle" if stage.done else "radio_button_unchecked"
        if stage.step.known:
            symbol(icon, "step-mark")
            return
        label = self._words["tick"].format(self._words[stage.step.name])
        tick = lambda: self._tick(stage.step.name, not stage.done)  # noqa: E731
        button("", tick, "quiet step-mark", icon, role="checkbox", aria_checked=str(stage.done).lower(),
               aria_label=label, data_tick=stage.step.name)  # fmt: skip

    def _tick(self, step: str, done: bool) -> None:
        self._space.loyalty.directory.tick(step, done)
        self._content.refresh()

    def _when(self, stage: Stage) -> str:
        words, step, due = self._words, stage.step, stage.due
        if stage.done:
            return words["done_on"].format(plain_date(self._space.local(stage.done_at).date())) if stage.done_at else ""
        if due is None:
            return (
                words["day"].format(step.first)
                if step.first == step.last
                else words["days"].format(step.first, step.last)
            )
        first, last = plain_date(due[0]), plain_date(due[1])
        return words["on"].format(first) if first == last else words["between"].format(first, last)

    def _advice(self) -> None:
        with box("sheet advice"):
            text(self._words["advice"], tag="h3")
            with box("advice-rows", "ul"):
                for name in ADVICE:
                    with box(tag="li"):
                        symbol("arrow_right", "soft")
                        text(self._words[f"advice_{name}"])
