"""Nights of telecollection with everything going wrong at random (faults/R-09).

Answers of readers and acquirer are lost after their effect, readers are away, the process dies at a commit or after it,
two runs go at once, the hour of the cut-off comes twice or never. In the end every sale was captured once, and booked.

`python -m tests.host.nights [--nights N] [--first-seed S]`: parts of 50 nights, one after the other through the
years; the last line is `nights N sales M lost L double D crashes C`, exit status 0 only if nothing is lost or double.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import event

from host.acquirer.errors import AcquirerSilent, ConnectionCut
from host.database import Database, Work
from host.jobs.inline import Kept
from host.ledger.model import Account
from host.telecollection.schedule import next_cut_off
from host.telecollection.states import DayState, State
from tests.host.telecollection_bench import CONTRACT, Bench, Crash

FIRST = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
A_PART = 50  # nights
CALLS = ("close_day", "seal_lines", "status", "acknowledge")


class DyingDatabase(Database):
    """Dies at the commit that `dies_in` counts down to; `after`: once it is durable."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.dies_in: int | None = None
        self.after = self.armed = False
        event.listen(self.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        dies = False
        with super().transaction() as work:
            yield work
            if self.armed and self.dies_in is not None:
                self.dies_in -= 1
                dies = self.dies_in < 0
            if dies and not self.after:
                self._die()
        if dies:
            self._die()

    def _die(self) -> None:
        self.dies_in = None
        raise Crash


class Nights:
    """Of one shop, from noon of `start` on; the cut-off is at half past two, which some nights have twice or never."""

    def __init__(self, folder: Path, seed: int, start: datetime) -> None:
        self.random = Random(seed)
        self.count = 0
        self.start = start
        self.database = DyingDatabase(f"sqlite:///{folder / 'till.db'}")
        self.bench = Bench(folder, readers=2, cut_off=time(2, 30), start=start, database=self.database)
        self.sold: dict[bytes, int] = {}
        self.crashes = 0

    async def run(self, count: int) -> None:
        for _ in range(count):
            self.count += 1
            await self._night()
        await self._end()

    async def _night(self) -> None:
        random, bench = self.random, self.bench
        for _ in range(random.randrange(4)):
            self._sell()
        self._break_something()
        due = next_cut_off(self._contract(), bench.clock.moment)
        if random.random() < 0.1:
            await self._survives(bench.service.collect_now(CONTRACT))
        await self._until(due + timedelta(seconds=5))
        if random.random() < 0.3:
            await self._twice()
        await self._until(due + timedelta(minutes=random.randrange(120)))
        self._sell()  # after the cut-off
        await self._survives(self._pay())

    async def _pay(self) -> None:
        """The bank's statement has what was taken; now and then it is read twice, or comes days later."""
        if self.random.random() < 0.6:
            due = [
                row for row in self.bench.service.overview.history(CONTRACT, 10) if row.answered_at and row.net_minor
            ]
            entries = [entry(row.reference, row.net_minor) for row in due]
            self.bench.service.import_statement(statement(*entries))

    def _sell(self) -> None:
        amount, reader = self.random.randrange(1, 10_000), self.random.choice(list(self.bench.all))
        kind = self.random.choice(["purchase", "purchase", "refund"])
        copied = self.random.random() < 0.8
        self.sold[self.bench.sale(amount, reader, kind, copied)] = amount

    def _break_something(self) -> None:
        random, bench = self.random, self.bench
        for reader in bench.all.values():
            reader.here = random.random() < 0.85
            reader.cut.clear()
            if random.random() < 0.4:
                reader.cut[random.choice(CALLS)] = 1
        faults = [AcquirerSilent("10 s"), ConnectionCut("cut")]
        bench.acquirer.before = [random.choice(faults) for _ in range(random.choice([0, 0, 0, 1, 3]))]
        bench.acquirer.after = [random.choice(faults) for _ in range(random.choice([0, 0, 1, 3]))]
        bench.acquirer.silent_010 = random.choice([0, 0, 0, 1, 3])
        if random.random() < 0.5:
            self.database.dies_in, self.database.after = random.randrange(60), random.random() < 0.5

    async def _until(self, moment: datetime) -> None:
        while not await self._survives(self.bench.at(moment)):
            pass

    async def _twice(self) -> None:
        """Another process goes on with the same remittance, or opens one, while this one does."""
        other = self.bench.process(Kept())
        latest = str(self.bench.latest().id)
        await self._survives(
            asyncio.gather(other.go_on(latest), self.bench.service.go_on(latest), other.collect_now(CONTRACT))
        )
        self.bench.restart()

    async def _survives(self, work: object) -> bool:
        """False when the process died of it; there is another one then."""
        try:
            self.database.armed = True
            await work  # pyright: ignore
        except Crash:
            self.crashes += 1
            self.bench.restart()
            await self._survives(self.bench.jobs.resume())
            return False
        finally:
            self.database.armed = False
        return True

    async def _end(self) -> None:
        """Nothing goes wrong any more, for three evenings."""
        self.database.dies_in = None
        for reader in self.bench.all.values():
            reader.here = True
            reader.cut.clear()
        self.bench.acquirer.before, self.bench.acquirer.after, self.bench.acquirer.silent_010 = [], [], 0
        await self.bench.evenings(3)
        for _ in range(3):
            await self._pay()

    def _contract(self):
        with self.bench.store.transaction() as work:
            return self.bench.store.contracts.get(work, CONTRACT)


def entry(reference: str, net_minor: int) -> str:
    side = "CRDT" if net_minor > 0 else "DBIT"
    return (
        f'<Ntry><NtryRef>{reference}</NtryRef><Amt Ccy="EUR">{abs(net_minor) / 100:.2f}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-01-01</Dt></BookgDt></Ntry>"
    )


def statement(*entries: str) -> bytes:
    return f"<Document><BkToCstmrStmt><Stmt>{''.join(entries)}</Stmt></BkToCstmrStmt></Document>".encode()


def check(nights: Nights) -> None:
    bench, acquirer = nights.bench, nights.bench.acquirer
    assert nights.crashes > nights.count / 10
    assert acquirer.captured == nights.sold
    assert not [answer.rejected for answer in acquirer.answers.values() if answer.rejected]  # nothing was sent twice
    assert not [answer.refused for answer in acquirer.answers.values() if answer.refused]
    assert {len(files) for files in acquirer.files.values()} == {1}  # the same exchange id is the same file
    history = bench.history()
    owed = [remittance for remittance in history if remittance.net_minor]
    assert {remittance.state for remittance in history if not remittance.net_minor} <= {State.ACKED}
    assert len([row for row in owed if row.state is State.FUNDED]) >= len(owed) - 3
    assert all(row.reconciled_at or row.state is State.FUNDED for row in history)
    assert sum(remittance.count for remittance in history) == len(nights.sold)
    check_books(bench, sum(remittance.net_minor for remittance in history))
    dates = [(remittance.business_date, remittance.sequence) for remittance in history]
    assert len(set(dates)) == len(dates)
    assert len({remittance.due_at for remittance in history if remittance.due_at}) > nights.count * 0.9
    with bench.store.transaction() as work:
        for serial, reader in bench.all.items():
            days = bench.store.days.of_reader(work, serial, 10_000)
            assert {day.state for day in days} == {DayState.ACKNOWLEDGED}
            assert sorted(reader.acknowledged) == sorted(day.number for day in days) == list(range(1, reader.number))
    assert not [kind for kind in bench.alerts() if not kind.startswith("funds")]


def check_books(bench: Bench, net_minor: int) -> None:
    """What was sold is acknowledged, all of it, and the bank has what is funded."""
    funded = sum(remittance.funded_minor for remittance in bench.history())
    accounts = (Account.CARD_RECEIVABLE, Account.ACQUIRER_SETTLEMENT, Account.BANK)
    with bench.store.transaction() as work:
        balances = [bench.ledger.balance(work, account).amount_minor for account in accounts]
    assert balances == [0, net_minor - funded, funded]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.host.nights")
    parser.add_argument("--nights", type=int, default=1000)
    parser.add_argument("--first-seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    sales = lost = double = crashes = 0
    for part in range(-(-asked.nights // A_PART)):
        count = min(A_PART, asked.nights - part * A_PART)
        with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
            seed = asked.first_seed + part
            nights = Nights(Path(folder), seed, FIRST + timedelta(days=A_PART * seed))
            asyncio.run(nights.run(count))
            nights.bench.close()
        captured = nights.bench.acquirer.captured
        again = [line for answer in nights.bench.acquirer.answers.values() for line in answer.rejected]
        sales, crashes = sales + len(nights.sold), crashes + nights.crashes
        lost, double = lost + len(nights.sold.keys() - captured.keys()), double + len(again)
        print(f"seed {seed} from {nights.start:%Y-%m-%d} nights {count}", flush=True)
    print(f"nights {asked.nights} sales {sales} lost {lost} double {double} crashes {crashes}")
    return 0 if lost == double == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
