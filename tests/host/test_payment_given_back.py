"""Refunds, whole and in parts, and reservations: completed, given up, expired."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from host.acquirer.model import AdviceKind, Parameters, Reason
from host.app import _contract
from host.money import Money
from host.payment.errors import (
    AmountChanged,
    CompletionRefused,
    NotAuthorised,
    NotVoidable,
    RefundBeyond,
)
from host.payment.states import State
from host.terminal import words
from host.terminal.errors import LinkLost
from protocol import cbor
from tests.host.payment_life import NOTHING, PRICE, complete, copies, hold, pay, receivable, refund, run_timers, void
from tests.host.stand_ins import till


@pytest.mark.covers("terminal/T-R08")
def test_a_sale_is_refunded_in_parts_and_never_beyond(tmp_path: Path) -> None:
    app = till(tmp_path)
    sale = pay(app)
    assert refund(app, sale, Money(1000)).approved
    with pytest.raises(RefundBeyond) as refusal:
        refund(app, sale, Money(251), "R2")
    assert refusal.value.code in words.WORDS
    assert refund(app, sale, Money(250), "R2").approved
    assert receivable(app) == NOTHING
    assert app.terminal.wishes[-1] == {"kind": "refund", "original": sale.transaction_id}
    assert [copy.line.original for copy in copies(app) if copy.line.kind == "refund"] == [sale.transaction_id] * 2
    assert app.acquirer.asked[-1].original == sale.transaction_id


@pytest.mark.covers("terminal/T-R08")
def test_a_refused_refund_does_not_count(tmp_path: Path) -> None:
    app = till(tmp_path)
    sale = pay(app)
    app.acquirer.response_code = b"05"
    assert refund(app, sale, PRICE).state is State.DECLINED
    app.acquirer.response_code = b"00"
    assert refund(app, sale, PRICE).approved


@pytest.mark.covers("terminal/T-R23", "faults/R-04")
def test_a_refund_asked_twice_is_one(tmp_path: Path) -> None:
    app = till(tmp_path)
    sale = pay(app)
    assert refund(app, sale, Money(500)) == refund(app, sale, Money(500))
    with pytest.raises(AmountChanged):
        refund(app, sale, Money(501))
    with pytest.raises(AmountChanged):
        pay(app, Money(500), "R1")


@pytest.mark.covers("terminal/T-R08")
def test_without_reference_the_reader_is_told_none(tmp_path: Path) -> None:
    app = till(tmp_path)
    assert refund(app, None, PRICE).approved
    assert app.terminal.wishes == [{"kind": "refund"}]
    assert receivable(app) == -PRICE


def test_what_is_refunded_is_not_cancelled_nor_the_other_way_round(tmp_path: Path) -> None:
    app = till(tmp_path)
    sale = pay(app)
    given_back = refund(app, sale, Money(1))
    with pytest.raises(NotVoidable):
        void(app, sale)
    assert app.payments.get(sale.request_id).approved
    assert void(app, given_back).state is State.VOIDED, "a refund is cancelled as a sale is"
    assert void(app, sale).state is State.VOIDED
    with pytest.raises(RefundBeyond):
        refund(app, sale, Money(1), "R2")


def test_a_refund_of_nothing_known_is_refused(tmp_path: Path) -> None:
    app = till(tmp_path)
    with pytest.raises(RefundBeyond):
        asyncio.run(app.payments.refund(bytes(16), Money(1), "R1"))
    with pytest.raises(RefundBeyond):
        refund(app, refund(app, None, PRICE), Money(1), "R2")


# ---- held and completed ----


@pytest.mark.covers("terminal/T-R11")
def test_a_preauthorisation_is_no_payment_until_it_is_completed(tmp_path: Path) -> None:
    app = till(tmp_path)
    held = hold(app)
    assert (held.state, held.ledger_entry, copies(app)) == (State.AUTHORISED, None, [])
    assert app.terminal.wishes == [{"kind": "preauthorisation"}]
    assert app.acquirer.asked[0].kind == "preauthorisation"
    payment = complete(app, held, Money(973))
    assert (payment.state, payment.paid, payment.why) == (State.APPROVED, Money(973), "completed")
    assert receivable(app) == Money(973)
    (copy,) = copies(app)
    assert (copy.line.amount, copy.line.mac_ksn) == (Money(973), b"\x01" * 12)
    assert complete(app, held, Money(973)) == payment
    with pytest.raises(AmountChanged):
        complete(app, held, Money(974))
    assert run_timers(app, timedelta(days=31)) == 0, "it expires no more"


@pytest.mark.covers("terminal/T-R11")
def test_more_than_the_contract_allows_is_refused_and_the_hold_stays(tmp_path: Path) -> None:
    app = till(tmp_path)
    held = hold(app)
    with pytest.raises(CompletionRefused) as refusal:
        complete(app, held, Money(1438))
    assert refusal.value.code == "amount_above_limit"
    assert app.payments.get(held.request_id) == held
    assert complete(app, held, Money(1437)).paid == Money(1437)


@pytest.mark.covers("terminal/T-R11")
def test_a_preauthorisation_that_is_given_up_is_given_back(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = complete(app, hold(app), NOTHING)
    assert (payment.state, payment.outcome) == (State.REVERSAL_DUE, "voided")
    run_timers(app)
    assert [(advice.kind, advice.amount) for advice in app.acquirer.advised] == [(AdviceKind.REVERSAL, PRICE)]
    assert app.payments.get(payment.request_id).state is State.REVERSED


@pytest.mark.covers("terminal/T-R11")
def test_a_preauthorisation_that_nobody_completes_expires(tmp_path: Path) -> None:
    app = till(tmp_path)
    held = hold(app)
    assert run_timers(app, timedelta(days=29)) == 0
    app.terminal.out_of_reach = LinkLost()  # whether or not the reader hears of it
    run_timers(app, timedelta(days=1))
    assert app.payments.get(held.request_id).state is State.REVERSAL_DUE
    run_timers(app)
    assert [advice.reason for advice in app.acquirer.advised] == [Reason.EXPIRED]
    with pytest.raises(NotAuthorised):
        complete(app, held, PRICE)


@pytest.mark.covers("terminal/T-R11", "terminal/T-R26")
def test_the_contract_in_force_says_how_long_one_is_held(tmp_path: Path) -> None:
    app = till(tmp_path)
    contract, contracts = _contract(app.settings), app.telecollection._store.contracts
    app.telecollection.add_contract(contract)
    app.telecollection.add_reader(contract.id, "ZINC-0001")
    signed = Parameters(1, cbor.encode({"preauthorisation_days": 7}), b"signature")
    with app.database.transaction() as work:
        contracts.keep_parameters(work, contract.id, signed, app.clock.now())
        contracts.seen(work, "ZINC-0001", app.clock.now(), 1)
    held = hold(app)
    entry = app.book.entry(held.request_id)
    assert entry and entry.expires_at == (held.asked_at or held.requested_at) + timedelta(days=7)
    app.clock.moment += timedelta(days=7)
    asyncio.run(app.payments._commits.timers.run_due(app.clock.now()))
    assert app.payments.get(held.request_id).state in (State.REVERSAL_DUE, State.REVERSED)


def test_an_expiry_does_not_cross_a_completion(tmp_path: Path) -> None:
    app = till(tmp_path)
    held = hold(app)
    app.terminal.out_of_reach = LinkLost()
    assert complete(app, held, PRICE).state is State.COMPLETING
    run_timers(app, timedelta(days=31))
    assert app.payments.get(held.request_id).state is State.COMPLETING
    app.terminal.out_of_reach = None
    (payment,) = asyncio.run(app.payments.resolve_unknown())
    assert payment.approved and payment.paid == PRICE
    assert app.acquirer.advised == []


@pytest.mark.covers("terminal/T-R11")
def test_what_expired_while_a_completion_was_asked_for_that_the_reader_refuses_is_given_back(tmp_path: Path) -> None:
    app = till(tmp_path)
    held = hold(app)
    app.terminal.out_of_reach = LinkLost()
    assert complete(app, held, Money(1438)).state is State.COMPLETING
    run_timers(app, timedelta(days=31))
    app.terminal.out_of_reach = None
    asyncio.run(app.payments.resolve_unknown())
    assert app.payments.get(held.request_id).state is State.AUTHORISED
    run_timers(app)
    assert app.payments.get(held.request_id).state in (State.REVERSAL_DUE, State.REVERSED)


@pytest.mark.covers("terminal/T-R09", "terminal/T-R11")
def test_a_completed_preauthorisation_is_cancelled_as_a_sale_is(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = void(app, complete(app, hold(app), PRICE))
    assert payment.state is State.VOIDED
    assert receivable(app) == NOTHING


def test_a_sale_is_not_completed(tmp_path: Path) -> None:
    app = till(tmp_path)
    with pytest.raises(NotAuthorised):
        complete(app, pay(app), PRICE)
