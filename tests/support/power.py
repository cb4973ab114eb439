"""Power that goes at a chosen write: nothing that the program does afterwards is seen, heard or kept."""

from __future__ import annotations

import asyncio

from firmware.flows.waiting import first_of
from tests.support.fake_drivers import DEADLINE_S, keyed_files
from tests.support.fake_storage import FakeStorage, PowerCut
from tests.support.sale_bench import SaleBench

_KEYED: dict = {}


def fresh_files() -> dict:
    """Keys and font, derived once."""
    if not _KEYED:
        _KEYED.update(keyed_files())
    return dict(_KEYED)


class Mains(FakeStorage):
    """Storage that brings the power down with it, and stays as it was then."""

    def __init__(self, files: dict, cut_at: int | None = None, torn: float = 0.0) -> None:
        super().__init__(dict(files))
        self.cut_at = cut_at
        self.torn = torn
        self.off = asyncio.Event()
        self.bench: SaleBench | None = None
        self.shown: list[str] = []  # before the cut
        self.heard: list[dict] = []

    def _cut_now(self) -> bool:
        if self.off.is_set():
            self.torn = 0.0
            return True
        if not super()._cut_now():
            return False
        self.shown = list(self.bench.board.display.shown)
        self.bench.pipe.cut()
        self.off.set()
        return True


async def until_cut(tries: list[list], storage: Mains, story: object) -> None:
    """`story` of a bench; what was seen and heard until the power went, or to its end, is in `storage`."""
    asyncio.get_event_loop().set_exception_handler(lambda *_: None)  # tasks that the cut ended
    try:
        async with SaleBench(tries, storage) as bench:
            storage.bench = bench
            await first_of([story(bench), storage.off.wait()], DEADLINE_S * 1000)
            storage.heard = bench.heard
            if not storage.off.is_set():
                storage.shown = list(bench.board.display.shown)
    except PowerCut:  # where no payment ran, the whole program ends with it
        pass
