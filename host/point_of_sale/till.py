"""The till's screen: articles and keypad beside the sale."""

from __future__ import annotations

from pathlib import Path

from nicegui import ui

from host.money import Money
from host.point_of_sale.checkout import Checkout
from host.point_of_sale.member_desk import MemberDesk
from host.point_of_sale.model import Article
from host.point_of_sale.sale_panel import SalePanel
from host.point_of_sale.till_words import TEXTS
from host.web.elements import box, button, money, text
from host.web.words import in_language

STYLE = Path(__file__).parent / "till.css"
KEYS = ("7", "8", "9", "4", "5", "6", "1", "2", "3", "0", "00", "C")
MOST_DIGITS = 7


class Till:
    """One counter's sale, seen by any number of browser windows."""

    def __init__(self, checkout: Checkout, members: MemberDesk | None = None) -> None:
        """members: unless there are none."""
        self._checkout = checkout
        self._members = members

    def build(self, language: str) -> None:
        """Make the till in the current page; it follows the sale until the page is left."""
        client, sale = ui.context.client, TillView(self._checkout, language, self._members).sale

        def follow() -> None:
            """A window that is gone must not print receipts."""
            if client.has_socket_connection:
                sale.follow()

        client.on_connect(follow)
        client.on_delete(self._checkout.listen(follow))


class TillView:
    """The till in one browser window."""

    def __init__(self, checkout: Checkout, language: str, members: MemberDesk | None = None) -> None:
        self._checkout = checkout
        self._language = language
        self._words = in_language(TEXTS, language)
        self._typed = ""
        with box("till"):
            with box("counter"):
                self._catalogue()
                self._keypad()
            self.sale = SalePanel(checkout, language, members)

    def _catalogue(self) -> None:
        with box("catalogue"):
            text(self._words["catalogue"], tag="h2")
            with box("tiles"):
                for article in self._checkout.articles:
                    self._tile(article)

    def _tile(self, article: Article) -> None:
        with box("tile", "button", type="button", data_article=str(article.id)) as tile:
            text(article.label, "tile-label")
            with box("tile-foot"):
                text(article.category, "tile-category")
                money(article.price, self._language, "tile-price")
        tile.on("click", lambda: self._checkout.add_article(article))

    def _keypad(self) -> None:
        with box("keypad"):
            with box("typed"):
                text(self._words["amount"], tag="h2")
                self._amount = money(Money(0), self._language, "typed-amount")
            with box("digits"):
                for key in KEYS:
                    name = {"aria_label": self._words["clear"]} if key == "C" else {}
                    button(key, lambda key=key: self._type(key), "digit", data_digit=key, **name)
            button(self._words["add"], self._add_typed, "add", "add", data_action="add")

    def _type(self, key: str) -> None:
        typed = "" if key == "C" else (self._typed + key).lstrip("0")
        self._typed = self._typed if len(typed) > MOST_DIGITS else typed
        self._amount.set_text(Money(int(self._typed or "0")).text(self._language))

    def _add_typed(self) -> None:
        self._checkout.add_amount(Money(int(self._typed or "0")))
        self._type("C")
