"""Whoever pays at the demo's reader joins its programme with the mouse alone, in under 20 seconds."""

from __future__ import annotations

import sqlite3

import pytest

from tests.endtoend.test_browser import Demo, browser, demo, pytestmark, served  # noqa: F401 fixtures


def press(page: Demo, *keys: str) -> None:
    for key in keys:
        page.click(f"[data-key='{key}']")


def at(page: Demo, prompt: str) -> None:
    """The reader shows that screen."""
    page.sees(f"[data-prompt={prompt}]")


@pytest.mark.covers("services/L-6")
def test_a_person_joins_on_the_keypad(demo: Demo) -> None:  # noqa: F811
    demo.ask_for_card("8")
    demo.present("cb_visa_debit", "tap")
    demo.shows("[data-end=approved]", "APPROUVÉ")
    at(demo, "loyalty_offer")
    press(demo, "OK")
    at(demo, "enter_mobile")
    press(demo, *"0612345678")
    demo.browser.save_screenshot(str(demo.downloads / "number.png"))
    press(demo, "OK")
    at(demo, "loyalty_conditions")
    press(demo, "OK")
    at(demo, "ask_sms")
    press(demo, "OK")
    at(demo, "loyalty_joined")
    demo.browser.save_screenshot(str(demo.downloads / "joined.png"))
    press(demo, "OK")
    with sqlite3.connect(demo.state / "zinc.db") as books:
        assert books.execute("SELECT count(*) FROM identity").fetchone() == (1,)
