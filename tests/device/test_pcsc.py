"""A card in pcscd's virtual reader, read by pyscard, in the emulated reader's slot: all is real but the chip."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.device.start import with_reader
from tests.support import pcsc_daemon
from tools.emulator.card import CardGone
from tools.emulator.emulator import Emulator
from tools.emulator.pcsc import PcscCard, follow
from tools.virtual_card import VirtualCard

pytestmark = [
    pytest.mark.needs_apt("pcscd"),
    pytest.mark.skipif(bool(pcsc_daemon.missing()), reason=pcsc_daemon.missing()),
]
SLOT = pcsc_daemon.READERS[0]
SELECT_MISSING = bytes.fromhex("00A4040007A0000000999999")


class Echo:
    """Answers a command with its own bytes."""

    def __init__(self, atr: str) -> None:
        self.atr = bytes.fromhex(atr)

    def power_on(self, _: str) -> bytes:
        return self.atr

    def transmit(self, apdu: bytes) -> bytes:
        return apdu[:4] + b"\x90\x00"


T0_CARD = Echo("3B00")
T1_CARD = Echo("3B8F80018031E06B04310502DD555555555555CE")


@pytest.fixture(scope="module")
def pcscd() -> Iterator[None]:
    with pcsc_daemon.pcscd():
        yield


@pytest.mark.parametrize("card", [T0_CARD, T1_CARD], ids=["T=0", "T=1"])
def test_commands_and_answers_come_through(pcscd: None, card: Echo) -> None:
    with pcsc_daemon.inserted(card) as inserted:
        assert inserted.power_on("contact") == card.atr
        assert inserted.transmit(SELECT_MISSING) == b"\x00\xa4\x04\x00\x90\x00"


def test_the_emulated_reader_takes_its_cards_from_pcsc(pcscd: None) -> None:
    async def test(reader: Emulator) -> None:
        following = asyncio.create_task(follow(reader, SLOT))
        for card in (T0_CARD, T1_CARD):
            with VirtualCard(card, "contact"):
                await reader.shows("contact 00a40400 9000")
            await reader.shows("idle")
        following.cancel()

    with_reader(test, link="serial")


def test_a_card_that_is_pulled_is_gone(pcscd: None) -> None:
    with pcsc_daemon.inserted(T1_CARD) as inserted:
        inserted.power_on("contact")
    with pytest.raises(CardGone):
        inserted.transmit(SELECT_MISSING)


def test_a_reader_that_does_not_exist(pcscd: None) -> None:
    with pytest.raises(LookupError):
        PcscCard("No Such Reader")
