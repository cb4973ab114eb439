"""Client and link face each other while something goes wrong at every single sending (faults/FM-10).

The terminal between is the smallest that keeps a journal: what matters here is that one request is one payment.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from firmware.errors import LinkLost as HostGone
from firmware.link.host_link import HostLink
from host.terminal.client import Deadlines, ReaderClient
from host.terminal.errors import LinkLost, PaymentUnknown, ReaderBroken, ReaderNotFound, ReaderTimeout
from tests.support.pipe_link import PipeLink
from tests.support.scripted_reader import APPROVAL, IDS, ONLINE_REQUEST, REQUEST_ID, RESULT, TRANSACTION_ID
from tools.simulation import virtual_time

IDENTITY = {"serial": "R1", "firmware": "0.1", "profile": "fr-1"}
DEADLINES = Deadlines(hello=0.05, answer=0.05, quiet=0.05, retry=0.001, resume=5, payment=10)


class SmallTerminal:
    """Takes the payment of REQUEST_ID; `payments` counts how often."""

    def __init__(self, link: HostLink) -> None:
        self.payments = 0
        self.result: dict[str, Any] | None = None
        self._link = link
        self._running: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        while True:
            request = await self._link.next_request()
            assert request is not None
            if request["type"] == "take_payment" and self._running is None:
                self._running = asyncio.create_task(self._pay())
            elif self.result is not None:
                self._link.post(self.result)
            elif self._running is not None:
                self._link.post({"type": "status", "state": "in_progress", **IDS})
            else:
                self._link.post({"type": "status", "state": "not_found", "request_id": REQUEST_ID})

    async def _pay(self) -> None:
        self.payments += 1
        self._link.in_progress = {**IDS, "amount_minor": 1250}
        self._link.post({"type": "progress", **IDS, "phase": "accepted"})
        self._link.post({"type": "progress", "transaction_id": TRANSACTION_ID, "phase": "card_presented"})
        answer = await self._link.ask(ONLINE_REQUEST, "online_answer", 10_000)
        assert answer is not None
        assert answer["response_code"] == b"00"
        self.result = RESULT
        self._link.in_progress = None
        self._link.post(RESULT)


KINDS = ["cut", "half", "half, then cut", "lost", "twice", "damaged"]


class Faults:
    """Something happens to the sendings, of either side, for which `strikes()` is true."""

    def __init__(self, pipe: PipeLink, strikes: Callable[[], bool], kind: Callable[[], str]) -> None:
        self._pipe = pipe
        self._strikes = strikes
        self._kind = kind
        self.struck = 0

    def __call__(self, data: bytes, to_reader: bool) -> bytes:
        if not self._strikes():
            return data
        self.struck += 1
        kind = self._kind()
        if kind == "cut":
            self._pipe.cut()
        if kind in ("cut", "lost"):
            return b""
        if kind == "half, then cut":
            asyncio.get_running_loop().call_soon(self._pipe.cut)
        if kind.startswith("half"):
            return data[: len(data) // 2]
        if kind == "twice":
            return data + data
        return data[:-1] + bytes((data[-1] ^ 1,))


async def sale(strikes: Callable[[], bool], kind: Callable[[], str], piece: int) -> int:
    """One request, one payment, one question to the acquirer; gives how often a fault struck."""
    pipe = PipeLink(HostGone, LinkLost, ReaderNotFound, piece)
    pipe.fault = faults = Faults(pipe, strikes, kind)
    link = HostLink([pipe.reader], lambda: IDENTITY)
    terminal = SmallTerminal(link)
    client = ReaderClient(pipe.host, "till", DEADLINES)
    tasks = [asyncio.create_task(link.run()), asyncio.create_task(terminal.serve())]
    asked: list[Any] = []

    async def authorise(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        return APPROVAL

    try:
        async with asyncio.timeout(20):
            while True:
                try:
                    assert await client.take_payment(REQUEST_ID, 1250, 978, authorise, lambda *_: None) == RESULT
                    break
                except (ReaderTimeout, LinkLost, ReaderBroken):
                    assert terminal.payments == 0  # nothing was asked: the merchant presses the key again
        assert (terminal.payments, len(asked)) == (1, 1)
        return faults.struck
    finally:
        for task in tasks:
            task.cancel()
        await client.close()


@pytest.mark.covers("faults/R-05", "terminal/T-R03")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("piece", [512, 20])
def test_one_request_is_one_payment_whatever_happens_to_one_sending(kind: str, piece: int) -> None:
    at, struck = 0, 1
    while struck:
        at += 1
        sendings = itertools.count(1)
        struck = virtual_time.run(sale(lambda: next(sendings) == at, lambda: kind, piece))  # noqa: B023
    assert at > 6


@pytest.mark.parametrize("seed", range(40))
def test_one_request_is_one_payment_when_a_fifth_of_all_sendings_go_wrong(seed: int) -> None:
    random = Random(seed)
    virtual_time.run(sale(lambda: random.random() < 0.2, lambda: random.choice(KINDS), 100))


def test_a_reader_that_is_gone_for_good_is_unknown_then_found_by_id() -> None:
    async def scenario() -> dict[str, Any]:
        pipe = PipeLink(HostGone, LinkLost, ReaderNotFound)
        link = HostLink([pipe.reader], lambda: IDENTITY)
        terminal = SmallTerminal(link)
        client = ReaderClient(pipe.host, "till", Deadlines(retry=0.001, resume=0.02))
        tasks = [asyncio.create_task(link.run()), asyncio.create_task(terminal.serve())]

        async def authorise(_: dict[str, Any]) -> dict[str, Any]:
            pipe.reader_in_reach = False
            pipe.cut()
            terminal.result = RESULT
            return APPROVAL

        try:
            with pytest.raises(PaymentUnknown):
                await client.take_payment(REQUEST_ID, 1250, 978, authorise, lambda *_: None)
            pipe.reader_in_reach = True
            return await client.status(request_id=REQUEST_ID)
        finally:
            for task in tasks:
                task.cancel()
            await client.close()

    assert virtual_time.run(scenario()) == RESULT
