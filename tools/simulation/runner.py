"""Runs one story after the other, in this process and in others."""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import signal
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

from tools.simulation import machine
from tools.simulation.faults import Faults
from tools.simulation.life import make_task
from tools.simulation.story import Story, draw
from tools.simulation.virtual_time import VirtualLoop

if TYPE_CHECKING:
    from tools.simulation.coverage import Cell

_SEEDS_AT_A_TIME = 20
_CPU_S = 60  # that a story may take, and for each of its operations one more: a hundred times what it needs

Author = Callable[[int, tuple[str, ...]], Story]  # of a seed and the families that are allowed
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Run:
    """What became of one story. `lines` tell it, of one that failed or that was to be told. `order`, `heaps`: of the
    World."""

    seed: int
    sales: int
    lost: list[tuple[int, str]]
    double: list[tuple[int, str]]
    orphan: list[tuple[int, str]]
    hash: str
    lines: list[str]
    cells: Counter[Cell]
    order: str = ""
    heaps: list[int] = field(default_factory=list)

    @property
    def failures(self) -> list[tuple[int, str]]:
        return self.lost + self.double + self.orphan


def prepare() -> None:
    """Once a process, before its first story."""
    machine.prepare()
    importlib.import_module("tools.simulation.world")
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore", RuntimeWarning)  # coroutines that a crash leaves where they are
    gc.collect()
    gc.freeze()


def run(story: Story, faults: Faults | None = None, tell: bool = False) -> Run:
    """`faults` take the place of those that the story draws."""
    told: list[str] = []
    with _limited(_CPU_S + len(story.operations)):
        try:
            return _played(story, faults, tell, told)
        except Endless:
            return Run(story.seed, 0, [], [], [(0, "does not end")], "", told, Counter())


class Endless(KeyboardInterrupt):
    """Something in a story goes on for ever. No exception that its tasks keep for themselves."""


@contextmanager
def _limited(cpu_s: int) -> Iterator[None]:
    signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, cpu_s, 1)  # and again, where somebody keeps it for himself
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _end(*_: object) -> None:
    raise Endless


def _played(story: Story, faults: Faults | None, tell: bool, told: list[str]) -> Run:
    loop = VirtualLoop()
    loop.set_task_factory(make_task)
    loop.set_exception_handler(lambda *_: None)  # tasks of a life that is over
    gc.disable()
    try:
        return loop.run_until_complete(_run(story, faults, tell, told))
    finally:
        loop.close()
        gc.enable()


async def _run(story: Story, faults: Faults | None, tell: bool, told: list[str]) -> Run:
    from tools.simulation.world import World

    world = World(story, faults, tell, told)
    try:
        verdict = await world.run()
    finally:
        world.close()
        await asyncio.sleep(1)  # what was ended ends
    lines = told if tell or not verdict.clean else []
    found = (verdict.sales, verdict.lost, verdict.double, verdict.orphan)
    return Run(story.seed, *found, world.hash, lines, world.coverage.cells, world.order, world.heaps)


def run_all(
    seeds: range, families: tuple[str, ...], workers: int, tell: bool = False, author: Author = draw
) -> Iterator[Run]:
    """In the order of the seeds."""
    asked = [(author, seed, families, tell) for seed in seeds]
    return in_processes(_one, asked, workers, min(_SEEDS_AT_A_TIME, -(-len(asked) // workers)))


def in_processes(work: Callable[[A], B], asked: list[A], workers: int, at_a_time: int) -> Iterator[B]:
    """What `work` makes of each, in order; in this process where there are no others."""
    if workers < 2 or len(asked) < workers:
        prepare()
        yield from map(work, asked)
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), prepare)
    try:
        yield from pool.map(work, asked, chunksize=at_a_time)
    finally:
        pool.shutdown(cancel_futures=True)


def _one(asked: tuple[Author, int, tuple[str, ...], bool]) -> Run:
    author, seed, families, tell = asked
    return run(author(seed, families), tell=tell)
