"""Programme: the editor on the left, what it would do on the right, its versions below. Publishing makes a version."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from host.loyalty.errors import NoProgramme, ProgrammeRefused
from host.loyalty.model import Programme
from host.loyalty.overview_panel import empty
from host.loyalty.programme_fields import ProgrammeFields
from host.loyalty.programme_form import ProgrammeForm, example, form_of
from host.loyalty.programme_preview import ProgrammePreview
from host.loyalty.programme_words import TEXTS
from host.loyalty.space import Space
from host.web.elements import box, button, text
from host.web.locale import plain_date
from host.web.words import in_language


class ProgrammePanel:
    """What is typed is kept while the page is open, also when another section is looked at."""

    def __init__(self, space: Space, language: str) -> None:
        self._space = space
        self._language = language
        self._words = in_language(TEXTS, language)
        self._form: ProgrammeForm | None = None
        self._ending = False
        self._said = ""
        self._content = ui.refreshable(self._make)

    def build(self) -> None:
        self._content()

    def _make(self) -> None:
        versions = self._space.loyalty.programmes.versions()
        current = self._space.loyalty.programmes.current()
        if self._form is None and current is not None:
            self._form = form_of(current)
        self._status(current)
        if self._form is None:
            empty(self._words["none"], self._words["none_means"], self._words["begin"], self._begin)
        else:
            self._editor(self._form, 1 + max((each.version for each in versions), default=0))
        if versions:
            self._versions(versions, current)

    def _status(self, current: Programme | None) -> None:
        words = self._words
        if self._said:
            text(self._said, "notice done", role="status", data_said="published")
        if current is not None:
            text(
                words["in_force"].format(current.version, self._date(current)),
                "soft",
                data_version=str(current.version),
            )
        elif self._form is not None:
            text(words["not_in_force"], "soft")

    def _editor(self, form: ProgrammeForm, version: int) -> None:
        preview = ProgrammePreview(self._space, form, self._language, version, self._publish)
        fields = ProgrammeFields(self._space, form, self._language, preview.refresh)
        preview.listen(fields.show)
        with box("editor"):
            with box("editor-fields"):
                fields.build()
            with box("sheet editor-preview"):
                preview.build()

    def _begin(self) -> None:
        self._form = example("", self._words["example_label"])
        self._content.refresh()

    def _publish(self) -> None:
        if self._form is None:
            return
        classes = self._space.shelf.classes()
        try:
            published = self._space.loyalty.programmes.publish(self._form.programme(self._space.zone), classes)
        except ProgrammeRefused:  # the preview says why
            return
        self._form, self._said = form_of(published), self._words["published"].format(published.version)
        self._content.refresh()

    # ---- versions ----

    def _versions(self, versions: list[Programme], current: Programme | None) -> None:
        words = self._words
        with box("sheet versions"):
            text(words["versions"], tag="h3")
            with box(tag="ol"):
                for each in versions:
                    self._version(each, each == current)
            if current is not None:
                self._end()

    def _version(self, version: Programme, is_current: bool) -> None:
        words = self._words
        with box("version", "li", data_listed=str(version.version)):
            text(words["of_version"].format(version.version), "version-number")
            text(version.name if version.active else words["ended"], "" if version.active else "soft")
            text(words["from_date"].format(self._date(version)), "soft")
            text(words["current"], "chip approved") if is_current else box()
            if version.active:
                button(words["take_up"], self._take_up(version), "quiet small", "edit")

    def _take_up(self, version: Programme) -> Callable[[], None]:
        def take_up() -> None:
            self._form, self._said = form_of(version), ""
            self._content.refresh()

        return take_up

    def _end(self) -> None:
        words = self._words
        if not self._ending:
            button(words["end"], lambda: self._ask(True), "quiet small", "stop_circle", data_action="end-programme")
            return
        with box("ask-sure", role="alertdialog", aria_label=words["end"]):
            text(words["end_sure"])
            with box("ask-answers"):
                button(words["keep"], lambda: self._ask(False), data_action="keep-programme")
                button(words["end_yes"], self._end_now, "danger", data_action="end-programme-yes")

    def _ask(self, ending: bool) -> None:
        self._ending = ending
        self._content.refresh()

    def _end_now(self) -> None:
        try:
            self._space.loyalty.programmes.end()
        except NoProgramme:  # another window was quicker
            pass
        self._form, self._said = None, ""
        self._ask(False)

    def _date(self, programme: Programme) -> str:
        return plain_date(self._space.local(programme.valid_from).date())
