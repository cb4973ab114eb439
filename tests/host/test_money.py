"""Money: exact, within one currency, written as each language writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host.money import EUR, Currency, CurrencyMismatch, Money, total

CHF = Currency("CHF", 756, 2, "CHF")


def test_it_is_written_as_the_language_does() -> None:
    assert Money(1250).text("fr") == "12,50\u00a0€"
    assert Money(123456789).text("fr") == "1\u202f234\u202f567,89\u00a0€"
    assert Money(-5).text("fr") == "-0,05\u00a0€"
    assert Money(123450).text("en") == "€1,234.50"
    assert Money(123450).text("nl") == "€\u00a01.234,50"


def test_currencies_do_not_mix() -> None:
    for operation in (
        lambda: Money(1) + Money(1, CHF),
        lambda: Money(1) < Money(1, CHF),
        lambda: Money(1) - Money(1, CHF),
    ):
        with pytest.raises(CurrencyMismatch):
            operation()
    assert Money(1) != Money(1, CHF)


def test_an_amount_is_an_integer() -> None:
    with pytest.raises(TypeError):
        Money(12.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(True)


def test_sums_and_products() -> None:
    assert total([Money(1), Money(2)]) == Money(3)
    assert total([]) == Money(0, EUR)
    assert Money(150) * 3 - Money(50) == Money(400)
    assert not Money(0)


@pytest.mark.parametrize(
    ("amount", "numerator", "denominator", "expected"),
    [(100, 1, 3, 33), (50, 1, 100, 1), (-50, 1, 100, -1), (49, 1, 100, 0), (1250, 2000, 12000, 208)],
)
def test_a_share_is_rounded_half_away_from_zero(amount: int, numerator: int, denominator: int, expected: int) -> None:
    assert Money(amount).share(numerator, denominator) == Money(expected)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=6).filter(any))
def test_allocation_loses_no_cent(amount: int, weights: list[int]) -> None:
    parts = Money(amount).allocate(weights)
    assert total(parts) == Money(amount)
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.amount_minor * whole - amount * weight) < whole  # less than a cent from the exact share
