"""The acquirer as the till reaches it in this process: its HTTP requests, and what can befall them on the way."""

from __future__ import annotations

import asyncio
import re
from functools import cache
from random import Random

import httpx

from tools.simulation.faults import Told
from tools.simulation.life import Life
from tools.simulation.virtual_time import VirtualClock
from tools.simulation.wallet import issued
from tools.simulators.acquirer.behaviour import spoiled
from tools.simulators.acquirer.simulator import FIRST_KILOBYTE, AcquirerSimulator, Terms, message_of
from tools.simulators.issuer import Issuer
from tools.simulators.key_host import HostKeys, acquirer_keys

ANSWER_S = 0.4
LATEST_S = 120.0
_LONGEST_S = 9.0
_SETTLES_AT_ONCE = 0.5
_REJECTS = {"rejects_all": 1, "rejects_some": 2}
_FUNCTION = re.compile(rb"<MsgFctn>(\w+)")


@cache
def keys(ksn: bytes) -> HostKeys:
    return acquirer_keys().transaction(ksn)


class Bank:
    """Acquirer and issuer. They never crash; the way to them does what the faults say."""

    def __init__(self, clock: VirtualClock, faults: Told, chance: Random) -> None:
        self.down = ""  # the fault of each message: unreachable, silent or deaf
        self.down_to = ""  # only of those with this function
        terms = Terms(settles_at_once=chance.random() < _SETTLES_AT_ONCE)
        issuer = Issuer(lambda: clock.now().date(), issued().values())
        self.simulator = AcquirerSimulator(keys, issuer, clock.now, terms=terms)
        self._faults = faults
        self._chance = chance
        self._kept_back: list[httpx.Response] = []

    async def exchange(self, path: str, body: bytes) -> httpx.Response:
        """Raises httpx.TransportError."""
        function = _FUNCTION.search(body)
        name = function[1].decode() if function else path
        fault = self._faults.at("message", name)
        if self.down and self.down_to in ("", name):
            fault = self.down
        if fault == "unreachable":
            raise httpx.ConnectError(fault)
        await asyncio.sleep(ANSWER_S)
        if fault == "error":
            return httpx.Response(500)
        if fault == "late_request":
            self._later(path, body)
        if fault in ("deaf", "late_request"):
            await self._never()
        answer = self._handle(path, body)
        if fault == "duplicate":
            answer = self._handle(path, body)
        return await self._bring(answer, fault)

    async def _bring(self, answer: httpx.Response, fault: str) -> httpx.Response:
        if fault == "late":
            self._kept_back.append(answer)
        if fault in ("silent", "late"):
            await self._never()
        if fault == "cut":
            raise httpx.ReadError(fault)
        if fault == "error_after":
            return httpx.Response(500)
        if fault == "slow":
            await asyncio.sleep(self._chance.uniform(0, _LONGEST_S))
        if self._kept_back and self._faults.on:
            return self._kept_back.pop()
        return httpx.Response(answer.status_code, content=spoiled(answer.content, fault))

    def _handle(self, path: str, body: bytes) -> httpx.Response:
        message = message_of(body[:FIRST_KILOBYTE])
        place = {"011": "batch", "009": "totals"}.get(message.number if message else "")
        fault = self._faults.at(place, "") if place else ""
        self.simulator.lines.rejects_every = _REJECTS.get(fault, 0)
        self.simulator.batches.refuses = "not_now" if fault == "refuses" else None
        self.simulator.other_totals = fault == "other_totals"
        status, answer = self.simulator.handle(path, body)
        return httpx.Response(status, content=answer)

    def _later(self, path: str, body: bytes) -> None:
        """It arrives when nobody waits for its answer any more."""
        asyncio.get_running_loop().call_later(self._chance.uniform(0, LATEST_S), self._handle, path, body)

    async def _never(self) -> None:
        await asyncio.get_running_loop().create_future()


class Network(httpx.AsyncBaseTransport):
    """The till's, of one life."""

    def __init__(self, bank: Bank, life: Life) -> None:
        self._bank = bank
        self._life = life

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._life.check()
        answer = await self._bank.exchange(request.url.raw_path.decode(), await request.aread())
        self._life.check()
        return answer
