"""A payment as the host keeps it: masked card, token, final data of the transaction; never a PAN, track or PIN."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from host.money import Money
from host.payment.states import UNFINISHED, Asked, State, end_of, move


class Why(StrEnum):
    """Ours, where neither the reader (firmware/flows/reasons.py) nor the link (host/terminal/errors.py) has a word."""

    NEVER_BEGAN = "never_began"  # the reader that was asked never heard of it
    STILL_IN_PROGRESS = "still_in_progress"
    FORGOTTEN = "forgotten_by_the_reader"  # it had accepted
    RESULT_OF_ANOTHER = "result_of_another_payment"  # another amount, another id
    ID_OF_ANOTHER = "id_of_another_payment"  # a transaction id that another payment has
    AGAINST_THE_ISSUER = "approved_against_the_issuer"  # the reader approved what the acquirer refused
    GIVEN_UP = "given_up"  # the merchant did not want the pre-authorisation any more
    EXPIRED = "expired"  # a pre-authorisation that was not completed in time
    WRITTEN_OFF = "written_off"  # a person decided that it is not paid: its reader never comes back


# The reader's word on a refusal that we heard: it never came (the card approved without an answer), or is not the
# acquirer's, who may have approved for all we know.
REFUSAL_UNHEARD = ("approved_offline", "answer_not_authentic")

BRANDS = {"cb": "CB", "visa": "Visa", "mastercard": "Mastercard"}  # of the schema, as people know them


@dataclass(frozen=True)
class Card:
    """What the host may know of a card (terminal/LAW-7). `token` never shares a row with the first six digits."""

    last4: str
    token: bytes | None  # HMAC-SHA-256 of the PAN under a key that only the merchant's readers hold
    token_version: int | None
    label: str | None  # application preferred name or label
    brand: str | None = None  # of BRANDS: the one that was used
    brand_by: str | None = None  # merchant or cardholder had it go first (terminal/LAW-3); None: the card alone
    par_token: bytes | None = None  # of its account (9F24), made as the token is


@dataclass(frozen=True)
class Payment:
    request_id: bytes  # 8 bytes, minted by the host: one intent to be paid
    order_reference: str
    amount: Money  # as the till asked, without tip
    requested_at: datetime
    kind: str = "purchase"  # of the protocol's schema: purchase, refund, preauthorisation
    original: bytes | None = None  # of a refund, the sale's transaction id; None: without reference
    tip_minor: int = 0  # beside the amount, as the cardholder chose
    reader: str | None = None  # serial number, stored before it is asked; None: no reader has heard of this payment
    state: State = State.REQUESTED
    asked: Asked = Asked.NOT_ASKED
    asked_at: datetime | None = None  # the moment that is in the authorisation request, and in its reversal
    authorised_minor: int | None = None  # what the acquirer was asked for, then what it approved: all or a part
    arqc_checked: bool | None = None  # the issuer checked the card's cryptogram, as the acquirer's answer says
    accepted_at: datetime | None = None  # the reader holds it in its journal from then on
    transaction_id: bytes | None = None  # 16 bytes, minted by the reader
    token: bytes | None = None  # of the card, from the moment that the acquirer is asked
    ended_at: datetime | None = None
    outcome: str | None = None  # approved, declined, cancelled, voided: the reader's word; or unknown
    why: str | None = None  # the reader's reason, a TerminalError's code, or Why: host/terminal/words.py has all
    paid_minor: int | None = None  # what is captured, tip included; while COMPLETING, what the reader was asked for
    taken_at: str | None = None  # YYYYMMDDhhmmss, the reader's local time
    interface: str | None = None  # contact or contactless
    card: Card | None = None
    cvm: str | None = None
    icc_data: bytes = b""  # BER-TLV of the final data, only tags in host/payment/icc_data.py
    response_code: bytes | None = None  # tag 8A
    authorisation_code: str | None = None
    apdus: int | None = None
    ledger_entry: int | None = None

    @property
    def finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def wants_chip(self) -> bool:
        """The issuer refused a tap for want of a PIN: response codes 1A and 65 (terminal/LAW-32)."""
        refused = self.state is State.DECLINED and self.why == "chip_and_pin_required"
        return refused and self.interface == "contactless"

    @property
    def approved(self) -> bool:
        return self.state is State.APPROVED

    @property
    def offline(self) -> bool:
        """The card approved it without the acquirer: Y1 and Y3 are offline approvals in tag 8A."""
        return self.why == "approved_offline" or self.response_code in (b"Y1", b"Y3")

    @property
    def total(self) -> Money:
        """What the card is asked for: the amount and the tip."""
        return self.amount + Money(self.tip_minor, self.amount.currency)

    @property
    def paid(self) -> Money:
        """What is captured of an approved payment, tip included: part of the total, or what a completion came to."""
        return self.total if self.paid_minor is None else Money(self.paid_minor, self.amount.currency)

    @property
    def held(self) -> Money:
        """What the acquirer holds, as far as is known: a reversal names it."""
        return self.total if self.authorised_minor is None else Money(self.authorised_minor, self.amount.currency)

    def put_to(self, reader: str) -> Payment:
        return replace(self, reader=reader)

    def accepted(self, transaction_id: bytes, at: datetime) -> Payment:
        """The reader has minted and journalled the id, before its first APDU."""
        return replace(self, state=move(self.state, State.IN_PROGRESS), transaction_id=transaction_id, accepted_at=at)

    def asking(self, question: dict[str, Any], at: datetime) -> Payment:
        """Stored before the acquirer is asked: from now on it may have approved, and this is what a reversal says.

        `question` is the online_request.
        """
        return replace(
            self,
            state=move(self.state, State.AUTHORISING),
            asked=Asked.ASKED,
            asked_at=at,
            accepted_at=self.accepted_at or at,
            transaction_id=question["transaction_id"],
            tip_minor=question.get("tip_minor", 0),
            authorised_minor=question["amount_minor"],
            token=question.get("token"),
            interface=question["interface"],
        )

    def answered(self, asked: Asked, arqc_checked: bool | None = None, authorised_minor: int | None = None) -> Payment:
        held = self.authorised_minor if authorised_minor is None else authorised_minor
        return replace(self, asked=asked, arqc_checked=arqc_checked, authorised_minor=held)

    def lost(self, why: str, transaction_id: bytes | None = None) -> Payment:
        known = self.transaction_id or transaction_id
        return replace(self, state=move(self.state, State.UNKNOWN), outcome="unknown", why=why, transaction_id=known)

    def never_began(self, why: str, at: datetime) -> Payment:
        state = move(self.state, end_of("cancelled", self.asked, self.kind))
        return replace(self, state=state, outcome="cancelled", why=why, ended_at=at)

    def ended(self, outcome: str, at: datetime, **facts: Any) -> Payment:
        """The reader told the end; `facts` are fields of the result."""
        unheard = self.asked is Asked.DECLINED and facts.get("why") in REFUSAL_UNHEARD
        asked = Asked.ASKED if unheard else self.asked
        end = end_of(outcome, asked, self.kind)
        if end is State.UNKNOWN:
            doubt = {"why": Why.AGAINST_THE_ISSUER} if outcome == "approved" else {}
            return replace(self, state=move(self.state, end), outcome="unknown", **(facts | doubt))
        return replace(self, state=move(self.state, end), asked=asked, outcome=outcome, ended_at=at, **facts)

    def voiding(self) -> Payment:
        return replace(self, state=move(self.state, State.VOIDING))

    def completing(self, amount_minor: int) -> Payment:
        return replace(self, state=move(self.state, State.COMPLETING), paid_minor=amount_minor)

    def stays(self) -> Payment:
        """The reader refused to cancel or to complete it."""
        if self.state is State.VOIDING:
            return replace(self, state=move(self.state, State.APPROVED))
        return replace(self, state=move(self.state, State.AUTHORISED), paid_minor=None)

    def voided(self, why: str) -> Payment:
        return replace(self, state=move(self.state, State.VOIDED), outcome="voided", why=why)

    def completed(self, why: str, taken_at: str | None) -> Payment:
        return replace(self, state=move(self.state, State.APPROVED), why=why, taken_at=taken_at or self.taken_at)

    def given_up(self, why: str) -> Payment:
        """A pre-authorisation that is completed no more: what is held is given back."""
        return replace(self, state=move(self.state, State.REVERSAL_DUE), outcome="voided", why=why, paid_minor=None)
