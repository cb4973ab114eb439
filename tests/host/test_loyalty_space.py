"""What the merchant's space is made of: clients by the end of a number, exports, ranges of dates, scales."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from host.database import Database
from host.loyalty.analysis import ClientList, Figures
from host.loyalty.charts import scale
from host.loyalty.errors import UnknownMember
from host.loyalty.model import Range, Subject
from host.loyalty.spans import Preset, Step, before, chosen, spans, step, together
from host.loyalty.states import State
from host.money import Money
from tests.host.loyalty_bench import Shop

TODAY = date(2026, 11, 22)


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


@pytest.mark.covers("services/L-9")
def test_the_best_the_members_and_the_inactive_are_members_or_not(shop: Shop) -> None:
    for amount in (3000, 2000):
        shop.sale(1, amount)
    shop.sale(2, 1000)
    member = shop.member(2)
    shop.clock.later(days=91)
    shop.sale(1, 500)
    directory, analysis = shop.service.directory, shop.service.analysis
    best = directory.listed(analysis.clients(ClientList.BEST))
    assert [(each.client.visits, each.client.average_basket, each.ending) for each in best] == [
        (3, Money(1833), ""),
        (1, Money(1000), "5678"),
    ]
    assert [each.id for each in analysis.clients(ClientList.MEMBERS)] == [member]
    assert [each.id for each in analysis.clients(ClientList.INACTIVE)] == [member]
    assert analysis.clients(ClientList.INACTIVE, states={State.STRANGER}) == []


@pytest.mark.covers("services/L-9")
def test_a_record_has_what_a_client_did_and_agreed_to(shop: Shop) -> None:
    member = shop.member(1, sms_offers=True)
    shop.sale(1, 12000)
    with shop.store.transaction() as work:
        shop.service.spending.spend(work, member, "five", "C1-9", "C1-9.1")
    record = shop.service.directory.record(member)
    assert (record.client.visits, record.client.average_basket, record.client.rewards) == (1, Money(12000), 1)
    assert record.agreed(Subject.SMS_OFFERS) and not record.agreed(Subject.EMAIL_OFFERS)
    assert [entry.points for entry in record.entries if entry.counter == "points"] == [-100, 120]
    with pytest.raises(UnknownMember):
        shop.service.directory.record("nobody")


def test_a_number_is_found_by_its_end_alone_and_never_by_a_pattern(shop: Shop) -> None:
    shop.member(1)
    search = shop.service.directory.search
    assert [each.ending for each in search("56 78")] == ["5678"]
    assert [len(search(typed)) for typed in ("0612345678", "78", "5679", "%%%%", "___")] == [1, 0, 0, 0, 0]


@pytest.mark.covers("attacks/H-08")
def test_an_export_has_numbers_and_addresses_of_who_agreed_and_is_traced(shop: Shop) -> None:
    shop.member(1, number="06 12 34 56 78", sms_offers=True)
    silent = shop.member(2, number="06 12 34 56 79")
    shop.service.members.update(silent, email="=cmd@example.org", birthday="02-29", language="fr")
    shop.service.members.consent(silent, Subject.EMAIL_OFFERS, True, "page.email_offers.1", "page", "fr")
    shop.joins(3, number="06 12 34 56 80")
    rows = list(csv.DictReader(io.StringIO(shop.service.directory.export())))
    assert sorted((row["number"], row["email"], row["birthday"]) for row in rows) == [
        ("", "", ""),
        ("", "'=cmd@example.org", "02-29"),
        ("'+33612345678", "", ""),
    ]
    (traced,) = shop.service.directory.exports()
    assert (traced.members, traced.numbers, traced.emails) == (3, 1, 1)


def test_the_erased_are_on_no_list(shop: Shop) -> None:
    shop.sale(1)
    member = shop.member(1)
    shop.service.members.erase(member)
    assert shop.service.analysis.clients(ClientList.BEST) == []
    assert shop.service.directory.search("5678") == []
    record = shop.service.directory.record(member)
    assert (record.visits, record.ending) == ((), "")


def test_steps_of_the_set_up_are_ticked_and_taken_back(shop: Shop) -> None:
    shop.service.directory.tick("notice", True)
    shop.service.directory.tick("notice", True)
    assert shop.service.directory.steps() == {"notice": shop.clock.now()}
    shop.service.directory.tick("notice", False)
    assert shop.service.directory.steps() == {}


@pytest.mark.parametrize(
    ("preset", "first", "by", "count"),
    [
        (Preset.TODAY, TODAY, Step.DAY, 1),
        (Preset.WEEK, date(2026, 11, 16), Step.DAY, 7),
        (Preset.MONTH, date(2026, 10, 24), Step.DAY, 30),
        (Preset.YEAR, date(2026, 1, 1), Step.MONTH, 11),
    ],
)
def test_ranges_of_dates(preset: Preset, first: date, by: Step, count: int) -> None:
    dates = chosen(preset, TODAY)
    assert dates == Range(first, TODAY)
    assert step(dates) is by
    assert len(spans({}, dates)) == count
    assert before(dates).last == date.fromordinal(first.toordinal() - 1)


def test_weeks_and_months_sum_their_days() -> None:
    days = {date(2026, 10, 1): Figures(2, Money(300), 1, Money(100), 1), date(2026, 10, 4): Figures(1, Money(50))}
    weeks = spans(days, Range(date(2026, 9, 30), date(2026, 11, 30)))
    assert (weeks[0].step, weeks[0].first, weeks[0].figures) == (Step.WEEK, date(2026, 9, 30), together(days.values()))
    assert together(span.figures for span in weeks) == Figures(3, Money(350), 1, Money(100), 1)


@pytest.mark.parametrize(
    ("most", "unit", "step_and_top"),
    [(0, 1, (1, 1)), (6, 1, (2, 6)), (93, 1, (50, 100)), (90000, 100, (50000, 100000)), (101, 100, (100, 200))],
)
def test_a_scale_has_round_steps(most: int, unit: int, step_and_top: tuple[int, int]) -> None:
    assert scale(most, unit) == step_and_top
