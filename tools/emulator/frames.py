"""The frames of boards/emulator/wire.py over asyncio streams."""

from __future__ import annotations

import asyncio
import struct


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Kind and payload. Raises asyncio.IncompleteReadError or ConnectionError when the other end is gone."""
    (length,) = struct.unpack(">H", await reader.readexactly(2))
    frame = await reader.readexactly(length)
    return frame[0], frame[1:]


def write_frame(writer: asyncio.StreamWriter, kind: int, payload: bytes = b"") -> None:
    """Nothing happens when the other end is gone."""
    if not writer.is_closing():
        writer.write(struct.pack(">HB", 1 + len(payload), kind) + payload)
