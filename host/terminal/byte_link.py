"""The host's end of the line to a reader: bytes both ways, Bluetooth LE or USB serial."""

from __future__ import annotations

from typing import Protocol


class ByteLink(Protocol):
    name: str  # "ble" or "serial"

    async def open(self) -> None:
        """Find the reader and connect. Raises ReaderNotFound or LinkLost (host/terminal/errors.py) in 10 s at most."""
        ...

    async def receive(self) -> bytes:
        """Wait for the next bytes; b"" says that the reader is gone."""
        ...

    async def send(self, data: bytes) -> None:
        """Send all, in pieces that the link can carry. Raises LinkLost."""
        ...

    async def close(self) -> None:
        """End the connection; may be called twice."""
        ...
