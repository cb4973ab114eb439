"""Waiting for whichever comes first: the others end, and no PIN that nobody takes stays in memory."""

from __future__ import annotations

import asyncio

from firmware.errors import CardRemoved
from firmware.flows.waiting import first_of
from firmware.secure.pin_entry import Pin

PLENTY_MS = 5000


def typed() -> tuple:
    """A Pin, and the memory that its digits are in."""
    pin = Pin()
    pin.digits.extend(b"\x01\x02\x03\x04")
    return pin, pin.digits


async def gives(result: object) -> object:
    return result


async def fails() -> None:
    raise CardRemoved


async def never() -> None:
    await asyncio.Event().wait()


async def gives_when_cancelled(result: object) -> object:
    """As a wait_for does whose wait has just ended."""
    try:
        await never()
    except asyncio.CancelledError:
        pass
    return result


def test_the_first_is_taken_as_it_is() -> None:
    pin, digits = typed()
    assert asyncio.run(first_of([never(), gives(pin)], PLENTY_MS)) == (1, pin)
    assert pin.digits is digits and digits == b"\x01\x02\x03\x04"


def test_a_pin_that_loses_in_the_same_tick_is_wiped() -> None:
    pin, digits = typed()
    assert asyncio.run(first_of([gives("cancelled"), gives(pin)], PLENTY_MS)) == (0, "cancelled")
    assert digits == bytes(4) and not pin.digits


def test_a_pin_that_loses_against_an_error_is_wiped() -> None:
    pin, digits = typed()
    try:
        asyncio.run(first_of([fails(), gives(pin)], PLENTY_MS))
        raise AssertionError
    except CardRemoved:
        assert digits == bytes(4)


def test_a_pin_that_comes_too_late_is_wiped() -> None:
    pin, digits = typed()
    assert asyncio.run(first_of([gives_when_cancelled(pin)], 10)) == (-1, None)
    assert digits == bytes(4)


def test_whoever_waits_is_told_that_it_is_over() -> None:
    ended = []

    async def notes_its_end() -> None:
        try:
            await never()
        finally:
            ended.append(True)

    assert asyncio.run(first_of([notes_its_end(), gives(1)], PLENTY_MS)) == (1, 1)
    assert ended == [True]
