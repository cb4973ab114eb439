"""The emulated board's line to its debug door, radio and slot: a heap that is full for a moment loses nothing."""

from __future__ import annotations

import asyncio

from boards.emulator.frame_socket import FrameSocket


class FullAtFirst(bytes):
    """What came; putting it to the rest fails once."""

    failed = False

    def __radd__(self, before: bytes) -> bytes:
        if not FullAtFirst.failed:
            FullAtFirst.failed = True
            raise MemoryError
        return bytes(before) + bytes(self)


class Stream:
    def __init__(self, *read: bytes | None) -> None:
        self._read = list(read)

    async def read(self, _most: int) -> bytes:
        data = self._read.pop(0)
        if data is None:
            raise MemoryError
        return data


def test_a_full_heap_neither_ends_the_task_nor_loses_a_frame() -> None:
    line = FrameSocket.__new__(FrameSocket)
    line._received = line._late = b""
    line._stream = Stream(None, b"\x00", FullAtFirst(b"\x03\x07ab"))
    assert asyncio.run(asyncio.wait_for(line.receive(), 10)) == (7, b"ab")
    assert FullAtFirst.failed
