"""What the acquirer does with a request: who asks, is it new, is it genuine, whose card; then the issuer's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from emv import tlv
from emv.errors import CardFault
from host.acquirer.caaa import Parties, write_answer
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from tools.simulators.acquirer.store import Authorisation, Store

PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "", "ZINC-POI-1")
DO_NOT_HONOUR = b"05"
AMOUNT = 0x9F02


class SameIdOtherQuestion(Exception):
    """They did wrong: the id of an earlier transaction, with another amount, card or cryptogram."""


class Unreadable(Exception):
    """They did wrong: what was sealed for us does not open."""


@dataclass(frozen=True)
class Verdict:
    """What the issuer decided, or the acquirer before it. `icc_data`: 91 and scripts, BER-TLV."""

    response_code: bytes
    why: str
    icc_data: bytes = b""
    authorisation_code: str | None = None
    mac_checked: bool = False
    arqc_checked: bool = False
    pin_checked: bool | None = None
    last4: str | None = None

    @property
    def approved(self) -> bool:
        return self.response_code == b"00"


class Keys(Protocol):
    """The acquirer's host security module, for one reader's key serial number."""

    def request_mac_is_good(self, request: AuthorisationRequest) -> bool: ...

    def answer_mac(self, transaction_id: bytes, code: bytes, authorisation_code: str, icc_data: bytes) -> bytes: ...

    def open_card(self, sealed: bytes) -> dict[int, bytes]:
        """By tag: 5A, 5F34, 5F24, 57. Raises Unreadable."""
        ...

    def open_pin(self, block: bytes, pan: str) -> str:
        """Raises Unreadable."""
        ...


class Issuer(Protocol):
    def authorise(self, card: dict[int, bytes], request: AuthorisationRequest, pin: str | None) -> Verdict: ...


class Authoriser:
    def __init__(
        self, store: Store, keys_of: Callable[[bytes], Keys], issuer: Issuer, now: Callable[[], datetime]
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
            self.store.add(_row(request, asked, verdict, answer))
        return answer

    def _decide(self, request: AuthorisationRequest, keys: Keys) -> Verdict:
        if not keys.request_mac_is_good(request):
            return Verdict(DO_NOT_HONOUR, "bad_mac")
        if self.store.has_seen_key(request.ksn):
            return Verdict(DO_NOT_HONOUR, "key_used_before", mac_checked=True)
        if _signed_amount(request.icc_data) != request.amount.amount_minor:
            return Verdict(DO_NOT_HONOUR, "amount_not_signed", mac_checked=True)
        try:
            card = keys.open_card(request.sealed_card)
            pin = keys.open_pin(request.pin_block, _pan(card)) if request.pin_block else None
        except Unreadable:
            return Verdict(DO_NOT_HONOUR, "sealed_data_unreadable", mac_checked=True)
        return self._issuer.authorise(card, request, pin)

    def _written(self, request: AuthorisationRequest, verdict: Verdict, keys: Keys) -> bytes:
        code = verdict.authorisation_code
        mac = keys.answer_mac(request.transaction_id, verdict.response_code, code or "", verdict.icc_data)
        answer = AuthorisationAnswer(
            request.transaction_id,
            verdict.approved,
            verdict.response_code,
            code,
            verdict.icc_data,
            mac,
            verdict.arqc_checked,
        )
        return write_answer(answer, request, self._now(), PARTIES)


def _digest(request: AuthorisationRequest) -> bytes:
    """Of what makes a question the same: the reader's MAC covers amount, cryptogram and card, its key is used once."""
    return sha256(repr((request.amount, request.ksn, request.mac)).encode()).digest()


def _signed_amount(icc_data: bytes) -> int | None:
    """What the card was shown (9F02, twelve digits); None when the data does not say."""
    try:
        amount = dict(tlv.objects(icc_data)).get(AMOUNT)
    except CardFault:
        return None
    return int(amount.hex()) if amount and amount.hex().isdigit() else None


def _pan(card: dict[int, bytes]) -> str:
    return card[0x5A].hex().rstrip("f") if 0x5A in card else card.get(0x57, b"").hex().partition("d")[0]


def _row(request: AuthorisationRequest, asked: bytes, verdict: Verdict, answer: bytes) -> Authorisation:
    return Authorisation(
        transaction_id=request.transaction_id.hex(),
        amount_minor=request.amount.amount_minor,
        currency=request.amount.currency.code,
        interface=request.interface,
        ksn=request.ksn.hex(),
        asked=asked,
        mac_checked=verdict.mac_checked,
        arqc_checked=verdict.arqc_checked,
        pin_checked=verdict.pin_checked,
        last4=verdict.last4,
        response_code=verdict.response_code.decode("ascii"),
        authorisation_code=verdict.authorisation_code,
        why=verdict.why,
        answer=answer,
    )
