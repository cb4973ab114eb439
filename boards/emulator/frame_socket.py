"""A loopback connection that carries the frames of boards/emulator/wire.py, for tasks and for callers that block."""

from __future__ import annotations

import asyncio
import gc
import select
import socket
import struct

_IPPROTO_TCP = 6
_TCP_NODELAY = 1
_READ_AT_MOST = 256  # each read takes that much of the heap in one piece
_PAUSE_S = 0.01  # for a full heap: whatever fills it goes on meanwhile, and may end


class FrameSocket:
    def __init__(self, port: int) -> None:
        self._socket = socket.socket()
        self._socket.connect(socket.getaddrinfo("127.0.0.1", port)[0][-1])
        self._socket.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._stream = asyncio.StreamReader(self._socket)
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)
        self._received = b""
        self._late = b""  # came, and is not yet in `_received`

    def send(self, kind: int, payload: bytes = b"", tail: bytes | bytearray = b"") -> None:
        """Send one frame; `tail` is the end of a long payload, sent without a copy. Raises OSError."""
        self._socket.setblocking(True)
        self._socket.sendall(struct.pack(">HB", 1 + len(payload) + len(tail), kind) + payload)
        if tail:
            self._socket.sendall(tail)
        self._socket.setblocking(False)

    async def receive(self) -> tuple[int, bytes]:
        """Wait for the next frame: kind and payload. Raises EOFError when the other end is gone.

        A full heap must not end the task that waits here; nothing that came is lost by it.
        """
        while True:
            try:
                frame = self._next()
                if frame is not None:
                    return frame
                self._feed(await self._stream.read(_READ_AT_MOST))
            except MemoryError:
                gc.collect()
                await asyncio.sleep(_PAUSE_S)

    def receive_blocking(self, timeout_ms: int) -> tuple[int, bytes] | None:
        """The next frame, None when nothing comes in time (-1: no limit). Raises EOFError."""
        frame = self._next()
        while frame is None:
            if not self._poll.poll(timeout_ms):
                return None
            self._feed(self._socket.recv(_READ_AT_MOST))
            frame = self._next()
        return frame

    def arrived(self) -> list[tuple[int, bytes]]:
        """The frames that are here. Whoever blocked takes them all: `receive` wakes for new bytes only."""
        frames = []
        frame = self.receive_blocking(0)
        while frame is not None:
            frames.append(frame)
            frame = self.receive_blocking(0)
        return frames

    def close(self) -> None:
        self._socket.close()

    def _feed(self, data: bytes) -> None:
        if not data:
            raise EOFError
        self._late = data

    def _next(self) -> tuple[int, bytes] | None:
        if self._late:
            self._received += self._late
            self._late = b""
        if len(self._received) < 3:
            return None
        end = 2 + (self._received[0] << 8 | self._received[1])
        if len(self._received) < end:
            return None
        frame = (self._received[2], self._received[3:end])
        self._received = self._received[end:]
        return frame
