"""A reader with its journal and an acquirer with its books that outlive hosts; hosts that die at a chosen commit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from host.acquirer.errors import AcquirerSilent, AcquirerUnreachable
from host.acquirer.model import Advice, AuthorisationAnswer, AuthorisationRequest
from host.app import App, build
from host.database import Database, Work
from host.ledger.model import Account
from host.money import Money
from host.payment.model import Payment
from host.payment.states import UNFINISHED, State
from host.settings import Settings
from host.terminal.errors import PaymentUnknown
from tests.host.stand_ins import Acquirer, Counter, FixedClock, Reader, ledger_balance

DAY = timedelta(days=1)


class HostDies(BaseException):
    """kill -9: no handler of the host runs, nor does it store anything any more."""


class MortalDatabase(Database):
    """Dies at the transaction number `dies_at` (from 1), before its commit or after it; never again alive."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.commits = 0
        self.dies_at = 0
        self.before = True

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        self.commits += 1
        due = self.dies_at and self.commits >= self.dies_at
        if due and (self.before or self.commits > self.dies_at):
            with super().transaction() as work:
                yield work
                raise HostDies
        with super().transaction() as work:
            yield work
        if due:
            raise HostDies


@dataclass
class Behaviour:
    """How the next payments go. acquirer: approves, refuses, silent (and approved), deaf, part. card: finishes, torn,
    offline. link: whole, cut before the end is heard."""

    acquirer: str = "approves"
    card: str = "finishes"
    link: str = "whole"


@dataclass
class Bank(Acquirer):
    """held: by transaction id, what is authorised and neither reversed nor cancelled."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    held: dict[bytes, int] = field(default_factory=dict)
    advices_lost: int = 0
    advised: list[Advice] = field(default_factory=list)

    async def authorise(self, request: AuthorisationRequest) -> AuthorisationAnswer:
        mode = self.behaviour.acquirer
        if mode == "deaf":
            raise AcquirerUnreachable
        amount = request.amount
        if mode == "part":
            amount = Money(request.amount.amount_minor // 2)
        if mode != "refuses":
            self.held[request.transaction_id] = amount.amount_minor
        if mode == "silent":
            raise AcquirerSilent("10 s")
        code = {"refuses": b"05", "part": b"10"}.get(mode, b"00")
        part = amount if mode == "part" else None
        return AuthorisationAnswer(request.transaction_id, mode != "refuses", code, "123456", b"", bytes(8), True, part)

    async def advise(self, advice: Advice) -> None:
        self.advised.append(advice)
        self.advices_lost -= 1
        if self.advices_lost != 0:  # the last to be lost is lost on its way there, the others on their way back
            self.held.pop(advice.transaction_id, None)
        if self.advices_lost >= 0:
            raise AcquirerSilent("10 s")


class World:
    """What is left when a host dies: `folder` with its database, the reader, the bank."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._random = Counter()
        self.clock = FixedClock()
        self.bank = Bank()
        self.reader = Reader(self._play)
        self.database = MortalDatabase("sqlite://")

    @property
    def behaviour(self) -> Behaviour:
        return self.bank.behaviour

    def host(self) -> App:
        self.database = MortalDatabase(f"sqlite:///{self._folder / 'till.db'}")
        return build(
            Settings(database=self._folder / "till.db"),
            self.reader,
            acquirer=self.bank,
            clock=self.clock,
            database=self.database,
            random=self._random,
        )

    async def _play(self, reader: Reader, request_id: bytes) -> dict[str, Any]:
        """The reader finishes by itself, whoever listens; its journal knows the end."""
        reader.result(request_id, "declined", why="interrupted_before_online")
        reader.progress("accepted")
        answer = await reader.go_online()
        if self.behaviour.link == "cut":
            raise PaymentUnknown(request_id, request_id * 2)
        result = await self._ended(reader, request_id, answer)
        if self.behaviour.link == "cut at the end":
            raise PaymentUnknown(request_id, request_id * 2)
        return result

    async def _ended(self, reader: Reader, request_id: bytes, answer: dict[str, Any]) -> dict[str, Any]:
        code = answer.get("response_code")
        if self.behaviour.card == "torn":
            return reader.result(request_id, "declined", why="card_removed_reversal_owed")
        if code == b"10":
            if not await reader.confirm("partial_amount", answer["authorised_minor"]):
                return reader.result(request_id, "declined", why="partial_refused_reversal_owed")
            return reader.result(request_id, "approved", amount_minor=answer["authorised_minor"], response_code=b"10")
        holds = reader.wishes[-1].get("kind") == "preauthorisation"  # which no card approves alone
        if code is None and self.behaviour.card == "offline" and not holds:
            return reader.result(request_id, "approved", why="approved_offline", response_code=b"Y3")
        return reader.result(request_id, "approved" if code == b"00" else "declined", response_code=code)


async def settle(app: App) -> None:
    """Until nothing is left to do: every wish is resolved, every advice answered."""
    await app.payments.resolve_unknown()
    for _ in range(8):
        app.clock.moment += timedelta(minutes=16)  # type: ignore[attr-defined]
        await app.timers.run_due(app.clock.now())


def check(world: World, app: App, payments: list[Payment]) -> None:
    """Invariants I1 to I5 of docs/requirements/faults.md, as far as a host without a telecollection has them."""
    told = world.reader.journal
    taken = [payment for payment in payments if payment.approved]
    for payment in payments:
        assert payment.state not in UNFINISHED and payment.state is not State.REVERSAL_DUE, payment
        kept = told.get(payment.request_id, {"outcome": "cancelled"})
        sold = kept["outcome"] == "approved" and (kept.get("kind") != "preauthorisation" or "mac" in kept)
        assert payment.approved == sold, (payment, kept)
        if sold:
            assert payment.paid.amount_minor == kept["amount_minor"]
    signed = [payment.paid if payment.kind != "refund" else -payment.paid for payment in taken]
    assert ledger_balance(app, Account.CARD_RECEIVABLE) == sum(signed, Money(0))
    with app.database.transaction() as work:
        copies = {copy.line.transaction_id: copy for copy in app.payments.copies.of_reader(work, world.reader.serial)}
    assert set(copies) == {payment.transaction_id for payment in taken}, "one copy of each, and no other"
    open_holds = [payment for payment in payments if payment.approved or payment.state is State.AUTHORISED]
    held = {p.transaction_id for p in open_holds if not (p.approved and copies[p.transaction_id].line.offline)}
    assert set(world.bank.held) == held, "no hold is forgotten, none is released that is paid"


def every_payment(world: World, app: App) -> list[Payment]:
    """The intents; their request ids are 1, 2, 3 ..."""
    found = []
    for number in range(1, world._random.count + 1):
        with app.database.transaction() as work:
            payment = app.payments._store.get(work, number.to_bytes(8, "big"))
        if payment is not None:  # else the host died before it was written
            found.append(payment)
    return found


def run(coroutine: Any) -> bool:
    """Whether the host lived through it."""
    try:
        asyncio.run(coroutine)
    except HostDies:
        return False
    return True
