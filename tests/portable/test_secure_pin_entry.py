"""Typing a PIN, and sending it to the card."""

from __future__ import annotations

import asyncio

from emv.certificates.rsa import recover
from firmware.errors import Abandoned, CardRemoved
from firmware.secure import pin_entry
from firmware.secure.pin_entry import Pin, enter_pin
from firmware.secure.verify import verify, verify_enciphered

COVERS = {
    "test_every_key_sounds_the_same": ["attacks/P-07"],
    "test_a_silent_cardholder_is_given_up_and_the_digits_wiped": ["attacks/P-08"],
    "test_cancel_wipes": ["attacks/P-08"],
    "test_the_whole_entry_has_its_deadline": ["attacks/P-08"],
}


class Keys:
    """A keypad with keys already on their way; after the last one nobody types."""

    def __init__(self, *keys):
        self.keys = list(keys)
        self.flushed = False

    def flush(self):
        self.flushed = True

    async def key(self):
        if not self.keys:
            await asyncio.Event().wait()
        return self.keys.pop(0)


class SlowKeys(Keys):
    """Somebody presses CLEAR for ever, each time after 25 seconds."""

    def __init__(self, clock):
        self.clock = clock

    def flush(self):
        pass

    async def key(self):
        await asyncio.sleep(0)
        self.clock.now_ms += 25_000
        return "CLEAR"


class Clock:
    """Starts close to where ticks wrap."""

    now_ms = (1 << 30) - 10_000

    def ticks_ms(self):
        return self.now_ms % (1 << 30)


class Tones:
    def __init__(self):
        self.heard = []

    def beep(self, tone):
        self.heard.append(tone)


def typed(*keys):
    keypad, tones, dots = Keys(*keys), Tones(), []
    pin = asyncio.run(enter_pin(keypad, tones, dots.append, Clock()))
    assert keypad.flushed
    return pin, tones.heard, dots


def abandoned(keypad, clock=None):
    """Why the entry was given up; checks that the digits were wiped."""
    made = []

    class Watched(Pin):
        def __init__(self):
            self.digits = bytearray()
            made.append(self.digits)

    pin_entry.Pin = Watched
    try:
        asyncio.run(enter_pin(keypad, Tones(), lambda count: None, clock or Clock()))
    except Abandoned as end:
        assert all(digit == 0 for digit in made[0])
        return end.why
    finally:
        pin_entry.Pin = Pin
    return None


def test_digits_then_ok():
    pin, _, dots = typed("1", "2", "3", "4", "OK")
    assert pin.digits == bytearray((1, 2, 3, 4))
    assert dots == [0, 1, 2, 3, 4]
    held = pin.digits
    pin.wipe()
    assert held == bytearray(4) and len(pin.digits) == 0


def test_every_key_sounds_the_same():
    _, heard, _ = typed("MENU", "1", "CLEAR", "CLEAR", "9", "2", "OK", "3", "4", "OK")
    assert heard == ["key"] * 10


def test_clear_deletes_one_digit():
    assert typed("1", "2", "3", "9", "CLEAR", "4", "OK")[0].digits == bytearray((1, 2, 3, 4))


def test_ok_before_four_digits_and_digits_after_twelve_do_nothing():
    assert typed("1", "2", "3", "OK", "4", "OK")[0].digits == bytearray((1, 2, 3, 4))
    assert len(typed(*("7" * 13), "OK")[0].digits) == 12


def test_cancel_wipes():
    assert abandoned(Keys("1", "2", "CANCEL")) == "cardholder_cancelled"


def test_a_silent_cardholder_is_given_up_and_the_digits_wiped():
    pin_entry.BETWEEN_KEYS_MS = 1
    try:
        assert abandoned(Keys("1", "2")) == "pin_timeout"
    finally:
        pin_entry.BETWEEN_KEYS_MS = 30_000


def test_the_whole_entry_has_its_deadline():
    clock = Clock()
    assert abandoned(SlowKeys(clock), clock) == "pin_timeout"


def test_verify_is_the_books_and_is_wiped():
    sent = []
    kept = []

    def transmit(command):
        sent.append(bytes(command))
        kept.append(command)
        return b"", 0x63, 0xC2

    assert verify(transmit, bytearray((1, 2, 3, 4))) == (0x63, 0xC2)
    assert verify(transmit, bytearray((1, 2, 3, 4, 5))) == (0x63, 0xC2)
    assert sent == [bytes.fromhex("0020008008241234FFFFFFFFFF"), bytes.fromhex("00200080082512345FFFFFFFFF")]
    assert kept[0][5:] == bytes(8)


def test_verify_is_wiped_when_the_card_is_pulled():
    kept = []

    def transmit(command):
        kept.append(command)
        raise CardRemoved

    try:
        verify(transmit, bytearray((1, 2, 3, 4)))
    except CardRemoved:
        pass
    assert kept[0][5:] == bytes(8)


MODULUS = b"\xc1" + bytes(range(1, 128, 2)) + b"\xff"
CHALLENGE = bytes(range(8))
PADDING = b"\x5a" * (len(MODULUS) - 17)


def test_enciphered_verify_is_the_books_and_is_wiped():
    """Book 2, table 25: 7F, PIN block, challenge, padding; then to the exponent of the card's key."""
    sent, kept = [], []

    def transmit(command):
        sent.append(bytes(command))
        kept.append(command)
        return b"", 0x90, 0x00

    for exponent in (b"\x03", b"\x01\x00\x01"):
        digits = bytearray((1, 2, 3, 4, 5, 6))
        assert verify_enciphered(transmit, digits, (MODULUS, exponent), CHALLENGE, PADDING) == (0x90, 0x00)
        plain = bytes.fromhex("7F26123456FFFFFFFF") + CHALLENGE + PADDING
        assert sent[-1] == b"\x00\x20\x00\x88" + bytes((len(MODULUS),)) + recover(plain, MODULUS, exponent)
        assert kept[-1][5:] == bytes(len(MODULUS))


def test_ok_without_a_digit_leaves_the_pin_out_where_that_is_allowed():
    pin = asyncio.run(enter_pin(Keys("1", "CLEAR", "OK"), Tones(), lambda count: None, Clock(), True))
    assert not pin.digits
    pin = asyncio.run(enter_pin(Keys("1", "OK", "2", "3", "4", "OK"), Tones(), lambda count: None, Clock(), True))
    assert len(pin.digits) == 4
    assert len(typed("OK", "1", "2", "3", "4", "OK")[0].digits) == 4
