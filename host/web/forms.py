"""Fields of forms. The browser keeps what is typed in them; it is told when a field is left, or a choice is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from nicegui.element import Element

from host.web.elements import box, text

Change = Callable[[str], Any]
EMIT = "(event) => emit(event.target.value)"


def line(label: str, value: str, change: Change, classes: str = "", **attributes: str | bool) -> Element:
    """A line of text under its label; `type="date"` and the like are the browser's own."""
    with _field(label, classes):
        made = box("input", "input", autocomplete="off", **attributes)
    made.props["^value"] = value  # the attribute: as a property, each change elsewhere would bring it back
    return _told(made, change)


def area(label: str, value: str, change: Change, classes: str = "", **attributes: str | bool) -> Element:
    with _field(label, classes):
        return _told(text(value, "input", "textarea", **attributes), change)


def choice(
    label: str, options: Mapping[str, str], value: str, change: Change, classes: str = "", **attributes: str | bool
) -> Element:
    """`options`: what is shown, by value."""
    with _field(label, classes):
        made = box("input", "select", **attributes)
        with made:
            for name, shown in options.items():
                text(shown, "", "option", value=name).props.set_bool("selected", name == value)
    return _told(made, change)


def segments(
    label: str, options: Mapping[str, str], value: str, change: Change, classes: str = "", **attributes: str | bool
) -> None:
    """Few options side by side, of which one is on; whoever hears of a change makes them again."""
    with box(f"segments {classes}", "div", role="group", aria_label=label, **attributes):
        for name, shown in options.items():
            pressed = str(name == value).lower()
            made = text(shown, "segment", "button", type="button", aria_pressed=pressed, data_choice=name)
            made.on("click", partial(change, name))


def _field(label: str, classes: str) -> Element:
    with box(f"form-field {classes}", "label") as made:
        text(label, "field-label", "span")
    return made


def _told(made: Element, change: Change) -> Element:
    return made.on("change", lambda event: change(str(event.args)), js_handler=EMIT)
