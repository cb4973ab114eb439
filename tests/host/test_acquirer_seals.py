"""A day sealed with a reader's own keys, at an acquirer that derives them from the other end: nothing can be edited."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from firmware.secure.vault import Vault
from host.acquirer.model import BatchAnswer, CaptureLine, DataSet
from host.money import Money
from tests.host.acquirer_thread import ApprovesAll
from tests.host.sealed_days import NOW, authorise, copies, line, request, sealed, submit
from tests.support.fake_storage import FakeStorage
from tools.simulators.acquirer.authoriser import as_request
from tools.simulators.acquirer.lines import as_message
from tools.simulators.acquirer.simulator import AcquirerSimulator
from tools.simulators.key_host import acquirer_keys
from tools.simulators.provision import reader_files

SERIAL = "ZINC-0001"
TRACK = b"\x57\x0c" + bytes.fromhex("4970101234567890D2812201")
CARD = {0x5A: bytes.fromhex("4970101234567890"), 0x5F24: bytes.fromhex("281231")}


class Reader:
    def __init__(self) -> None:
        storage = FakeStorage()
        for name, content in reader_files(SERIAL).items():
            storage.replace(name, content)
        self._vault = Vault(storage, os.urandom)

    def sell(self, acquirer: AcquirerSimulator, number: int) -> CaptureLine:
        """Approved by the acquirer; the capture record of it."""
        keys = self._vault.open_transaction()
        asked = request(number, ksn=keys.ksn, sealed_card=keys.seal_card(TRACK))
        asked = replace(asked, mac=keys.request_mac(as_request(asked)))
        assert authorise(acquirer, asked).approved
        record = line(number, ksn=keys.ksn, sealed_card=keys.seal_capture(CARD))
        return replace(record, mac=keys.capture_mac(as_message(record)))

    def seal(self, number: int, lines: list[CaptureLine], previous: bytes = bytes(32)) -> DataSet:
        keys = self._vault.open_transaction()
        day = sealed(number, lines, previous)
        return replace(day, ksn=keys.ksn, mac=keys.seal_mac(SERIAL, day.hash or b""))


@pytest.fixture
def acquirer() -> Iterator[AcquirerSimulator]:
    acquirer = AcquirerSimulator(acquirer_keys().transaction, ApprovesAll(), lambda: NOW)
    yield acquirer
    acquirer.close()


def test_what_the_reader_made_is_taken(acquirer: AcquirerSimulator) -> None:
    reader = Reader()
    lines = [reader.sell(acquirer, number) for number in range(3)]
    first = reader.seal(1, lines)
    answer = submit(acquirer, first)
    assert answer == BatchAnswer(answer.exchange_id, 3)
    more = [reader.sell(acquirer, 9)]
    assert submit(acquirer, reader.seal(2, more, first.hash or b"")).accepted_count == 1
    assert acquirer.orphans() == []


Edit = Callable[[DataSet, list[CaptureLine]], DataSet]
EDITS: dict[str, Edit] = {
    "amount": lambda day, lines: replace(day, lines=[replace(lines[0], amount=Money(9999)), *lines[1:]]),
    "amount and totals": lambda day, lines: sealed(1, [replace(lines[0], amount=Money(9999)), *lines[1:]]),
    "row removed": lambda day, lines: replace(sealed(1, lines[1:]), ksn=day.ksn, mac=day.mac),
    "row doubled": lambda day, lines: replace(sealed(1, [*lines, lines[0]]), ksn=day.ksn, mac=day.mac),
    "another's seal": lambda day, lines: replace(day, reader="ZINC-0002"),
    "journal forked": lambda day, lines: replace(sealed(1, lines[:1]), ksn=day.ksn, mac=day.mac),
}


@pytest.mark.covers("attacks/B-16")
@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_day_is_refused_and_the_true_one_is_taken_after_it(acquirer: AcquirerSimulator, edit: str) -> None:
    reader = Reader()
    lines = [reader.sell(acquirer, number) for number in range(3)]
    day = reader.seal(1, lines)
    answer = submit(acquirer, EDITS[edit](day, lines))
    assert answer.accepted_count == 0 and answer.refused
    assert not any(entry.captured for entry in acquirer.ledger().values())
    assert submit(acquirer, day).accepted_count == 3


@pytest.mark.covers("attacks/C-06")
@pytest.mark.parametrize(
    "change",
    [
        {"amount": Money(9999)},
        {"icc_data": b"\x9f\x27\x01\x40"},
        {"taken_at": "20261120183016"},
        {"authorisation_code": "654321"},
        {"kind": "refund"},
        {"sealed_card": b"\x11" * 48},
    ],
)
def test_a_copy_that_was_edited_is_not_captured(acquirer: AcquirerSimulator, change: dict) -> None:
    record = Reader().sell(acquirer, 1)
    answer = submit(acquirer, copies(1, [replace(record, **change)]))
    assert [rejected.reason for rejected in answer.rejected] == ["bad_mac"]
    assert submit(acquirer, copies(2, [record])).accepted_count == 1
