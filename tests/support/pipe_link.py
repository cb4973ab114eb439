"""A line without a radio: two ByteLinks facing each other in memory, for either runtime, with faults on request."""

from __future__ import annotations

import asyncio


class PipeEnd:
    """One end; a ByteLink of the firmware and of the host alike."""

    name = "pipe"

    def __init__(self, pipe: PipeLink, lost: type) -> None:
        self._pipe = pipe
        self._lost = lost  # what send raises when the line is cut
        self._pieces: list[bytes] = []
        self._arrived = asyncio.Event()

    async def open(self) -> None:
        """The host's: connect."""
        if not self._pipe.reader_in_reach:
            raise self._pipe.not_found()
        self._pieces = []
        self._pipe.up.set()

    async def connected(self) -> None:
        """The reader's: wait for a host."""
        await self._pipe.up.wait()

    async def receive(self) -> bytes:
        while not self._pieces:
            self._arrived.clear()
            await self._arrived.wait()
        return self._pieces.pop(0)

    async def send(self, data: bytes) -> None:
        if not self._pipe.up.is_set():
            raise self._lost()
        self._pipe.carry(self, data)

    def deliver(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._arrived.set()


class ReaderEnd(PipeEnd):
    def close(self) -> None:
        self._pipe.cut()


class HostEnd(PipeEnd):
    async def close(self) -> None:
        self._pipe.cut()


class PipeLink:
    """reader and host: the two ends. carried: bytes that went each way.

    fault(data, to_reader) may change what passes, or cut; reader_in_reach False makes open fail with not_found.
    """

    def __init__(
        self, lost_to_reader: type, lost_to_host: type, not_found: type | None = None, piece: int = 512
    ) -> None:
        self.up = asyncio.Event()
        self.reader = ReaderEnd(self, lost_to_reader)
        self.host = HostEnd(self, lost_to_host)
        self.not_found = not_found or lost_to_host
        self.reader_in_reach = True
        self.fault = lambda data, to_reader: data
        self.carried = bytearray()
        self._piece = piece

    def carry(self, sender: PipeEnd, data: bytes) -> None:
        to_reader = sender is self.host
        receiver = self.reader if to_reader else self.host
        data = self.fault(data, to_reader)
        self.carried.extend(data)
        for start in range(0, len(data), self._piece):
            if self.up.is_set():
                receiver.deliver(data[start : start + self._piece])

    def cut(self) -> None:
        """Both ends hear b"" after what has arrived."""
        if self.up.is_set():
            self.up.clear()
            self.reader.deliver(b"")
            self.host.deliver(b"")
