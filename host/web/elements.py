"""The few elements that screens are made of. Texts go to the browser as text nodes, so none is ever read as HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from host.money import Money


def box(classes: str = "", tag: str = "div", **attributes: str | bool) -> Element:
    """A container; children are made inside `with box():`. `data_key="7"` becomes data-key="7"."""
    return _dressed(ui.element(tag), classes, attributes)


def text(content: str, classes: str = "", tag: str = "div", **attributes: str | bool) -> TextElement:
    return _dressed(TextElement(tag=tag, text=content), classes, attributes)


def money(amount: Money, language: str, classes: str = "", tag: str = "div") -> TextElement:
    return text(amount.text(language), f"money {classes}", tag)


def button(label: str, do: Callable[..., Any], classes: str = "", icon: str = "", **attributes: str | bool) -> Element:
    """A native button. `icon` names a Material Symbol (they come with NiceGUI); an icon alone needs aria_label."""
    made = box(f"button {classes}", "button", type="button", **attributes)
    with made:
        if icon:
            symbol(icon)
        if label:
            text(label, tag="span")
    made.on("click", lambda: do())
    return made


def symbol(name: str, classes: str = "") -> TextElement:
    """An icon: the ligature of its name, hidden from screen readers."""
    return text(name, f"symbol {classes}", "span", aria_hidden="true")


def _dressed(element: Any, classes: str, attributes: dict[str, str | bool]) -> Any:
    element.classes(classes)
    for name, value in attributes.items():
        element.props[name.rstrip("_").replace("_", "-")] = value
    return element
