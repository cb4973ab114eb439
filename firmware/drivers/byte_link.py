"""A byte stream to the host: Bluetooth LE or USB serial. Framing and meaning are not its business."""

from __future__ import annotations

from typing import Protocol


class ByteLink(Protocol):
    name: str  # "ble" or "serial"

    async def connected(self) -> None:
        """Wait until a host is on the line."""
        ...

    async def receive(self) -> bytes:
        """Wait for the next bytes, 512 at most; b"" says that the host is gone."""
        ...

    async def send(self, data: bytes) -> None:
        """Send all, in pieces that the link can carry, at its pace. Raises firmware.errors.LinkLost."""
        ...

    def close(self) -> None:
        """End the connection; the next host may then connect."""
        ...
