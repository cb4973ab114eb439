"""The search for leaks finds what it is to find: each form of a PAN or PIN, and the PAN inside RSA blocks."""

from __future__ import annotations

import base64

import pytest

from tests.support.leak import pan_traces, pin_traces, recover_pan_from_rsa
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard

PAN = "4970101234567810"
PACKED = bytes.fromhex(PAN)


@pytest.mark.parametrize(
    "form",
    [
        PAN.encode(),
        PAN[::-1].encode(),
        b"4970 1012 3456 7810",
        PACKED,
        bytes.fromhex("D" + PAN + "0"),
        bytes.fromhex(PAN[::-1]),
        PAN.encode().hex().encode(),
        PAN.encode().hex().upper().encode(),
        PACKED.hex().encode(),
        base64.b64encode(b"x" + PAN.encode() + b"yz"),
        base64.b64encode(b"xy" + PACKED + b"z"),
        PAN.encode("utf-16-le"),
    ],
    ids=lambda form: form[:12].hex(),
)
@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_each_form_of_a_pan_is_found(form: bytes, before: int) -> None:
    assert pan_traces(b"\x07" * before + form + b"\x07" * 5, PAN)


def test_another_number_is_no_leak() -> None:
    assert pan_traces(b"4970101234567811" + PACKED[:7] + b"\x11", PAN) == []


def test_a_pin_field_is_found() -> None:
    assert pin_traces(bytes.fromhex("0020008008241234FFFFFFFFFF"), "1234")
    assert pin_traces(bytes.fromhex("441234AAAAAAAAAA0102030405060708"), "1234")
    assert pin_traces(b"pin=1234", "1234", every_form=True)
    assert pin_traces(b"pin=1234", "1234") == []


@pytest.mark.parametrize("name", ["cb_visa_debit", "mastercard_credit"])
def test_a_card_certificate_gives_the_pan_back(name: str) -> None:
    card = personalisation.load(name)
    for application in card.contact:
        certificates = card.contact_records(application).files[3]
        assert recover_pan_from_rsa(b"noise" + b"".join(certificates) + b"noise") == [card.pan]
        for written in (base64.b64encode(b"x" + certificates[1]), certificates[1].hex().encode()):
            assert recover_pan_from_rsa(b"log: " + written + b"\n") == [card.pan]
        assert pan_traces(certificates[1], card.pan) == []


def test_redacted_exchanges_give_nothing_back() -> None:
    from firmware.secure.redaction import redact_exchange

    card = SimulatedCard(personalisation.load("cb_visa_debit"))
    card.power_on("contact")
    commands = [
        "00A4040007A000000042101000",
        "80A8000002830000",
        "00B2010C00",
        "00B2011400",
        "00B2011C00",
        "00B2021C00",
    ]
    commands += ["00880000041122334400", "0020008008241234FFFFFFFFFF"]
    clear, redacted = b"", b""
    for command in map(bytes.fromhex, commands):
        response = card.transmit(command)
        assert response.endswith(b"\x90\x00")
        clear += command + response
        redacted += b"".join(redact_exchange(command, response))
    pan, pin = card.personalisation.pan, card.pin
    assert pan_traces(clear, pan) and pin_traces(clear, pin) and recover_pan_from_rsa(clear) == [pan]
    assert pan_traces(redacted, pan) == pin_traces(redacted, pin) == recover_pan_from_rsa(redacted) == []
