"""The cardholder at the reader and the loyalty programme: what is said after a payment, of the ticket that it paid.

Implements the port of host/terminal/loyalty.py; texts are in the cardholder's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from host.loyalty.errors import InvalidNumber, LoyaltyError, NotMobile
from host.loyalty.model import Basket, Conditions, Enrolled, Enrolment, MemberView, Offer
from host.payment.model import Card, Payment
from host.point_of_sale.baskets import basket
from host.point_of_sale.cardholder_words import rewards_text
from host.point_of_sale.errors import UnknownTicket
from host.point_of_sale.model import Ticket, ticket_of
from host.terminal.connection import Message

PAID = ("purchase", "cash_back")
TEXT_BYTES = {"programme": 32, "rewards": 120, "conditions": 300}  # of the protocol's schema


class Joining(Protocol):
    def enrol(self, enrolment: Enrolment) -> Enrolled: ...

    def refuse(self, token: bytes) -> None: ...


class Programmes(Protocol):
    def current(self) -> object | None: ...


class Programme(Protocol):
    """host/loyalty/service.py."""

    @property
    def joining(self) -> Joining: ...

    @property
    def programmes(self) -> Programmes: ...

    def greeting(
        self, token: bytes | None, par: bytes | None = None, ticket: str = "", basket: Basket = ()
    ) -> Offer | MemberView | None: ...


class Payments(Protocol):
    def of_transaction(self, transaction_id: bytes) -> Payment | None: ...


class Tickets(Protocol):
    def ticket(self, ticket_id: int) -> Ticket: ...


class CardholderLoyalty:
    def __init__(self, programme: Programme, payments: Payments, tickets: Tickets) -> None:
        self._programme = programme
        self._payments = payments
        self._tickets = tickets

    def greeting(self, result: Message) -> Message:
        """Of goods that were paid; a refund, or a hold, is no occasion."""
        if result.get("kind", "purchase") not in PAID or self._programme.programmes.current() is None:
            return {}
        card, ticket, bought = self._paid(result["transaction_id"])
        found = self._programme.greeting(card.token, card.par_token, ticket, bought) if card else None
        language = result.get("language", "fr")
        if isinstance(found, Offer):
            return _fitting({"programme": found.programme} | _conditions(found.conditions, language))
        return _fitting(_member(found, language)) if found else {}

    def enrol(self, enrolment: Message) -> Message:
        card, ticket, bought = self._paid(enrolment["transaction_id"])
        wanted = Enrolment(
            ticket,
            bytes(enrolment["mobile"]).decode(errors="replace"),
            enrolment.get("conditions_version"),
            enrolment["sms_consent"] == "yes",
            enrolment["language"],
            card.token if card else None,
            card.par_token if card else None,
            bought,
        )
        try:
            enrolled = self._programme.joining.enrol(wanted)
        except InvalidNumber:
            return {"standing": "invalid_number"}
        except NotMobile:
            return {"standing": "not_a_mobile"}
        except LoyaltyError:
            return {"standing": "not_now"}
        return {"standing": "joined"} | _points(enrolled)

    def refused(self, transaction_id: bytes) -> None:
        card, _, _ = self._paid(transaction_id)
        if card is not None and card.token is not None:
            self._programme.joining.refuse(card.token)

    def _paid(self, transaction_id: bytes) -> tuple[Card | None, str, Basket]:
        """Card, ticket and what was bought, of a payment of ours."""
        payment = self._payments.of_transaction(transaction_id)
        if payment is None:
            return None, "", ()
        ticket = self._ticket(payment.order_reference)
        if ticket is None:
            return payment.card, payment.order_reference, ()
        return payment.card, ticket.order_reference, basket(ticket)

    def _ticket(self, order_reference: str) -> Ticket | None:
        """None where another till took the payment, or none did."""
        ticket_id = ticket_of(order_reference)
        try:
            ticket = self._tickets.ticket(ticket_id) if ticket_id is not None else None
        except UnknownTicket:
            return None
        return ticket if ticket and order_reference.split("/")[0] == ticket.order_reference else None


def _conditions(conditions: Conditions | None, language: str) -> Message:
    short = _in_language(conditions.short, language) if conditions else ""
    if conditions is None or not short:
        return {}
    fields: Message = {"conditions_version": conditions.version, "conditions": short}
    return fields | ({"conditions_url": conditions.url} if conditions.url else {})


def _member(view: MemberView, language: str) -> Message:
    fields: Message = {"programme": view.programme, "rewards": rewards_text(view, language)}
    if view.confirmed:
        fields |= _points(view)
    return {name: value for name, value in fields.items() if value != ""}


def _points(told: MemberView | Enrolled) -> Message:
    return {"points": max(0, told.points), "counter": str(told.counter)}


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("fr") or next(iter(texts.values()), "")


def _fitting(fields: Message) -> Message:
    """Texts cut to what the reader takes, which counts bytes of UTF-8."""
    for name, length in TEXT_BYTES.items():
        if name in fields:
            fields[name] = fields[name].encode()[:length].decode(errors="ignore")
    return fields
