"""What the law leaves of a loyalty programme: figures with their source, at the edit and again at each sale."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from host.loyalty import checks, rules
from host.loyalty.errors import NothingToReduce
from host.loyalty.law import LIMITS, limit
from host.loyalty.model import Basis, Counter, Earning, Item, LegalClass, Programme, Reward, RewardKind
from host.money import Money

DAY = date(2026, 11, 22)
EXCLUDED = [
    LegalClass.ALCOHOL,
    LegalClass.TOBACCO,
    LegalClass.VAPING,
    LegalClass.GAMBLING,
    LegalClass.INFANT_FORMULA,
    LegalClass.MEDICINE,
]
FIVE = Reward("five", RewardKind.REDUCTION, Counter.POINTS, 100, "5 €", Money(500))
TENTH = Reward("tenth", RewardKind.COUPON, Counter.POINTS, 100, "10 %", percent=10)
BY_EURO = Earning(Counter.POINTS, Basis.AMOUNT, 1)


def programme(*rewards: Reward, earnings: tuple[Earning, ...] = (BY_EURO,)) -> Programme:
    return Programme("Zinc", earnings, rewards, datetime(2026, 1, 1, tzinfo=UTC))


def item(legal_class: LegalClass, amount: int, category: str = "x", quantity: int = 1) -> Item:
    return Item(legal_class, category, quantity, Money(amount), Money(amount))


@pytest.mark.covers("terminal/LAW-14")
def test_each_figure_has_its_source_and_its_day() -> None:
    assert {row.legal_class for row in LIMITS} == set(LegalClass) - {LegalClass.ORDINARY}
    assert all(row.source and row.valid_from <= DAY for row in LIMITS)
    assert (limit(LegalClass.FOOD, DAY).value, limit(LegalClass.FOOD, DAY).volume) == (34, 25)
    assert limit(LegalClass.BOOK, DAY).value == 5
    assert limit(LegalClass.HYGIENE, date(2025, 4, 15)).value == 34
    assert limit(LegalClass.HYGIENE, date(2025, 4, 16)).value == 40
    assert limit(LegalClass.HYGIENE, date(2024, 2, 29)).value == 100
    assert limit(LegalClass.ORDINARY, DAY).value == 100


@pytest.mark.covers("terminal/LAW-15", "services/L-13")
@pytest.mark.parametrize("legal_class", EXCLUDED)
def test_a_mixed_basket_earns_only_on_the_others(legal_class: LegalClass) -> None:
    basket = (item(legal_class, 5000), item(LegalClass.ORDINARY, 1990))
    assert rules.earned(programme(FIVE), basket, DAY) == {Counter.POINTS: 19}
    assert rules.earned(programme(FIVE), basket[:1], DAY) == {}
    assert rules.kept(basket, DAY) == basket[1:], "what was bought of it is not kept"


@pytest.mark.covers("terminal/LAW-14", "services/L-13")
@pytest.mark.parametrize("legal_class", EXCLUDED)
def test_nothing_is_taken_off_what_is_excluded(legal_class: LegalClass) -> None:
    basket = (item(legal_class, 5000), item(LegalClass.ORDINARY, 300))
    assert rules.reduction(programme(FIVE), FIVE, basket, DAY, {}).parts == ((1, Money(300)),)
    with pytest.raises(NothingToReduce):
        rules.reduction(programme(FIVE), FIVE, basket[:1], DAY, {})
    gift = Reward("gift", RewardKind.GIFT, Counter.POINTS, 100, "Cadeau", category="x")
    with pytest.raises(NothingToReduce):
        rules.reduction(programme(gift), gift, basket[:1], DAY, {})
    of_category = replace(BY_EURO, basis=Basis.ARTICLE, category="x")
    for wrong in (programme(gift), programme(earnings=(of_category,))):
        assert f"law_{legal_class}" in checks.faults(wrong, {"x": legal_class}, DAY)


@pytest.mark.covers("terminal/LAW-14", "services/L-13")
def test_of_a_book_at_most_five_percent_are_taken_off() -> None:
    basket = (item(LegalClass.BOOK, 2000), item(LegalClass.ORDINARY, 1000))
    reduction = rules.reduction(programme(TENTH), TENTH, basket, DAY, {})
    off = dict(reduction.parts)
    assert off[0] <= Money(100)
    assert sum(amount.amount_minor for amount in off.values()) == 300
    alone = rules.reduction(programme(TENTH), TENTH, basket[:1], DAY, {})
    assert alone.parts == ((0, Money(100)),)
    of_books = replace(TENTH, category="x")
    assert "law_book" in checks.faults(programme(of_books), {"x": LegalClass.BOOK}, DAY)
    assert checks.faults(programme(replace(of_books, percent=5)), {"x": LegalClass.BOOK}, DAY) == []


@pytest.mark.covers("terminal/LAW-14", "services/L-13")
def test_books_earn_when_the_points_give_back_no_more_than_five_percent() -> None:
    books = (item(LegalClass.BOOK, 10000),)
    assert rules.earned(programme(FIVE), books, DAY) == {Counter.POINTS: 100}
    assert rules.earned(programme(replace(FIVE, amount=Money(501))), books, DAY) == {}


@pytest.mark.covers("terminal/LAW-14")
def test_food_promotions_are_limited_in_value_and_in_volume() -> None:
    food = (item(LegalClass.FOOD, 1000),)
    big = replace(FIVE, amount=Money(900))
    assert rules.reduction(programme(big), big, food, DAY, {}).parts == ((0, Money(340)),)
    room = {LegalClass.FOOD: Money(999)}
    with pytest.raises(NothingToReduce):
        rules.reduction(programme(big), big, food, DAY, room)
    reduced = (replace(food[0], paid=Money(700)),)
    assert rules.reduction(programme(big), big, reduced, DAY, {}).parts == ((0, Money(40)),), "30 % are off already"


@pytest.mark.covers("terminal/LAW-14")
def test_one_free_after_two_is_within_a_third_and_after_one_is_not() -> None:
    stamps = Earning(Counter.STAMPS, Basis.ARTICLE, 1, category="x")
    for threshold, lawful in ((2, True), (1, False)):
        gift = Reward("gift", RewardKind.GIFT, Counter.STAMPS, threshold, "Offert", category="x")
        found = checks.faults(programme(gift, earnings=(stamps,)), {"x": LegalClass.FOOD}, DAY)
        assert found == ([] if lawful else ["law_food"])


def test_a_gift_is_the_dearest_one_within_its_value() -> None:
    gift = Reward("gift", RewardKind.GIFT, Counter.STAMPS, 10, "Offert", Money(250), category="x")
    stamps = Earning(Counter.STAMPS, Basis.ARTICLE, 1, category="x")
    basket = (
        item(LegalClass.ORDINARY, 400, quantity=2),
        item(LegalClass.ORDINARY, 300),
        item(LegalClass.ORDINARY, 180),
    )
    assert rules.reduction(programme(gift, earnings=(stamps,)), gift, basket, DAY, {}).parts == ((0, Money(200)),)


def test_what_cannot_be_is_said_by_name() -> None:
    wrong = programme(
        replace(FIVE, threshold=0),
        replace(FIVE, label=""),
        earnings=(replace(BY_EURO, gives=0),),
    )
    assert checks.faults(replace(wrong, name="", expiry_days=0), {}, DAY) == [
        "name", "earnings", "reward_twice", "rewards", "numbers",
    ]  # fmt: skip
