"""The simulated issuer's host: is it our card, its cryptogram, its first use, its PIN, and is there money? Then yes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from emv import tlv
from emv.errors import CardFault
from tools.simulators import personalisation
from tools.simulators.cryptogram import MChip20, Visa18, version_of
from tools.simulators.personalisation import Personalisation

APPROVED = "00"
PARTIALLY_APPROVED = "10"
DO_NOT_HONOUR = "05"
UNKNOWN_CARD = "14"
INSUFFICIENT_FUNDS = "51"
EXPIRED = "54"
WRONG_PIN = "55"
AUTHENTICATION_REQUIRED = "65"  # PSD2: not without the holder's PIN
PIN_BLOCKED = "75"

_PIN_TRIES = 3
_OFFLINE_PIN = (0x01, 0x03, 0x04, 0x05)  # 9F34, methods that a card answers for itself (Book 3, annex C3)
_ONLINE_PIN = 0x02
_FAILED = 0x01
_SUCCESSFUL = 0x02
_CREDITS = (b"\x20", b"\x02")  # 9C: money comes back
_TRANSIT = (b"\x41\x11", b"\x41\x12", b"\x41\x31")  # merchant category codes (ISO 18245)


@dataclass(frozen=True)
class IssuerRequest:
    """`pin` is None where none was entered online; `icc_data` is BER-TLV, as in ISO 8583 field 55."""

    pan: str = field(repr=False)
    psn: str | None
    expiry: str  # YYMM or YYMMDD
    amount_minor: int
    currency: int  # ISO 4217 numeric
    icc_data: bytes
    pin: str | None = field(repr=False)
    partial: bool = False  # the merchant's terminal can take a part of the amount


@dataclass(frozen=True)
class IssuerAnswer:
    """`authentication` is the value of tag 91; `scripts` are whole 71 or 72; `why` is for the issuer's log."""

    response_code: str
    why: str
    authentication: bytes | None = None
    scripts: list[bytes] = field(default_factory=list)
    authorisation_code: str | None = None
    arqc_checked: bool = False
    pin_checked: bool | None = None
    authorised_minor: int | None = None  # the part of the amount that is approved


class Refusal(Exception):
    def __init__(self, response_code: str, why: str) -> None:
        super().__init__(why)
        self.response_code = response_code
        self.why = why


@dataclass
class Account:
    """One card's account, in this process."""

    card: Personalisation
    available_minor: int
    tries_left: int = _PIN_TRIES
    last_atc: int = 0
    taps: int = 0  # since the holder was last authenticated


class Issuer:
    """`today` is asked at each authorisation; without `cards` it has issued all of cards/."""

    def __init__(self, today: Callable[[], date] = date.today, cards: Iterable[Personalisation] | None = None) -> None:
        if cards is None:
            cards = [personalisation.load(name) for name in personalisation.names()]
        self._accounts = {card.pan: Account(card, card.account.available_minor) for card in cards}
        self._today = today
        self._authorisations = 0
        self._given: dict[str, tuple[Account, int]] = {}  # by authorisation code: what would be given back

    def authorise(self, request: IssuerRequest) -> IssuerAnswer:
        """Never raises for what a request holds. A request is a new one: telling repetitions is the acquirer's."""
        account = self._accounts.get(request.pan)
        if account is None:
            return IssuerAnswer(UNKNOWN_CARD, "unknown_card")
        try:
            data = _data(request)
            cryptograms = _genuine(account, data)
        except Refusal as refusal:
            return IssuerAnswer(refusal.response_code, refusal.why)
        code, why, pin_checked, authorised = APPROVED, "approved", None, request.amount_minor
        try:
            _check_cryptogram(account, request, data)
            if data.get(0x9C) in _CREDITS:
                authorised = -request.amount_minor
                account.available_minor += request.amount_minor
            else:
                self._check_use(account, request, data, cryptograms)
                pin_checked = _check_pin(account, request.pin, data)
                _check_taps(account, pin_checked is True, data)
                authorised = _take(account, request)
                code = APPROVED if authorised == request.amount_minor else PARTIALLY_APPROVED
        except Refusal as refusal:
            code, why = refusal.response_code, refusal.why
            pin_checked = False if code in (WRONG_PIN, PIN_BLOCKED) else pin_checked
        return IssuerAnswer(
            code,
            why,
            authentication=cryptograms.authentication(data[0x9F26], data[0x9F36], code),
            authorisation_code=self._next_code(account, authorised) if code in (APPROVED, PARTIALLY_APPROVED) else None,
            arqc_checked=True,
            pin_checked=pin_checked,
            authorised_minor=authorised if code == PARTIALLY_APPROVED else None,
        )

    def release(self, authorisation_code: str) -> None:
        """What was approved under that code is not wanted any more: the money is the cardholder's again."""
        account, amount_minor = self._given.pop(authorisation_code, (None, 0))
        if account:
            account.available_minor += amount_minor

    def _next_code(self, account: Account, amount_minor: int) -> str:
        self._authorisations = (self._authorisations + 1) % 1_000_000  # six digits (ISO 8583, data element 38)
        code = f"{self._authorisations:06d}"
        self._given[code] = account, amount_minor
        return code

    def _check_use(
        self, account: Account, request: IssuerRequest, data: dict[int, bytes], cryptograms: Visa18 | MChip20
    ) -> None:
        if account.card.expiry[:4] < f"{self._today():%y%m}" or request.expiry[:4] != account.card.expiry[:4]:
            raise Refusal(EXPIRED, "expired")
        if account.card.effective > f"{self._today():%y%m%d}":
            raise Refusal(DO_NOT_HONOUR, "not_yet_valid")
        method, result = _verification(data)
        if result == _FAILED:
            raise Refusal(DO_NOT_HONOUR, "verification_failed")  # attacks/C-04
        performed = cryptograms.pin_was_performed(data[0x9F10])
        if method in _OFFLINE_PIN and result == _SUCCESSFUL and not performed:
            raise Refusal(DO_NOT_HONOUR, "offline_pin_unknown_to_the_card")  # attacks/C-01
        if isinstance(cryptograms, Visa18) and _verified_by_device(data) and not performed:
            raise Refusal(DO_NOT_HONOUR, "verification_unknown_to_the_device")  # attacks/C-12


def _data(request: IssuerRequest) -> dict[int, bytes]:
    try:
        data = dict(tlv.objects(request.icc_data))
    except CardFault:
        raise Refusal(DO_NOT_HONOUR, "icc_data_malformed") from None
    return {0x9F03: bytes(6)} | data


def _genuine(account: Account, data: dict[int, bytes]) -> Visa18 | MChip20:
    """Whose cryptogram it is: a co-badged card has keys for each of its schemes. Raises Refusal."""
    card = account.card
    try:
        version = version_of(data[0x9F10])
        for application in card.contact + card.contactless:
            cryptograms = card.cryptogram(application)
            if isinstance(cryptograms, version) and cryptograms.cryptogram(data) == data[0x9F26]:
                return cryptograms
    except (KeyError, ValueError, IndexError):
        raise Refusal(DO_NOT_HONOUR, "icc_data_incomplete") from None
    raise Refusal(DO_NOT_HONOUR, "cryptogram_false")


def _check_cryptogram(account: Account, request: IssuerRequest, data: dict[int, bytes]) -> None:
    """For the first time, and for this amount? Raises Refusal."""
    counter = int.from_bytes(data[0x9F36], "big")
    if counter <= account.last_atc:
        raise Refusal(DO_NOT_HONOUR, "cryptogram_replayed")
    account.last_atc = counter
    if _number(data[0x9F02]) != request.amount_minor or _number(data[0x5F2A]) != request.currency:
        raise Refusal(DO_NOT_HONOUR, "amount_not_the_cards")


def _check_pin(account: Account, pin: str | None, data: dict[int, bytes]) -> bool | None:
    """True when a PIN came and is right, None when none was needed. Raises Refusal."""
    if pin is None:
        if _verification(data)[0] == _ONLINE_PIN:
            raise Refusal(WRONG_PIN, "pin_missing")
        return None
    if not account.tries_left:
        raise Refusal(PIN_BLOCKED, "pin_blocked")
    if not account.card.pin or pin != account.card.pin:
        account.tries_left -= 1
        raise Refusal(WRONG_PIN, "pin_wrong")
    account.tries_left = _PIN_TRIES
    return True


def _check_taps(account: Account, pin_checked: bool, data: dict[int, bytes]) -> None:
    """So many in a row without the holder, and no more (terminal/LAW-32). Raises Refusal."""
    method, result = _verification(data)
    if pin_checked or (method in _OFFLINE_PIN and result == _SUCCESSFUL) or _verified_by_device(data):
        account.taps = 0
        return
    limit = account.card.account.taps_without_pin
    if limit is not None and account.taps >= limit:
        raise Refusal(AUTHENTICATION_REQUIRED, "authentication_required")
    account.taps += 1


def _take(account: Account, request: IssuerRequest) -> int:
    """What is taken: the amount, or the part of it that there is where both sides can do that. Raises Refusal."""
    amount_minor = request.amount_minor
    if amount_minor > account.available_minor:
        if not (request.partial and account.card.account.in_part and account.available_minor):
            raise Refusal(INSUFFICIENT_FUNDS, "insufficient_funds")
        amount_minor = account.available_minor
    account.available_minor -= amount_minor
    return amount_minor


def _verification(data: dict[int, bytes]) -> tuple[int, int]:
    """(method, result) of tag 9F34, zeros without it."""
    results = data.get(0x9F34, bytes(3))
    return results[0] & 0x3F, results[-1]


def _verified_by_device(data: dict[int, bytes]) -> bool:
    """A telephone (9F6E) is said to have verified its holder (9F6C), and not at the gate of a railway (9F15)."""
    device = data.get(0x9F6E, b"\x00")[0] & 0x1F
    return bool(device and data.get(0x9F6C, bytes(2))[1] & 0x80) and data.get(0x9F15) not in _TRANSIT


def _number(value: bytes) -> int | None:
    """A numeric value; None when it is none."""
    return int(value.hex()) if value.hex().isdigit() else None
