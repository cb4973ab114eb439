"""What of the ESP32's drivers needs no chip: pixels, frames and scans, against stand-ins of the buses."""

from __future__ import annotations

import asyncio

import pytest
import runtime  # of the CPython twins: MicroPython's time and asyncio

runtime.complete()

from boards.parts import pn532  # noqa: E402
from boards.parts.matrix_keypad import MatrixKeypad  # noqa: E402
from boards.parts.st7789 import expand  # noqa: E402
from firmware.errors import CardRemoved, CardSilent  # noqa: E402

ACK = bytes.fromhex("0000FF00FF00")


class FakeChip:
    """An I2C bus with a PN532 that gives these answers, in order."""

    def __init__(self, *answers: bytes) -> None:
        self.asked: list[bytes] = []
        self._answers = [b"\x15", b"\x33", *answers]  # SAM and retry set-up come first
        self._reads: list[bytes] = []

    def writeto(self, _: int, frame: bytes) -> None:
        self.asked.append(frame)
        body = b"\xd5" + self._answers.pop(0)
        length = len(body)
        head = bytes((length, -length & 0xFF)) if length < 256 else _extended(length)
        self._reads = [ACK, b"\x00\x00\xff" + head + body + bytes((-sum(body) & 0xFF, 0))]

    def readfrom(self, _: int, length: int) -> bytes:
        if length == 1:
            return b"\x01"
        return (b"\x01" + self._reads.pop(0)).ljust(length, b"\0")[:length]


def _extended(length: int) -> bytes:
    sizes = bytes((length >> 8, length & 0xFF))
    return b"\xff\xff" + sizes + bytes((-sum(sizes) & 0xFF,))


def tapped(*answers: bytes) -> pn532.Pn532:
    """A chip that finds a type A card, and then gives `answers`."""
    reader = pn532.Pn532(FakeChip(b"\x4b\x01\x01", *answers))
    reader.arm(contact=True, contactless=True)
    assert asyncio.run(reader.present()) == "contactless"
    return reader


def test_grey_becomes_colour() -> None:
    colour = bytearray(4)
    expand(memoryview(b"\x0f"), colour)
    assert colour == b"\x00\x00\xff\xff"
    expand(memoryview(b"\x88"), colour)
    assert colour[:2] == ((17 << 11) | (34 << 5) | 17).to_bytes(2, "big")


def test_a_tapped_card_answers() -> None:
    reader = tapped(b"\x41\x00\x6f\x02\x90\x00", b"\x41\x00\x61\x10")
    assert reader.transmit(b"\x00\xa4\x04\x00") == (b"\x6f\x02", 0x90, 0x00)
    assert reader.transmit(b"\x00\xa4\x04\x00") == (b"", 0x61, 0x10)


def test_of_two_cards_none_is_taken() -> None:
    reader = pn532.Pn532(FakeChip(b"\x4b\x02\x01", b"\x4b\x02\x01", b"\x4b\x00", b"\x4b\x00"))
    reader.arm(contact=True, contactless=True)
    assert asyncio.run(reader.present()) == "several"
    with pytest.raises(CardRemoved):
        reader.transmit(b"\x00")
    asyncio.run(reader.removed())


def test_a_long_answer_comes_in_an_extended_frame() -> None:
    reader = tapped(b"\x41\x00" + bytes(256) + b"\x90\x00")
    assert reader.transmit(b"\x00\xb2\x01\x0c\x00") == (bytes(256), 0x90, 0x00)


def test_a_silent_and_a_lost_card() -> None:
    with pytest.raises(CardSilent):
        tapped(b"\x41\x01").transmit(b"\x00")
    reader = tapped(b"\x41\x0b")
    with pytest.raises(CardRemoved):
        reader.transmit(b"\x00")
    assert not reader.card_present()


def test_a_card_that_is_still_there_and_then_is_not() -> None:
    reader = tapped(b"\x01\x00", b"\x01\x27")
    assert reader.card_present()
    assert not reader.card_present()


def test_frames_of_the_nfc_chip() -> None:
    assert pn532.frame_of(b"\x02") == bytes.fromhex("0000FF02FED4022A00")  # user manual, 6.2.1.1
    assert pn532.answer_in(pn532.frame_of(bytes(300))) == bytes(299)
    for broken in (b"", ACK, bytes.fromhex("0000FF03FDD503320124")):
        with pytest.raises(OSError, match="PN532"):
            pn532.answer_in(broken)


class Matrix:
    """Rows and columns of a keypad on which `down` (row, column) are pressed."""

    def __init__(self) -> None:
        self.down: set[tuple[int, int]] = set()
        self._low = -1
        self.rows = [self._row(number) for number in range(2)]
        self.columns = [self._column(number) for number in range(2)]

    def _row(self, number: int):
        def drive(level: int) -> None:
            self._low = number if level == 0 else -1

        return drive

    def _column(self, number: int):
        return lambda: (self._low, number) not in self.down


def test_a_key_counts_once_and_two_at_a_time_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boards.parts.matrix_keypad._SCAN_S", 0)
    matrix = Matrix()
    keypad = MatrixKeypad(matrix.rows, matrix.columns, (("1", "2"), ("CLEAR", "OK")))

    async def scans(count: int) -> None:
        for _ in range(count):
            await asyncio.sleep(0)

    async def run() -> None:
        scanning = asyncio.create_task(keypad.run())
        matrix.down = {(0, 1)}
        assert await keypad.key() == "2"
        await scans(20)
        matrix.down = {(0, 1), (1, 0)}
        await scans(20)
        matrix.down = set()
        await scans(20)
        matrix.down = {(1, 1)}
        assert await keypad.key() == "OK"
        keypad.flush()
        scanning.cancel()

    asyncio.run(run())
