"""What may be sent, to whom, when and how often: STOP, limits, quiet hours, how long a text is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host.database import Database
from host.messaging import templates
from host.messaging.errors import IllegalMove, ValueMissing
from host.messaging.gsm import BASIC, EXTENDED, size
from host.messaging.limits import Bucket, Limits
from host.messaging.model import Channel, Inbound, Kind, Template, Why
from host.messaging.phone import e164, is_mobile
from host.messaging.quiet import Hours, next_allowed
from host.messaging.states import CAMPAIGN_MOVES, MOVES, CampaignState, State, move, move_campaign
from host.messaging.stop import is_stop
from tests.host.messaging_bench import HOUSE, MONDAY, Bench

SAID = {"code": "123456", "reward": "un café offert", "text": "-10 %", "subject": "Offre", "unsubscribe": "https://x"}
SAID |= {"login": "cafe@zinc.example", "link": "https://zinc.example/x"}
BY_EMAIL = (Template.EMAIL_CODE, Template.ACCOUNT, Template.PASSWORD)


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database, limits=Limits())


# ---- texts ----


@pytest.mark.covers("terminal/LAW-12")
@pytest.mark.parametrize("language", templates.LANGUAGES)
@pytest.mark.parametrize("template", list(Template))
def test_each_offer_by_sms_names_its_sender_and_how_to_stop(template: Template, language: str) -> None:
    said = templates.render(template, Kind.MARKETING, Channel.SMS, language, HOUSE, SAID)
    assert said.startswith("Café du Zinc")
    assert said.splitlines()[-1].startswith("STOP") and said.endswith("36180")


@pytest.mark.covers("services/L-6")
@pytest.mark.parametrize("language", templates.LANGUAGES)
@pytest.mark.parametrize("template", [each for each in Template if each not in (Template.CAMPAIGN, *BY_EMAIL)])
def test_our_own_texts_are_one_sms(template: Template, language: str) -> None:
    said = templates.render(template, Kind.SERVICE, Channel.SMS, language, HOUSE, SAID)
    assert size(said).parts == 1
    assert not size(said).costly


def test_a_merchants_text_may_speak_of_points_and_of_nothing_else() -> None:
    templates.check_text("Vous avez {points} points")
    for text in ("{number}", "{points.__class__}", "{0}", "{", "{points"):
        with pytest.raises(ValueMissing):
            templates.check_text(text)


def test_what_fills_a_gap_is_never_read_as_one() -> None:
    assert templates.fill("{points}", {"points": "{code}", "code": "1"}) == "{code}"


@pytest.mark.parametrize(
    ("text", "units", "parts"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("a" * 152 + "€" + "a" * 152, 306, 3),  # an escape is not parted, and so one septet is lost
        ("ç" * 70, 70, 1),
        ("ç" * 71, 71, 2),
        ("😀" * 35, 70, 1),
        ("😀" * 67, 134, 3),  # 33 in a part of 67 units
        ("élève à Noël", 12, 1),
    ],
)
def test_how_many_sms_a_text_is(text: str, units: int, parts: int) -> None:
    assert (size(text).units, size(text).parts) == (units, parts)


def test_what_makes_a_text_dear_is_named() -> None:
    assert size("Ça a coûté cher, garçon").costly == "ûç"
    assert size("Ça a coûté cher, garçon").encoding == "ucs2"
    assert len(BASIC) + len(EXTENDED) == 127 + 10  # 128 less the escape, and the table after it


@given(st.text(max_size=400))
def test_no_text_is_sent_in_too_few_parts(text: str) -> None:
    found = size(text)
    room = (160, 153) if found.encoding == "gsm" else (70, 67)
    assert found.units <= (room[0] if found.parts == 1 else room[1] * found.parts)


# ---- STOP ----


@pytest.mark.covers("attacks/H-07")
@pytest.mark.parametrize(
    "text",
    ["STOP", "stop", " Stop. ", "S T O P", "s.t.o.p", "STOP 36180", "stop36180", "STOP SMS", "ＳＴＯＰ", "Arrêt",
     "Arrêter!", "désabonner", "stop svp merci", "merci de STOP", "Stoppen", "Unsubscribe", "\nSTOP\n", "«stop»"],
)  # fmt: skip
def test_stop_however_it_is_written(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize("text", ["", "   ", "Bonjour", "Merci !", "12", "nonstop", "stopwatch ?", "👍"])
def test_what_is_no_stop(text: str) -> None:
    assert not is_stop(text)


@pytest.mark.covers("attacks/H-07", "terminal/LAW-12")
def test_stop_takes_the_consent_back_is_confirmed_once_and_outlives_the_member(bench: Bench) -> None:
    async def story() -> None:
        bench.member(agrees=True)
        bench.queue("birthday:1", kind=Kind.MARKETING, template=Template.BIRTHDAY, reward="un thé")
        bench.inbox.reply("+33612345678", "Stop")
        for _ in range(3):  # a gateway tells it again
            bench.service.receive(Inbound("in-1", "+33612345678", "Stop"))
        bench.inbox.reply("+33612345678", "STOP !")
        await bench.run()
        assert bench.texts() == ["Café du Zinc : vous ne recevrez plus d'offres par SMS."]
        assert bench.members.withdrawn[0] == (Channel.SMS, "m1", "sms_stop")
        assert bench.message("birthday:1").why is Why.NO_CONSENT
        bench.members.agreed[Channel.SMS, "m1"] = bench.at - timedelta(hours=1)  # as an older copy might say
        bench.queue("birthday:2", kind=Kind.MARKETING, template=Template.BIRTHDAY, reward="un thé")
        await bench.run()
        assert bench.message("birthday:2").why is Why.STOPPED
        bench.members.agreed[Channel.SMS, "m1"] = bench.at + timedelta(hours=1)  # agreed again, later
        bench.queue("birthday:3", kind=Kind.MARKETING, template=Template.BIRTHDAY, reward="un thé")
        await bench.run(hours=2)
        assert len(bench.texts()) == 2

    asyncio.run(story())


def test_stop_from_a_number_that_nobody_has_is_kept_and_not_answered(bench: Bench) -> None:
    async def story() -> None:
        bench.inbox.reply("+33799999999", "STOP")
        assert await bench.run() == 0
        bench.member("late", "+33799999999", agrees=True)
        bench.queue("birthday:1", "late", kind=Kind.MARKETING, template=Template.BIRTHDAY, reward="un thé")
        await bench.run()
        assert bench.message("birthday:1").why is Why.STOPPED

    asyncio.run(story())


def test_what_else_people_write_is_not_kept(bench: Bench) -> None:
    bench.member(agrees=True)
    bench.inbox.reply("+33612345678", "Merci !")
    assert bench.members.withdrawn == []


# ---- limits ----


@pytest.mark.covers("attacks/H-07")
def test_three_sms_a_day_to_a_number_whoever_has_it(bench: Bench) -> None:
    async def story() -> None:
        for member in ("m1", "m2"):
            bench.member(member)
        for number in range(10):
            bench.queue(f"joined:{number}", f"m{1 + number % 2}")
        await bench.run()
        assert len(bench.texts()) == 3
        assert [bench.message(f"joined:{number}").why for number in (3, 9)] == [Why.TOO_MANY] * 2
        await bench.run(hours=23, minutes=59)
        bench.queue("joined:10")
        await bench.run()
        assert len(bench.texts()) == 3
        bench.queue("joined:11")
        await bench.run(minutes=2)
        assert len(bench.texts()) == 4

    asyncio.run(story())


@pytest.mark.covers("attacks/H-02")
def test_codes_to_a_number_in_an_hour(database: Database) -> None:
    async def story() -> None:
        bench = Bench(database, limits=Limits(number_day=100))
        bench.member()
        for number in range(5):
            bench.queue(f"code:{number}", kind=Kind.CODE, template=Template.SIGN_IN)
            await bench.run(minutes=1)
        assert len(bench.texts()) == 3
        bench.queue("code:5", kind=Kind.CODE, template=Template.SIGN_IN)
        await bench.run(hours=1)
        assert bench.message("code:5").why is Why.TOO_LATE
        bench.queue("code:6", kind=Kind.CODE, template=Template.SIGN_IN)
        await bench.run()
        assert len(bench.texts()) == 4

    asyncio.run(story())


@pytest.mark.covers("attacks/H-07")
def test_nobody_has_codes_sent_by_the_hundred(database: Database) -> None:
    async def story() -> None:
        bench = Bench(database, limits=Limits(codes_hour=20))
        for number in range(30):
            bench.member(f"m{number}", f"+336000000{number:02}")
            bench.queue(f"code:{number}", f"m{number}", kind=Kind.CODE, template=Template.SIGN_IN)
        bench.member("other", "+33700000000")
        bench.queue("joined:other", "other")
        await bench.run()
        assert len(bench.inbox.arrived) == 21

    asyncio.run(story())


@pytest.mark.parametrize("number", ["+33899123456", "+33145678901", "+441234567890", "+3361234567"])
def test_numbers_that_cost_more_are_not_served(bench: Bench, number: str) -> None:
    bench.member(number=number)
    bench.queue("joined:m1")
    asyncio.run(bench.run())
    assert bench.message("joined:m1").why is Why.NOT_SERVED


def test_so_many_a_second_to_a_gateway(database: Database) -> None:
    async def story() -> None:
        bench = Bench(database, per_second=10)
        for number in range(25):
            bench.member(f"m{number}", f"+336000000{number:02}")
            bench.queue(f"joined:{number}", f"m{number}")
        sent = []
        for _ in range(4):
            await bench.run(seconds=1)
            sent.append(len(bench.inbox.arrived))
        assert sent == [10, 20, 25, 25]

    asyncio.run(story())


def test_a_clock_that_goes_back_fills_no_bucket() -> None:
    bucket = Bucket(1, 10)
    assert bucket.take(100, MONDAY) == 10
    assert bucket.take(100, MONDAY - timedelta(days=1)) == 0
    assert bucket.take(100, MONDAY - timedelta(days=1) + timedelta(seconds=2)) == 2


# ---- quiet hours ----


def paris(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour - (1 if month in (11, 12) else 2), minute, tzinfo=UTC)


@pytest.mark.covers("terminal/LAW-12")
@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (paris(23, 10), paris(23, 10)),
        (paris(23, 19, 59), paris(23, 19, 59)),
        (paris(23, 20), paris(24, 8)),
        (paris(23, 7, 59), paris(23, 8)),
        (paris(21, 20), paris(23, 8)),  # Saturday evening, over Sunday
        (paris(10, 21), paris(12, 8)),  # over Armistice day
        (paris(24, 21, month=12), paris(26, 8, month=12)),  # over Christmas; the 26th is one in Alsace-Moselle alone
    ],
)
def test_offers_wait_for_a_decent_hour(moment: datetime, allowed: datetime) -> None:
    assert next_allowed(Hours(), moment) == allowed


def test_what_a_merchant_may_set() -> None:
    assert next_allowed(Hours(region="Moselle"), paris(24, 21, month=12)) == paris(28, 8, month=12)
    assert next_allowed(Hours(sundays=True), paris(22, 10)) == paris(22, 10)
    assert next_allowed(Hours(holidays=True), paris(11, 10)) == paris(11, 10)
    for hours in ({"opens": time(7)}, {"closes": time(22, 30)}, {"opens": time(20), "closes": time(9)}):
        with pytest.raises(ValueError, match="between"):
            Hours(**hours)


def test_summer_time_moves_the_hours_along() -> None:
    late = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)  # Saturday; the clocks go forward on Sunday night
    assert next_allowed(Hours(), late) == datetime(2026, 3, 30, 6, 0, tzinfo=UTC)


def test_offers_wait_and_codes_do_not(bench: Bench) -> None:
    async def story() -> None:
        bench.at = paris(23, 21)
        bench.member(agrees=True)
        bench.queue("birthday:1", kind=Kind.MARKETING, template=Template.BIRTHDAY, reward="un thé")
        bench.queue("code:1", kind=Kind.CODE, template=Template.SIGN_IN)
        await bench.run()
        assert len(bench.texts()) == 1
        assert bench.message("birthday:1").due_at == paris(24, 8)
        bench.at = paris(24, 8)
        await bench.run()
        assert len(bench.texts()) == 2

    asyncio.run(story())


# ---- numbers and states ----


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("0612345678", "+33612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("33612345678", "+33612345678"),
        ("+32470123456", "+32470123456"),
        ("12345", None),
        ("", None),
        ("+", None),
        ("06１2345678", None),
        ("=cmd", None),
        ("+1234567890123456", None),
    ],
)
def test_numbers(text: str, number: str | None) -> None:
    assert e164(text) == number


def test_mobiles() -> None:
    assert is_mobile("+33712345678") and is_mobile("+32470123456")
    assert not is_mobile("+33899123456")


def test_the_tables_lead_only_where_they_say() -> None:
    for start in State:
        for end in State:
            if end in MOVES[start]:
                assert move(start, end) is end
            else:
                with pytest.raises(IllegalMove):
                    move(start, end)
    for begun in CampaignState:
        for ended in set(CampaignState) - CAMPAIGN_MOVES[begun]:
            with pytest.raises(IllegalMove):
                move_campaign(begun, ended)


def test_codes_are_six_digits_and_of_their_event(bench: Bench) -> None:
    codes = {bench.service.code(f"code:{number}") for number in range(100)}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 95
    assert bench.service.code("code:1") == bench.service.code("code:1")
