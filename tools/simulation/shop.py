"""What is agreed between this shop, its acquirer and its reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from host.telecollection.model import Contract
from host.telecollection.schedule import next_cut_off
from tools.simulators import contract as signed

SERIAL = "ZINC-0001"
CONTRACT = Contract("ZINC-TEST-1", "ZINC-0001", "ZINC-ACQUIRER", time(22, 30), "Europe/Paris", (SERIAL,))
_BEFORE = timedelta(seconds=20)


def serial(number: int) -> str:
    """Of the shop's readers, from 1, in the order in which they came."""
    return f"ZINC-{number:04}"


def until(hour: time, now: datetime) -> float:
    """In seconds, to the next time that it is that hour here."""
    contract = replace(CONTRACT, cut_off=hour)
    return (next_cut_off(contract, now) - now).total_seconds()


def until_cut_off(now: datetime) -> float:
    """In seconds, to a moment shortly before it."""
    return (next_cut_off(CONTRACT, now + _BEFORE) - now - _BEFORE).total_seconds()


def parameters() -> tuple[bytes, bytes]:
    """What the reader is sent: store and forward is allowed; its signature."""
    content = signed.contract(store_and_forward=signed.OFFLINE)
    return content, signed.sign(content)
