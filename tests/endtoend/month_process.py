"""A till, its page and its emulated reader; a test sets its clock: python -m tests.endtoend.month_process FOLDER.

Beside the page: POST /month/clock?at=2026-11-02T09:00 (local time, which runs on from there), and, for what nobody need
look at, /month/sell?card=...&how=contactless&articles=1,4 and /month/give_back?card=...&how=...&ticket=...
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter

from host.pages import pages
from host.payment.model import Payment
from host.point_of_sale.model import LineKind
from host.telecollection.model import Phase, Progress
from host.web import server
from tools.demo import bench_page
from tools.demo.bench_page import Bench
from tools.demo.cardholder import Cardholder
from tools.demo.stack import Stack
from tools.demo.wallet import wallet
from tools.simulators.messages.page import pages_of

ZONE = ZoneInfo("Europe/Paris")
BEGINS = datetime(2026, 11, 2, 9, tzinfo=ZONE)  # a Monday
TICK_S, DEADLINE_S = 0.05, 60
T = TypeVar("T")


class RunningClock:
    """From the moment that it is set to, it goes as clocks do."""

    def __init__(self, moment: datetime) -> None:
        self.set(moment)

    def set(self, moment: datetime) -> None:
        self._moment, self._since_s = moment.astimezone(UTC), time.monotonic()

    def now(self) -> datetime:
        return self._moment + timedelta(seconds=time.monotonic() - self._since_s)


class Month:
    def __init__(self, stack: Stack, bench: Bench, clock: RunningClock) -> None:
        self._stack = stack
        self._cards = {each.name: each for each in bench.wallet}
        self._clock = clock
        self._collecting: set[int] = set()
        self._collected = asyncio.Event()
        stack.app.telecollection.watch(self._follow)

    def router(self) -> APIRouter:
        routes = APIRouter(prefix="/month")
        for do in (self.clock, self.sell, self.give_back):
            routes.add_api_route(f"/{do.__name__}", do, methods=["POST"])
        return routes

    async def clock(self, at: str) -> None:
        """What was due by then is done; an evening would end the offer of whoever pays at once."""
        self._clock.set(datetime.fromisoformat(at).replace(tzinfo=ZONE))
        async with asyncio.timeout(DEADLINE_S):
            await self._stack.app.timers.run_due(self._clock.now())
            while self._collecting:
                self._collected.clear()
                await self._collected.wait()

    def _follow(self, remittance_id: int, progress: Progress) -> None:
        if progress.phase is Phase.ENDED:
            self._collecting.discard(remittance_id)
            self._collected.set()
        else:
            self._collecting.add(remittance_id)

    async def sell(self, card: str, how: str, articles: str) -> dict[str, int]:
        till = self._stack.app.till
        ticket = till.open_ticket()
        for article in articles.split(","):
            ticket = till.add_article(ticket.id, int(article))
        paid = await self._at_reader(card, how, till.pay(ticket.id))
        return {"ticket": ticket.id, "paid_minor": paid.paid.amount_minor if paid.approved else 0}

    async def give_back(self, card: str, how: str, ticket: int) -> dict[str, int]:
        """All of that ticket."""
        till = self._stack.app.till
        lines = till.ticket(ticket).lines
        back = till.returns.open(
            ticket, {at: line.quantity for at, line in enumerate(lines) if line.kind is LineKind.SALE}
        )
        paid = await self._at_reader(card, how, till.returns.give_back(back.id))
        return {"ticket": back.id, "paid_minor": paid.paid.amount_minor if paid.approved else 0}

    async def _at_reader(self, card: str, how: str, payment: Awaitable[Payment]) -> Payment:
        chosen = self._cards[card]
        holder = Cardholder(self._stack.reader).pay(chosen.card, card, how, chosen.pin or "")
        paid, _ = await asyncio.gather(payment, holder)
        return paid


async def serve(folder: Path) -> None:
    clock = RunningClock(BEGINS)
    listener = server.listen(0)
    url = server.url(listener)
    async with Stack(folder, clock=clock, tick_s=TICK_S, public_url=url.rstrip("/")) as stack:
        await stack.terminal.connect()
        bench = Bench(stack.reader, wallet(), "/inbox")
        beside = (pages_of(stack.inbox), Month(stack, bench, clock).router())
        page = pages(stack.app, stack.terminal.trace, bench.build, bench_page.STYLES, beside)
        print(url, flush=True)
        await server.server(page).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
