"""ByteLink over Bluetooth LE, by bleak: one service, one characteristic each way (boards/parts/ble_link.py)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError

from host.terminal.errors import LinkLost, ReaderNotFound

if TYPE_CHECKING:
    from bleak.backends.characteristic import BleakGATTCharacteristic
    from bleak.backends.client import BaseBleakClient
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

SERVICE = "7a1c0001-5f0e-4c2b-9d53-2b1f7c6e9a40"
TO_READER = "7a1c0002-5f0e-4c2b-9d53-2b1f7c6e9a40"  # write, with response
TO_HOST = "7a1c0003-5f0e-4c2b-9d53-2b1f7c6e9a40"  # notify

FIND_S = 5.0
CONNECT_S = 5.0
WRITE_S = 5.0  # for one piece
NAME_LENGTH = 8  # the last characters of the serial number are the reader's name on the air
ATT_HEADER = 3


class BleLink:
    """`serial`: take this reader only. The backends are bleak's for the system unless given."""

    name = "ble"

    def __init__(
        self,
        *,
        serial: str | None = None,
        scanner_backend: type[BaseBleakScanner] | None = None,
        client_backend: type[BaseBleakClient] | None = None,
    ) -> None:
        self._serial = serial
        self._scanner_backend = scanner_backend
        self._client_backend = client_backend
        self._client: BleakClient | None = None
        self._received: asyncio.Queue[bytes] = asyncio.Queue()
        self._gone = True

    async def open(self) -> None:
        device = await self._find()
        self._received = asyncio.Queue()
        self._gone = False
        self._client = BleakClient(device, self._on_disconnected, timeout=CONNECT_S, backend=self._client_backend)
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._client.connect()
                await self._client.start_notify(TO_HOST, self._on_notified)
        except (BleakError, OSError) as error:  # OSError: TimeoutError too
            await self.close()
            raise LinkLost(str(error)) from error

    async def receive(self) -> bytes:
        if self._gone and self._received.empty():
            return b""
        return await self._received.get()

    async def send(self, data: bytes) -> None:
        client = self._client
        if client is None or self._gone:
            raise LinkLost
        piece = client.mtu_size - ATT_HEADER
        try:
            for start in range(0, len(data), piece):
                async with asyncio.timeout(WRITE_S):
                    await client.write_gatt_char(TO_READER, data[start : start + piece], response=True)
        except (BleakError, OSError) as error:
            raise LinkLost(str(error)) from error

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            try:
                await client.disconnect()
            except (BleakError, OSError):
                pass  # it was gone already
            self._on_disconnected(client)

    async def _find(self) -> BLEDevice:
        try:
            device = await BleakScanner.find_device_by_filter(
                self._is_ours,
                timeout=FIND_S,
                service_uuids=[SERVICE],
                backend=self._scanner_backend,  # type: ignore[arg-type]
            )
        except (BleakError, OSError) as error:
            raise ReaderNotFound(str(error)) from error
        if device is None:
            raise ReaderNotFound
        return device

    def _is_ours(self, _: BLEDevice, advertisement: AdvertisementData) -> bool:
        if SERVICE not in advertisement.service_uuids:
            return False
        return self._serial is None or advertisement.local_name == self._serial[-NAME_LENGTH:]

    def _on_notified(self, _: BleakGATTCharacteristic, data: bytearray) -> None:
        self._received.put_nowait(bytes(data))

    def _on_disconnected(self, _: BleakClient) -> None:
        if not self._gone:
            self._gone = True
            self._received.put_nowait(b"")
