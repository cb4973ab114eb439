"""Jobs without an engine: each step once, also over a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from host.jobs.errors import StepsChanged, UnknownWorkflow
from host.jobs.inline import InlineJobs, Kept
from host.jobs.port import Steps, Workflow


class Crash(BaseException):
    pass


def counted(done: list[str], name: str, then: Callable[[], Any] = lambda: None) -> Callable[[], Any]:
    async def step() -> Any:
        done.append(name)
        return then()

    return step


def crash() -> None:
    raise Crash


def three_steps(done: list[str], second: Callable[[], Any] = lambda: 2) -> Workflow:
    async def workflow(key: str, steps: Steps) -> None:
        for name, then in (("one", lambda: 1), ("two", second), ("three", lambda: 3)):
            done.append(f"{key} {await steps.run(name, counted(done, name, then))}")

    return workflow


def jobs(workflow: Workflow, kept: Kept | None = None) -> InlineJobs:
    made = InlineJobs(kept)
    made.register("evening", workflow)
    return made


def test_the_same_name_and_key_are_the_same_run() -> None:
    done: list[str] = []
    engine = jobs(three_steps(done))

    async def twice() -> None:
        await engine.start("evening", "7")
        await engine.start("evening", "7")

    asyncio.run(twice())
    assert done == ["one", "7 1", "two", "7 2", "three", "7 3"]


def test_after_a_crash_finished_steps_are_remembered_and_the_one_in_flight_runs_again() -> None:
    done: list[str] = []
    kept = Kept()
    with pytest.raises(Crash):
        asyncio.run(jobs(three_steps(done, crash), kept).start("evening", "7"))
    assert done == ["one", "7 1", "two"]
    asyncio.run(jobs(three_steps(done), kept).resume())
    assert done[3:] == ["7 1", "two", "7 2", "three", "7 3"]
    assert not kept.pending and not kept.steps


def test_what_was_started_in_this_life_is_not_resumed_beside_itself() -> None:
    done: list[str] = []

    async def together() -> None:
        starting = asyncio.create_task(engine.start("evening", "7"))
        await begun.wait()
        await engine.resume()
        goes_on.set()
        await starting

    async def slow(key: str, steps: Steps) -> None:
        begun.set()
        await goes_on.wait()
        await steps.run("one", counted(done, "one"))

    begun, goes_on = asyncio.Event(), asyncio.Event()
    engine = jobs(slow)
    asyncio.run(together())
    assert done == ["one"]


def test_a_workflow_that_raises_is_over() -> None:
    async def fails(key: str, steps: Steps) -> None:
        raise OSError

    kept = Kept()
    with pytest.raises(OSError):  # noqa: PT011
        asyncio.run(jobs(fails, kept).start("evening", "7"))
    assert kept.ended == {("evening", "7")}


def test_a_step_keeps_no_object_and_a_workflow_keeps_its_way() -> None:
    kept = Kept()
    with pytest.raises(StepsChanged, match="dict"):
        asyncio.run(jobs(three_steps([], dict)).start("evening", "7"))
    with pytest.raises(Crash):
        asyncio.run(jobs(three_steps([], crash), kept).start("evening", "7"))
    kept.steps["evening", "7"][0] = ("another", 1)
    with pytest.raises(StepsChanged, match="one where another was"):
        asyncio.run(jobs(three_steps([]), kept).resume())


def test_what_was_never_registered_cannot_be_started() -> None:
    with pytest.raises(UnknownWorkflow):
        asyncio.run(InlineJobs().start("evening", "7"))
