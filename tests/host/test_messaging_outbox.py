"""The outbox: intent before the call, nothing twice, nothing lost, and no personal data in a row."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from host.database import Database
from host.messaging.errors import ValueMissing
from host.messaging.model import Channel, Kind, Report, Template, Why
from host.messaging.states import State
from tests.host.messaging_bench import Bench


@pytest.fixture
def bench(database: Database) -> Iterator[Bench]:
    bench = Bench(database)
    bench.member()
    return bench


@pytest.mark.covers("services/L-6")
def test_a_confirmation_leaves_after_its_commit_and_holds_no_offer(bench: Bench) -> None:
    bench.queue("joined:m1")
    assert asyncio.run(bench.run()) == 1
    (said,) = bench.texts()
    assert said == (
        "Café du Zinc : bienvenue au programme de fidélité. Pour confirmer votre numéro : code "
        f"{bench.service.code('joined:m1')} sur https://zinc.example"
    )
    assert bench.message("joined:m1").state is State.SENT
    assert bench.message("joined:m1").parts == 1


def test_the_same_event_is_one_message(bench: Bench) -> None:
    async def story() -> None:
        bench.queue("joined:m1")
        bench.queue("joined:m1")
        await bench.run()
        bench.queue("joined:m1")
        await bench.run(hours=1)
        assert len(bench.texts()) == 1

    asyncio.run(story())


def test_what_is_rolled_back_is_never_sent(bench: Bench) -> None:
    def failing() -> None:
        with bench.store.transaction() as work:
            bench.service.send(work, "joined:m1", Kind.SERVICE, "m1", Template.CONFIRMATION, {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert asyncio.run(bench.run()) == 0


def test_values_are_the_templates(bench: Bench) -> None:
    with pytest.raises(ValueMissing):
        bench.queue("reward:1", template=Template.REWARD)
    with pytest.raises(ValueMissing):
        bench.queue("joined:m1", name="Camille")


@pytest.mark.covers("services/SC-8")
def test_rows_have_ids_only(bench: Bench) -> None:
    async def story() -> None:
        bench.queue("joined:m1")
        bench.queue("code:1", kind=Kind.CODE, template=Template.SIGN_IN)
        await bench.run()
        with bench.store.transaction() as work:
            rows = [str(row) for row in work.execute(text("SELECT * FROM message"))]
        forbidden = ("612345678", bench.service.code("code:1"), bench.service.code("joined:m1"), "bienvenue")
        assert len(rows) == 2
        assert not [each for each in forbidden for row in rows if each in row]
        assert "612345678" not in repr(bench.inbox.arrived)

    asyncio.run(story())


@pytest.mark.parametrize("mood", ["lost", "lost_before"])
def test_a_lost_answer_is_unknown_and_never_sent_again_by_itself(bench: Bench, mood: str) -> None:
    async def story() -> None:
        bench.inbox.repeats, bench.inbox.can_ask, bench.inbox.mood = False, False, mood
        bench.queue("joined:m1")
        await bench.run()
        assert bench.message("joined:m1").state is State.UNKNOWN
        bench.inbox.mood = "well"
        for _ in range(10):
            await bench.run(hours=12)
        assert bench.inbox.calls == 1
        assert bench.message("joined:m1").state is State.UNKNOWN

    asyncio.run(story())


def test_the_delivery_report_settles_what_is_unknown(bench: Bench) -> None:
    async def story() -> None:
        bench.inbox.repeats, bench.inbox.mood = False, "lost"
        bench.queue("joined:m1")
        await bench.run()
        assert bench.service.report(Report(State.DELIVERED, event_id="joined:m1"))
        assert bench.message("joined:m1").state is State.DELIVERED
        assert bench.service.report(Report(State.UNDELIVERED, event_id="joined:m1"))
        assert bench.message("joined:m1").state is State.DELIVERED
        assert not bench.service.report(Report(State.DELIVERED, event_id="joined:m2"))

    asyncio.run(story())


def test_what_became_of_it_is_asked(bench: Bench) -> None:
    async def story() -> None:
        bench.inbox.repeats, bench.inbox.mood = False, "lost"
        bench.queue("joined:m1")
        await bench.run()
        await bench.run(minutes=3)
        assert bench.message("joined:m1").state is State.DELIVERED
        assert bench.message("joined:m1").due_at is None
        assert bench.inbox.calls == 1

    asyncio.run(story())


def test_a_gateway_that_knows_the_event_again_is_asked_again_and_sends_once(bench: Bench) -> None:
    async def story() -> None:
        bench.inbox.mood = "lost"
        bench.queue("joined:m1")
        await bench.run()
        bench.inbox.mood = "busy"
        await bench.run(minutes=1)
        assert bench.message("joined:m1").state is State.UNKNOWN  # it may have it from the first time
        bench.inbox.mood = "refuses"
        await bench.run(minutes=10)
        assert bench.message("joined:m1").state is State.UNKNOWN
        bench.inbox.mood = "well"
        await bench.run(minutes=10)
        assert bench.message("joined:m1").state is State.SENT
        assert bench.inbox.calls == 4
        assert len(bench.texts()) == 1

    asyncio.run(story())


def test_what_was_certainly_not_taken_is_tried_until_it_is_worth_nothing(bench: Bench) -> None:
    async def story() -> None:
        bench.inbox.mood = "busy"
        bench.queue("code:1", kind=Kind.CODE, template=Template.SIGN_IN)
        await bench.run()
        assert bench.message("code:1").state is State.DUE
        await bench.run(seconds=6)
        assert bench.inbox.calls == 2
        bench.inbox.mood = "well"
        await bench.run(minutes=10)
        assert bench.message("code:1").why is Why.TOO_LATE
        assert bench.texts() == []

    asyncio.run(story())


def test_a_gateway_that_refuses_is_final(bench: Bench) -> None:
    async def story() -> None:
        bench.inbox.mood = "refuses"
        bench.queue("joined:m1")
        await bench.run()
        assert (bench.message("joined:m1").state, bench.message("joined:m1").why) == (State.REFUSED, Why.REFUSED)
        await bench.run(days=1)
        assert bench.inbox.calls == 1

    asyncio.run(story())


def test_a_member_who_is_gone_gets_nothing_and_no_row_leads_to_the_number(bench: Bench) -> None:
    async def story() -> None:
        bench.queue("joined:m1")
        await bench.run()
        bench.queue("reward:1", template=Template.REWARD, reward="un café")
        with bench.store.transaction() as work:
            bench.service.forget(work, "m1")
        await bench.run()
        assert (bench.message("reward:1").state, bench.message("reward:1").why) == (State.REFUSED, Why.NO_ADDRESS)
        assert bench.message("joined:m1").number_hash is None
        assert bench.message("joined:m1").member_id is None
        assert len(bench.texts()) == 1

    asyncio.run(story())


def test_a_process_that_died_in_a_call_leaves_it_in_doubt(bench: Bench) -> None:
    async def story() -> None:
        bench.inbox.repeats = bench.inbox.can_ask = False
        bench.queue("joined:m1")
        with bench.store.transaction() as work:
            sending = {"state": "sending", "attempts": 1, "due": bench.at + timedelta(minutes=2)}
            work.execute(text("UPDATE message SET state = :state, attempts = :attempts, due_at = :due"), sending)
        await bench.run(minutes=1)
        assert bench.message("joined:m1").state is State.SENDING
        await bench.run(minutes=2)
        assert bench.message("joined:m1").state is State.UNKNOWN
        assert bench.inbox.calls == 0

    asyncio.run(story())


def test_two_that_send_at_once_send_once(bench: Bench) -> None:
    async def story() -> None:
        for number in range(30):
            bench.queue(f"joined:{number}")
        await asyncio.gather(*(bench.run() for _ in range(4)))
        assert bench.inbox.calls == 30

    asyncio.run(story())


def test_codes_go_first(bench: Bench) -> None:
    async def story() -> None:
        bench.queue("reward:1", template=Template.REWARD, reward="un café")
        bench.at += timedelta(seconds=1)
        bench.queue("code:1", kind=Kind.CODE, template=Template.SIGN_IN)
        await bench.run()
        assert bench.service.code("code:1") in bench.texts()[0]

    asyncio.run(story())


def test_without_a_gateway_nothing_waits_for_ever(database: Database) -> None:
    bench = Bench(database)
    bench.service._sending._ways.clear()
    bench.member()
    bench.queue("joined:m1")
    asyncio.run(bench.run())
    assert bench.message("joined:m1").why is Why.NO_GATEWAY


@pytest.mark.covers("services/L-12")
def test_an_email_has_a_subject_and_an_offer_by_email_a_way_out(bench: Bench) -> None:
    async def story() -> None:
        bench.members.emails["m1"] = "camille@example.org"
        bench.queue(
            "birthday:1", kind=Kind.MARKETING, template=Template.BIRTHDAY, channel=Channel.EMAIL, reward="un thé"
        )
        await bench.run()
        assert bench.message("birthday:1").why is Why.NO_CONSENT
        bench.members.agreed[Channel.EMAIL, "m1"] = bench.at
        bench.queue(
            "birthday:2", kind=Kind.MARKETING, template=Template.BIRTHDAY, channel=Channel.EMAIL, reward="un thé"
        )
        await bench.run()
        (letter,) = [each.letter for each in bench.mail.arrived]
        assert letter.subject == "Joyeux anniversaire"
        assert letter.text.startswith("Joyeux anniversaire ! Pour vous : un thé.")
        assert letter.unsubscribe in letter.text
        token = letter.unsubscribe.rpartition("/")[2]
        assert not bench.service.leave("m1", token[:-1] + "x")
        assert bench.service.leave("m1", token)
        assert bench.members.withdrawn == [(Channel.EMAIL, "m1", "email_link")]

    asyncio.run(story())


def test_rows_of_long_ago_are_deleted(bench: Bench) -> None:
    async def story() -> None:
        bench.inbox.can_ask = False
        bench.queue("joined:m1")
        await bench.run()
        bench.service.start()
        await bench.run(days=399)
        assert bench.message("joined:m1").state is State.SENT
        await bench.run(days=2)
        assert bench.service.message("joined:m1") is None

    asyncio.run(story())
