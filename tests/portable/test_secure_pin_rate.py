"""PINs by the hour: a burst, then one each half minute."""

from __future__ import annotations

from firmware.secure.pin_rate import MOST, one_more

COVERS = {"test_120_then_one_each_half_minute": ["attacks/C-17"]}
WRAP_MS = 1 << 30


def entered(counted: tuple | None, now_ms: int, many: int) -> tuple | None:
    for _ in range(many):
        assert counted is not None
        counted = one_more(counted, now_ms)
    return counted


def test_120_then_one_each_half_minute() -> None:
    counted = entered((0, 0), 1000, MOST)
    assert counted is not None
    assert one_more(counted, 30_999) is None
    counted = one_more(counted, 31_000)
    assert counted is not None
    assert one_more(counted, 31_000) is None


def test_an_hour_of_trying_gives_as_many_again() -> None:
    counted = entered((0, 0), 0, MOST)
    tried = 0
    for now_ms in range(0, 3_600_001, 1000):
        more = one_more(counted, now_ms)
        if more is not None:
            counted = more
            tried += 1
    assert tried == 120


def test_a_quiet_hour_forgets() -> None:
    counted = entered((0, 0), 0, MOST)
    assert entered(counted, 3_600_000, MOST) is not None


def test_the_clock_wraps() -> None:
    counted = entered((0, 0), WRAP_MS - 10_000, MOST)
    assert one_more(counted, 19_999) is None
    assert one_more(counted, 20_000) is not None
