"""ST7789 glass of 240 x 320 on SPI: 16 greys are expanded to RGB565 a few lines at a time (ST7789V data sheet, 9)."""

from __future__ import annotations

import time

from firmware.drivers.display import HEIGHT, WIDTH

_SOFTWARE_RESET = 0x01
_SLEEP_OUT = 0x11
_INVERSION_ON = 0x21  # these panels show negatives without it
_DISPLAY_ON = 0x29
_COLUMNS = 0x2A
_ROWS = 0x2B
_WRITE = 0x2C
_PIXEL_FORMAT = 0x3A
_RGB565 = b"\x55"

_LINES = 8  # a strip of this many lines is expanded and sent: 3,840 bytes


class St7789:
    """`spi` is a machine.SPI; the pins are machine.Pin outputs."""

    def __init__(self, spi, data_command, chip_select, reset) -> None:
        self.buffer = bytearray(WIDTH * HEIGHT // 2)
        self._spi = spi
        self._data_command = data_command
        self._chip_select = chip_select
        self._strip = bytearray(WIDTH * 2 * _LINES)
        self._start(reset)

    def show(self, prompt: str) -> None:  # noqa: ARG002 - the glass shows pixels, not names
        strip_bytes = WIDTH * _LINES // 2
        self._command(_WRITE)
        view = memoryview(self.buffer)
        for start in range(0, len(self.buffer), strip_bytes):
            expand(view[start : start + strip_bytes], self._strip)
            self._data(self._strip)

    def _start(self, reset) -> None:
        reset(0)
        time.sleep_ms(10)
        reset(1)
        time.sleep_ms(120)
        self._command(_SOFTWARE_RESET)
        time.sleep_ms(150)
        self._command(_SLEEP_OUT)
        time.sleep_ms(120)
        self._command(_PIXEL_FORMAT, _RGB565)
        self._command(_COLUMNS, bytes((0, 0, 0, WIDTH - 1)))
        self._command(_ROWS, bytes((0, 0, (HEIGHT - 1) >> 8, (HEIGHT - 1) & 0xFF)))
        self._command(_INVERSION_ON)
        self._command(_DISPLAY_ON)

    def _command(self, command: int, data: bytes = b"") -> None:
        self._data_command(0)
        self._send(bytes((command,)))
        if data:
            self._data(data)

    def _data(self, data: bytes | bytearray) -> None:
        self._data_command(1)
        self._send(data)

    def _send(self, data: bytes | bytearray) -> None:
        self._chip_select(0)
        self._spi.write(data)
        self._chip_select(1)


def expand(grey: memoryview, colour: bytearray) -> None:
    """GS4_HMSB pixels, two a byte, to RGB565, high byte first: grey g has red and blue 2g + g / 8, green 4g + g / 4."""
    place = 0
    for pair in grey:
        for shade in (pair >> 4, pair & 15):
            five = shade << 1 | shade >> 3
            pixel = five << 11 | (shade << 2 | shade >> 2) << 5 | five
            colour[place] = pixel >> 8
            colour[place + 1] = pixel & 0xFF
            place += 2
