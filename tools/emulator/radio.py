"""A process: the air, the reader's radio and the controller that the host sees as its Bluetooth adapter.

    python -m tools.emulator.radio [--firmware-socket FD] [--hci-socket FD]

The reader's radio is bumble's real host stack (ATT, L2CAP, SMP), which the firmware drives through
boards/emulator/modules/bluetooth.py. Prints one line when ready, {"firmware": port, "hci": port}. Takes faults of the
air as lines on stdin ("delay 20", "drop 1", "cut 500", "mtu 23", "clear"), gives each back when it holds, and ends when
stdin does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import socket
import struct
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from bumble import att
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address
from bumble.transport.common import AsyncPipeSink, StreamPacketSource

from boards.emulator import wire
from tools.emulator.air import Air, AirController
from tools.emulator.frames import close, read_frame, write_frame

READER_ADDRESS = "F0:F1:F2:F3:F4:F5"  # static random addresses
HOST_ADDRESS = "C0:C1:C2:C3:C4:C5"

IRQ_CENTRAL_CONNECT = 1
IRQ_CENTRAL_DISCONNECT = 2
IRQ_MTU_EXCHANGED = 21

SHORTEST_ADVERTISING_MS = 20.0  # Core Specification, Vol 6 B 4.4.2.2

log = logging.getLogger(__name__)


class ReaderRadio:
    """The radio of one firmware's life: made when it connects, reset when it is gone."""

    def __init__(self, controller: AirController, writer: asyncio.StreamWriter, largest_mtu: int) -> None:
        self._controller = controller
        self._writer = writer
        self._largest_mtu = largest_mtu
        self._attributes: dict[int, Characteristic] = {}
        self._connections: dict[int, Connection] = {}
        self._writes: list[asyncio.Future[bytes]] = []  # whose handler has not run, oldest first
        self._reads: list[asyncio.Future[bytes]] = []
        self._device = Device.from_config_with_hci(
            DeviceConfiguration(name="Reader", address=Address(READER_ADDRESS)), controller, AsyncPipeSink(controller)
        )
        self._device.on("connection", self._on_connection)

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Until the firmware is gone."""
        await self._device.power_on()
        try:
            while True:
                await self._take(*await read_frame(reader))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            for waiting in (*self._writes, *self._reads):
                waiting.cancel()
            self._controller.reset()

    def credit(self) -> None:
        self._send(wire.CREDIT)

    def _send(self, kind: int, payload: bytes = b"") -> None:
        write_frame(self._writer, kind, payload)

    def _event(self, *event: int | str) -> None:
        self._send(wire.EVENT, json.dumps(event).encode())

    async def _take(self, kind: int, payload: bytes) -> None:
        if kind == wire.CALL:
            self._send(wire.RESULT, json.dumps(await self._answer(json.loads(payload))).encode())
        elif kind == wire.WRITE_DONE:
            _settle(self._writes.pop(0), payload)
        elif kind == wire.READ_DONE:
            _settle(self._reads.pop(0), payload)
        else:
            handle, attribute = struct.unpack(">HH", payload[:4])
            await self._notify(handle, attribute, payload[4:])

    async def _answer(self, call: list) -> dict:
        name, *arguments = call
        try:
            return {"result": await getattr(self, f"_call_{name}")(*arguments)}
        except Exception as error:  # the firmware gets it as an OSError, as from a real stack
            log.exception("%s", name)
            return {"error": repr(error)}

    async def _notify(self, handle: int, attribute: int, value: bytes) -> None:
        connection = self._connections.get(handle)
        if connection is None:
            return
        await self._device.notify_subscriber(connection, self._attributes[attribute], value, force=True)

    # what the firmware calls

    async def _call_mtu(self, mtu: int) -> None:
        self._device.gatt_server.max_mtu = min(mtu, self._largest_mtu)

    async def _call_gap_advertise(self, interval_us: int | None, data: str, response: str, connectable: bool) -> None:
        if self._device.is_advertising:
            await self._device.stop_advertising()
        if interval_us is None:
            return
        if not connectable:
            raise ValueError("only connectable advertising")
        interval_ms = max(SHORTEST_ADVERTISING_MS, interval_us / 1000)
        await self._device.start_advertising(
            advertising_data=bytes.fromhex(data),
            scan_response_data=bytes.fromhex(response),
            advertising_interval_min=interval_ms,
            advertising_interval_max=interval_ms,
            auto_restart=False,
        )

    async def _call_gap_disconnect(self, handle: int) -> bool:
        connection = self._connections.get(handle)
        if connection is not None:
            await connection.disconnect()
        return connection is not None

    async def _call_gatts_register_services(self, services: list) -> list[list[int]]:
        handles = []
        for uuid, asked in services:
            characteristics = [self._characteristic(_uuid(of), flags) for of, flags in asked]
            self._device.add_service(Service(_uuid(uuid), characteristics))
            self._attributes.update((made.handle, made) for made in characteristics)
            handles.append([made.handle for made in characteristics])
        return handles

    def _characteristic(self, uuid: str, flags: int) -> Characteristic:
        async def read(connection: Connection) -> bytes:
            answer = await self._ask_firmware(self._reads, wire.READ, connection, made)
            if answer[0]:
                raise att.ATT_Error(att.ErrorCode(answer[0]), made.handle)
            return answer[1:]

        async def write(connection: Connection, value: bytes) -> None:
            await self._ask_firmware(self._writes, wire.WRITE, connection, made, bytes(value))

        permissions = att.Attribute.Permissions(0)
        if flags & Characteristic.Properties.READ:
            permissions |= att.Attribute.READABLE
        if flags & (Characteristic.Properties.WRITE | Characteristic.Properties.WRITE_WITHOUT_RESPONSE):
            permissions |= att.Attribute.WRITEABLE
        value = CharacteristicValue(read=read, write=write)
        made = Characteristic(uuid, Characteristic.Properties(flags & 0xFF), permissions, value)
        return made

    async def _ask_firmware(
        self, waiting: list, kind: int, connection: Connection, attribute: Characteristic, value: bytes = b""
    ):
        """Let the firmware's handler run first: only then does the peer get its answer, as with NimBLE."""
        answer = asyncio.get_running_loop().create_future()
        waiting.append(answer)
        self._send(kind, struct.pack(">HH", connection.handle, attribute.handle) + value)
        return await answer

    # what the air brings

    def _on_connection(self, connection: Connection) -> None:
        self._connections[connection.handle] = connection
        connection.on("disconnection", lambda _: self._on_disconnection(connection.handle))
        connection.on("connection_att_mtu_update", lambda: self._on_mtu(connection))
        address = connection.peer_address
        self._event(IRQ_CENTRAL_CONNECT, connection.handle, int(address.address_type), bytes(address)[::-1].hex())

    def _on_disconnection(self, handle: int) -> None:
        if self._connections.pop(handle, None) is not None:
            self._event(IRQ_CENTRAL_DISCONNECT, handle)

    def _on_mtu(self, connection: Connection) -> None:
        self._event(IRQ_MTU_EXCHANGED, connection.handle, connection.att_mtu)


def _settle(waiting: asyncio.Future[bytes], answer: bytes) -> None:
    if not waiting.done():  # the link may have been lost meanwhile
        waiting.set_result(answer)


def _uuid(little_endian: str) -> str:
    big_endian = bytes.fromhex(little_endian)[::-1].hex()
    if len(big_endian) == 4:
        return big_endian
    return "-".join((big_endian[:8], big_endian[8:12], big_endian[12:16], big_endian[16:20], big_endian[20:]))


class HostPort(StreamPacketSource):
    """The host's adapter as HCI packets over TCP (H4). A host that hangs up leaves a reset controller."""

    def __init__(self, controller: AirController) -> None:
        super().__init__()
        self._controller = controller
        self.set_packet_sink(controller)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._controller.host is not None:
            log.warning("second host refused")
            transport.abort()
            return
        self._controller.host = self

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        if self._controller.host is self:
            self._controller.host = None
            self._controller.reset()

    def on_packet(self, packet: bytes) -> None:
        self._transport.write(packet)


class Radio:
    """All three, and the levers."""

    def __init__(self) -> None:
        self.air = Air(self._credit)
        self._reader_controller = AirController("reader", self.air, "00:00:00:00:00:01")
        self._host_controller = AirController("host", self.air, "00:00:00:00:00:02")
        self._reader: ReaderRadio | None = None
        self._largest_mtu = 517

    async def start(self, firmware: socket.socket, hci: socket.socket) -> None:
        await asyncio.start_server(self._serve_firmware, sock=firmware)
        await asyncio.get_running_loop().create_server(lambda: HostPort(self._host_controller), sock=hci)

    def disturb(self, line: str) -> None:
        fault, _, amount = line.partition(" ")
        if fault == "mtu":
            self._largest_mtu = int(amount)
        else:
            self.air.disturb(fault, int(amount or 0))

    async def _serve_firmware(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._reader is not None:
            await close(writer)
            return
        self._reader = ReaderRadio(self._reader_controller, writer, self._largest_mtu)
        try:
            await self._reader.serve(reader)
        finally:
            self._reader = None
            await close(writer)

    def _credit(self) -> None:
        if self._reader is not None:
            self._reader.credit()


def _listening(descriptor: int | None) -> socket.socket:
    return socket.create_server(("127.0.0.1", 0)) if descriptor is None else socket.socket(fileno=descriptor)


async def run(firmware: socket.socket, hci: socket.socket) -> None:
    radio = Radio()
    await radio.start(firmware, hci)
    print(json.dumps({"firmware": firmware.getsockname()[1], "hci": hci.getsockname()[1]}), flush=True)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        radio.disturb(line.decode().strip())
        print(line.decode(), end="", flush=True)


def main(run_it: Callable[[Coroutine[Any, Any, None]], None] = asyncio.run) -> None:
    parser = argparse.ArgumentParser(description="The emulated air and radios.")
    parser.add_argument("--firmware-socket", type=int, help="descriptor of a listening socket")
    parser.add_argument("--hci-socket", type=int, help="descriptor of a listening socket")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    run_it(run(_listening(options.firmware_socket), _listening(options.hci_socket)))


if __name__ == "__main__":
    main()
