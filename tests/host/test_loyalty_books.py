"""Whatever happens, in whatever order: points are neither doubled nor lost, every sum equals its recomputation."""

from __future__ import annotations

import shutil
from collections import Counter as Counts
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from host.database import Database, Work
from host.loyalty.errors import LoyaltyError
from host.loyalty.model import Basket, Counter, Item, LegalClass, Range, Refund
from host.loyalty.rules import gap_counts
from host.loyalty.states import GONE, State
from host.loyalty.tables import balances, census, class_days, clients, entries, gaps, hours, visits
from host.money import Money
from tests.host.loyalty_bench import PROGRAMME, Shop, token

CARDS, NUMBERS = 4, ("0611111111", "0622222222")
DEED = st.one_of(
    st.tuples(st.just("sale"), st.integers(1, CARDS), st.integers(1, 30_000), st.integers(0, 40), st.booleans()),
    st.tuples(st.just("again"), st.integers(0, 9)),
    st.tuples(st.just("return"), st.integers(0, 9), st.integers(1, 99)),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("join"), st.integers(1, CARDS), st.sampled_from(NUMBERS)),
    st.tuples(st.just("confirm"), st.sampled_from(NUMBERS)),
    st.tuples(st.just("spend"), st.integers(1, CARDS), st.integers(0, 3)),
    st.tuples(st.just("give_back"), st.integers(0, 3)),
    st.tuples(st.just("erase"), st.integers(1, CARDS)),
    st.tuples(st.just("days"), st.integers(1, 200)),
)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with nothing in it."""
    path = tmp_path_factory.mktemp("loyalty") / "blank.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.scrub()
    database.close()
    return path


class Play:
    """Deeds on a shop. `left` of each ticket is what a correct programme earns on; None: a stranger's, or cancelled."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.baskets: dict[str, Basket] = {}
        self.left: dict[str, int] = {}
        self.earning: dict[str, str] = {}  # by ticket, the client under whom it earns
        self.returns = 0
        self.spent: dict[str, bool] = {}  # by reference; False: given back

    def do(self, deed: str, *facts: Any) -> None:
        try:
            getattr(self, deed)(*facts)
        except LoyaltyError:
            pass

    def sale(self, card: int, amount: int, late_days: int, has_food: bool) -> None:
        items = [Item(LegalClass.ORDINARY, "x", 1, Money(amount), Money(amount))]
        if has_food:
            items.append(Item(LegalClass.FOOD, "y", 1, Money(2 * amount), Money(amount)))
        at = self.shop.clock.now() - timedelta(days=late_days)
        ticket = self.shop.sale(card, items=tuple(items), at=at)
        self.baskets[ticket], self.left[ticket] = tuple(items), sum(item.paid.amount_minor for item in items)
        if self._enrolled(card):
            self.earning[ticket] = self._client(card)

    def again(self, index: int) -> None:
        if ticket := self._ticket(index):
            self.shop.sale(1, items=self.baskets[ticket], ticket=ticket)

    def join(self, card: int, number: str) -> None:
        self.shop.joins(card, number=number)

    def confirm(self, number: str) -> None:
        if self.shop.messages.sent:
            self.shop.service.joining.sign_in(number, self.shop.messages.last_code())

    def cancel(self, index: int) -> None:
        if ticket := self._ticket(index):
            with self.shop.store.transaction() as work:
                self.shop.service.booking.cancelled(work, ticket, self.shop.clock.now())
            self.left.pop(ticket, None)

    def spend(self, card: int, use: int) -> None:
        client = self._client(card)
        with self.shop.store.transaction() as work:
            self.shop.service.spending.spend(work, client, "five", "C1-x", f"use-{use}")
        self.spent.setdefault(f"use-{use}", True)

    def give_back(self, use: int) -> None:
        with self.shop.store.transaction() as work:
            self.shop.service.spending.give_back(work, f"use-{use}", self.shop.clock.now())
        if f"use-{use}" in self.spent:
            self.spent[f"use-{use}"] = False

    def erase(self, card: int) -> None:
        self.shop.service.members.erase(self._client(card))

    def days(self, count: int) -> None:
        self.shop.clock.later(days=count)
        self.shop.service.nights.run()

    def return_(self, index: int, percent: int) -> None:
        ticket = self._ticket(index)
        if ticket is None or ticket not in self.left:
            return
        before = self.left[ticket]
        left = tuple(replace(item, paid=item.paid.share(percent, 100)) for item in self.baskets[ticket])
        kept = min(before, sum(item.paid.amount_minor for item in left))
        if kept < before:
            self.returns += 1
            refund = Refund(self.shop.clock.now(), Money(before - kept), left)
            for _ in range(2):
                with self.shop.store.transaction() as work:
                    self.shop.service.booking.returned(work, ticket, f"R-{self.returns}", refund)
            self.baskets[ticket], self.left[ticket] = left, kept

    def _ticket(self, index: int) -> str | None:
        return [*self.baskets][index % len(self.baskets)] if self.baskets else None

    def _client(self, card: int) -> str:
        with self.shop.store.transaction() as work:
            client = self.shop.store.clients.recognise(work, token(card)).client
        return client.id if client else ""

    def _enrolled(self, card: int) -> bool:
        with self.shop.store.transaction() as work:
            client = self.shop.store.clients.recognise(work, token(card)).client
        return client is not None and client.state in (State.JOINED, State.MEMBER)


def roots(work: Work) -> dict[str, str]:
    return {row.id: row.merged_into or row.id for row in work.execute(select(clients))}


def check_points(play: Play, work: Work) -> None:
    """Against the deeds: each ticket that earns has what its basket earns now, the rewards used have cost theirs."""
    root, erased = roots(work), {row.id for row in work.execute(select(clients)) if row.state == State.ERASED}
    wanted = Counts[str]()
    for ticket, client in play.earning.items():
        if root[client] not in erased:
            wanted[root[client]] += play.left.get(ticket, 0) // 100
    booked = Counts[str]()
    for row in work.execute(select(entries).where(entries.c.kind.in_(["earned", "taken_back"]))):
        if root[row.member_id] not in erased:
            booked[root[row.member_id]] += row.points
    assert +booked == +wanted
    cost = -sum(row.points for row in work.execute(select(entries)) if row.kind in ("spent", "given_back"))
    assert cost == 100 * sum(play.spent.values())


def check_sums(work: Work) -> None:
    rows, root = list(work.execute(select(visits))), roots(work)
    every = {row.id: row for row in work.execute(select(clients))}
    assert sums(work, balances, 2, "points") == counted(
        (root[e.member_id], e.counter, e.points) for e in work.execute(select(entries))
    )
    assert sums(work, hours, 2, "visits") == counted((r.day, r.hour, r.visits) for r in rows)
    assert sums(work, hours, 2, "turnover_minor") == counted((r.day, r.hour, r.amount_minor) for r in rows)
    of_members = [r for r in rows if r.by_member]
    assert sums(work, hours, 2, "member_visits") == counted((r.day, r.hour, r.visits) for r in of_members)
    assert sums(work, hours, 2, "member_turnover_minor") == counted((r.day, r.hour, r.amount_minor) for r in of_members)
    joined = [c.joined_at.astimezone(ZoneInfo("Europe/Paris")) for c in every.values() if c.joined_at]
    assert sums(work, hours, 2, "enrolments") == counted((at.date(), at.hour, 1) for at in joined)
    living = [r for r in rows if every[root[r.client_id]].state not in GONE]
    for name, value in (("visits", "visits"), ("turnover_minor", "amount_minor")):
        of_clients = counted((root[r.client_id], getattr(r, value)) for r in living)
        assert +Counts({(c.id,): getattr(c, name) for c in every.values()}) == +of_clients
    assert sums(work, census, 1, "clients") == counted((c.state, 1) for c in every.values())
    check_gaps(work, rows, root)
    check_classes(work, rows)


def check_gaps(work: Work, rows: list[Any], root: dict[str, str]) -> None:
    cancelled = {row.ticket for row in rows if row.kind == "cancellation"}
    days: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda row: (row.at, row.id)):
        if row.kind == "sale" and row.ticket not in cancelled:
            days.setdefault(root[row.client_id], []).append(row.day)
    wanted = Counts[Any]()
    for each in days.values():
        wanted.update(gap_counts(each))
    assert sums(work, gaps, 2, "visits") == wanted


def check_classes(work: Work, rows: list[Any]) -> None:
    cancelled = {row.ticket for row in rows if row.kind == "cancellation"}
    sold = Counts[Any]()
    for row in rows:
        if row.kind == "sale" and row.ticket not in cancelled and '"food"' in row.basket:
            amount = int(row.basket.split('"food","y",1,')[1].split(",")[0])
            sold[row.day, "food"] += amount
    assert sums(work, class_days, 2, "sold_minor") == sold
    assert sums(work, class_days, 2, "promoted_minor") == sold, "all of it has half off"


def sums(work: Work, table: Any, keys: int, column: str) -> Counts[Any]:
    found = {tuple(row[:keys]): getattr(row, column) for row in work.execute(select(table))}
    return Counts({key: value for key, value in found.items() if value})


def counted(rows: Iterator[Any] | Any) -> Counts[Any]:
    found = Counts[Any]()
    for *key, value in rows:
        found[tuple(key)] += value
    return Counts({key: value for key, value in found.items() if value})


@pytest.mark.covers("services/HL-3", "services/HL-4", "services/L-10", "services/L-11")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(DEED, min_size=5, max_size=40))
def test_points_and_sums_are_right_after_whatever_happened(blank: Path, deeds: list[tuple]) -> None:
    path = blank.with_name("play.db")
    shutil.copy(blank, path)
    database = Database(f"sqlite:///{path}")
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    only_amounts = replace(PROGRAMME, earnings=PROGRAMME.earnings[:1], rewards=PROGRAMME.rewards[:1])
    shop = Shop(database, only_amounts)
    shop.clock.later(days=60)
    play = Play(shop)
    for name, *facts in deeds:
        play.do({"return": "return_"}.get(name, name), *facts)
    with shop.store.transaction() as work:
        check_points(play, work)
        check_sums(work)
    check_analysis(shop)
    database.close()
    for file in path.parent.glob("play.db*"):
        file.unlink()


def check_analysis(shop: Shop) -> None:
    """Pages add the sums up to the same whole, whichever way they cut them."""
    dates = Range(shop.parts.day(shop.clock.now()) - timedelta(days=9000), shop.parts.today())
    overview = shop.service.analysis.overview(dates)
    assert overview.whole.visits == sum(map(sum, shop.service.analysis.traffic(dates)))
    assert overview.whole.visits == sum(shop.service.analysis.frequency(dates))
    assert overview.whole.turnover == sum((day.turnover for day in overview.days.values()), Money(0))
    assert all(day.visits >= 0 for day in overview.days.values())


def test_two_tills_cannot_spend_the_same_points(database: Database) -> None:
    shop = Shop(database)
    member = shop.member(1)
    shop.sale(1, 15000)
    entry_kinds = []
    for reference in ("C1-2.1", "C2-7.3"):
        try:
            with shop.store.transaction() as work:
                shop.service.spending.spend(work, member, "five", reference.split(".")[0], reference)
            entry_kinds.append("spent")
        except LoyaltyError as error:
            entry_kinds.append(type(error).__name__)
    assert entry_kinds == ["spent", "TooFewPoints"]
    assert shop.points(1, Counter.POINTS) == 50
