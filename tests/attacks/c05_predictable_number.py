"""Attacker: foresees the unpredictable number (pre-play): from the time, a count, or what comes after a power cut.

Zinc: numbers come from the board's own source of chance: 100,000 of 50 cold boots with a clock that stands still are
drawn without a pattern; and a recorded cryptogram is refused.
"""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

from emv import tlv
from tests.attacks.shim import GET_PROCESSING_OPTIONS, Shim
from tests.attacks.shop import Shop, paid
from tools import build_firmware
from tools.emulator.emulator import BOARD
from tools.micropython import interpreter
from tools.simulators.card import SimulatedCard

DEVICE = Path(__file__).parent / "device" / "unpredictable_numbers.py"
BOOTS, DRAWN = 50, 2000
MOST_COLLISIONS = 8  # of 100,000 numbers of 32 bits: 1.16 are expected
SIGMAS = 6
NUMBER_AT = 36  # in GET PROCESSING OPTIONS: header, template, and what our cards ask for before 9F37


def boot(folder: Path, image: Path) -> list[int]:
    program = interpreter()
    assert program is not None
    words = [f"firmware={image}", f"data={folder / 'data.lfs'}", "main=unpredictable_numbers", f"drawn={DRAWN}"]
    done = subprocess.run([program, str(BOARD / "boot.py"), *words], check=True, capture_output=True, timeout=30)
    return [int(line, 16) for line in done.stdout.split()]


def drawn_by_cold_boots(folder: Path) -> list[list[int]]:
    shipped = build_firmware.build()
    code = {"unpredictable_numbers.mpy": build_firmware.compile_source(DEVICE)}
    image = folder / "firmware.lfs"
    image.write_bytes(build_firmware.image_of(code, image=shipped.read_bytes()))
    (folder / "data.lfs").write_bytes(build_firmware.image_of({}, 16))
    return [boot(folder, image) for _ in range(BOOTS)]


def has_a_pattern(boots: list[list[int]]) -> bool:
    numbers = [number for drawn in boots for number in drawn]
    count = len(numbers)
    assert count == BOOTS * DRAWN
    collisions = count - len(set(numbers))
    repeats = BOOTS - len({drawn[0] for drawn in boots})
    return collisions > MOST_COLLISIONS or repeats > 0 or any_bit_leans(numbers) or follows_the_last(numbers)


def any_bit_leans(numbers: list[int]) -> bool:
    half, sigma = len(numbers) / 2, (len(numbers) ** 0.5) / 2
    return any(abs(sum(number >> bit & 1 for number in numbers) - half) > SIGMAS * sigma for bit in range(32))


def follows_the_last(numbers: list[int]) -> bool:
    """Serial correlation at a distance of one."""
    mean = sum(numbers) / len(numbers)
    away = [number - mean for number in numbers]
    together = sum(left * right for left, right in pairwise(away))
    return abs(together / sum(one * one for one in away)) > SIGMAS / len(numbers) ** 0.5


class Recorded(Shim):
    """Answers every GET PROCESSING OPTIONS as it did the first."""

    recording = b""

    def answer(self, apdu: bytes) -> bytes:
        if apdu[1] != GET_PROCESSING_OPTIONS:
            return super().answer(apdu)
        self.recording = self.recording or super().answer(apdu)
        return self.recording


async def attack(folder: Path) -> bool:
    if has_a_pattern(drawn_by_cold_boots(folder)):
        return True
    async with Shop(folder) as shop:
        card = Recorded(SimulatedCard.load("cb_visa_debit"))
        assert (await shop.pay(card, "contactless")).approved
        replayed = paid(await shop.pay(card, "contactless"), "declined_by_issuer")
        for command, told in zip(card.asked(GET_PROCESSING_OPTIONS), shop.bank.asked, strict=True):
            assert command[NUMBER_AT : NUMBER_AT + 4] == dict(tlv.objects(told.icc_data))[0x9F37]
        return replayed
