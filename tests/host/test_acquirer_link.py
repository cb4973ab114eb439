"""The way to the acquirer, against the simulated one in each of its moods: an answer, or a named error in time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from host.acquirer.caaa_link import CaaaLink
from host.acquirer.errors import (
    AcquirerError,
    AcquirerSilent,
    AcquirerUnreachable,
    BadAnswer,
    ConnectionCut,
    MalformedMessage,
    RequestRefused,
)
from host.acquirer.model import AuthorisationRequest
from host.money import Money
from tests.host.acquirer_thread import ApprovesAll
from tests.host.test_acquirer_caaa import PARTIES, REQUEST
from tools.simulators.acquirer.behaviour import Behaviour
from tools.simulators.acquirer.server import AcquirerServer

T = TypeVar("T")
SILENCE_S = 2  # long enough for the question to arrive on a busy machine
ASKED = replace(REQUEST, icc_data=bytes.fromhex("9F0206000000001250 9F0306000000000000 9C0100 9F2608A1B2C3D4E5F60718"))


def with_link(port: int, use: Callable[[CaaaLink], Awaitable[T]], deadline_s: float = 5) -> T:
    async def run() -> T:
        link = CaaaLink(f"http://127.0.0.1:{port}/caaa", PARTIES, deadline_s)
        try:
            return await use(link)
        finally:
            await link.close()

    return asyncio.run(run())


def ask(server: AcquirerServer, request: AuthorisationRequest = ASKED, deadline_s: float = 5) -> Any:
    return with_link(server.server_address[1], lambda link: link.authorise(request), deadline_s)


def test_an_answer(server: AcquirerServer, issuer: ApprovesAll) -> None:
    answer = ask(server)
    assert (answer.approved, answer.response_code, answer.authorisation_code) == (True, b"00", "123456")
    assert answer.transaction_id == ASKED.transaction_id and answer.arqc_checked
    (asked,) = issuer.asked
    assert (asked.pan, asked.expiry, asked.pin) == ("4970101234567890", "2812", "1234")
    assert (asked.amount_minor, asked.currency, asked.icc_data) == (1250, 978, ASKED.icc_data)


@pytest.mark.covers("faults/R-04")
def test_the_same_question_gets_the_same_answer_and_the_issuer_is_asked_once(
    server: AcquirerServer, issuer: ApprovesAll
) -> None:
    async def three(link: CaaaLink) -> list[Any]:
        return await asyncio.gather(*[link.authorise(ASKED) for _ in range(3)])

    first, second, third = with_link(server.server_address[1], three)
    assert first == second == third
    assert len(issuer.asked) == 1
    (row,) = server.simulator.store.authorisations()
    assert (row["times_asked"], row["last4"]) == (3, "7890")


@pytest.mark.parametrize("change", [{"amount": Money(9999)}, {"ksn": bytes(12)}, {"mac": bytes(8)}])
def test_the_same_id_with_another_question_is_refused(server: AcquirerServer, change: dict) -> None:
    ask(server)
    with pytest.raises(RequestRefused, match="409"):
        ask(server, replace(ASKED, **change))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"mac": bytes(8)}, "bad_mac"),
        ({"amount": Money(1)}, "amount_not_signed"),
        ({"icc_data": b"\x9f"}, "amount_not_signed"),
    ],
)
def test_what_is_not_genuine_never_reaches_the_issuer(
    server: AcquirerServer, issuer: ApprovesAll, change: dict, why: str
) -> None:
    answer = ask(server, replace(ASKED, **change))
    assert (answer.approved, answer.response_code) == (False, b"05")
    assert issuer.asked == []
    assert server.simulator.store.authorisations()[0]["why"] == why


@pytest.mark.covers("faults/I6")
def test_a_key_serves_one_transaction(server: AcquirerServer) -> None:
    assert ask(server).approved
    assert not ask(server, replace(ASKED, transaction_id=b"\x01" * 16)).approved
    assert server.simulator.store.authorisations()[1]["why"] == "key_used_before"


@pytest.mark.covers("faults/R-02")
@pytest.mark.parametrize(
    ("mode", "error", "authorised"),
    [
        ("silent", AcquirerSilent, 1),
        ("deaf", AcquirerSilent, 0),
        ("cut", ConnectionCut, 1),
        ("error", BadAnswer, 0),
        ("bad_xml", MalformedMessage, 1),
        ("other_transaction", BadAnswer, 1),
    ],
)
def test_a_mood_is_a_named_error_and_the_next_question_works(
    server: AcquirerServer, mode: str, error: type[AcquirerError], authorised: int
) -> None:
    server.mood.set(Behaviour(mode, requests=1))
    with pytest.raises(error) as caught:
        ask(server, deadline_s=SILENCE_S if error is AcquirerSilent else 5)
    assert caught.value.may_have_approved
    assert len(server.simulator.store.authorisations()) == authorised
    assert ask(server).approved


@pytest.mark.covers("faults/R-03")
def test_a_late_answer_is_dropped_by_its_id(server: AcquirerServer) -> None:
    server.mood.set(Behaviour("late", requests=1))
    with pytest.raises(AcquirerSilent):
        ask(server, deadline_s=SILENCE_S)
    other = replace(ASKED, transaction_id=b"\x02" * 16, ksn=b"\x02" * 12)
    with pytest.raises(BadAnswer, match="another transaction"):
        ask(server, other)


def test_a_slow_acquirer_is_waited_for_within_the_deadline(server: AcquirerServer) -> None:
    server.mood.set(Behaviour("slow", 0.05, 1))
    assert ask(server).approved


def test_the_mac_is_for_the_reader_to_judge(server: AcquirerServer) -> None:
    server.mood.set(Behaviour("bad_mac", requests=1))
    assert ask(server).mac == bytes(8)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(AcquirerUnreachable) as caught:
        with_link(port, lambda link: link.authorise(ASKED))
    assert not caught.value.may_have_approved


def test_an_acquirer_that_calls_our_message_wrong_did_nothing(server: AcquirerServer) -> None:
    with pytest.raises(RequestRefused, match="400") as caught:
        ask(server, replace(ASKED, ksn=bytes(11)))
    assert not caught.value.may_have_approved
    assert server.simulator.store.authorisations() == []
