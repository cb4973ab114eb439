"""Taps of one card without PIN: counted for a while, each card by itself, under a key of the day."""

from __future__ import annotations

from firmware.flows import velocity
from firmware.secure.vault import Vault
from tests.support.fake_drivers import keyed_files
from tests.support.fake_storage import FakeStorage

COVERS = {
    "test_a_sale_split_into_taps_comes_to_a_pin": ["attacks/C-15"],
    "test_the_token_is_of_the_day": ["terminal/LAW-7"],
}
MINUTES, TAPS, MOST_MINOR = 10, 5, 10000
PAN, OTHER = bytes.fromhex("4970101234567890"), bytes.fromhex("4970109876543205")
DAY = (2026, 11, 21)


class Clock:
    def __init__(self) -> None:
        self.ms = 0

    def ticks_ms(self) -> int:
        return self.ms

    def now(self) -> tuple:
        return DAY + (12, 0, 0)


class Board:
    def __init__(self) -> None:
        self.clock = Clock()


class Profile:
    velocity = (MINUTES, TAPS, MOST_MINOR)


class Till:
    """What of a terminal the rule looks at."""

    def __init__(self) -> None:
        self.profile = Profile()
        self.drivers = Board()
        self.taps = b""
        self.vault = Vault(FakeStorage(keyed_files()), bytes)


class Card:
    def __init__(self, number: bytes) -> None:
        self.data = {0x5A: number}


class Tap:
    def __init__(self, amount_minor: int, number: bytes) -> None:
        self.amount_minor = amount_minor
        self.card = Card(number)


def tap(till: Till, amount_minor: int, number: bytes = PAN) -> bool:
    return velocity.is_too_much(till, Tap(amount_minor, number))


def test_a_sale_split_into_taps_comes_to_a_pin() -> None:
    till = Till()
    assert [tap(till, 4900) for _ in range(3)] == [False, False, True]
    assert not tap(till, 200), "what was refused does not count"


def test_so_do_many_small_ones() -> None:
    till = Till()
    assert [tap(till, 100) for _ in range(6)] == [False] * 5 + [True]


def test_each_card_by_itself() -> None:
    till = Till()
    assert not tap(till, 4900) and not tap(till, 4900)
    assert not tap(till, 4900, OTHER)


def test_for_a_while() -> None:
    till = Till()
    assert not tap(till, 4900) and not tap(till, 4900)
    till.drivers.clock.ms = MINUTES * 60_000 - 1
    assert tap(till, 4900)
    till.drivers.clock.ms += 1
    assert not tap(till, 4900)


def test_the_clock_wraps() -> None:
    till = Till()
    till.drivers.clock.ms = 0x3FFFFFFF
    assert not tap(till, 4900) and not tap(till, 4900)
    till.drivers.clock.ms = 5
    assert tap(till, 4900)


def test_memory_is_bounded() -> None:
    till = Till()
    for number in range(200):
        tap(till, 100, number.to_bytes(8, "big"))
    assert len(till.taps) == 64 * 16


def test_a_profile_without_the_rule() -> None:
    till = Till()
    till.profile.velocity = (0, 0, 0)
    assert [tap(till, 4900) for _ in range(5)] == [False] * 5
    assert till.taps == b""


def test_the_token_is_of_the_day() -> None:
    vault = Till().vault
    today = vault.velocity_token("4970101234567890", DAY)
    assert today == vault.velocity_token("4970101234567890", DAY) and len(today) == 8
    assert today != vault.velocity_token("4970101234567890", (2026, 11, 22))
    assert today != vault.token(b"4970101234567890")[0][:8]
