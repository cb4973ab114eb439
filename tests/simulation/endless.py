"""A story that does not end, in a process of its own; prints what is said of it."""

from __future__ import annotations

import asyncio

from tools.simulation import runner
from tools.simulation.story import Story


async def for_ever(_: object) -> None:
    while True:
        await asyncio.sleep(1)


if __name__ == "__main__":
    runner._CPU_S = 1  # pyright: ignore[reportPrivateUsage]
    runner.prepare()
    from tools.simulation.world import World

    World.run = for_ever  # pyright: ignore[reportAttributeAccessIssue]
    print(runner.run(Story(1, (), (), (), ())).failures)
