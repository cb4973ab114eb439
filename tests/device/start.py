"""Starts a reader that runs a module of this folder instead of the terminal."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools import build_firmware
from tools.emulator.emulator import Emulator

FOLDER = Path(__file__).parent
MODULES = ("echo", "readable")
DEADLINE_S = 30.0


def with_reader(test: Callable[[Emulator], Awaitable[None]], module: str = "echo", **options: Any) -> None:
    """Run an async test against a started reader, in 30 s at most."""
    with image_file() as path:
        asyncio.run(_run(test, image=path, main=f"tests.device.{module}", **options))


async def _run(test: Callable[[Emulator], Awaitable[None]], **options: Any) -> None:
    async with asyncio.timeout(DEADLINE_S):
        async with Emulator(**options) as reader:
            await test(reader)


@contextmanager
def image_file() -> Iterator[Path]:
    """The board's image with the modules of this folder in it."""
    compiled = {f"tests/device/{name}.mpy": build_firmware.compile_source(FOLDER / f"{name}.py") for name in MODULES}
    with tempfile.NamedTemporaryFile(suffix=".lfs") as file:
        file.write(build_firmware.image_of(compiled, image=build_firmware.build().read_bytes()))
        file.flush()
        yield Path(file.name)


async def receive(link: Any, length: int) -> bytes:
    """Exactly so many bytes of a ByteLink, fewer when it ends."""
    data = b""
    while len(data) < length:
        chunk = await link.receive()
        if not chunk:
            break
        data += chunk
    return data
