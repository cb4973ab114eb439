"""Backends that let unmodified bleak use a Bluetooth controller behind a TCP port, through bumble's host stack.

adapter = Adapter(port)
BleakScanner(backend=adapter.scanner); BleakClient(device, backend=adapter.client)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar

from bleak.args import SizedBuffer
from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_str
from bumble.core import UUID, AdvertisingData, BaseBumbleError
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration, Peer
from bumble.hci import Address
from bumble.transport import open_transport

LARGEST_MTU = 517
POWER_ON_S = 10.0
HOST_ADDRESS = "C0:C1:C2:C3:C4:C5"
SERVICE_LISTS = (
    AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
)

T = TypeVar("T")


class Adapter:
    """One Bluetooth adapter of the host. Opened when first used, and again after its controller was lost."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._device: Device | None = None
        self._opening = asyncio.Lock()
        self.scanner = type("BumbleScanner", (BumbleScanner,), {"adapter": self})
        self.client = type("BumbleClient", (BumbleClient,), {"adapter": self})

    async def device(self) -> Device:
        """Raises BleakError when there is no controller."""
        async with self._opening:
            if self._device is None:
                self._device = await self._open()
            return self._device

    async def close(self) -> None:
        """Hang up: the controller is reset, as if the host's process had ended."""
        if self._device is not None:
            await self._transport.close()
            self._device = None

    async def _open(self) -> Device:
        try:
            self._transport = await open_transport(f"tcp-client:127.0.0.1:{self._port}")
            configuration = DeviceConfiguration(name="Host", address=Address(HOST_ADDRESS))
            device = Device.from_config_with_hci(configuration, self._transport.source, self._transport.sink)
            self._transport.source.terminated.add_done_callback(lambda _: self._lost(device))
            async with asyncio.timeout(POWER_ON_S):  # a controller that hangs up answers no command any more
                await device.power_on()
        except (OSError, BaseBumbleError) as error:  # OSError: TimeoutError too
            raise BleakError(f"no Bluetooth adapter: {error!r}") from error
        return device

    def _lost(self, device: Device) -> None:
        if self._device is device:
            self._device = None


class BumbleScanner(BaseBleakScanner):
    adapter: ClassVar[Adapter]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None = None,
        service_uuids: list[str] | None = None,
        scanning_mode: str = "active",
        **_: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"

    async def start(self) -> None:
        self.seen_devices = {}
        self._device = await self.adapter.device()
        self._device.on("advertisement", self._on_advertisement)
        await _guarded(self._device.start_scanning(active=self._active, filter_duplicates=False))

    async def stop(self) -> None:
        self._device.remove_listener("advertisement", self._on_advertisement)
        await _guarded(self._device.stop_scanning())

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        services = [
            _text(uuid) for kind in SERVICE_LISTS for list_ in advertisement.data.get_all(kind) for uuid in list_
        ]
        if not self.is_allowed_uuid(services):
            return
        name = advertisement.data.get(AdvertisingData.Type.COMPLETE_LOCAL_NAME)
        data = AdvertisementData(name, {}, {}, services, None, advertisement.rssi, (advertisement,))
        address = advertisement.address.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(address, address, name, advertisement.address, data)
        self.call_detection_callbacks(device, data)


class BumbleClient(BaseBleakClient):
    """The `obj` of bleak's services and characteristics are bumble's proxies, `details` of its devices the Address."""

    adapter: ClassVar[Adapter]

    def __init__(self, address_or_ble_device: BLEDevice | str, **options: Any) -> None:
        super().__init__(address_or_ble_device, **options)
        known = isinstance(address_or_ble_device, BLEDevice)
        self._peer_address = address_or_ble_device.details if known else Address(self.address)
        self._connection: Connection | None = None
        self._gone: asyncio.Future[None] | None = None
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        return self.address

    @property
    def mtu_size(self) -> int:
        return self._connection.att_mtu if self._connection else 23

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **_: Any) -> None:
        device = await self.adapter.device()
        connection = await _guarded(device.connect(self._peer_address, timeout=self._timeout))
        self._connection, self._gone = connection, asyncio.get_running_loop().create_future()
        connection.on("disconnection", self._on_disconnection)
        if pair:
            await self.pair()
        peer = Peer(connection)
        await self._while_connected(peer.request_mtu(LARGEST_MTU))
        self.services = await self._while_connected(self._discover(peer))

    async def disconnect(self) -> None:
        if self._connection is not None:
            await _guarded(self._connection.disconnect())

    async def pair(self, *_: Any, **__: Any) -> None:
        await self._while_connected(self._link().pair())

    async def unpair(self) -> None:
        raise BleakError("this adapter keeps no bonds")

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        return bytearray(await self._while_connected(characteristic.obj.read_value()))

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_: Any) -> bytearray:
        return bytearray(await self._while_connected(descriptor.obj.read_value()))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        await self._while_connected(characteristic.obj.write_value(bytes(data), with_response=response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        await self._while_connected(descriptor.obj.write_value(bytes(data), with_response=True))

    async def start_notify(self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_: Any) -> None:
        def subscriber(value: bytes) -> None:
            callback(bytearray(value))

        self._subscribers[characteristic.handle] = subscriber
        await self._while_connected(characteristic.obj.subscribe(subscriber))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        await self._while_connected(characteristic.obj.unsubscribe(self._subscribers.pop(characteristic.handle)))

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        found = BleakGATTServiceCollection()
        for service in await peer.discover_services():
            ours = BleakGATTService(service, service.handle, _text(service.uuid))
            found.add_service(ours)
            for characteristic in await service.discover_characteristics():
                added = BleakGATTCharacteristic(
                    characteristic,
                    characteristic.handle,
                    _text(characteristic.uuid),
                    list(gatt_char_props_to_strs(characteristic.properties)),
                    lambda: self.mtu_size - 3,
                    ours,
                )
                found.add_characteristic(added)
                for descriptor in await characteristic.discover_descriptors():
                    found.add_descriptor(
                        BleakGATTDescriptor(descriptor, descriptor.handle, _text(descriptor.type), added)
                    )
        return found

    def _link(self) -> Connection:
        if self._connection is None:
            raise BleakError("not connected")
        return self._connection

    async def _while_connected(self, request: Coroutine[Any, Any, T]) -> T:
        """The request's result; a request that is out when the link or the adapter is lost fails at once."""
        if self._gone is None or self._gone.done():
            request.close()
            raise BleakError("not connected")
        asked = asyncio.ensure_future(_guarded(request))
        asked.add_done_callback(lambda done: done.cancelled() or done.exception())  # one that is too late is for nobody
        await asyncio.wait((asked, self._gone), return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            asked.cancel()
            raise BleakError("disconnected")
        return asked.result()

    def _on_disconnection(self, _: int) -> None:
        self._connection = None
        if self._gone is not None and not self._gone.done():
            self._gone.set_result(None)
            if self._disconnected_callback is not None:
                self._disconnected_callback()


async def _guarded(request: Coroutine[Any, Any, T]) -> T:
    """bumble cancels what waits for a link that is lost; who waits here is not cancelled by that."""
    try:
        return await request
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise BleakError("disconnected") from None
    except (BaseBumbleError, TimeoutError, asyncio.InvalidStateError) as error:
        raise BleakError(str(error) or repr(error)) from error


def _text(uuid: UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str("-").lower())
