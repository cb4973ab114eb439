"""Advices and telecollection by each link, against the simulated acquirer in each of its moods: caaa over HTTP, and
ISO 8583 over TCP. The same tests, for it is one port (services/TC-4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from host.acquirer.errors import (
    AcquirerError,
    AcquirerSilent,
    BadAnswer,
    CancellationDeclined,
    ConnectionCut,
    MalformedMessage,
    RequestRefused,
)
from host.acquirer.model import Advice, AdviceKind, Batch, BatchAnswer, Parameters, Reason, Reconciliation
from host.money import Money
from tests.host.acquirer_links import Link, Server, acquirer, on
from tests.host.acquirer_thread import ApprovesAll
from tests.host.sealed_days import NOW, batch, line, request, sealed, transaction_id
from tools.simulators.acquirer.behaviour import Behaviour

pytestmark = pytest.mark.covers("services/TC-4")
REVERSAL = Advice(AdviceKind.REVERSAL, transaction_id(1), Money(1250), NOW, Reason.NO_ANSWER)
CANCELLATION = replace(REVERSAL, kind=AdviceKind.CANCELLATION, reason=Reason.CUSTOMER_CANCELLED)


@pytest.fixture(params=["caaa", "iso8583"])
def server(request: pytest.FixtureRequest, tmp_path: Path, issuer: ApprovesAll) -> Iterator[Server]:
    with acquirer(request.param, tmp_path, issuer) as server:
        yield server


def collect(server: Server, path: Path, of: Batch, deadline_s: float = 5) -> BatchAnswer:
    async def use(link: Link) -> BatchAnswer:
        link.write_batch(of, path)
        return await link.submit(path)

    return on(server, use, deadline_s)


def sell(server: Server, *numbers: int) -> None:
    for number in numbers:
        asked = request(number)
        assert on(server, lambda link, asked=asked: link.authorise(asked)).approved


def captured(server: Server) -> list[int]:
    return [entry.captured for entry in server.simulator.ledger().values()]


def test_a_reversal_is_told_and_told_again(server: Server) -> None:
    sell(server, 1)
    for advice in (REVERSAL, replace(REVERSAL, repeated=True)):
        on(server, lambda link, advice=advice: link.advise(advice))
    (entry,) = server.simulator.ledger().values()
    assert entry.reversed and not entry.hold


def test_a_cancellation_that_is_declined_has_a_name_and_one_that_is_told_is_not_declined(
    server: Server, tmp_path: Path
) -> None:
    sell(server, 1)
    collect(server, tmp_path / "batch.xml", batch(sealed(1, [line(1)])))
    with pytest.raises(CancellationDeclined, match="captured") as caught:
        on(server, lambda link: link.advise(CANCELLATION))
    assert not caught.value.may_have_approved
    on(server, lambda link: link.advise(replace(CANCELLATION, repeated=True)))


@pytest.mark.covers("faults/R-02", "faults/FM-4")
@pytest.mark.parametrize(
    ("mode", "error", "reversed_"),
    [
        ("silent", AcquirerSilent, True),
        ("deaf", AcquirerSilent, False),
        ("cut", ConnectionCut, True),
        ("error", BadAnswer, False),
        ("bad_xml", MalformedMessage, True),
        ("other_transaction", BadAnswer, True),
    ],
)
def test_an_advice_without_a_good_answer_is_told_again(
    server: Server, mode: str, error: type[AcquirerError], reversed_: bool
) -> None:
    sell(server, 1)
    server.mood.set(Behaviour(mode, requests=1, function="003"))
    with pytest.raises(error):
        on(server, lambda link: link.advise(REVERSAL), 0.3)
    (entry,) = server.simulator.ledger().values()
    assert entry.reversed is reversed_
    on(server, lambda link: link.advise(replace(REVERSAL, repeated=True)))
    assert server.simulator.orphans() == []


def test_a_mood_is_of_one_function(server: Server) -> None:
    server.mood.set(Behaviour("error", function="011"))
    sell(server, 1)
    on(server, lambda link: link.advise(REVERSAL))


@pytest.mark.covers("services/TC-7", "faults/R-09")
@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("silent", AcquirerSilent),
        ("deaf", AcquirerSilent),
        ("cut", ConnectionCut),
        ("error", BadAnswer),
        ("bad_xml", MalformedMessage),
    ],
)
def test_a_batch_without_an_answer_is_sent_again_and_captures_once(
    server: Server, tmp_path: Path, mode: str, error: type[AcquirerError]
) -> None:
    sell(server, 1, 2)
    of = batch(sealed(1, [line(1), line(2), line(3)]))
    server.mood.set(Behaviour(mode, requests=1, function="011"))
    with pytest.raises(error):
        collect(server, tmp_path / "batch.xml", of, 0.5)
    first = collect(server, tmp_path / "batch.xml", of)
    assert (first.exchange_id, first.accepted_count, len(first.rejected)) == (of.exchange_id, 2, 1)
    assert collect(server, tmp_path / "batch.xml", of) == first
    assert captured(server) == [1, 1]


def test_a_batch_of_another_content_is_refused_under_the_same_id(server: Server, tmp_path: Path) -> None:
    sell(server, 1, 2)
    collect(server, tmp_path / "batch.xml", batch(sealed(1, [line(1)]), exchange_id=5000))
    with pytest.raises(RequestRefused, match=r"409|913"):
        collect(server, tmp_path / "batch.xml", batch(sealed(1, [line(2)]), exchange_id=5000))


def test_totals_are_compared(server: Server, tmp_path: Path) -> None:
    sell(server, 1)
    of = batch(sealed(1, [line(1)]))
    collect(server, tmp_path / "batch.xml", of)
    asked = Reconciliation(of.exchange_id, of.totals)
    assert on(server, lambda link: link.reconcile(asked)) == asked
    assert on(server, lambda link: link.reconcile(replace(asked, exchange_id=10**17))).totals == ()


def test_parameters_and_settlement_notices_are_fetched(server: Server) -> None:
    assert on(server, lambda link: link.parameters(0)) is None
    assert list(on(server, lambda link: link.settlements())) == []
    server.simulator.parameters = Parameters(3, b"\x00contract", b"\xffsignature")
    assert on(server, lambda link: link.parameters(2)) == server.simulator.parameters
    assert on(server, lambda link: link.parameters(3)) is None


def test_another_question_is_not_answered_by_an_answer_that_was_kept_back(server: Server) -> None:
    sell(server, 1)
    server.mood.set(Behaviour("late", requests=1, function="003"))
    with pytest.raises(AcquirerSilent):
        on(server, lambda link: link.advise(REVERSAL), 0.3)
    with pytest.raises(BadAnswer):
        on(server, lambda link: link.advise(replace(REVERSAL, transaction_id=transaction_id(2))))
