"""A shop of `month_process` as its merchant, its clients at the reader and on their telephones use it in a browser.

What was paid is counted here as well, by whoever plays, so that the shop's own figures can be held against it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.endtoend.test_browser import Demo

PRICES = {"1": 180, "4": 150, "7": 550, "8": 1250, "9": 790}  # of the till's example catalogue
DEADLINE_S = 90  # of what the process does by itself


@dataclass
class Counted:
    """What the figures are to be; a return takes turnover back, and no visit."""

    visits: int = 0
    minor: int = 0
    member_visits: int = 0
    member_minor: int = 0
    hours: dict[tuple[int, int], int] = field(default_factory=dict)  # visits by weekday and hour

    def sale(self, minor: int, member: bool, at: tuple[int, int]) -> None:
        self.visits += 1
        self.member_visits += member
        self.hours[at] = self.hours.get(at, 0) + 1
        self.more(minor, member)

    def more(self, minor: int, member: bool) -> None:
        self.minor += minor
        self.member_minor += minor * member


class Shop(Demo):
    """In two windows: the merchant's, where the reader is drawn too, and a client's telephone."""

    def __init__(self, browser: webdriver.Chrome, url: str, state: Path, downloads: Path) -> None:
        super().__init__(browser, url, state, downloads)
        self.counted = Counted()
        self.members: set[str] = set()  # cards whose holder is one
        self._heard: dict[str, int] = {}  # messages, by telephone or letter box
        self._at = (0, 0)
        self._till = browser.current_window_handle
        self._phone = ""

    # ---- time, and what nobody need look at ----

    def it_is(self, day: str, time: str, weekday: int) -> None:
        """Local time; Monday is 0."""
        self._post("clock", at=f"{day}T{time}")
        self._at = (weekday, int(time[:2]))

    def sells(self, card: str, *articles: str, how: str = "contactless") -> int:
        """The id of the ticket."""
        told = self._post("sell", card=card, how=how, articles=",".join(articles))
        assert told["paid_minor"] == sum(PRICES[each] for each in articles)
        self.counted.sale(told["paid_minor"], card in self.members, self._at)
        return told["ticket"]

    def gives_back(self, card: str, ticket: int) -> None:
        told = self._post("give_back", card=card, how="contactless", ticket=str(ticket))
        assert told["paid_minor"]
        self.counted.more(-told["paid_minor"], card in self.members)

    def _post(self, path: str, **told: str) -> dict[str, int]:
        request = Request(f"{self.url}month/{path}?{urlencode(told)}", method="POST")
        with urlopen(request, timeout=DEADLINE_S) as answer:
            return json.loads(answer.read()) or {}

    # ---- till and reader ----

    def buys(self, card: str, *articles: str) -> None:
        """By a tap, until it is approved on the page."""
        self.click("a[href='#sale']")
        for article in articles:
            self.click(f"[data-article='{article}']")
        self.pays(card, sum(PRICES[each] for each in articles))

    def pays(self, card: str, minor: int) -> None:
        self.shows(".total-amount", euros(minor))
        self.click("[data-action=card]")
        self.sees("[data-phase=accepted]")
        self.present(card, "tap")
        self.shows("[data-end=approved]", euros(minor))
        self.counted.sale(minor, card in self.members, self._at)

    def next_client(self) -> None:
        self.click("[data-action=new-sale]")
        self.sees(".no-lines")

    def at(self, prompt: str) -> None:
        """The reader shows that screen."""
        self.sees(f"[data-prompt={prompt}]")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.click(f"[data-key='{key}']")

    def joins(self, number: str, *offers: str) -> None:
        """On the keypad, after paying; `offers`: the keys at the question of offers by SMS."""
        for screen, keys in (
            ("loyalty_offer", ["OK"]),
            ("enter_mobile", [*number, "OK"]),
            ("loyalty_conditions", ["OK"]),
            ("ask_sms", offers),
        ):
            self.at(screen)
            self.press(*keys)
        self.at("loyalty_joined")
        self.press("OK")

    # ---- the merchant's space ----

    def section(self, name: str) -> None:
        """Made anew, so that it shows what is there now."""
        self.click("a[href='#loyalty']")
        self.click(f"[data-section={'analysis' if name != 'analysis' else 'overview'}]")
        self.click(f"[data-section={name}]")
        self.sees(f"[data-shown={name}]")

    def write(self, field: str, typed: str) -> None:
        """Instead of what is there; then the field is left."""

        def written() -> bool:
            element = self.browser.find_element(By.CSS_SELECTOR, f"[data-field='{field}']")
            element.clear()
            element.send_keys(typed, Keys.TAB)
            return True

        self.until(written, field)

    def chooses(self, field: str, option: str) -> None:
        def chosen() -> bool:
            Select(self.browser.find_element(By.CSS_SELECTOR, f"[data-field='{field}']")).select_by_visible_text(option)
            return True

        self.until(chosen, field)

    def all_of(self, selector: str) -> list[str]:
        return [element.text for element in self.browser.find_elements(By.CSS_SELECTOR, selector)]

    # ---- a telephone ----

    @contextmanager
    def phone(self) -> Iterator[None]:
        if not self._phone:
            self.browser.switch_to.new_window("window")
            self.browser.set_window_size(390, 844)
            self._phone = self.browser.current_window_handle
        self.browser.switch_to.window(self._phone)
        yield
        self.browser.switch_to.window(self._till)

    def opens(self, path: str) -> None:
        self.browser.get(self.url + path)

    def messages(self, to: str) -> list[str]:
        """What that telephone or letter box got, in order."""
        self.opens("inbox")
        return self.all_of(f"[aria-label='{to}'] .in p")

    def gets(self, to: str) -> str:
        """The next message there, once it has come; more than one would be too many."""
        heard, found = self._heard.get(to, 0), list[list[str]]()
        self.until(lambda: found.append(self.messages(to)) or len(found[-1]) > heard, f"a message to {to}")
        assert len(found[-1]) == heard + 1, found[-1]
        self._heard[to] = heard + 1
        return found[-1][-1]

    def got_nothing(self, to: str) -> bool:
        return len(self.messages(to)) == self._heard.get(to, 0)

    def types(self, name: str, typed: str) -> None:
        self.browser.find_element(By.NAME, name).send_keys(typed)

    def asks_for_code(self, number: str) -> None:
        self.opens("fidelite")
        self.types("number", number)
        self.click("form button.primary")
        self.sees("[name=code]")

    def signs_in(self, number: str, phone: str) -> None:
        """On the member's page, with the code of the next message."""
        (code,) = re.findall(r"\b\d{6}\b", self.gets(phone))
        self.opens("fidelite/code")
        self.types("number", number)
        self.types("code", code)
        self.click("form button.primary")
        self.sees(".balance")


def euros(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02d}"
