"""What the acquirer does with a request: who asks, is it new, is it genuine, whose card; then the issuer's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from emv import tlv
from emv.errors import CardFault
from host.acquirer.caaa import Parties
from host.acquirer.caaa_authorisation import write_answer
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.money import Money
from tools.simulators.acquirer.refunds import refund_refusal
from tools.simulators.acquirer.store import Authorisation, Store
from tools.simulators.issuer import APPROVED, DO_NOT_HONOUR, PARTIALLY_APPROVED, IssuerAnswer, IssuerRequest
from tools.simulators.key_host import HostKeys, Unreadable

PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "", "ZINC-POI-1")
PAN, SEQUENCE_NUMBER, EXPIRY, TRACK_2, AUTHENTICATION = 0x5A, 0x5F34, 0x5F24, 0x57, 0x91
AMOUNT, AMOUNT_OTHER, TRANSACTION_TYPE = 0x9F02, 0x9F03, 0x9C
TYPES = {"cash_back": 0x09, "refund": 0x20}  # all others are a purchase's


class SameIdOtherQuestion(Exception):
    """They did wrong: the id of an earlier transaction, with another amount, card or cryptogram."""


class Issuer(Protocol):
    def authorise(self, request: IssuerRequest) -> IssuerAnswer: ...

    def release(self, authorisation_code: str) -> None:
        """What was approved under that code is not wanted any more."""
        ...


@dataclass(frozen=True)
class Verdict:
    """The issuer's answer, or the acquirer's own before it; `why` is for the acquirer's books."""

    answer: IssuerAnswer
    mac_checked: bool
    last4: str | None = None

    @property
    def approved(self) -> bool:
        return self.answer.response_code in (APPROVED, PARTIALLY_APPROVED)

    def authorised_minor(self, request: AuthorisationRequest) -> int:
        if not self.approved:
            return 0
        part = self.answer.authorised_minor
        return request.amount.amount_minor if part is None else part

    @property
    def fields(self) -> dict[str, Any]:
        """Of the online_answer message: what the MAC covers."""
        answer = self.answer
        authentication = tlv.encode(AUTHENTICATION, answer.authentication) if answer.authentication else b""
        fields: dict[str, Any] = {
            "response_code": answer.response_code.encode("ascii"),
            "icc_data": authentication + b"".join(answer.scripts),
        }
        if answer.authorisation_code:
            fields["authorisation_code"] = answer.authorisation_code
        if answer.authorised_minor is not None:
            fields["authorised_minor"] = answer.authorised_minor
        return fields


class Authoriser:
    def __init__(
        self, store: Store, keys_of: Callable[[bytes], HostKeys], issuer: Issuer, now: Callable[[], datetime]
    ) -> None:
        self.store = store
        self._keys_of = keys_of  # by key serial number
        self._issuer = issuer
        self._now = now

    def answer(self, request: AuthorisationRequest) -> bytes:
        """The caaa.002, the same one each time that the same is asked. Raises SameIdOtherQuestion."""
        asked = _digest(request)
        with self.store.transaction():
            repeated = self.store.repeated(request.transaction_id)
            if repeated is not None:
                if repeated[0] != asked:
                    raise SameIdOtherQuestion(request.transaction_id.hex())
                return repeated[1]
            keys = self._keys_of(request.ksn)
            verdict = self._decide(request, keys)
            answer = self._written(request, verdict, keys)
            self.store.add_authorisation(self._row(request, asked, verdict, answer))
        return answer

    def _decide(self, request: AuthorisationRequest, keys: HostKeys) -> Verdict:
        if not keys.request_mac_is_good(as_request(request)):
            return Verdict(IssuerAnswer(DO_NOT_HONOUR, "bad_mac"), mac_checked=False)
        if self.store.has_seen_key(request.ksn):
            return Verdict(IssuerAnswer(DO_NOT_HONOUR, "key_used_before"), mac_checked=True)
        if _shown_to_the_card(request.icc_data) != _asked(request):
            return Verdict(IssuerAnswer(DO_NOT_HONOUR, "amount_not_signed"), mac_checked=True)
        refusal = self._refusal(request)
        if refusal:
            return Verdict(IssuerAnswer(DO_NOT_HONOUR, refusal), mac_checked=True)
        try:
            card = keys.open_card(request.sealed_card)
            pan, expiry = _number_and_expiry(card)
            pin = keys.open_pin(request.pin_block, pan) if request.pin_block else None
        except Unreadable:
            return Verdict(IssuerAnswer(DO_NOT_HONOUR, "sealed_data_unreadable"), mac_checked=True)
        sequence = card[SEQUENCE_NUMBER].hex() if SEQUENCE_NUMBER in card else None
        amount = request.amount
        question = IssuerRequest(
            pan,
            sequence,
            expiry,
            amount.amount_minor,
            amount.currency.numeric,
            request.icc_data,
            pin,
            partial=request.kind == "purchase",
        )
        return Verdict(self._issuer.authorise(question), mac_checked=True, last4=pan[-4:])

    def _refusal(self, request: AuthorisationRequest) -> str | None:
        """Why it is late, or gives back more than was paid; the issuer need not be asked."""
        withdrawn = self.store.withdrawals(request.transaction_id.hex())
        if withdrawn:
            return f"after_its_{next(iter(withdrawn))}"
        if request.original is not None and request.kind == "refund":
            amount = request.amount.amount_minor
            return refund_refusal(self.store, request.original.hex(), amount, request.transaction_id.hex())
        return None

    def _written(self, request: AuthorisationRequest, verdict: Verdict, keys: HostKeys) -> bytes:
        fields = verdict.fields
        part = verdict.answer.authorised_minor
        answer = AuthorisationAnswer(
            transaction_id=request.transaction_id,
            approved=verdict.approved,
            response_code=fields["response_code"],
            authorisation_code=verdict.answer.authorisation_code,
            icc_data=fields["icc_data"],
            mac=keys.answer_mac(request.transaction_id, fields),
            arqc_checked=verdict.answer.arqc_checked,
            authorised=None if part is None else Money(part, request.amount.currency),
        )
        return write_answer(answer, request, self._now(), PARTIES)

    def _row(self, request: AuthorisationRequest, asked: bytes, verdict: Verdict, answer: bytes) -> Authorisation:
        return Authorisation(
            transaction_id=request.transaction_id.hex(),
            kind=request.kind,
            amount_minor=request.amount.amount_minor,
            authorised_minor=verdict.authorised_minor(request),
            currency=request.amount.currency.code,
            interface=request.interface,
            ksn=request.ksn.hex(),
            original=request.original.hex() if request.original else None,
            asked=asked,
            mac_checked=verdict.mac_checked,
            arqc_checked=verdict.answer.arqc_checked,
            pin_checked=verdict.answer.pin_checked,
            last4=verdict.last4,
            response_code=verdict.answer.response_code,
            authorisation_code=verdict.answer.authorisation_code,
            why=verdict.answer.why,
            answer=answer,
            authorised_at=self._now().isoformat(),
        )


def as_request(request: AuthorisationRequest) -> dict[str, Any]:
    """The online_request message as the reader made it."""
    return {
        "transaction_id": request.transaction_id,
        "amount_minor": request.amount.amount_minor,
        "currency": request.amount.currency.numeric,
        "kind": request.kind,
        "amount_other_minor": request.amount_other_minor,
        "icc_data": request.icc_data,
        "sealed_card": request.sealed_card,
        "pin_block": request.pin_block,
        "original": request.original,
        "mac": request.mac,
    }


def _digest(request: AuthorisationRequest) -> bytes:
    """Of what makes a question the same: the reader's MAC covers amount, cryptogram and card, its key is used once."""
    asked = (request.kind, request.amount, request.amount_other_minor, request.ksn, request.mac)
    return sha256(repr(asked).encode()).digest()


def _asked(request: AuthorisationRequest) -> tuple[bytes | None, ...]:
    """As the reader must have shown it to the card: amounts of twelve digits, and the type."""
    amounts = (request.amount.amount_minor, request.amount_other_minor)
    return *(bytes.fromhex(f"{amount:012}") for amount in amounts), bytes((TYPES.get(request.kind, 0),))


def _shown_to_the_card(icc_data: bytes) -> tuple[bytes | None, ...]:
    try:
        data = dict(tlv.objects(icc_data))
    except CardFault:
        return ()
    return tuple(data.get(tag) for tag in (AMOUNT, AMOUNT_OTHER, TRANSACTION_TYPE))


def _number_and_expiry(card: dict[int, bytes]) -> tuple[str, str]:
    """PAN and YYMM; from track 2 where a contactless card gives only that. Raises Unreadable."""
    if PAN in card and EXPIRY in card:
        return card[PAN].hex().rstrip("f"), card[EXPIRY].hex()[:4]
    pan, separator, rest = card.get(TRACK_2, b"").hex().partition("d")
    if not separator:
        raise Unreadable
    return pan, rest[:4]
