"""What `zinc simulate --radio` does: each story in one process first, then on the radio, and both held together."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from multiprocessing.queues import Queue
from queue import Empty
from typing import TYPE_CHECKING

from tools.simulation import runner
from tools.simulation.life import make_task
from tools.simulation.radio.conductor import DrivingLoop
from tools.simulation.story import Story, draw
from tools.simulation.virtual_time import VirtualLoop

if TYPE_CHECKING:
    from tools.simulation.model import TillLine, Verdict
    from tools.simulation.radio.world import Ending, Rig

STORIES_A_RIG = 50
TOLD_EVERY = 50
LENGTHS = (1, 4)  # of stories: each sale takes its time here
STORY_S = 2000.0  # of shared time
ENDS_S = 20.0  # within which a worker closes its rig


@dataclass(frozen=True)
class Played:
    """`contradicts`: what the two tiers do not agree about. `broke`: the rig, or a side of it, with its last words."""

    story: Story
    verdict: Verdict
    contradicts: list[str]
    broke: str
    lines: list[str]

    @property
    def clean(self) -> bool:
        return self.verdict.clean and not self.contradicts and not self.broke


def simulate(seeds: range, families: tuple[str, ...], workers: int, tell: bool) -> int:
    """The exit status."""
    runner.prepare()
    began = time.monotonic()
    sales = lost = double = orphan = failed = 0
    for count, played in enumerate(_play_all(seeds, families, workers), 1):
        verdict = played.verdict
        sales, lost = sales + verdict.sales, lost + len(verdict.lost)
        double, orphan = double + len(verdict.double), orphan + len(verdict.orphan)
        failed += not played.clean
        if tell or not played.clean:
            _tell(played, families)
        if count % TOLD_EVERY == 0:
            told = f"{count} stories in {time.monotonic() - began:.0f} s, {sales} sales, {failed} stories failed"
            print(told, file=sys.stderr, flush=True)
    print(f"{time.monotonic() - began:.1f} s, {failed} stories failed", file=sys.stderr)
    print(f"seeds {len(seeds)} sales {sales} lost {lost} double {double} orphan {orphan}", flush=True)
    return 1 if failed else 0


def _tell(played: Played, families: tuple[str, ...]) -> None:
    seed, verdict = played.story.seed, played.verdict
    print("\n".join("    " + line for line in played.lines))
    for name in ("lost", "double", "orphan"):
        for amount_minor, what in getattr(verdict, name):
            print(f"seed {seed}: {name}: {amount_minor} {what}")
    for what in played.contradicts:
        print(f"seed {seed}: contradicts: {what}")
    if played.broke:
        print(f"seed {seed}: broke: {played.broke}")
    print(f"seed {seed}: faults {','.join(played.story.families) or 'none'} of {','.join(families)}", flush=True)


def _play_all(seeds: range, families: tuple[str, ...], workers: int) -> Iterator[Played]:
    """As they end."""
    spawn = get_context("spawn")
    told: Queue[Played] = spawn.Queue()
    shards = [seeds[place::workers] for place in range(workers)]
    processes = [spawn.Process(target=_work, args=(shard, families, told)) for shard in shards if shard]
    for process in processes:
        process.start()
    try:
        for _ in seeds:
            yield _next(told, processes)
    finally:
        for process in processes:
            process.join(ENDS_S)
            process.kill()


def _next(told: Queue[Played], processes: list[SpawnProcess]) -> Played:
    while True:
        try:
            return told.get(timeout=ENDS_S)
        except Empty:
            if any(process.exitcode for process in processes):
                raise RuntimeError("a worker ended: its last words are above") from None


def _work(seeds: range, families: tuple[str, ...], told: Queue[Played]) -> None:
    runner.prepare()
    from tools.simulation.radio.world import Rig

    for first in range(0, len(seeds), STORIES_A_RIG):
        loop = DrivingLoop()
        with asyncio.Runner(loop_factory=lambda loop=loop: loop) as driver:
            rig = Rig(loop.conductor)
            driver.run(rig.__aenter__())
            try:
                for seed in seeds[first : first + STORIES_A_RIG]:
                    told.put(_play(at_one_counter(draw(seed, families, LENGTHS)), rig, driver))
            finally:
                driver.run(rig.__aexit__(None, None, None))


def _play(story: Story, rig: Rig, driver: asyncio.Runner) -> Played:
    from tools.simulation.model import Verdict

    expected = in_one_process(story)
    ending, broke, lines = driver.run(_on_the_radio(story, rig))
    if ending is None:
        return Played(story, Verdict(), [], broke, lines)
    contradicts = contradictions(expected.till, ending.till) if not story.families else []
    return Played(story, ending.verdict, contradicts, broke, lines)


async def _on_the_radio(story: Story, rig: Rig) -> tuple[Ending | None, str, list[str]]:
    from tools.emulator.emulator import EmulatorError
    from tools.simulation.radio.till import TillBroke
    from tools.simulation.radio.world import World

    world = World(story, rig)
    try:
        try:
            async with asyncio.timeout(STORY_S):
                return await world.run(), "", world.lines
        finally:
            await world.close()
    except (EmulatorError, TillBroke, TimeoutError) as error:
        return None, f"{type(error).__name__}: {error}", world.lines


def at_one_counter(story: Story) -> Story:
    """The air holds one reader."""
    here = tuple(replace(operation, counter=0) for operation in story.operations)
    return replace(story, operations=here, after=story.after[:1], counters=1)


def in_one_process(story: Story) -> Ending:
    """The story in tier (a)."""
    loop = VirtualLoop()
    loop.set_task_factory(make_task)
    loop.set_exception_handler(lambda *_: None)  # tasks of a life that is over
    try:
        return loop.run_until_complete(_in_one_process(story))
    finally:
        loop.close()


async def _in_one_process(story: Story) -> Ending:
    from tools.simulation.books import till_lines
    from tools.simulation.radio.world import Ending
    from tools.simulation.world import World

    world = World(story)
    try:
        verdict = await world.run()
        return Ending(verdict, await world.till.ask(till_lines))
    finally:
        world.close()
        await asyncio.sleep(1)  # what was ended ends


def contradictions(in_one: Sequence[TillLine], on_radio: Sequence[TillLine]) -> list[str]:
    """Of a story without faults: each payment ends in both as in the other."""
    theirs, ours = _by_amount(in_one), _by_amount(on_radio)
    return [
        f"{amount_minor}: {theirs.get(amount_minor)} in one process, {ours.get(amount_minor)} on the radio"
        for amount_minor in sorted(theirs.keys() | ours.keys())
        if theirs.get(amount_minor) != ours.get(amount_minor)
    ]


def _by_amount(lines: Sequence[TillLine]) -> dict[int, list[tuple[str, int, str]]]:
    found: dict[int, list[tuple[str, int, str]]] = {}
    for line in lines:
        found.setdefault(line.amount_minor, []).append((line.kind, line.paid_minor, str(line.state)))
    return {amount_minor: sorted(ends) for amount_minor, ends in found.items()}
