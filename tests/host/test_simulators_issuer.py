"""Cards, kernel and issuer face to face: real signatures and cryptograms, and no for each thing that is false."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from emv.profile import ContactlessLimits
from emv.transaction import Transaction
from tests.support.simulated_payment import Counter, Paid, request_of, with_object
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard
from tools.simulators.issuer import Issuer, IssuerRequest


def bank() -> Issuer:
    return Issuer(lambda: datetime.date(2026, 11, 21))


def card(name: str) -> SimulatedCard:
    return SimulatedCard(personalisation.load(name))


def paid(name: str, interface: str, amount_minor: int = 1250) -> Paid:
    made = card(name)
    return Counter(bank(), made.pin).pay(made, interface, amount_minor)


@pytest.mark.parametrize(
    ("name", "oda", "cvm", "apdus"),
    [
        ("cb_visa_debit", "cda", "offline_pin", 15),
        ("mastercard_credit", "cda", "online_pin", 11),
        ("visa_credit", "dda", "online_pin", 13),
        ("sda_legacy", "sda", "offline_pin", 14),
    ],
)
def test_each_chip_card_is_authentic_and_approved(name: str, oda: str, cvm: str, apdus: int) -> None:
    payment = paid(name, "contact")
    transaction = payment.transaction
    assert (payment.outcome.name, transaction.oda, payment.outcome.cvm) == ("approved", oda, cvm)
    assert payment.answer.arqc_checked
    assert payment.answer.pin_checked is (True if cvm == "online_pin" else None)
    failed = {"sda": 0x42}.get(oda, 0x00)  # SDA selected is noted; nothing failed
    assert transaction.data[0x95][0] & ~failed == 0
    assert payment.apdus == apdus


@pytest.mark.parametrize(
    ("name", "amount_minor", "cvm"),
    [
        ("cb_visa_debit", 1250, "none"),
        ("cb_visa_debit", 8000, "online_pin"),
        ("phone_wallet", 8000, "on_device"),
    ],
)
def test_each_tap_goes_online_and_is_approved(name: str, amount_minor: int, cvm: str) -> None:
    payment = paid(name, "contactless", amount_minor)
    assert (payment.outcome.name, payment.outcome.cvm, payment.answer.response_code) == ("online", cvm, "00")
    assert payment.apdus == 3


@pytest.mark.parametrize(
    ("name", "amount_minor", "cvm"),
    [
        ("mastercard_credit", 5000, "none"),
        ("mastercard_credit", 5001, "online_pin"),
        ("mastercard_wallet", 5001, "on_device"),
    ],
)
def test_each_tap_of_kernel_2_is_authentic_and_approved(name: str, amount_minor: int, cvm: str) -> None:
    payment = paid(name, "contactless", amount_minor)
    assert (payment.outcome.name, payment.outcome.cvm, payment.answer.response_code) == ("online", cvm, "00")
    assert (payment.transaction.oda, payment.transaction.data[0x95][0]) == ("cda", 0)


def test_an_offline_tap_stands_on_a_real_signature() -> None:
    """France sends every tap online; a terminal without limits checks the card's fDDA."""
    terminal = Counter(bank(), limits=ContactlessLimits())
    payment = terminal.pay(card("visa_credit"), "contactless", 1999)
    assert (payment.outcome.name, payment.transaction.oda, payment.answer) == ("approved", "fdda", None)
    assert terminal.pay(card("visa_credit"), "contactless", 2001).outcome.name == "online"


@pytest.mark.parametrize(("name", "code"), [("declined", "51"), ("expired", "54")])
@pytest.mark.parametrize("interface", ["contact", "contactless"])
def test_the_issuer_declines_and_so_does_the_card(name: str, code: str, interface: str) -> None:
    payment = paid(name, interface)
    assert (payment.answer.response_code, payment.answer.arqc_checked) == (code, True)
    assert payment.outcome.name == ("declined" if interface == "contact" else "online")


@pytest.mark.parametrize("name", ["cb_visa_debit", "mastercard_credit"])
@pytest.mark.parametrize("forge", [lambda data: bytes(len(data)), lambda data: data[:-1] + b"\xff", lambda data: b""])
def test_an_approval_that_the_issuer_did_not_sign_is_refused_by_the_card(name: str, forge) -> None:
    made = card(name)
    payment = Counter(bank(), made.pin, tamper=forge).pay(made, "contact")
    assert payment.answer.response_code == "00"
    assert payment.outcome.name == "declined"


def test_wrong_online_pins_are_counted() -> None:
    issuer, made = bank(), card("mastercard_credit")
    codes = [Counter(issuer, pin).pay(made, "contact").answer.response_code for pin in ("1111", "2222", "3333", "4321")]
    assert codes == ["55", "55", "55", "75"]


def asked(name: str = "cb_visa_debit", interface: str = "contactless") -> tuple[Issuer, IssuerRequest, Transaction]:
    """A request that was never made: what its issuer would say to variations of it can be tried."""
    made = card(name)
    payment = Counter(bank(), made.pin).pay(made, interface)
    return bank(), request_of(payment.transaction, None), payment.transaction


@pytest.mark.covers("attacks/C-05")
def test_a_cryptogram_counts_once() -> None:
    issuer, request, _ = asked()
    assert issuer.authorise(request).response_code == "00"
    again = issuer.authorise(request)
    assert (again.response_code, again.why) == ("05", "cryptogram_replayed")


@pytest.mark.parametrize("tag", [0x9F02, 0x9F37, 0x9F36, 0x95, 0x82, 0x9F26, 0x5F2A])
def test_what_the_card_did_not_sign_is_refused(tag: int) -> None:
    issuer, request, transaction = asked()
    changed = bytes((transaction.data[tag][0] ^ 0x01,)) + transaction.data[tag][1:]
    answer = issuer.authorise(replace(request, icc_data=with_object(request.icc_data, tag, changed)))
    assert (answer.response_code, answer.arqc_checked) == ("05", False)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"pan": "4970101234567811"}, "unknown_card"),
        ({"icc_data": b"\x9f"}, "icc_data_malformed"),
        ({"icc_data": b""}, "icc_data_incomplete"),
        ({"amount_minor": 1251}, "amount_not_the_cards"),
        ({"currency": 840}, "amount_not_the_cards"),
        ({"expiry": "2712"}, "expired"),
        ({"pin": "0000"}, "pin_wrong"),
    ],
)
def test_each_refusal_has_its_name(change: dict, why: str) -> None:
    issuer, request, _ = asked()
    assert issuer.authorise(replace(request, **change)).why == why


@pytest.mark.covers("attacks/C-01")
def test_an_offline_pin_that_the_card_has_not_seen_is_refused() -> None:
    """The wedge: the terminal was told 9000, the card was never asked."""
    issuer, request, _ = asked()
    claimed = request.icc_data + bytes.fromhex("9F3403410302")
    assert issuer.authorise(replace(request, icc_data=claimed)).why == "offline_pin_unknown_to_the_card"


def test_nothing_secret_is_in_a_repr() -> None:
    _, request, _ = asked()
    assert request.pan not in repr(replace(request, icc_data=b"", pin="1234"))
    assert "1234" not in repr(replace(request, icc_data=b"", pin="1234"))
