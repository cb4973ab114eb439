"""The fields of a programme; what the law says stands beside the field that it is about (terminal/LAW-14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from host.loyalty.law import WHOLE, Limit, limit
from host.loyalty.model import Basis, Counter, LegalClass, RewardKind
from host.loyalty.programme_form import EarningForm, ProgrammeForm, RewardForm
from host.loyalty.programme_words import CLASSES, TEXTS
from host.loyalty.space import Space
from host.web import forms
from host.web.elements import box, button, text
from host.web.locale import percent, plain_date
from host.web.words import LANGUAGES, in_language

FAULTS = ("name", "earnings", "rewards", "reward_twice", "numbers", "conditions")


class ProgrammeFields:
    def __init__(self, space: Space, form: ProgrammeForm, language: str, changed: Callable[[], Any]) -> None:
        """changed: what is typed is to be tried again."""
        self._space = space
        self._form = form
        self._language = language
        self._words = in_language(TEXTS, language)
        self._changed = changed
        self._faults: dict[str, TextElement] = {}
        self._content = ui.refreshable(self._make)

    def build(self) -> None:
        self._content()

    def show(self, faults: Sequence[str]) -> None:
        """Say each fault where it is; fields stay as they are, with what is typed in them."""
        for name, element in self._faults.items():
            element.set_text(self._words[f"fault_{name}"] if name in faults else "")

    def _make(self) -> None:
        self._identity()
        self._earnings()
        self._rewards()
        self._time()
        self._conditions()
        self._categories()
        self._changed()

    def _identity(self) -> None:
        form, words = self._form, self._words
        with self._sheet("identity"):
            with box("fields of-two"):
                forms.line(words["name"], form.name, self._sets(form, "name"), maxlength="32", data_field="name")
                forms.line(words["begins"], form.begins, self._sets(form, "begins"), type="date",
                           min=self._space.today().isoformat(), data_field="begins")  # fmt: skip
            self._fault("name")

    # ---- what is earned ----

    def _earnings(self) -> None:
        with self._sheet("earnings"):
            for earning in self._form.earnings:
                self._earning(earning)
            add = lambda: (self._form.earnings.append(EarningForm()), self._again())  # noqa: E731
            button(self._words["add_earning"], add, "quiet small", "add", data_action="add-earning")
            self._fault("earnings")

    def _earning(self, earning: EarningForm) -> None:
        words = self._words
        with box("form-row"):
            with box("fields of-earning"):
                forms.line(words["gives"], earning.gives, self._sets(earning, "gives"), inputmode="numeric")
                forms.choice(words["counter"], self._names(Counter), earning.counter, self._sets(earning, "counter"))
                bases = {str(each): words[f"basis_{each}"] for each in Basis}
                forms.choice(words["basis"], bases, earning.basis, self._sets(earning, "basis", again=True))
                if earning.basis == Basis.ARTICLE:
                    self._category(earning, "choose_category")
                else:
                    forms.line(words["step"], earning.step, self._sets(earning, "step"), inputmode="decimal")
            self._remove(self._form.earnings, earning)
            self._law_of(earning.category if earning.basis == Basis.ARTICLE else "")

    # ---- what it buys ----

    def _rewards(self) -> None:
        with self._sheet("rewards"):
            for reward in self._form.rewards:
                self._reward(reward)
            add = lambda: (self._form.add_reward(), self._again())  # noqa: E731
            button(self._words["add_reward"], add, "quiet small", "add", data_action="add-reward")
            self._fault("rewards")
            self._fault("reward_twice")

    def _reward(self, reward: RewardForm) -> None:
        words = self._words
        with box("form-row"):
            with box("fields of-reward"):
                forms.line(words["label"], reward.label, self._sets(reward, "label"), "wide", maxlength="40",
                           data_field=f"label-{reward.id}")  # fmt: skip
                forms.line(words["threshold"], reward.threshold, self._sets(reward, "threshold"), inputmode="numeric",
                           data_field=f"threshold-{reward.id}")  # fmt: skip
                forms.choice("\u00a0", self._names(Counter), reward.counter, self._sets(reward, "counter"))
                forms.choice(
                    words["kind"], self._names(RewardKind), reward.kind, self._sets(reward, "kind", again=True),
                    data_field=f"kind-{reward.id}",
                )  # fmt: skip
                self._worth(reward)
            self._remove(self._form.rewards, reward)
            self._law_of(reward.category if reward.kind != RewardKind.REDUCTION else "")

    def _worth(self, reward: RewardForm) -> None:
        words = self._words
        if reward.kind == RewardKind.COUPON:
            forms.line(words["percent"], reward.percent, self._sets(reward, "percent"), inputmode="numeric",
                       data_field=f"percent-{reward.id}")  # fmt: skip
            self._category(reward, "all_categories")
            return
        label = words["amount" if reward.kind == RewardKind.REDUCTION else "gift_amount"]
        forms.line(label, reward.amount, self._sets(reward, "amount"), inputmode="decimal",
                   data_field=f"amount-{reward.id}")  # fmt: skip
        if reward.kind == RewardKind.GIFT:
            self._category(reward, "choose_category")

    def _category(self, row: EarningForm | RewardForm, none: str) -> None:
        names = sorted({article.category for article in self._space.shelf.articles() if article.category})
        options = {"": self._words[none]} | {name: name for name in names}
        data = f"category-{row.id}" if isinstance(row, RewardForm) else "category"
        forms.choice(self._words["category"], options, row.category, self._sets(row, "category", again=True),
                     data_field=data)  # fmt: skip

    # ---- time, conditions ----

    def _time(self) -> None:
        form, words = self._form, self._words
        counter = words[form.earnings[0].counter if form.earnings else Counter.POINTS].lower()
        with self._sheet("time"):
            with box("fields of-two"):
                with box():
                    forms.line(words["birthday"].format(counter), form.birthday, self._sets(form, "birthday"),
                               inputmode="numeric", data_field="birthday")  # fmt: skip
                    text(words["birthday_means"], "soft small-print")
                with box():
                    forms.line(words["expires"], form.expires, self._sets(form, "expires"), inputmode="numeric",
                               data_field="expires")  # fmt: skip
                    text(words["expires_means"], "soft small-print")
            self._fault("numbers")

    def _conditions(self) -> None:
        form, words = self._form, self._words
        with self._sheet("conditions"):
            text(words["conditions_means"], "soft small-print")
            with box("fields of-conditions"):
                forms.line(words["version"], form.conditions, self._sets(form, "conditions"), maxlength="16",
                           data_field="version")  # fmt: skip
                forms.line(words["url"], form.url, self._sets(form, "url"), maxlength="106", type="url",
                           data_field="url")  # fmt: skip
            for language in LANGUAGES:
                forms.area(
                    words[f"short_{language}"], form.short.get(language, ""), self._sets_short(language),
                    maxlength="300", rows="2", lang=language, data_field=f"short-{language}",
                )  # fmt: skip
            self._fault("conditions")

    # ---- the law ----

    def _categories(self) -> None:
        words, classes = self._words, self._space.shelf.classes()
        names = sorted({article.category for article in self._space.shelf.articles() if article.category})
        options = {str(each): CLASSES[each][LANGUAGES.index(self._language)] for each in LegalClass}
        with self._sheet("law"):
            text(words["law_means"], "soft small-print")
            for name in names:
                legal_class = classes.get(name, LegalClass.ORDINARY)
                with box("law-row"):
                    forms.choice(name, options, legal_class, self._classifies(name), data_field=f"class-{name}")
                    with box("law-says"):
                        self._says(limit(legal_class, self._space.today()))

    def _says(self, rule: Limit) -> None:
        text(says(rule, self._language), "" if rule.value == WHOLE else "law-limit")
        if rule.source:
            since = self._words["since"].format(plain_date(rule.valid_from))
            text(f"{rule.source} · {since}", "soft small-print")

    def _law_of(self, category: str) -> None:
        """Beside a field: what the law says of the category that is chosen in it."""
        legal_class = self._space.shelf.classes().get(category, LegalClass.ORDINARY)
        rule = limit(legal_class, self._space.today())
        if category and rule.value < WHOLE:
            shown = f"{category} : {says(rule, self._language)} ({rule.source})"
            text(shown, "law-note excluded" if rule.excluded else "law-note", data_law=str(legal_class))

    def _classifies(self, category: str) -> Callable[[str], None]:
        def classify(legal_class: str) -> None:
            self._space.shelf.classify(category, LegalClass(legal_class))
            self._again()

        return classify

    # ---- what fields do ----

    def _sheet(self, name: str) -> Any:
        made = box(f"sheet fieldset fieldset-{name}", "section")
        with made:
            text(self._words[name], tag="h3")
        return made

    def _fault(self, name: str) -> None:
        self._faults[name] = text("", "refusal", role="alert", data_fault=name)

    def _names(self, kinds: Iterable[str]) -> dict[str, str]:
        return {str(each): self._words[str(each)] for each in kinds}

    def _sets(self, row: Any, name: str, again: bool = False) -> Callable[[str], None]:
        """again: other fields come with another choice."""

        def change(typed: str) -> None:
            setattr(row, name, typed)
            self._again() if again else self._changed()

        return change

    def _sets_short(self, language: str) -> Callable[[str], None]:
        def change(typed: str) -> None:
            self._form.short[language] = typed
            self._changed()

        return change

    def _remove(self, rows: list[Any], row: Any) -> None:
        remove = lambda: (rows.remove(row), self._again())  # noqa: E731
        button("", remove, "quiet small remove", "delete", aria_label=self._words["remove"])

    def _again(self) -> None:
        self._content.refresh()


def says(rule: Limit, language: str) -> str:
    """In words, without the source."""
    words = in_language(TEXTS, language)
    if rule.value == WHOLE:
        return words["free"]
    if rule.excluded:
        return words["excluded"]
    said = words["at_most"].format(percent(rule.value, language))
    return said if rule.volume == WHOLE else f"{said}, {words['volume'].format(percent(rule.volume, language))}"
