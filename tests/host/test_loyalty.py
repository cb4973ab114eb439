"""The loyalty programme from card to points, on both engines: who joins, who is who, and what each ticket does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from host.database import Database
from host.loyalty.errors import InvalidNumber, NotConfirmed, NotMobile, TooFewPoints, WrongCode
from host.loyalty.model import Counter, MemberView, Offer, Refund, Subject
from host.loyalty.states import State
from host.money import Money
from tests.host.loyalty_bench import CONDITIONS, E164, NUMBER, PROGRAMME, Shop, goods, token


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


@pytest.mark.covers("services/L-6", "services/OP-3")
def test_who_joins_after_paying_earns_at_once_and_sees_points_when_the_number_is_confirmed(shop: Shop) -> None:
    ticket = shop.sale(1, 1250)
    assert shop.service.greeting(token(1)) == Offer("Les Amis du Zinc", CONDITIONS)
    assert shop.joins(1, ticket).points == 12
    assert shop.joins(1, ticket).points == 12, "its answer was lost, and it is asked again"
    assert len(shop.messages.sent) == 1
    assert shop.view(1) == MemberView(shop.view(1).member_id, "Les Amis du Zinc", confirmed=False)
    shop.service.joining.sign_in(NUMBER, shop.messages.last_code())
    assert (shop.view(1).confirmed, shop.view(1).points) == (True, 12)


def test_nobody_is_asked_without_a_programme_or_a_card(database: Database) -> None:
    shop = Shop(database, programme=None)
    shop.sale(1)
    assert shop.service.greeting(token(1)) is None
    shop.service.programmes.publish(PROGRAMME, {})
    assert shop.service.greeting(None) is None
    shop.service.programmes.end()
    assert shop.service.greeting(token(1)) is None


@pytest.mark.covers("services/L-6")
def test_who_refuses_is_asked_again_after_ninety_days(shop: Shop) -> None:
    shop.service.joining.refuse(token(1))
    assert shop.service.greeting(token(1)) is None
    shop.clock.later(days=89)
    assert shop.service.greeting(token(1)) is None
    shop.clock.later(days=2)
    assert isinstance(shop.service.greeting(token(1)), Offer)


@pytest.mark.covers("services/L-7", "services/HL-4")
def test_cards_of_one_number_become_one_account_with_both_histories(shop: Shop) -> None:
    shop.sale(1, 3000)
    first = shop.member(1)
    shop.sale(1, 1000)
    shop.sale(2, 500)
    ticket = shop.sale(2, 2000)
    assert shop.joins(2, ticket).points == 20
    assert not shop.view(2).confirmed, "whoever holds it need not be who owns the number"
    assert shop.service.joining.sign_in(NUMBER, shop.messages.last_code()) == first
    assert shop.view(1) == shop.view(2)
    profile = shop.service.members.profile(first)
    assert profile.client.visits == 4
    assert profile.client.turnover == Money(6500)
    assert [visit.amount for visit in profile.visits] == [Money(2000), Money(500), Money(1000), Money(3000)]
    assert shop.points(1) == 10 + 20


@pytest.mark.covers("services/L-8")
def test_a_wallet_is_known_by_the_account_of_the_card(shop: Shop) -> None:
    account = b"\x0a" * 32
    shop.sale(1, par=account)
    shop.member(1)
    view = shop.service.greeting(token(9), account)
    assert isinstance(view, MemberView) and view.confirmed
    shop.sale(9, 700, par=account)
    assert shop.points(9) == 7


@pytest.mark.covers("attacks/H-07")
def test_a_friends_number_gives_nothing_away(shop: Shop) -> None:
    shop.sale(1, 20000)
    victim = shop.member(1)
    shop.sale(1, 20000)
    known, unknown = shop.joins(2, shop.sale(2)), shop.joins(3, shop.sale(3), number="0698765432")
    assert known.points == unknown.points
    assert known.member_id != victim
    for thief in (known.member_id, unknown.member_id):
        with shop.store.transaction() as work, pytest.raises(NotConfirmed):
            shop.service.spending.reduction(work, thief, "five", (goods(5000),))
    for _ in range(9):
        with pytest.raises(WrongCode):
            shop.service.joining.sign_in(NUMBER, "000000")
    with pytest.raises(WrongCode):
        shop.service.joining.sign_in(NUMBER, shop.messages.code(shop.messages.sent[1][0]))
    with pytest.raises(WrongCode):
        shop.service.joining.sign_in("0611111111", "000000")
    shop.clock.later(days=31)
    shop.service.nights.run()
    assert isinstance(shop.service.greeting(token(2)), Offer), "nobody confirmed it: erased"
    assert shop.view(1).points == 200


@pytest.mark.covers("attacks/H-07")
def test_asking_for_a_code_says_nothing_of_who_is_a_member(shop: Shop) -> None:
    member = shop.member(1)
    shop.service.joining.ask_code(NUMBER)
    shop.service.joining.ask_code("0698765432")
    assert [member_id for _, member_id, _ in shop.messages.sent] == [member, member]
    shop.clock.later(minutes=11)
    with pytest.raises(WrongCode):
        shop.service.joining.sign_in(NUMBER, shop.messages.last_code())


@pytest.mark.covers("attacks/P-01")
@pytest.mark.parametrize("typed", ["1234", "12345", "123456", "", "061234567", "06123456789012345"])
def test_what_is_no_number_is_not_taken(shop: Shop, typed: str) -> None:
    with pytest.raises((InvalidNumber, NotMobile)):
        shop.joins(1, number=typed)
    assert shop.messages.sent == []


def test_a_landline_is_told_apart(shop: Shop) -> None:
    with pytest.raises(NotMobile):
        shop.joins(1, number="01 44 55 66 77")


@pytest.mark.covers("terminal/LAW-12", "terminal/LAW-13")
def test_each_answer_is_kept_with_its_proof_and_accepting_conditions_is_no_consent(shop: Shop) -> None:
    member = shop.member(1)
    profile = shop.service.members.profile(member)
    assert profile.agreed(Subject.CONDITIONS)
    assert not profile.agreed(Subject.SMS_OFFERS)
    assert not profile.agreed(Subject.EMAIL_OFFERS)
    shop.clock.later(hours=1)
    shop.service.members.consent(member, Subject.EMAIL_OFFERS, True, "page.email.3", "page", "en")
    profile = shop.service.members.profile(member)
    assert profile.agreed(Subject.EMAIL_OFFERS) and not profile.agreed(Subject.SMS_OFFERS)
    proofs = [(each.subject, each.answer, each.text, each.channel, each.language) for each in profile.consents]
    assert proofs == [
        (Subject.CONDITIONS, True, "2026-11", "reader", "fr"),
        (Subject.SMS_OFFERS, False, "reader.sms_offers.1", "reader", "fr"),
        (Subject.EMAIL_OFFERS, True, "page.email.3", "page", "en"),
    ]
    assert profile.consents[-1].at == shop.clock.now()


def test_points_of_a_ticket_come_once_and_go_with_what_is_returned(shop: Shop) -> None:
    shop.member(1)
    ticket = shop.sale(1, 10000)
    shop.sale(1, 10000, ticket=ticket)
    assert shop.points(1) == 100
    back = Refund(shop.clock.now(), Money(4000), (goods(6000),))
    for _ in range(2):
        with shop.store.transaction() as work:
            shop.service.booking.returned(work, ticket, "C1-R1", back)
    assert shop.points(1) == 60
    for _ in range(2):
        with shop.store.transaction() as work:
            shop.service.booking.cancelled(work, ticket, shop.clock.now())
    assert shop.points(1) == 0
    member = shop.service.members.profile(shop.view(1).member_id)
    assert (member.client.visits, member.client.turnover) == (0, Money(0))


def test_a_reward_is_spent_once_and_given_back_whole(shop: Shop) -> None:
    member = shop.member(1)
    shop.sale(1, 15000)
    assert [reward.id for reward in shop.view(1).rewards] == ["five"]
    with shop.store.transaction() as work:
        reduction = shop.service.spending.reduction(work, member, "five", (goods(4000),))
        assert reduction.parts == ((0, Money(500)),)
        for _ in range(2):
            shop.service.spending.spend(work, member, "five", "C1-7", "C1-7.1")
    assert shop.points(1) == 50
    with shop.store.transaction() as work, pytest.raises(TooFewPoints):
        shop.service.spending.reduction(work, member, "five", (goods(4000),))
    with pytest.raises(TooFewPoints), shop.store.transaction() as work:
        shop.service.spending.spend(work, member, "five", "C1-8", "C1-8.1")
    for _ in range(2):
        with shop.store.transaction() as work:
            shop.service.spending.give_back(work, "C1-7.1", shop.clock.now())
    assert shop.points(1) == 150


def test_points_expire_oldest_first_what_was_spent_being_of_the_oldest(database: Database) -> None:
    shop = Shop(database, replace(PROGRAMME, expiry_days=365))
    member = shop.member(1)
    shop.sale(1, 10000)
    shop.clock.later(days=300)
    shop.sale(1, 7000)
    with shop.store.transaction() as work:
        shop.service.spending.spend(work, member, "five", "C1-9", "C1-9.1")
    assert shop.points(1) == 70
    shop.clock.later(days=66)
    shop.service.nights.run()
    assert shop.points(1) == 70, "those of a year ago are spent"
    shop.clock.later(days=300)
    for _ in range(2):
        shop.service.nights.run()
    assert shop.points(1) == 0


@pytest.mark.covers("terminal/LAW-11", "services/HL-6")
def test_who_was_not_heard_of_for_three_years_is_erased(shop: Shop) -> None:
    member = shop.member(1)
    shop.sale(2)
    shop.clock.later(days=3 * 365 - 1)
    shop.sale(1)
    shop.service.nights.run()
    assert shop.view(1).member_id == member
    shop.clock.later(days=3 * 365 + 1)
    shop.service.nights.run()
    assert isinstance(shop.service.greeting(token(1)), Offer)
    with shop.store.transaction() as work:
        assert shop.store.clients.get(work, member).state is State.ERASED
        assert shop.store.clients.identity(work, member) is None


@pytest.mark.covers("services/L-12")
def test_a_birthday_brings_its_bonus_once_a_year(database: Database) -> None:
    shop = Shop(database, replace(PROGRAMME, birthday_bonus=20))
    member = shop.member(1)
    shop.service.members.update(member, email="a@b.example", birthday="11-25", language="fr")
    shop.service.nights.run()
    assert shop.points(1) == 0
    shop.clock.later(days=4)
    for _ in range(3):
        shop.service.nights.run()
        shop.clock.later(days=1)
    assert shop.points(1) == 20
    shop.clock.later(days=361)
    shop.service.nights.run()
    assert shop.points(1) == 40


def test_stamps_are_counted_by_article(shop: Shop) -> None:
    shop.member(1)
    shop.sale(1, items=(goods(200, category="Boissons"), goods(200, category="Boissons"), goods(500)))
    assert shop.points(1, Counter.STAMPS) == 2
    assert shop.points(1) == 9


def test_visits_of_a_till_that_was_offline_come_late_and_count_once(shop: Shop) -> None:
    shop.member(1)
    shop.clock.later(days=3)
    late = shop.clock.now() - timedelta(days=2)
    shop.sale(1, 500)
    for _ in range(2):
        shop.sale(1, 700, ticket="C2-9", at=late)
    assert shop.points(1) == 12
    assert E164 not in repr(shop.view(1))
