"""The card's side of a payment: each command is counted and timed, and the link breathes between two."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from emv.constant import const
from firmware.errors import Abandoned

if TYPE_CHECKING:
    from firmware.flows.payment import Payment
    from firmware.terminal import Drivers

_GENERATE_AC = const(0xAE)
_GET_PROCESSING_OPTIONS = const(0xA8)
_TICKS_MASK = const(0x3FFFFFFF)  # the clock wraps as time.ticks_us does


async def send(drivers: Drivers, payment: Payment, command: bytes) -> tuple[bytes, int, int, int]:
    """Raises CardRemoved, CardSilent, or Abandoned when the merchant cancelled before the card made a cryptogram."""
    await asyncio.sleep(0)
    if payment.cancelled.is_set() and not payment.committed:
        raise Abandoned("merchant_cancelled")
    if _commits(command, payment.interface):
        payment.committed = True
    return _timed(drivers, payment, command)


def transmit(drivers: Drivers, payment: Payment, command: bytes) -> tuple[bytes, int, int]:
    """Raises CardRemoved, CardSilent."""
    return _timed(drivers, payment, command)[:3]


def _timed(drivers: Drivers, payment: Payment, command: bytes) -> tuple[bytes, int, int, int]:
    """With the time that the card took, in units of 100 microseconds: the kernel measures its distance by it."""
    started = drivers.clock.ticks_us()
    data, sw1, sw2 = drivers.card_reader.transmit(command)
    took_us = (drivers.clock.ticks_us() - started) & _TICKS_MASK
    payment.times_ms.append(took_us // 1000)
    payment.apdus += 1
    return data, sw1, sw2, took_us // 100


def _commits(command: bytes, interface: str) -> bool:
    """GENERATE AC; for a tap also GET PROCESSING OPTIONS, which kernel 3 gets its cryptogram from (Book C-3, 5.2)."""
    return command[1] == _GENERATE_AC or (command[1] == _GET_PROCESSING_OPTIONS and interface == "contactless")
