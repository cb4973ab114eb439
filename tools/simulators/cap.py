"""The issuer's side of EMV-CAP: which card and which counter made these digits, computed anew with the card's keys."""

from __future__ import annotations

from tools.simulators.cryptogram import ARQC, Verification
from tools.simulators.personalisation import Application, Personalisation

USUAL_BITMAP = bytes.fromhex("8000FF000000000001FFFF")
_WINDOW = 16  # tokens that were made and never shown to us
_CLOCKLESS = {True: bytes.fromhex("010101"), False: bytes(3)}  # what a reader without a clock tells a Visa card, others
_VISA = bytes.fromhex("A000000003")


def counter_of(
    card: Personalisation,
    application: Application,
    token: str,
    last_counter: int,
    challenge: str = "",
    amount_minor: int = 0,
    bitmap: bytes = USUAL_BITMAP,
) -> int | None:
    """The counter of the card that gave `token` for this challenge; None when none after `last_counter` did."""
    for counter in range(last_counter + 1, last_counter + 1 + _WINDOW):
        if _token(bitmap, answer(card, application, counter, challenge, amount_minor)) == token:
            return counter
    return None


def answer(
    card: Personalisation, application: Application, counter: int, challenge: str = "", amount_minor: int = 0
) -> bytes:
    """9F27, 9F36, 9F26 and 9F10 that the card must have given, its holder's PIN being right."""
    cryptograms = card.cryptogram(application)
    noted = Verification(first=ARQC, pin_performed=True, tries_left=card.pin_tries)
    issuer_data = cryptograms.application_data(noted)
    atc = counter.to_bytes(2, "big")
    values = {
        0x9F02: bytes.fromhex(f"{amount_minor:012}"),
        0x9F03: bytes(6),
        0x9F1A: bytes(2),
        0x95: bytes.fromhex("8000000000"),
        0x5F2A: bytes(2),
        0x9A: _CLOCKLESS[application.aid.startswith(_VISA)],
        0x9C: bytes(1),
        0x9F37: bytes.fromhex(f"{challenge:0>8}"),
        0x82: application.interchange_profile,
        0x9F36: atc,
        0x9F10: issuer_data,
    }
    return bytes((ARQC,)) + atc + cryptograms.cryptogram(values) + issuer_data


def _token(bitmap: bytes, message: bytes) -> str:
    chosen = [bit for wanted, bit in zip(_bits(bitmap), _bits(message), strict=False) if wanted == "1"]
    return str(int("".join(chosen), 2))


def _bits(value: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in value)
