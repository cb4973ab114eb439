"""Copies of capture records: one each, loud when they differ, fetched when they are missing, given in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from host.app import App
from host.ledger.model import Account
from host.money import Money
from host.payment.errors import CaptureDiffers
from host.payment.model import Payment
from host.payment.states import State
from host.terminal.errors import LinkLost, PaymentUnknown
from tests.host.stand_ins import PAN, Acquirer, Reader, chip_sale, ledger_balance, till

PRICE = Money(1250)


def pay(app: App, order: str = "C1-1") -> Payment:
    return asyncio.run(app.payments.take_payment(PRICE, order))


def copies(app: App, after: bytes | None = None) -> list[bytes]:
    with app.database.transaction() as work:
        return [copy.line.transaction_id for copy in app.payments.copies.of_reader(work, "ZINC-0001", after)]


def lacking(app: App) -> list[str]:
    with app.database.transaction() as work:
        return list(app.payments.copies.without_copy(work, "ZINC-0001"))


async def lost_at_the_end(reader: Reader, request_id: bytes) -> dict:
    reader.progress("accepted")
    await reader.go_online()
    reader.result(request_id, "approved")
    raise PaymentUnknown(request_id, request_id * 2)


@pytest.mark.covers("terminal/T-R20")
def test_a_late_copy_ends_its_payment_and_is_idempotent(tmp_path: Path) -> None:
    app = till(tmp_path, lost_at_the_end)
    payment = pay(app)
    assert lacking(app) == ["C1-1"]
    result = app.terminal.journal[payment.request_id]
    for _ in range(2):
        app.payments.copies.keep("ZINC-0001", result)
        assert app.payments.get(payment.request_id).approved
        assert copies(app) == [payment.transaction_id]
        assert lacking(app) == []
    assert ledger_balance(app, Account.CARD_RECEIVABLE) == PRICE


@pytest.mark.parametrize("change", [{"mac": b"\xff" * 8}, {"amount_minor": 1}, {"icc_data": b"\x9f\x36\x01\x00"}])
def test_two_records_of_one_transaction_are_loud(tmp_path: Path, change: dict) -> None:
    app = till(tmp_path)
    payment = pay(app)
    with pytest.raises(CaptureDiffers):
        app.payments.copies.keep("ZINC-0001", app.terminal.journal[payment.request_id] | change)
    assert copies(app) == [payment.transaction_id]


def test_a_copy_that_is_missing_is_fetched_from_its_reader(tmp_path: Path) -> None:
    async def without(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        whole = reader.result(request_id, "approved")
        return {name: value for name, value in whole.items() if name not in ("ksn", "sealed_card", "mac")}

    app = till(tmp_path, without)
    payment = pay(app)
    assert payment.approved and lacking(app) == ["C1-1"]
    app.terminal.serial = "ZINC-0002"
    asyncio.run(app.payments.resolve_unknown())
    assert lacking(app) == ["C1-1"], "another reader does not have it"
    app.terminal.serial = "ZINC-0001"
    asyncio.run(app.payments.resolve_unknown())
    assert copies(app) == [payment.transaction_id]
    assert lacking(app) == []


def test_a_payment_that_this_host_never_had_is_entered(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = pay(app)
    result = app.terminal.journal[payment.request_id]
    (tmp_path / "new").mkdir()
    new = till(tmp_path / "new")
    new.payments.copies.keep("ZINC-0001", result)
    entered = new.payments.get(payment.request_id)
    assert entered.approved and entered.paid == PRICE
    assert copies(new) == [payment.transaction_id]
    assert ledger_balance(new, Account.CARD_RECEIVABLE) == PRICE
    new.payments.copies.keep("ZINC-0001", result | {"request_id": b"12345678", "outcome": "declined"})
    with new.database.transaction() as work:
        assert new.payments._store.get(work, b"12345678") is None, "what is not kept is not entered"


def test_a_sale_that_a_backup_knows_unfinished_and_the_reader_cancelled_is_cancelled(tmp_path: Path) -> None:
    app = till(tmp_path, lost_at_the_end)
    payment = pay(app)
    asyncio.run(app.terminal.void(payment.transaction_id))
    app.payments._commits.step(replace(payment, state=State.AUTHORISING))
    (resolved,) = asyncio.run(app.payments.resolve_unknown())
    assert resolved.state is State.VOIDED
    assert copies(app) == [] and ledger_balance(app, Account.CARD_RECEIVABLE) == Money(0)


def test_a_payment_that_was_written_off_does_not_keep_the_day_of_its_reader_back(tmp_path: Path) -> None:
    app = till(tmp_path, lost_at_the_end)
    payment = pay(app)
    app.payments.write_off(payment.request_id)
    app.payments.copies.keep("ZINC-0001", app.terminal.journal[payment.request_id])
    assert app.payments.get(payment.request_id).state is State.REVERSAL_DUE, "a person decided"
    assert copies(app) == [payment.transaction_id], "the day is sealed with it: the acquirer decides of the line"


def test_a_completion_that_was_heard_late_is_the_end_of_its_payment(tmp_path: Path) -> None:
    app = till(tmp_path)
    held = asyncio.run(app.payments.preauthorise(PRICE, "H1"))
    completed = asyncio.run(app.terminal.complete(held.transaction_id, 900))
    app.payments.copies.keep("ZINC-0001", completed)
    payment = app.payments.get(held.request_id)
    assert payment.approved and payment.paid == Money(900)
    assert copies(app) == [held.transaction_id]


def test_a_sealed_sale_is_not_being_cancelled_any_more(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = pay(app)
    app.terminal.out_of_reach = LinkLost()
    assert asyncio.run(app.payments.void(payment.request_id)).state is State.VOIDING
    app.payments.copies.keep("ZINC-0001", app.terminal.journal[payment.request_id])
    assert app.payments.get(payment.request_id).approved


def test_copies_are_given_in_order_and_by_id(tmp_path: Path) -> None:
    app = till(tmp_path)
    paid = [pay(app, f"C1-{number}") for number in range(5)]
    ids = [payment.transaction_id for payment in paid]
    asyncio.run(app.payments.void(paid[2].request_id))
    assert copies(app) == ids[:2] + ids[3:]
    assert copies(app, ids[1]) == ids[3:]
    with app.database.transaction() as work:
        found = app.payments.copies.find(work, [*ids, bytes(16)])
    assert set(found) == set(ids), "voided ones too"


@pytest.mark.covers("terminal/LAW-5")
@pytest.mark.parametrize("leak", ["5A08" + PAN, "5713" + PAN + "D2512201" + "00" * 7, "FF"])
def test_a_record_that_names_the_card_is_not_stored(tmp_path: Path, leak: str) -> None:
    async def says_too_much(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        return reader.result(request_id, "approved", icc_data=bytes.fromhex(leak))

    app = till(tmp_path, says_too_much)
    assert pay(app).approved
    assert copies(app) == []
    app.database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("till.db*"))
    assert bytes.fromhex(PAN) not in stored


def test_a_verification_is_neither_captured_nor_booked(tmp_path: Path) -> None:
    app = till(tmp_path, chip_sale, Acquirer())
    payment = app.payments._intent(Payment(b"", "V1", Money(0), app.clock.now(), kind="verification"))[0]
    ended: Any = asyncio.run(app.payments._pay(payment, {}))
    assert ended.approved and ended.ledger_entry is None
    assert copies(app) == [] and lacking(app) == []
