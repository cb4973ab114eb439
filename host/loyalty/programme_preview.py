"""What a draft would do: with a basket of the till's catalogue, and on the visits of late; and its publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from nicegui import ui
from nicegui.element import Element

from host.loyalty import checks, rules
from host.loyalty.errors import NothingToReduce
from host.loyalty.law import limit
from host.loyalty.model import Basket, Counter, Item, LegalClass, Programme, Reward
from host.loyalty.programme_fields import FAULTS
from host.loyalty.programme_form import ProgrammeForm
from host.loyalty.programme_words import CLASSES, TEXTS
from host.loyalty.programmes import Preview
from host.loyalty.space import Article, Space
from host.money import Money, total
from host.web.elements import box, button, money, text
from host.web.locale import number, percent
from host.web.words import LANGUAGES, in_language

FIRST = 3  # articles of the catalogue that the basket has one of at first
LAW = "law_"


class ProgrammePreview:
    def __init__(
        self, space: Space, form: ProgrammeForm, language: str, version: int, publish: Callable[[], None]
    ) -> None:
        self._space = space
        self._form = form
        self._language = language
        self._words = in_language(TEXTS, language)
        self._version = version
        self._publish = publish
        self._heard: Callable[[Sequence[str]], None] = lambda _: None
        self._try_now = False
        self._articles = list(space.shelf.articles())
        self._counts = {article.label: int(place < FIRST) for place, article in enumerate(self._articles)}
        self._button: Element | None = None
        self._cannot, self._content = ui.refreshable(self._make_cannot), ui.refreshable(self._make)

    def listen(self, heard: Callable[[Sequence[str]], None]) -> None:
        """`heard` gets the faults, each time that they were looked for."""
        self._heard = heard

    def build(self) -> None:
        """The button is made once: whoever leaves a field by pressing it presses it."""
        self._cannot()
        label = self._words["publish"].format(self._version)
        self._button = button(label, self._publish, "primary", "publish", data_action="publish")
        self._content()

    def refresh(self) -> None:
        self._cannot.refresh()
        self._content.refresh()

    def _make(self) -> None:
        draft, classes = self._form.programme(self._space.zone), self._space.shelf.classes()
        faults, same = self._faults(draft, classes), self._is_current(draft)
        self._heard(faults)
        if self._button is not None:
            self._button.props.set_bool("disabled", bool(faults) or same)
        text(self._words["unchanged" if same else "publish_means"], "soft small-print")
        text(self._words["preview"], tag="h3")
        text(self._words["preview_means"], "soft small-print")
        self._shelf()
        if "earnings" not in faults:
            self._ticket(draft, self._basket(classes))
        self._trying(draft, classes)

    # ---- a basket ----

    def _shelf(self) -> None:
        with box("shelf", "ul"):
            for article in self._articles:
                with box("shelf-row", "li", data_article_row=article.label):
                    text(article.label, "shelf-label")
                    money(article.price, self._language, "soft")
                    self._one(article, -1, "remove", "less")
                    text(str(self._counts[article.label]), "shelf-count", data_count=article.label)
                    self._one(article, 1, "add", "more")

    def _one(self, article: Article, more: int, icon: str, words: str) -> None:
        def change() -> None:
            self._counts[article.label] = max(0, self._counts[article.label] + more)
            self.refresh()

        button("", change, "quiet one-more", icon, aria_label=self._words[words].format(article.label))

    def _basket(self, classes: Mapping[str, LegalClass]) -> Basket:
        items = []
        for article in self._articles:
            if count := self._counts[article.label]:
                legal_class, price = classes.get(article.category, LegalClass.ORDINARY), article.price * count
                items.append(Item(legal_class, article.category, count, price, price))
        return tuple(items)

    def _ticket(self, draft: Programme, basket: Basket) -> None:
        words, day = self._words, self._space.today()
        earned = rules.earned(draft, basket, day)
        with box("preview-sums"):
            with box("sum total"):
                text(words["total"])
                money(total([item.price for item in basket]), self._language)
            with box("sum", data_preview="earned"):
                text(words["earns"])
                text(self._counted(earned), "preview-earned")
            for reward in draft.rewards:
                off = self._off(draft, reward, basket)
                with box("sum", data_preview=reward.id):
                    text(words["with_reward"].format(reward.label))
                    text((-off).text(self._language) if off else words["takes_nothing"], "numeric" if off else "soft")

    def _off(self, draft: Programme, reward: Reward, basket: Basket) -> Money | None:
        try:
            return total([part for _, part in rules.reduction(draft, reward, basket, self._space.today(), {}).parts])
        except NothingToReduce:
            return None

    def _counted(self, earned: dict[Counter, int]) -> str:
        counts = [
            f"+{number(points, self._language)} {self._words[counter].lower()}" for counter, points in earned.items()
        ]
        return ", ".join(counts) or self._words["earns_nothing"]

    # ---- the visits of late ----

    def _trying(self, draft: Programme, classes: Mapping[str, LegalClass]) -> None:
        """When it is asked for: thousands of visits are read, and whoever pays meanwhile waits."""
        text(self._words["tried"], tag="h3")
        if self._try_now:
            self._try_now = False
            self._tried(draft, self._space.loyalty.programmes.preview(draft, classes))
        else:
            button(self._words["try"], self._try, "", "history", data_action="try")

    def _try(self) -> None:
        self._try_now = True
        self.refresh()

    def _tried(self, draft: Programme, preview: Preview) -> None:
        words, language = self._words, self._language
        if not preview.visits:
            text(words["tried_none"], "soft small-print")
            return
        visits = number(preview.visits, language)
        text(words["tried_visits"].format(visits, preview.turnover.text(language)), "soft small-print")
        with box("preview-sums"):
            with box("sum"):
                text(words["tried_earned"])
                text(self._counted(dict(preview.earned)), "preview-earned")
            for reward in draft.rewards:
                with box("sum"):
                    text(words["tried_reached"].format(reward.label))
                    text(words["times"].format(number(preview.reached.get(reward.id, 0), language)), "numeric")
            with box("sum total"):
                text(words["tried_cost"])
                money(preview.cost, language)
        share = 100 * preview.cost.amount_minor / max(1, preview.turnover.amount_minor)
        text(words["of_turnover"].format(percent(share, language, 1)), "soft small-print preview-share")

    # ---- its publication ----

    def _faults(self, draft: Programme, classes: Mapping[str, LegalClass]) -> Sequence[str]:
        return checks.faults(draft, classes, self._space.today())

    def _make_cannot(self) -> None:
        faults = self._faults(self._form.programme(self._space.zone), self._space.shelf.classes())
        if faults:
            with box("cannot", role="status", data_cannot="true"):
                text(self._words["cannot"], "cannot-title")
                for fault in faults:
                    text(self._said(fault), "", "div", data_listed_fault=fault)

    def _is_current(self, draft: Programme) -> bool:
        current = self._space.loyalty.programmes.current()
        return current == replace(draft, valid_from=current.valid_from, version=current.version) if current else False

    def _said(self, fault: str) -> str:
        if fault in FAULTS:
            return self._words[f"fault_{fault}"]
        legal_class = LegalClass(fault.removeprefix(LAW))
        source = limit(legal_class, self._space.today()).source
        return self._words["fault_law"].format(CLASSES[legal_class][LANGUAGES.index(self._language)], source)
