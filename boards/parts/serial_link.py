"""Byte stream to the host over a serial line: a UART or USB serial, anything that asyncio can read and write."""

from __future__ import annotations

import asyncio

from firmware.errors import LinkLost

_READ_AT_MOST = 512
_WRITE_AT_MOST = 256
_LOOK_AGAIN_S = 0.1


class SerialLink:
    """`stream` is MicroPython's `asyncio.StreamReader` over the line, which also writes.

    A plain UART cannot tell that the host is gone.
    """

    name = "serial"

    def __init__(self, stream) -> None:
        self._stream = stream
        self._first = b""  # what `connected` read

    async def connected(self) -> None:
        """The first bytes say that a host is on the line."""
        while not self._first:
            self._first = await self._read()
            if not self._first:
                await asyncio.sleep(_LOOK_AGAIN_S)

    async def receive(self) -> bytes:
        first, self._first = self._first, b""
        return first or await self._read()

    async def send(self, data: bytes) -> None:
        try:
            for start in range(0, len(data), _WRITE_AT_MOST):
                self._stream.write(data[start : start + _WRITE_AT_MOST])
                await self._stream.drain()
        except OSError:
            raise LinkLost  # noqa: B904 - MicroPython keeps no cause

    def close(self) -> None:
        """Nothing to hang up: what follows is the next host's."""
        self._first = b""

    async def _read(self) -> bytes:
        try:
            return await self._stream.read(_READ_AT_MOST)
        except OSError:  # the other end of the line is closed
            return b""
