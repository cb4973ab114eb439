"""The simulated acquirer as a process of its own, started and ended with a context."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from types import TracebackType

START_S = 60


class AcquirerProcess:
    """`async with AcquirerProcess(folder) as acquirer: acquirer.url`; its database and log stay in the folder.

    options: of tools.simulators.acquirer.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self._folder = folder
        self._options = options
        self._process: asyncio.subprocess.Process | None = None
        self.url = ""

    async def __aenter__(self) -> AcquirerProcess:
        arguments = ["--port", "0", "--database", str(self._folder / "acquirer.db"), "--attached", *self._options]
        with (self._folder / "acquirer.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tools.simulators.acquirer",
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(START_S):
            ready = (await self._process.stdout.readline()).decode().split()
        if not ready:
            raise RuntimeError(f"the acquirer did not start: see {self._folder / 'acquirer.log'}")
        self.url = f"http://127.0.0.1:{ready[-1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()

    async def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
