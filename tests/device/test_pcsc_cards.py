"""Simulated cards through the real pcscd: virtual reader, pyscard, the kernel's 61xx and 6Cxx, and `zinc read`."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest

from tests.support import pcsc_daemon
from tests.support.simulated_payment import Counter, Paid
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard
from tools.simulators.issuer import Issuer

pytestmark = [
    pytest.mark.needs_apt("pcscd"),
    pytest.mark.skipif(bool(pcsc_daemon.missing()), reason=pcsc_daemon.missing()),
]


@pytest.fixture(scope="module", autouse=True)
def daemon() -> Iterator[None]:
    with pcsc_daemon.pcscd():
        yield


def card(name: str, t0: bool = False) -> SimulatedCard:
    return SimulatedCard(personalisation.load(name), t0)


def pay(simulated: SimulatedCard, interface: str) -> Paid:
    bank = Issuer(lambda: datetime.date(2026, 11, 21))
    with pcsc_daemon.inserted(simulated, interface) as inserted:
        return Counter(bank, simulated.pin).pay(inserted, interface)


@pytest.mark.parametrize("t0", [True, False], ids=["t0", "t1"])
def test_chip_and_pin_is_approved(t0: bool) -> None:
    paid = pay(card("cb_visa_debit", t0), "contact")
    assert (paid.outcome.name, paid.outcome.cvm, paid.transaction.oda) == ("approved", "offline_pin", "cda")
    assert {0x61, 0x6C} <= {response[-2] for _, response in paid.transaction.exchange} or not t0


def test_a_tap_goes_online() -> None:
    paid = pay(card("phone_wallet"), "contactless")
    assert (paid.outcome.name, paid.answer.response_code) == ("online", "00")


def test_the_card_says_what_it_is_without_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    from tools.read_card import read

    simulated = card("mastercard_credit", t0=True)
    with pcsc_daemon.inserted(simulated):
        read(pcsc_daemon.READERS[0])
    said = capsys.readouterr().out
    assert "application A0000000041010" in said
    assert f"PAN ends in {simulated.personalisation.last4}" in said
    assert simulated.personalisation.pan not in said
    assert "ICC Public Key Certificate: (176 bytes, not shown)" in said


def test_a_reader_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    from tools.read_card import read

    read("No Such Reader")
    assert "no PC/SC reader named 'No Such Reader'; there are: Virtual PCD 00 00" in capsys.readouterr().out


def test_an_empty_reader_is_said_to_be_empty(capsys: pytest.CaptureFixture[str]) -> None:
    from tools.read_card import read

    read(pcsc_daemon.READERS[1])
    assert "no card in the reader" in capsys.readouterr().out
