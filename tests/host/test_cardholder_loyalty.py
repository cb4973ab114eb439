"""What a cardholder hears of the programme at the reader, and what the programme hears of the cardholder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from host.loyalty.model import MemberView, Programme, Subject
from host.money import Money
from host.payment.model import Card, Payment
from host.point_of_sale.cardholder import CardholderLoyalty
from host.point_of_sale.errors import UnknownTicket
from host.point_of_sale.model import Line, LineKind, Ticket
from protocol import messages
from tests.host.loyalty_bench import CONDITIONS, NUMBER, PROGRAMME, Shop, shop, token

TRANSACTION = bytes(range(16))
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TICKET = Ticket(7, "C1", AT, (Line(LineKind.SALE, "Nappe", "Boutique", 1, Money(1250), 2000),))
RESULT = {"type": "result", "transaction_id": TRANSACTION, "outcome": "approved"}
ENROLMENT = {
    "type": "enrolment",
    "transaction_id": TRANSACTION,
    "mobile": b"0612345678",
    "conditions_version": "2026-11",
    "sms_consent": "no",
    "language": "fr",
    "taken_at": "20261122103020",
}


@dataclass
class Books:
    """One payment, of one ticket."""

    payment: Payment | None

    def of_transaction(self, transaction_id: bytes) -> Payment | None:
        return self.payment if transaction_id == TRANSACTION else None

    def ticket(self, ticket_id: int) -> Ticket:
        if ticket_id != TICKET.id:
            raise UnknownTicket(str(ticket_id))
        return TICKET


def paid(card: int | None = 1, order_reference: str = "C1-7") -> Books:
    known = Card("4242", token(card), 1, "CB") if card is not None else None
    return Books(Payment(b"request1", order_reference, Money(1250), AT, card=known))


def at_the_reader(shop: Shop, books: Books) -> CardholderLoyalty:
    return CardholderLoyalty(shop.service, books, books)


def said(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """As the reader hears it."""
    return messages.decode(messages.encode({"type": kind, "transaction_id": TRANSACTION} | fields))


@pytest.fixture
def bakery(tmp_path: Path) -> Shop:
    return shop(tmp_path)


@pytest.mark.covers("services/L-6")
def test_a_card_of_nobody_is_offered_the_programme_and_joins_with_the_points_of_its_ticket(bakery: Shop) -> None:
    books = paid()
    reader = at_the_reader(bakery, books)
    offer = said("kept", reader.greeting(RESULT))
    assert offer["programme"] == "Les Amis du Zinc" and "points" not in offer
    assert (offer["conditions_version"], offer["conditions"]) == ("2026-11", "1 point par euro.")
    assert offer["conditions_url"] == "https://zinc.example/f"
    answer = said("enrolled", reader.enrol(ENROLMENT))
    assert (answer["standing"], answer["points"], answer["counter"]) == ("joined", 12, "points")
    assert said("enrolled", reader.enrol(ENROLMENT)) == answer, "its answer was lost"
    member = said("kept", reader.greeting(RESULT | {"language": "nl"}))
    assert "points" not in member and member["rewards"].startswith("Bevestig"), "the number is not confirmed"


@pytest.mark.covers("terminal/LAW-13")
@pytest.mark.parametrize("answer", ["no", "yes"])
def test_the_proof_has_both_answers_apart(bakery: Shop, answer: str) -> None:
    at_the_reader(bakery, paid()).enrol(ENROLMENT | {"sms_consent": answer, "language": "en"})
    view = bakery.view(1)
    consents = {each.subject: each for each in bakery.service.members.profile(view.member_id).consents}
    assert consents[Subject.SMS_OFFERS].answer is (answer == "yes")
    assert (consents[Subject.CONDITIONS].answer, consents[Subject.CONDITIONS].text) == (True, "2026-11")
    assert {each.channel for each in consents.values()} == {"reader"}
    assert {each.language for each in consents.values()} == {"en"}


def test_a_confirmed_member_sees_points_and_what_they_are_good_for(bakery: Shop) -> None:
    bakery.sale(1, 3000)
    bakery.member(1)
    told = said("kept", at_the_reader(bakery, paid()).greeting(RESULT))
    assert told["programme"] == "Les Amis du Zinc" and "conditions" not in told
    assert (told["points"], told["counter"]) == (12, "points"), "what this ticket earns is in it"
    assert told["rewards"] == "Encore 10 tampons : Café offert"
    ready = MemberView("m", "Les Amis", True, 120, rewards=(PROGRAMME.rewards[0],))
    assert _greeted(ready)["rewards"] == "À utiliser en caisse : Remise fidélité"
    assert "rewards" not in _greeted(MemberView("m", "Les Amis", True, 120))


class Programmes:
    def current(self) -> Programme:
        return PROGRAMME


def _greeted(view: MemberView) -> dict[str, Any]:
    class Says:
        joining: Any = None
        programmes: Any = Programmes()

        def greeting(self, *_: Any, **__: Any) -> MemberView:
            return view

    return said("kept", CardholderLoyalty(Says(), paid(), paid()).greeting(RESULT))


@pytest.mark.parametrize(
    ("mobile", "standing"),
    [(b"0000000000", "invalid_number"), (b"0142868200", "not_a_mobile"), (b"\xff" * 9, "invalid_number")],
)
def test_a_number_that_cannot_be_is_refused_by_its_reason(bakery: Shop, mobile: bytes, standing: str) -> None:
    assert at_the_reader(bakery, paid()).enrol(ENROLMENT | {"mobile": mobile}) == {"standing": standing}


@pytest.mark.covers("attacks/H-07")
def test_a_number_that_is_known_is_answered_as_one_that_is_not(bakery: Shop) -> None:
    bakery.member(2, NUMBER)
    stranger, known = paid(3), paid(4)
    answers = [
        at_the_reader(bakery, stranger).enrol(ENROLMENT | {"mobile": b"0699999999"}),
        at_the_reader(bakery, known).enrol(ENROLMENT),
    ]
    assert answers[0] == answers[1]
    assert not bakery.view(4).confirmed, "and whoever typed it sees nothing of its member's"


def test_without_a_card_a_programme_or_goods_there_is_nothing_to_say(bakery: Shop, tmp_path: Path) -> None:
    assert at_the_reader(bakery, Books(None)).greeting(RESULT) == {}
    assert at_the_reader(bakery, paid(None)).greeting(RESULT) == {}
    assert at_the_reader(bakery, paid()).greeting(RESULT | {"kind": "refund"}) == {}
    assert at_the_reader(bakery, paid(None)).enrol(ENROLMENT) == {"standing": "not_now"}
    bakery.service.programmes.end()
    assert at_the_reader(bakery, paid()).greeting(RESULT) == {}
    assert at_the_reader(bakery, paid()).enrol(ENROLMENT) == {"standing": "not_now"}


@pytest.mark.parametrize("order_reference", ["by hand", "C1-8", "C2-7"])
def test_what_was_paid_without_a_ticket_of_ours_has_a_card_all_the_same(bakery: Shop, order_reference: str) -> None:
    reader = at_the_reader(bakery, paid(order_reference=order_reference))
    assert "programme" in reader.greeting(RESULT)
    assert reader.enrol(ENROLMENT)["standing"] == "joined"


@pytest.mark.covers("services/L-6")
def test_who_refuses_is_not_asked_again(bakery: Shop) -> None:
    reader = at_the_reader(bakery, paid())
    reader.refused(TRANSACTION)
    reader.refused(bytes(16))
    assert reader.greeting(RESULT) == {}


def test_texts_are_cut_to_what_the_reader_takes(bakery: Shop) -> None:
    long: Programme = replace(
        PROGRAMME, name="é" * 32, conditions=replace(CONDITIONS, short={"fr": "é" * 150, "en": "e" * 10})
    )
    bakery.service.programmes.publish(long, {})
    offer = said("kept", at_the_reader(bakery, paid()).greeting(RESULT))
    assert (offer["programme"], offer["conditions"]) == ("é" * 16, "é" * 150)
    assert said("kept", at_the_reader(bakery, paid()).greeting(RESULT | {"language": "en"}))["conditions"] == "e" * 10
