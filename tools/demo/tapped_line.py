"""A line to the reader that remembers all that went over it: for measurements, and for the search for secrets."""

from __future__ import annotations

from host.terminal.byte_link import ByteLink
from protocol.framing import FrameReader
from protocol.messages import decode


class TappedLine:
    """A ByteLink around another one; `sent` and `received` are the host's view."""

    def __init__(self, line: ByteLink) -> None:
        self._line = line
        self.name = line.name
        self.sent = bytearray()
        self.received = bytearray()

    async def open(self) -> None:
        await self._line.open()

    async def receive(self) -> bytes:
        data = await self._line.receive()
        self.received += data
        return data

    async def send(self, data: bytes) -> None:
        self.sent += data
        await self._line.send(data)

    async def close(self) -> None:
        await self._line.close()


def messages(captured: bytes) -> list[tuple[dict, int]]:
    """The messages of one direction of one session from its start, each with its length on the line in bytes."""
    reader, found = FrameReader(), []
    for start in range(0, len(captured), 512):
        reader.feed(captured[start : start + 512])
        while (frame := reader.next_frame()) is not None:
            if frame[1]:
                found.append((decode(frame[1]), len(frame[1])))
    return found
