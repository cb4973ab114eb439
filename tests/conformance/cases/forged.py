"""A chip with certificates and signatures of its own making, one field of them a lie (tests/support/forged_card.py)."""

from __future__ import annotations

from typing import Any

from emv import tlv
from tests.cards import write
from tests.cards.scenarios import Scenario
from tests.conformance.cases.chip import CARD_KEY, GPO, INTERNAL, ISSUER_KEY, VISA, offline
from tests.support import forged_card

_NUMBER = bytes.fromhex("00000001")  # the first that the terminal draws
_DYNAMIC_NUMBER = b"\x08" + b"\x77" * 8
_LOCATOR = "08010100" + "10010101" + "18010200"
_TERMINAL = {
    "ca_keys": [
        {"rid": "A000000003", "index": "F1", "modulus": forged_card.CA.modulus.hex().upper(), "exponent": "03"},
    ]
}


def forged(
    profile: str = "3C00",
    issuer: dict | None = None,
    card: dict | None = None,
    static: dict | None = None,
    dynamic: dict | None = None,
    without: tuple[int, ...] = (),
    more: dict[int, bytes] | None = None,
) -> Scenario:
    """`profile` says the method: 3C00 DDA, 5C00 SDA, 3D00 CDA (its keys alone). `issuer`, `card`, `static`, `dynamic`:
    lies of that certificate or signature; `without` leaves objects out, `more` puts others in their place."""
    application = {
        "interchange_profile": bytes.fromhex(profile),
        "aid": bytes.fromhex(VISA),
        "version": bytes.fromhex("008C"),
    }
    personal = write.personalised(offline(application=application))
    signed = personal.contact_records(personal.contact[0]).files[2][0] + bytes.fromhex(profile)
    first = {0x8F: b"\xf1"} | forged_card.issuer_certificate(**issuer or {})
    second = forged_card.card_certificate(static_data=signed, **card or {}) | {0x9F49: b"\x9f\x37\x04"}
    if profile == "5C00":
        second = {0x93: forged_card.static_signature(signed, **static or {})}
    signature = forged_card.dynamic_signature(_DYNAMIC_NUMBER, _NUMBER, **dynamic or {})
    answers: dict[str, Any] = {
        GPO: f"800E{profile}{_LOCATOR}9000",
        ISSUER_KEY: _record(first, without, more or {}),
        CARD_KEY: _record(second, without, more or {}),
        INTERNAL: tlv.encode(0x80, signature).hex() + "9000",
    }
    return offline(application=application, answers=answers, terminal=_TERMINAL)


def _record(objects: dict[int, bytes], without: tuple[int, ...], more: dict[int, bytes]) -> str:
    told = {tag: more.get(tag, value) for tag, value in objects.items() if tag not in without}
    return tlv.encode(0x70, b"".join(tlv.encode(tag, value) for tag, value in told.items())).hex() + "9000"
