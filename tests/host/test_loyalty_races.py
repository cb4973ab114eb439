"""Two tills on one PostgreSQL at once: the same ticket, the same points, the same number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from host.database import Database
from host.loyalty.errors import TooFewPoints, WrongCode
from host.loyalty.model import Counter, Range
from host.money import Money
from tests.host.loyalty_bench import NUMBER, Shop
from tests.host.test_postgresql_races import at_once
from tests.support.postgresql import PostgreSQL

ROUNDS = 8


@pytest.fixture
def shop(postgresql: PostgreSQL) -> Iterator[Shop]:
    database = Database(postgresql.new_database())
    database.migrate()
    yield Shop(database)
    database.close()


@pytest.mark.covers("services/HL-3", "services/SC-5")
def test_a_ticket_that_two_tills_tell_is_one_visit(shop: Shop) -> None:
    shop.member(1)
    for each in range(ROUNDS):
        at_once(lambda _, each=each: shop.sale(1, 1000, ticket=f"C9-{each}"))
    assert shop.points(1) == 10 * ROUNDS
    whole = shop.service.analysis.overview(Range(date(2026, 1, 1), date(2026, 12, 31))).whole
    assert (whole.visits, whole.turnover) == (ROUNDS, Money(1000 * ROUNDS))


@pytest.mark.covers("services/HL-3")
def test_visits_of_one_client_at_two_tills_are_both_summed(shop: Shop) -> None:
    member = shop.member(1)
    for each in range(ROUNDS):
        at_once(lambda till, each=each: shop.sale(1, 1000, ticket=f"C{till}-{each}"))
    client = shop.service.members.profile(member).client
    assert (client.visits, client.turnover) == (2 * ROUNDS, Money(2000 * ROUNDS))
    assert shop.points(1) == 20 * ROUNDS


@pytest.mark.covers("services/HL-3")
def test_the_same_points_are_spent_at_one_till(shop: Shop) -> None:
    member = shop.member(1)

    def spend(till: int, each: int) -> Any:
        try:
            with shop.store.transaction() as work:
                return shop.service.spending.spend(work, member, "five", f"C{till}-{each}", f"C{till}-{each}.1").id
        except TooFewPoints:
            return None

    for each in range(ROUNDS):
        shop.sale(1, 10000)
        assert sorted(at_once(lambda till, each=each: spend(till, each) or "")) == ["", "five"]
    assert shop.points(1, Counter.POINTS) == 0


@pytest.mark.covers("services/L-7", "services/HL-4")
def test_cards_that_are_confirmed_at_once_become_one_member(shop: Shop) -> None:
    codes = []
    for card in (1, 2):
        shop.sale(card, 1000)
        shop.joins(card)
        codes.append(shop.messages.last_code())

    def confirm(index: int) -> str:
        try:
            return shop.service.joining.sign_in(NUMBER, codes[index])
        except WrongCode as error:
            return type(error).__name__

    first, second = at_once(confirm)
    assert first == second == shop.view(1).member_id == shop.view(2).member_id
