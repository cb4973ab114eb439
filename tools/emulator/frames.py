"""The frames of boards/emulator/wire.py over asyncio streams."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Kind and payload. Raises asyncio.IncompleteReadError or ConnectionError when the other end is gone."""
    (length,) = struct.unpack(">H", await reader.readexactly(2))
    frame = await reader.readexactly(length)
    return frame[0], frame[1:]


def write_frame(writer: asyncio.StreamWriter, kind: int, payload: bytes = b"") -> None:
    """Nothing happens when the other end is gone."""
    if not writer.is_closing():
        writer.write(struct.pack(">HB", 1 + len(payload), kind) + payload)


class FrameServer:
    """Where the firmware connects to: `take` gets its frames, one after the other; `joined` is called when it comes."""

    def __init__(self, take: Callable[[int, bytes], Awaitable[None]], joined: Callable[[], None]) -> None:
        self._take = take
        self._joined = joined
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._writer: asyncio.StreamWriter | None = None

    @property
    def port(self) -> int:
        assert self._server is not None
        return self._server.sockets[0].getsockname()[1]

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def send(self, kind: int, payload: bytes = b"") -> bool:
        """False when no firmware is there."""
        if self._writer is None:
            return False
        write_frame(self._writer, kind, payload)
        return True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self._writer = writer
        self._joined()
        try:
            while True:
                await self._take(*await read_frame(reader))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if self._writer is writer:
                self._writer = None
            self._serving.discard(task)
            await close(writer)


async def close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        await writer.wait_closed()
    except ConnectionError:
        pass  # the other end was faster
