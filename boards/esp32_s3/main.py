"""The ESP32-S3 board's composition root: makes the drivers and runs the terminal. Not tried on hardware yet."""

from __future__ import annotations

import asyncio
import binascii
import os
import time

import machine
from machine import I2C, PWM, SPI, UART, Pin

from boards.esp32_s3 import pins
from boards.parts.ble_link import BleLink
from boards.parts.file_storage import FileStorage
from boards.parts.matrix_keypad import MatrixKeypad
from boards.parts.pn532 import Pn532
from boards.parts.serial_link import SerialLink
from boards.parts.st7789 import St7789

JOURNAL_SIZE = 1024 * 1024  # half of what 4 MiB of flash leave to files
KEYS = (("1", "2", "3", "CANCEL"), ("4", "5", "6", "CLEAR"), ("7", "8", "9", "MENU"), ("", "0", "", "OK"))
TONES = {"key": ((2000, 30),), "success": ((1500, 500),), "alert": ((750, 200), (0, 200), (750, 200))}  # Hz, ms


class ChipClock:
    """The chip's clock forgets the date without power: until it was set, EMV's date checks are wrong."""

    def now(self) -> tuple[int, int, int, int, int, int]:
        year, month, day, hour, minute, second = time.localtime()[:6]
        return year, month, day, hour, minute, second

    def ticks_ms(self) -> int:
        return time.ticks_ms()  # type: ignore[return-value] - an int with a name of its own in the stubs

    def ticks_us(self) -> int:
        return time.ticks_us()  # type: ignore[return-value] - as above


class ChipRandom:
    """Random while a radio is on (ESP32-S3 technical reference, 26.4): Bluetooth is active before anything asks."""

    def random(self, length: int) -> bytes:
        return os.urandom(length)


class Buzzer:
    def __init__(self, buzzer: Pin, lights: list[Pin]) -> None:
        self._buzzer = PWM(buzzer, freq=1000, duty_u16=0)
        self._lights = lights
        self._playing = None

    def beep(self, tone: str) -> None:
        self._playing = asyncio.create_task(self._play(TONES[tone]))

    def lights(self, lit: int) -> None:
        for place, light in enumerate(self._lights):
            light(place < lit)

    async def _play(self, notes: tuple[tuple[int, int], ...]) -> None:
        for frequency, duration_ms in notes:
            if frequency:
                self._buzzer.freq(frequency)
            self._buzzer.duty_u16(32768 if frequency else 0)
            await asyncio.sleep(duration_ms / 1000)
        self._buzzer.duty_u16(0)


def display() -> St7789:
    spi = SPI(2, baudrate=40_000_000, sck=Pin(pins.DISPLAY_SCK), mosi=Pin(pins.DISPLAY_MOSI))
    data_command, chip_select, reset = [
        Pin(number, Pin.OUT, value=1) for number in (pins.DISPLAY_DC, pins.DISPLAY_CHIP_SELECT, pins.DISPLAY_RESET)
    ]
    Pin(pins.DISPLAY_BACKLIGHT, Pin.OUT, value=1)
    return St7789(spi, data_command, chip_select, reset)


def keypad() -> MatrixKeypad:
    rows = [Pin(number, Pin.OPEN_DRAIN, value=1) for number in pins.KEYPAD_ROWS]
    columns = [Pin(number, Pin.IN, Pin.PULL_UP) for number in pins.KEYPAD_COLUMNS]
    return MatrixKeypad(rows, columns, KEYS)


def storage() -> FileStorage:
    if "data" not in os.listdir("/"):
        os.mkdir("/data")
    return FileStorage("/data", "/resources", JOURNAL_SIZE)


async def main() -> None:
    serial_number = binascii.hexlify(machine.unique_id()).decode().upper()[-16:]
    ble = BleLink(serial_number)  # first of all: Bluetooth needs memory of the system's own heap
    made_keypad = keypad()
    scanning = asyncio.create_task(made_keypad.run())
    line = UART(pins.HOST_UART, baudrate=115_200, tx=Pin(pins.HOST_TX), rx=Pin(pins.HOST_RX), rxbuf=2048)
    made = {
        "display": display(),
        "keypad": made_keypad,
        "card_reader": Pn532(I2C(0, scl=Pin(pins.NFC_SCL), sda=Pin(pins.NFC_SDA), freq=400_000)),
        "beeper": Buzzer(Pin(pins.BUZZER), [Pin(number, Pin.OUT, value=0) for number in pins.LIGHTS]),
        "storage": storage(),
        "clock": ChipClock(),
        "secure_element": ChipRandom(),
        "links": [ble, SerialLink(asyncio.StreamReader(line))],
        "serial_number": serial_number,
    }
    from firmware.terminal import Drivers, run  # after the frame buffer has its place in the heap

    await run(Drivers(**made))
    scanning.cancel()
