"""The acquirer's books: what is held, given back and captured, in whatever order things come, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cbor2
import pytest

from host.acquirer.caaa_advice import read_advice_answer, write_advice
from host.acquirer.caaa_authorisation import write_request
from host.acquirer.caaa_batch_answer import read_batch_answer
from host.acquirer.caaa_reconciliation import read_reconciliation_answer, write_reconciliation
from host.acquirer.model import Advice, AdviceAnswer, AdviceKind, Reason, Reconciliation, Totals
from host.acquirer.parameters import read_parameters
from host.money import Money
from tests.host.acquirer_thread import ApprovesAll, OpenKeys
from tests.host.sealed_days import (
    NOW,
    PARTIES,
    VISA,
    authorise,
    batch,
    copies,
    ksn,
    line,
    offline,
    request,
    sealed,
    submit,
    totals,
    transaction_id,
    written,
)
from tools.simulators import contract
from tools.simulators.acquirer.simulator import AcquirerSimulator, Entry, Terms


class Acquirer(AcquirerSimulator):
    """In memory, with a clock that is set by hand and an issuer that approves all."""

    def __init__(self, **terms: Any) -> None:
        self.time = NOW
        self.issuer = ApprovesAll()
        super().__init__(lambda ksn: OpenKeys(), self.issuer, lambda: self.time, terms=Terms(**terms))

    def sell(self, *numbers: int, **facts: Any) -> None:
        for number in numbers:
            assert authorise(self, request(number, **facts)).approved

    def advise(self, number: int, kind: AdviceKind = AdviceKind.REVERSAL, **facts: Any) -> AdviceAnswer:
        reason = Reason.CUSTOMER_CANCELLED if kind is AdviceKind.CANCELLATION else Reason.NO_ANSWER
        advice = replace(Advice(kind, transaction_id(number), Money(1250), NOW, reason), **facts)
        status, answer = self.handle("/caaa", write_advice(advice, PARTIES))
        assert status == 200
        return read_advice_answer(answer, advice)

    def entry(self, number: int) -> Entry:
        return self.ledger()[transaction_id(number).hex()]


@pytest.fixture
def acquirer() -> Iterator[Acquirer]:
    acquirer = Acquirer()
    yield acquirer
    acquirer.close()


def reasons(answer: Any) -> list[str]:
    return [rejected.reason for rejected in answer.rejected]


# ---- holds ----


def test_a_sale_is_held_then_captured(acquirer: Acquirer) -> None:
    acquirer.sell(1)
    assert acquirer.entry(1).hold and acquirer.orphans() == [transaction_id(1).hex()]
    answer = submit(acquirer, sealed(1, [line(1)]))
    assert (answer.accepted_count, answer.rejected, answer.refused) == (1, (), ())
    entry = acquirer.entry(1)
    assert (entry.hold, entry.captured, entry.captured_minor, entry.presented) == (False, 1, 1250, 1)
    assert acquirer.orphans() == []


@pytest.mark.covers("faults/R-02", "terminal/T-R21")
def test_a_reversal_gives_back_as_often_as_it_comes(acquirer: Acquirer) -> None:
    acquirer.sell(1)
    for repeated in (False, True, True):
        assert acquirer.advise(1, repeated=repeated).accepted
    entry = acquirer.entry(1)
    assert (entry.hold, entry.reversed, entry.captured) == (False, True, 0)
    assert reasons(submit(acquirer, sealed(1, [line(1)]))) == ["reversed"]


@pytest.mark.covers("faults/R-03")
def test_an_authorisation_that_comes_after_its_reversal_is_declined(acquirer: Acquirer) -> None:
    assert acquirer.advise(1).accepted
    assert not authorise(acquirer, request(1)).approved
    assert acquirer.issuer.asked == [] and not acquirer.entry(1).hold
    assert acquirer.store.authorisations()[0]["why"] == "after_its_reversal"


def test_a_cancellation_before_the_batch_gives_back_and_after_it_is_declined(acquirer: Acquirer) -> None:
    acquirer.sell(1, 2)
    assert acquirer.advise(1, AdviceKind.CANCELLATION) == AdviceAnswer(transaction_id(1), True, "00")
    answer = submit(acquirer, sealed(1, [line(1), line(2)]))
    assert (answer.accepted_count, reasons(answer)) == (1, ["cancelled"])
    late = acquirer.advise(2, AdviceKind.CANCELLATION)
    assert (late.accepted, late.reason) == (False, "captured")
    assert not acquirer.entry(2).cancelled
    assert acquirer.advise(1, AdviceKind.CANCELLATION, repeated=True).accepted
    assert acquirer.entry(1).cancelled and acquirer.orphans() == []


def test_what_is_told_is_told_even_after_the_batch_and_the_books_show_both(acquirer: Acquirer) -> None:
    acquirer.sell(1)
    submit(acquirer, sealed(1, [line(1)]))
    assert acquirer.advise(1, AdviceKind.CANCELLATION, repeated=True).accepted
    entry = acquirer.entry(1)
    assert (entry.captured, entry.cancelled) == (1, True)


@pytest.mark.covers("terminal/T-R11")
def test_a_preauthorisation_is_no_orphan_while_it_is_valid(acquirer: Acquirer) -> None:
    acquirer.sell(1, 2, 3, kind="preauthorisation", amount_minor=10000)
    assert acquirer.orphans() == []
    day = sealed(1, [line(1, 11500, kind="preauthorisation"), line(2, 11501, kind="preauthorisation")])
    assert reasons(submit(acquirer, day)) == ["above_preauthorisation"]
    acquirer.time += timedelta(days=31)
    assert sorted(acquirer.orphans()) == sorted([transaction_id(2).hex(), transaction_id(3).hex()])
    assert acquirer.advise(3, reason=Reason.EXPIRED).accepted
    assert acquirer.orphans() == [transaction_id(2).hex()]


@pytest.mark.covers("terminal/T-R07")
def test_a_part_that_was_approved_is_what_can_be_captured(acquirer: Acquirer) -> None:
    acquirer.issuer.answer = replace(acquirer.issuer.answer, response_code="10", authorised_minor=1000)
    answer = authorise(acquirer, request(1))
    assert (answer.approved, answer.response_code, answer.authorised) == (True, b"10", Money(1000))
    assert acquirer.entry(1).authorised_minor == 1000
    assert reasons(submit(acquirer, copies(1, [line(1)], id="a"))) == ["amount_differs"]
    assert submit(acquirer, copies(1, [line(1, 1000)], id="b")).accepted_count == 1


# ---- refunds ----


@pytest.mark.covers("terminal/T-R08", "faults/R-17")
def test_refunds_never_give_back_more_than_was_paid(acquirer: Acquirer) -> None:
    acquirer.sell(1)
    refund = {"kind": "refund", "original": transaction_id(1)}
    for number, amount_minor in ((2, 1000), (3, 250)):
        assert authorise(acquirer, request(number, amount_minor, **refund)).approved
    assert not authorise(acquirer, request(4, 1, **refund)).approved
    lines = [line(1), line(2, 1000, **refund), line(3, 250, **refund), line(4, 1, **refund)]
    assert reasons(submit(acquirer, sealed(1, lines))) == ["declined"]
    assert acquirer.entry(1).refunded_minor == 1250
    assert [row["why"] for row in acquirer.store.authorisations()][-1] == "refund_above_original"


def test_a_refund_that_was_reversed_counts_no_more(acquirer: Acquirer) -> None:
    acquirer.sell(1)
    refund = {"kind": "refund", "original": transaction_id(1)}
    assert authorise(acquirer, request(2, 1250, **refund)).approved
    assert acquirer.advise(2).accepted
    assert authorise(acquirer, request(3, 1250, **refund)).approved


def test_what_was_never_paid_is_not_refunded_and_without_reference_any_amount_is(acquirer: Acquirer) -> None:
    assert not authorise(acquirer, request(1, kind="refund", original=transaction_id(9))).approved
    assert acquirer.store.authorisations()[0]["why"] == "original_not_paid"
    assert authorise(acquirer, request(2, kind="refund")).approved


# ---- what is captured ----


@pytest.mark.covers("faults/I2", "terminal/T-D3")
def test_an_id_is_captured_once(acquirer: Acquirer) -> None:
    acquirer.sell(1)
    submit(acquirer, copies(1, [line(1)], id="a"))
    again = submit(acquirer, copies(1, [line(1)], id="b"))
    assert (again.accepted_count, reasons(again)) == (0, ["duplicate"])
    assert (acquirer.entry(1).captured, acquirer.entry(1).presented) == (1, 2)


@pytest.mark.covers("faults/I4")
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (line(1, mac=bytes(8)), "bad_mac"),
        (line(9), "not_authorised"),
        (line(1, 9999), "amount_differs"),
        (line(1, kind="cash_back"), "not_as_authorised"),
        (line(1, kind="verification"), "not_for_capture"),
        (line(1, offline=True), "not_offline"),
        (offline(9, icc_data=b""), "no_certificate"),
        (offline(9, icc_data=b"\x9f\x27\x01\x80"), "no_certificate"),
        (offline(9, kind="refund"), "not_offline"),
        (offline(9, mac=bytes(8)), "bad_mac"),
    ],
)
def test_lines_that_are_refused_and_why(acquirer: Acquirer, changed: Any, reason: str) -> None:
    acquirer.sell(1)
    assert reasons(submit(acquirer, copies(1, [changed]))) == [reason]
    assert not acquirer.ledger().get(changed.transaction_id.hex(), acquirer.entry(1)).captured


def test_what_the_issuer_declined_is_not_captured(acquirer: Acquirer) -> None:
    acquirer.issuer.answer = replace(acquirer.issuer.answer, response_code="51", authorisation_code=None)
    assert not authorise(acquirer, request(1)).approved
    assert reasons(submit(acquirer, copies(1, [line(1)]))) == ["declined"]


@pytest.mark.covers("terminal/T-R13")
def test_offline_the_cards_certificate_stands_in_for_an_answer_that_never_came(acquirer: Acquirer) -> None:
    acquirer.sell(1, 2, 3)
    acquirer.advise(1)
    acquirer.advise(2, reason=Reason.CARD_DECLINED)
    answer = submit(acquirer, sealed(1, [offline(1), offline(2), offline(3), offline(4)]))
    assert (answer.accepted_count, reasons(answer)) == (3, ["reversed"])
    entry = acquirer.entry(1)
    assert (entry.captured, entry.offline, entry.reversed, entry.hold) == (1, True, True, False)
    assert acquirer.orphans() == [transaction_id(3).hex()]  # its reversal is still on the way
    acquirer.advise(3)
    assert acquirer.orphans() == []


@pytest.mark.covers("faults/R-11")
def test_an_issuer_may_not_pay_what_its_card_approved_offline(acquirer: Acquirer) -> None:
    acquirer.sell(2)
    acquirer.lines.issuer_declines = True
    answer = submit(acquirer, sealed(1, [offline(1), line(2)]))
    assert (answer.accepted_count, reasons(answer)) == (1, ["issuer_declined"])


def test_a_completion_captures_where_the_acquirer_has_it_so_and_the_batch_then_does_not() -> None:
    acquirer = Acquirer(capture_on_003=True)
    acquirer.sell(1, 2)
    assert acquirer.advise(1, AdviceKind.COMPLETION, reason=Reason.MALFUNCTION).accepted
    assert acquirer.advise(2).accepted
    assert acquirer.advise(2, AdviceKind.COMPLETION, reason=Reason.MALFUNCTION).accepted
    assert (acquirer.entry(1).captured, acquirer.entry(2).captured) == (1, 0)
    assert reasons(submit(acquirer, sealed(1, [line(1), line(2)]))) == ["duplicate", "reversed"]
    assert acquirer.entry(1).captured == 1
    acquirer.close()


# ---- batches again, and seals ----


@pytest.mark.covers("services/TC-7", "faults/R-09")
def test_the_same_batch_gets_the_same_answer_byte_for_byte(acquirer: Acquirer) -> None:
    acquirer.sell(1, 2)
    of = batch(sealed(1, [line(1), line(2), line(3)]))
    first = acquirer.handle("/caaa", written(of))
    acquirer.time += timedelta(days=1)
    assert [acquirer.handle("/caaa", written(of)) for _ in range(3)] == [first] * 3
    assert acquirer.entry(1).presented == 1
    other = replace(of, data_sets=[copies(1, [line(2)])])
    assert acquirer.handle("/caaa", written(other))[0] == 409


@pytest.mark.covers("services/TC-7")
def test_a_data_set_in_another_batch_gets_its_first_answer(acquirer: Acquirer) -> None:
    acquirer.sell(1, 2)
    day = sealed(1, [line(1), line(2), line(3)])
    first = submit(acquirer, day)
    again = submit(acquirer, day, sealed(2, [], previous=day.hash or b""))
    assert (again.accepted_count, again.rejected, again.refused) == (first.accepted_count, first.rejected, ())
    told = write_reconciliation(Reconciliation(again.exchange_id, ()), NOW, PARTIES)
    assert read_reconciliation_answer(acquirer.handle("/caaa", told)[1]).totals == totals([line(1), line(2)])
    renamed = submit(acquirer, replace(day, id="another name"))
    assert (renamed.accepted_count, renamed.rejected) == (first.accepted_count, first.rejected)
    assert acquirer.entry(1).presented == 1


@pytest.mark.covers("attacks/B-16", "attacks/C-06")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"lines": [line(1)]}, "count"),
        ({"lines": [line(1), line(2, 9250)]}, "seal_hash"),
        ({"lines": [line(2), line(1)]}, "seal_hash"),
        ({"lines": [line(1), line(3)]}, "seal_hash"),
        ({"lines": [line(1), line(2), line(3)]}, "count"),
        ({"number": 2}, "seal_hash"),
        ({"totals": totals([line(1), line(2, 9250)])}, "seal_hash"),
        ({"mac": bytes(8)}, "seal_mac"),
        ({"hash": bytes(32)}, "seal_hash"),
        ({"previous": b"\x01" * 32}, "chain_broken"),
    ],
)
def test_a_data_set_that_is_not_as_it_was_sealed_is_refused_whole(
    acquirer: Acquirer, change: dict[str, Any], why: str
) -> None:
    acquirer.sell(1, 2, 3)
    day = sealed(1, [line(1), line(2)])
    answer = submit(acquirer, replace(day, **change))
    assert (answer.accepted_count, answer.refused) == (0, ((day.id, why),))
    assert not any(entry.captured for entry in acquirer.ledger().values())
    assert submit(acquirer, day).accepted_count == 2


@pytest.mark.covers("attacks/B-16")
def test_a_fork_of_the_journal_is_refused_and_so_is_a_missing_day(acquirer: Acquirer) -> None:
    acquirer.sell(1, 2, 3)
    first = sealed(1, [line(1)])
    second = sealed(2, [line(2)], previous=first.hash or b"")
    fork = sealed(2, [line(3)], previous=first.hash or b"", id="fork")
    third = sealed(3, [line(3)], previous=second.hash or b"")
    assert submit(acquirer, second).refused == (("ZINC-0001/2", "chain_broken"),)
    assert submit(acquirer, first, second).refused == ()
    assert submit(acquirer, fork).refused == (("fork", "chain_broken"),)
    assert submit(acquirer, replace(first, id=second.id)).refused == (("ZINC-0001/2", "other_seal_under_this_id"),)
    assert submit(acquirer, third).accepted_count == 1


def test_a_lost_readers_day_comes_as_copies_and_its_next_seal_follows(acquirer: Acquirer) -> None:
    acquirer.sell(1, 2, 3)
    first = sealed(1, [line(1)])
    second = sealed(2, [line(2)], previous=first.hash or b"")
    third = sealed(3, [line(3)], previous=second.hash or b"")
    assert submit(acquirer, first, copies(2, [line(2)])).accepted_count == 2
    assert submit(acquirer, third).accepted_count == 1


def test_a_closed_contract_takes_nothing_and_the_day_comes_again(acquirer: Acquirer) -> None:
    acquirer.sell(1)
    acquirer.batches.refuses = "contract_closed"
    assert submit(acquirer, sealed(1, [line(1)])).refused == (("ZINC-0001/1", "contract_closed"),)
    acquirer.batches.refuses = None
    assert submit(acquirer, sealed(1, [line(1)])).accepted_count == 1


def test_totals_of_copies_are_checked_too(acquirer: Acquirer) -> None:
    acquirer.sell(1)
    wrong = copies(1, [line(1)], totals=(Totals("visa", VISA, "EUR", 1, 1251),))
    assert submit(acquirer, wrong).refused == ((wrong.id, "totals"),)


def test_a_batch_that_breaks_off_takes_nothing(acquirer: Acquirer) -> None:
    acquirer.sell(1, 2)
    data = written(batch(copies(1, [line(1)], id="a"), copies(1, [line(2)], id="b")))
    assert acquirer.handle("/caaa", data[: data.rindex(b"<TxRef>")])[0] == 400
    assert not any(entry.captured for entry in acquirer.ledger().values())
    assert acquirer.handle("/caaa", b"<Document/>")[0] == 400


# ---- totals, settlement, parameters ----


@pytest.mark.covers("services/TC-4", "terminal/T-R24")
def test_its_totals_are_of_what_it_captured(acquirer: Acquirer) -> None:
    acquirer.sell(1, 2)
    assert authorise(acquirer, request(3, 500, kind="refund", original=transaction_id(1))).approved
    lines = [line(1), line(2), line(3, 500, kind="refund", original=transaction_id(1)), line(4)]
    told = (replace(totals(lines)[0], cancellation_count=1, cancellation_minor=700),)
    of = batch(copies(1, lines, totals=told))
    assert reasons(read_batch_answer(acquirer.handle("/caaa", written(of))[1])) == ["not_authorised"]
    ours = Totals("visa", VISA, "EUR", 2, 2500, 1, 500, 1, 700)
    for sent, word in ((told, b"DECL"), ((ours,), b"APPR")):
        status, answer = acquirer.handle(
            "/caaa", write_reconciliation(Reconciliation(of.exchange_id, sent), NOW, PARTIES)
        )
        assert (status, read_reconciliation_answer(answer)) == (200, Reconciliation(of.exchange_id, (ours,)))
        assert b"<Rspn>" + word in answer
    unknown = acquirer.handle("/caaa", write_reconciliation(Reconciliation(999_999, (ours,)), NOW, PARTIES))[1]
    assert read_reconciliation_answer(unknown) == Reconciliation(999_999, ())


def test_the_money_comes_on_the_next_bank_working_day_net_of_refunds(acquirer: Acquirer) -> None:
    from python_iso20022.camt.camt_054_001_12.models import Camt05400112

    from tests.host.test_acquirer_caaa import strictly

    acquirer.sell(1)
    assert authorise(acquirer, request(2, 500, kind="refund", original=transaction_id(1))).approved
    of = batch(copies(1, [line(1), line(2, 500, kind="refund", original=transaction_id(1))]))
    assert read_batch_answer(acquirer.handle("/caaa", written(of))[1]).accepted_count == 2
    assert acquirer.handle("/settlements") == (204, b"")
    acquirer.time += timedelta(days=3)  # Monday
    status, body = acquirer.handle("/settlements?after=")
    (notice,) = strictly(body, Camt05400112).bk_to_cstmr_dbt_cdt_ntfctn.ntfctn
    entry = notice.ntry[0]
    assert status == 200
    assert (entry.amt.value * 100, entry.cdt_dbt_ind.value, str(entry.bookg_dt.dt)) == (750, "CRDT", "2026-11-23")
    assert entry.ntry_dtls[0].tx_dtls[0].refs.end_to_end_id == f"{of.exchange_id:018d}"
    assert acquirer.handle(f"/settlements?after={notice.id}") == (204, b"")


def test_parameters_are_offered_while_they_are_newer(acquirer: Acquirer) -> None:
    assert acquirer.handle("/parameters?version=0")[0] == 204
    acquirer.offer(2, telecollection={"time": "23:15", "zone": "Europe/Paris"})
    status, body = acquirer.handle("/parameters?version=1")
    offered = read_parameters(body)
    assert (status, offered) == (200, acquirer.parameters)
    assert cbor2.loads(offered.contract)["telecollection"]["time"] == "23:15"
    assert offered.signature == contract.sign(offered.contract)
    assert acquirer.handle("/parameters?version=2")[0] == 204
    assert acquirer.handle("/nowhere")[0] == 404


def test_the_same_id_with_another_question_is_a_conflict(acquirer: Acquirer) -> None:
    acquirer.sell(1)
    assert acquirer.handle("/caaa", write_request(request(1, 9999), PARTIES))[0] == 409
    assert acquirer.handle("/caaa", write_request(request(1, ksn=ksn(7)), PARTIES))[0] == 409
