"""A campaign to 100,000 members who agreed, by a gateway that answers at once: rows a second queued, and sent."""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from pathlib import Path

from host.database import Database
from host.messaging.model import Channel, Letter, Report
from host.messaging.states import CampaignState
from tests.host.messaging_bench import Bench
from tools.bench.measure import Measure

MEMBERS, LONG = 10_000, 100_000


class Counting:
    """A gateway that counts what it got, by event."""

    repeats = can_ask = False

    def __init__(self) -> None:
        self.got: dict[str, int] = {}

    async def send(self, letter: Letter) -> str | None:
        self.got[letter.event_id] = self.got.get(letter.event_id, 0) + 1
        return letter.event_id

    async def ask(self, event_id: str, gateway_id: str | None) -> Report | None:
        del event_id, gateway_id


async def measure() -> list[Measure]:
    return await _campaign(MEMBERS)


async def measure_long() -> list[Measure]:
    return await _campaign(LONG)


async def _campaign(count: int) -> list[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'till.db'}")
        database.migrate()
        gateway = Counting()
        bench = Bench(database, gateway=gateway)
        for number in range(count):
            bench.member(f"{number:032x}", f"+336{number:08}", agrees=True)
        campaigns = bench.service.campaigns
        campaign = campaigns.draft("Bench", Channel.SMS, "all", "-10 % ce samedi, {points} points")
        begun_s = time.perf_counter()
        preview = campaigns.preview(campaign)
        previewed_s = time.perf_counter()
        campaigns.schedule(campaign.id)
        while campaigns.latest(1)[0].state is not CampaignState.QUEUED:
            bench.at += timedelta(seconds=1)
            await bench.timers.run_due(bench.at)
        queued_s = time.perf_counter()
        while await bench.service.run_due(bench.at):
            pass
        sent_s = time.perf_counter()
        database.close()
    assert preview.reached == len(gateway.got) == count
    assert set(gateway.got.values()) == {1}
    return [
        Measure(f"campaign to {count} members: preview", previewed_s - begun_s, "s"),
        Measure(f"campaign to {count} members: queued", count / (queued_s - previewed_s), "rows/s"),
        Measure(f"campaign to {count} members: sent, once each", count / (sent_s - queued_s), "rows/s"),
    ]
