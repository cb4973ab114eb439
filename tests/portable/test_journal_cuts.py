"""Four days of a shop with the power cut at every write of them, and the write torn at 0, 1, half, n-1 and n bytes."""

from __future__ import annotations

from firmware.journal.record import RECORD_SIZE
from tests.support.evening import Reader
from tests.support.fake_drivers import keyed_files
from tests.support.fake_storage import TEARS, FakeStorage
from tests.support.shop_days import ShopDays, four_days

COVERS = {
    "test_the_power_fails_at_every_write": ["faults/R-01", "faults/LFS-2", "terminal/T-R22"],
    "test_the_power_fails_again_at_once": ["faults/R-01"],
}

SMALL = 8 * 10 * RECORD_SIZE  # segments of ten records
FILES = keyed_files()


def shop(again: bool = False) -> ShopDays:
    return ShopDays(Reader(FakeStorage(dict(FILES), journal_size=SMALL)), again)


def writes() -> int:
    undisturbed = shop()
    four_days(undisturbed)
    assert undisturbed.reader.journal.first > 0  # something was purged
    return undisturbed.reader.storage.writes


def cut_everywhere(again: bool, tears: tuple) -> None:
    for cut in range(1, writes() + 1):
        for torn in tears:
            days = shop(again)
            days.reader.storage.cut_at, days.reader.storage.torn = cut, torn
            four_days(days)
            assert days.cuts in (1, 2)


def test_the_power_fails_at_every_write() -> None:
    cut_everywhere(False, TEARS)


def test_the_power_fails_again_at_once() -> None:
    cut_everywhere(True, (0.5,))
