"""Signs a card's answers anew: our certification authority, issuer and card keys in the place of the real ones, at
their lengths, so that each command, each template and each T=0 length stays as the card had it (Book 2, 5 and 6)."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

from emv import tlv
from emv.certificates.keys import static_data
from emv.errors import NotAuthentic
from emv.transaction import Transaction
from firmware.secure.card_data import pan
from tools.record.errors import NotResignable
from tools.record.keys import key
from tools.record.recorder import Recording, Source, run, written_again
from tools.record.redaction import FORMAT_1, INTERNAL_AUTHENTICATE, Redaction, without_pin
from tools.record.terminal import ca_key
from tools.replay import redaction as replayed_redaction
from tools.replay import transcript
from tools.simulators import scheme
from tools.simulators.rsa import RsaKey

GENERATE_AC, GET_CHALLENGE, SIGNED = 0xAE, 0x84, 0x10
FORMAT_2 = b"\x77"
CERTIFICATE_ROOM = 36  # bytes of a certificate that hold no key: of the issuer's, and 42 of the card's
CARD_CERTIFICATE_ROOM = 42
SIGNATURE = 0x9F4B
RELATED = 0x9F69
TEST_INDEX = 0xF1
# Beginnings of numbers that no issuer has given out, by the scheme's identifier
TEST_RANGES = {"A000000003": "497010", "A000000042": "497010", "A000000004": "541333"}
NO_ISSUER = "999999"


@dataclass(frozen=True)
class Keys:
    """`card` None: the card does not sign; `pin`: the one that PINs are enciphered with, where that is another."""

    scheme: scheme.Scheme
    card: RsaKey | None = None
    pin: RsaKey | None = None


class Signing(Redaction):
    """Rewrites answers as Redaction does, and puts our certificates and signatures where the card's were."""

    def __init__(self, survey: Transaction, number: str, beginning: str, known: dict[str, Any]) -> None:
        """`survey`: a run with that card, its number already exchanged. `known`: what its transcript expects."""
        super().__init__(number, beginning)
        self.keys = _keys(survey) if 0x90 in survey.data else None
        self._related = survey.data.get(RELATED)
        self._known = known
        self._objects_of = _certificates(self.keys, survey, self.stand_in) if self.keys else {}
        self.live = False

    def __call__(self, command: bytes, response: bytes, transaction: Transaction) -> bytes:
        if command[1] == GET_CHALLENGE and self.live:
            raise NotResignable("an enciphered PIN reaches the card under the card's own key: choose another method")
        answer = super().__call__(command, response, transaction)
        asked = self._asked
        if asked[1] == GENERATE_AC and asked[2] & SIGNED and self._card is not None:
            return self._combined(answer, transaction, self._card)
        return answer

    @property
    def _card(self) -> RsaKey | None:
        return self.keys.card if self.keys is not None else None

    def value(self, tag: int, value: bytes, transaction: Transaction) -> bytes:
        if tag in self._objects_of:
            return self._objects_of[tag]
        if tag == RELATED and self._related is not None and len(self._related) == len(value):
            return self._related  # it was signed before it was read
        if tag == SIGNATURE or (tag == FORMAT_1 and self._asked[1] == INTERNAL_AUTHENTICATE):
            return self._dynamic(len(value), transaction)
        return super().value(tag, value, transaction)

    def _dynamic(self, length: int, transaction: Transaction) -> bytes:
        """DDA over what the terminal sent; fDDA over number, amount, currency and 9F69 (Book C-3, annex C)."""
        card = self._card
        if card is None or card.length != length:
            return bytes(length)
        if self._asked[1] == GENERATE_AC:
            return bytes(length)  # CDA: once the rest of the answer is known
        if self._asked[1] == INTERNAL_AUTHENTICATE:
            signed = self._asked[5 : 5 + self._asked[4]]
        else:
            data = transaction.data
            signed = data[0x9F37] + data[0x9F02] + data[0x5F2A] + (self._related or b"")
        return scheme.dynamic_signature(card, self._number(), signed)

    def _number(self) -> bytes:
        number = bytes.fromhex(self._known.get("data", {}).get("9F4C", "")) or sha1(self._asked).digest()[:8]
        return bytes((len(number),)) + number

    def _combined(self, answer: bytes, transaction: Transaction, card: RsaKey) -> bytes:
        """Book 2, 6.6.1: the cryptogram is inside the signature; what the real one was nobody can read, so any."""
        body = answer[:-2]
        place = kind = None
        digest = sha1(transaction.listed)
        if body[:1] != FORMAT_2:
            return answer
        _, start, end = tlv.single(body)
        at = start
        for tag, value, stop in tlv.children(body, start, end):
            if tag == SIGNATURE:
                place = (value, stop)
            else:
                digest.update(body[at:stop])
                kind = body[value:stop] if tag == 0x9F27 else kind
            at = stop
        if place is None or kind is None or card.length != place[1] - place[0]:
            return answer
        cryptogram = bytes.fromhex(self._known.get("ac", "")) or sha1(self._asked + kind).digest()[:8]
        dynamic = self._number() + kind + cryptogram + digest.digest()
        signature = scheme.dynamic_signature(card, dynamic, transaction.data[0x9F37])
        return answer[: place[0]] + signature + answer[place[1] :]


def _keys(survey: Transaction) -> Keys:
    data = survey.data
    if not (0x9F46 in data or 0x93 in data):
        raise NotResignable("the issuer signed nothing")
    rid = data[0x9F06][:5]
    authority = len(data[0x90])
    issuer = len(data.get(0x9F46) or data[0x93])
    if len(data.get(0x92, b"")) != max(0, issuer - (authority - CERTIFICATE_ROOM)):
        raise NotResignable("the lengths of the issuer's certificate do not hold together")
    ours = scheme.Scheme(
        rid,
        TEST_INDEX,
        key("authority", authority, 3),
        key("issuer", issuer, _exponent(data.get(0x9F32, b"\x03"))),
        {},
    )
    if 0x9F46 not in data:
        return Keys(ours)
    room = issuer - CARD_CERTIFICATE_ROOM
    card = room + len(data[0x9F48]) if 0x9F48 in data else len(data.get(SIGNATURE, b"")) or min(room, 128)
    signing = key("card", card, _exponent(data.get(0x9F47, b"\x03")))
    if 0x9F2D not in data:
        return Keys(ours, signing)
    pin = room + len(data[0x9F2F]) if 0x9F2F in data else min(room, 128)
    return Keys(ours, signing, key("pin", pin, _exponent(data.get(0x9F2E, b"\x03"))))


def _exponent(value: bytes) -> int:
    """Of the same length as the card's."""
    return 3 if len(value) == 1 else 65537


def _certificates(keys: Keys, survey: Transaction, number: str) -> dict[int, bytes]:
    """tag -> value, of those that the card has. Raises NotResignable."""
    try:
        static = b"".join(static_data(survey))
    except NotAuthentic as fault:
        raise NotResignable(f"what the issuer signed cannot be told: {fault.why}") from None
    made = scheme.issuer_certificate(keys.scheme, number)
    if keys.card is not None:
        made = made | scheme.card_certificate(keys.scheme, keys.card, number, static)
    if keys.pin is not None:
        made = made | scheme.pin_certificate(keys.scheme, keys.pin, number)
    if 0x93 in survey.data:
        made = made | {0x93: scheme.static_signature(keys.scheme, static)}
    return {tag: value for tag, value in made.items() if tag in survey.data}


def _head(file: dict[str, Any], signing: Signing) -> dict[str, Any]:
    head = {name: value for name, value in deepcopy(file).items() if name not in ("exchange", "expect", "mutations")}
    authority = signing.keys.scheme.ca_public_key if signing.keys else None
    head["terminal"]["ca_keys"] = [ca_key(authority)] if authority else []
    head["source"] = head.get("source", "") + " Signed anew with test keys; numbers and names are not the card's."
    return head


def prepared(file: dict[str, Any], transaction: Transaction) -> Signing:
    """`file` is the survey's transcript, raw, and `transaction` its. Raises NotResignable."""
    number = pan(transaction.data)
    if not number:
        raise NotResignable("the card gave no number")
    beginning = TEST_RANGES.get(transaction.data[0x9F06][:5].hex().upper(), NO_ISSUER)

    redaction = Redaction(number, beginning)
    trusted = file | {"redacted": True}
    with replayed_redaction.Trust(trusted, file["expect"]):
        _, survey = written_again(trusted, redaction)
    return Signing(survey, number, beginning, file["expect"])


def resigned(file: dict[str, Any], signing: Signing, source: Source, random: Any = None) -> dict[str, Any]:
    """The transaction once more, with `source` signing as our card. `random` None: as drawn before."""
    signing.live = random is not None
    draws = random or transcript.Draws(file["terminal"].get("random", []))
    written, _ = run(_head(file, signing), Recording(source, signing), draws)
    written, _ = written_again(without_pin(written), lambda _command, response, _transaction: response)
    return written
