"""Byte stream to the host over Bluetooth LE: one service, one characteristic each way (Core Specification, Vol 3 G)."""

from __future__ import annotations

import asyncio
import errno

import bluetooth

from firmware.errors import LinkLost

SERVICE = "7a1c0001-5f0e-4c2b-9d53-2b1f7c6e9a40"
TO_READER = "7a1c0002-5f0e-4c2b-9d53-2b1f7c6e9a40"  # the host writes, with response
TO_HOST = "7a1c0003-5f0e-4c2b-9d53-2b1f7c6e9a40"  # the reader notifies

_IRQ_CENTRAL_CONNECT = 1
_IRQ_CENTRAL_DISCONNECT = 2
_IRQ_GATTS_WRITE = 3
_IRQ_MTU_EXCHANGED = 21

_ADVERTISE_EACH_US = 100_000
_VALUE_LIMIT = 512  # bytes of an attribute
_ATT_HEADER = 3
_SMALLEST_MTU = 23
_RECEIVE_LIMIT = 4096  # bytes unread: a host that sends more breaks its credits, and is put off the line
_RETRY_S = 0.005  # the stack tells nobody when it has buffers again
_RETRIES = 1000


class BleLink:
    """`serial`: its last eight characters are the name on the air, which says nothing of the merchant."""

    name = "ble"

    def __init__(self, serial: str) -> None:
        self._serial = serial
        self._connection = None
        self._payload = _SMALLEST_MTU - _ATT_HEADER
        self._chunks = []  # received, not yet read
        self._unread = 0
        self._happened = asyncio.ThreadSafeFlag()
        self._ble = bluetooth.BLE()
        self._ble.active(True)
        self._ble.irq(self._on_irq)
        self._ble.config(mtu=_VALUE_LIMIT + _ATT_HEADER)
        write = (bluetooth.UUID(TO_READER), bluetooth.FLAG_WRITE)
        notify = (bluetooth.UUID(TO_HOST), bluetooth.FLAG_NOTIFY)
        handles = self._ble.gatts_register_services(((bluetooth.UUID(SERVICE), (write, notify)),))
        self._to_reader, self._to_host = handles[0]
        self._ble.gatts_set_buffer(self._to_reader, _VALUE_LIMIT)

    async def connected(self) -> None:
        if self._connection is None:
            self._forget()
        while self._connection is None:
            try:
                self._ble.gap_advertise(_ADVERTISE_EACH_US, _advertisement(self._serial))
            except OSError:  # the radio is off
                await asyncio.sleep(1)
                continue
            await self._happened.wait()

    async def receive(self) -> bytes:
        while not self._chunks:
            if self._connection is None:
                return b""
            await self._happened.wait()
        chunk = self._chunks.pop(0)
        self._unread -= len(chunk)
        return chunk

    async def send(self, data: bytes) -> None:
        rest = memoryview(data)
        while len(rest):
            await self._notify(rest[: self._payload])
            rest = rest[self._payload :]

    def close(self) -> None:
        connection, self._connection = self._connection, None
        self._forget()
        if connection is not None:
            try:
                self._ble.gap_disconnect(connection)
            except OSError:
                pass  # it was gone already
        self._happened.set()

    async def _notify(self, piece: memoryview) -> None:
        for _ in range(_RETRIES):
            if self._connection is None:
                raise LinkLost
            try:
                self._ble.gatts_notify(self._connection, self._to_host, piece)  # type: ignore[call-arg] - wrong stub
                return
            except OSError as error:
                if error.errno != errno.ENOMEM:
                    raise LinkLost  # noqa: B904 - MicroPython keeps no cause
            await asyncio.sleep(_RETRY_S)
        raise LinkLost

    def _forget(self) -> None:
        self._chunks = []
        self._unread = 0

    def _on_irq(self, event: int, data: tuple) -> None:
        """Called by the stack, between any two bytecodes: copy, set the flag, leave."""
        if event == _IRQ_CENTRAL_CONNECT:
            self._connection = data[0]
            self._payload = _SMALLEST_MTU - _ATT_HEADER
        elif data[0] != self._connection:
            return
        elif event == _IRQ_CENTRAL_DISCONNECT:
            self._connection = None
        elif event == _IRQ_MTU_EXCHANGED:
            self._payload = min(data[1] - _ATT_HEADER, _VALUE_LIMIT)
        elif event == _IRQ_GATTS_WRITE:
            self._take(self._ble.gatts_read(self._to_reader))
        self._happened.set()

    def _take(self, chunk: bytes) -> None:
        if self._unread + len(chunk) > _RECEIVE_LIMIT:
            self.close()
            return
        self._chunks.append(chunk)
        self._unread += len(chunk)


def _advertisement(serial: str) -> bytes:
    """Flags, the service and the name (Core Specification Supplement, A): 31 bytes at most."""
    name = serial[-8:].encode()
    service = bytes(bluetooth.UUID(SERVICE))  # type: ignore[arg-type] - the stub lacks the buffer protocol
    return b"\x02\x01\x06\x11\x07" + service + bytes((1 + len(name), 0x09)) + name
