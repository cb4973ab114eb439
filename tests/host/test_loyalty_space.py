"""What the merchant's space is made of: clients by the end of a number, exports, ranges of dates, scales."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from host.database import Database
from host.loyalty.analysis import ClientList, Figures
from host.loyalty.campaign_form import quiet
from host.loyalty.charts import scale
from host.loyalty.checks import faults
from host.loyalty.errors import ProgrammeRefused, UnknownMember
from host.loyalty.law import limit
from host.loyalty.model import Conditions, Counter, LegalClass, Range, Reward, RewardKind, Subject
from host.loyalty.programme_fields import says
from host.loyalty.programme_form import amount, form_of, whole
from host.loyalty.set_up import stages
from host.loyalty.set_up_words import ADVICE
from host.loyalty.set_up_words import TEXTS as SET_UP_TEXTS
from host.loyalty.spans import Preset, Step, before, chosen, spans, step, together
from host.loyalty.states import State
from host.messaging.quiet import Hours
from host.money import Money
from tests.host.loyalty_bench import PROGRAMME, Shop

TODAY = date(2026, 11, 22)
ZONE = ZoneInfo("Europe/Paris")


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


@pytest.mark.covers("services/L-9")
def test_the_best_the_members_and_the_inactive_are_members_or_not(shop: Shop) -> None:
    for minor in (3000, 2000):
        shop.sale(1, minor)
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


@pytest.mark.covers("attacks/H-08", "services/L-9")
def test_an_export_has_numbers_and_confirmed_addresses_of_who_agreed_and_is_traced(shop: Shop) -> None:
    shop.member(1, number="06 12 34 56 78", sms_offers=True)
    silent = shop.member(2, number="06 12 34 56 79")
    shop.service.members.update(silent, email="=cmd@example.org", birthday="02-29", language="fr")
    shop.service.members.consent(silent, Subject.EMAIL_OFFERS, True, "page.email_offers.1", "page", "fr")
    assert "cmd@" not in shop.service.directory.export(), "nobody has said yet that the address is theirs"
    shop.service.members.confirm_email(silent, shop.messages.last_code())
    shop.joins(3, number="06 12 34 56 80")
    rows = list(csv.DictReader(io.StringIO(shop.service.directory.export())))
    assert sorted((row["number"], row["email"], row["birthday"]) for row in rows) == [
        ("", "", ""),
        ("", "'=cmd@example.org", "02-29"),
        ("'+33612345678", "", ""),
    ]
    traced, _ = shop.service.directory.exports()
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


def test_what_is_typed_makes_the_programme_that_it_came_from() -> None:
    form = form_of(PROGRAMME)
    assert replace(form.programme(ZONE), valid_from=PROGRAMME.valid_from) == PROGRAMME
    form.add_reward()
    assert form.rewards[-1].id == "r1"
    form.begins = "2026-12-01"
    assert form.programme(ZONE).valid_from == datetime(2026, 11, 30, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "minor"), [("2,50 €", 250), ("1 000", 100000), ("0,999", 99), ("-1", 0), ("NaN", 0), ("1e9", 0), ("", 0)]
)
def test_amounts_as_people_type_them(typed: str, minor: int) -> None:
    assert amount(typed) == Money(minor)


@pytest.mark.parametrize("typed", ["", "-1", "1,5", "²", "9" * 40])
def test_what_is_no_whole_number_is_a_fault(typed: str) -> None:
    assert whole(typed) == -1


@pytest.mark.parametrize(
    "conditions",
    [Conditions("", {"fr": "a"}), Conditions("1", {"en": "a"}), Conditions("1", {"fr": "é" * 151}),
     Conditions("1", {"fr": "a"}, "javascript:alert(1)"), Conditions("1" * 17, {"fr": "a"})],
)  # fmt: skip
def test_conditions_that_the_reader_has_no_room_for_are_refused(conditions: Conditions) -> None:
    assert faults(replace(PROGRAMME, conditions=conditions), {}, TODAY) == ["conditions"]


@pytest.mark.covers("services/L-13")
def test_what_the_law_forbids_is_said_with_its_source_and_not_published(shop: Shop) -> None:
    wine = Reward("wine", RewardKind.COUPON, Counter.POINTS, 10, "Vin", percent=10, category="Alcools")
    draft, classes = replace(PROGRAMME, rewards=(wine,)), {"Alcools": LegalClass.ALCOHOL}
    preview = shop.service.programmes.preview(draft, classes)
    assert preview.faults == ("law_alcohol",)
    assert next(rule.source for rule in preview.limits if rule.legal_class is LegalClass.ALCOHOL).startswith("CSP")
    assert says(limit(LegalClass.BOOK, TODAY), "fr") == "5\u202f% au plus du prix"
    with pytest.raises(ProgrammeRefused):
        shop.service.programmes.publish(draft, classes)


@pytest.mark.covers("services/L-2", "services/L-3", "services/L-14")
def test_the_set_up_has_its_days_once_the_subscription_is_ticked() -> None:
    ticked = {"subscription": datetime(2026, 11, 1, 9, tzinfo=UTC)}
    found = {stage.step.name: stage for stage in stages(ticked, PROGRAMME, members=0)}
    assert found["installation"].due == (date(2026, 11, 6), date(2026, 11, 11))
    assert found["meeting"].due == (date(2026, 11, 16), date(2026, 11, 16))
    assert [name for name, stage in found.items() if stage.done] == ["subscription", "programme", "conditions"]
    assert [name for name, stage in found.items() if stage.is_late(date(2026, 11, 12))] == ["notice", "installation"]
    assert all(stage.due is None for stage in stages({}, None, members=0))
    assert len({texts for name, texts in SET_UP_TEXTS.items() if name.startswith("advice_")}) == len(ADVICE)


@pytest.mark.parametrize(
    ("day", "why"), [(date(2026, 11, 22), "sunday"), (date(2026, 11, 11), "holiday"), (date(2026, 11, 23), "night")]
)
def test_an_offer_that_waits_says_why(day: date, why: str) -> None:
    assert quiet(Hours(), day) == why
