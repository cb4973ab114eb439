"""Stand-in for MicroPython's `bluetooth`: the same API, carried over a socket to a radio that runs a real host stack.

As NimBLE does, it runs the IRQ handler before a write is acknowledged, and refuses notifications with ENOMEM when the
radio's buffers are full. Peripheral role only.
"""

from __future__ import annotations

import asyncio
import binascii
import errno
import json
import struct

import micropython

from boards.emulator import wire
from boards.emulator.frame_socket import FrameSocket

FLAG_READ = 0x0002
FLAG_WRITE_NO_RESPONSE = 0x0004
FLAG_WRITE = 0x0008
FLAG_NOTIFY = 0x0010
FLAG_INDICATE = 0x0020

_IRQ_CENTRAL_CONNECT = 1
_IRQ_CENTRAL_DISCONNECT = 2
_IRQ_GATTS_WRITE = 3
_IRQ_GATTS_READ_REQUEST = 4

_NOTIFICATIONS_IN_FLIGHT = 16
_DEFAULT_VALUE_LIMIT = 20  # bytes; gatts_set_buffer changes it

radio_port = 0  # set by the board's main before BLE.active(True)


class UUID:
    """16 or 128 bits; `bytes(uuid)` gives them in the order of the air, lowest first."""

    def __init__(self, value: int | str) -> None:
        if isinstance(value, str):
            self._bytes = bytes(reversed(binascii.unhexlify(value.replace("-", ""))))
        else:
            self._bytes = struct.pack("<H", value)

    def __len__(self) -> int:
        return len(self._bytes)

    def __iter__(self):
        return iter(self._bytes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UUID) and self._bytes == other._bytes

    def __hash__(self) -> int:
        return hash(self._bytes)


class BLE:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = object.__new__(cls)
            cls._instance._start()
        return cls._instance

    def _start(self) -> None:
        self._socket = None
        self._handler = None
        self._values = {}  # attribute handle -> bytes
        self._buffers = {}  # attribute handle -> (limit, append)
        self._connections = {}  # connection handle -> (address type, address)
        self._waiting = []  # frames that came during a call
        self._credits = _NOTIFICATIONS_IN_FLIGHT
        self._mtu = 256

    def active(self, on: bool | None = None) -> bool:
        if on and self._socket is None:
            self._socket = FrameSocket(radio_port)
            self._task = asyncio.create_task(self._pump())
        elif on is False and self._socket is not None:
            self._task.cancel()
            self._socket.close()
            self._start()
        return self._socket is not None

    def irq(self, handler) -> None:
        self._handler = handler

    def config(self, *names, mtu: int = 0, gap_name: str = ""):
        if names:
            return {"mtu": lambda: self._mtu, "mac": self._mac}[names[0]]()
        if mtu:
            self._mtu = mtu
            self._call("mtu", mtu)
        if gap_name:
            self._call("gap_name", gap_name)
        return None

    def _mac(self) -> tuple[int, bytes]:
        return (1, binascii.unhexlify(self._call("mac")))

    def gap_advertise(self, interval_us, adv_data=None, *, resp_data=None, connectable: bool = True) -> None:
        self._call("gap_advertise", interval_us, _hex(adv_data), _hex(resp_data), connectable)

    def gap_disconnect(self, connection: int) -> bool:
        return self._call("gap_disconnect", connection)

    def gatts_register_services(self, services) -> tuple:
        asked = [[_hex(uuid), [[_hex(c[0]), c[1]] for c in characteristics]] for uuid, characteristics in services]
        handles = self._call("gatts_register_services", asked)
        return tuple([tuple(of_service) for of_service in handles])

    def gatts_set_buffer(self, attribute: int, limit: int, append: bool = False) -> None:
        self._buffers[attribute] = (limit, append)

    def gatts_read(self, attribute: int) -> bytes:
        value = self._values.get(attribute, b"")
        if self._buffers.get(attribute, (0, False))[1]:
            self._values[attribute] = b""
        return value

    def gatts_write(self, attribute: int, value, send_update: bool = False) -> None:
        self._values[attribute] = bytes(value)
        if send_update:
            for connection in self._connections:
                self.gatts_notify(connection, attribute)

    def gatts_notify(self, connection: int, attribute: int, value=None) -> None:
        if connection not in self._connections:
            raise OSError(errno.ENOTCONN)
        if self._credits == 0:
            raise OSError(errno.ENOMEM)
        self._credits -= 1
        self._send_value(wire.NOTIFY, connection, attribute, value)

    def gatts_indicate(self, connection: int, attribute: int, value=None) -> None:
        if connection not in self._connections:
            raise OSError(errno.ENOTCONN)
        self._send_value(wire.INDICATE, connection, attribute, value)

    def _send_value(self, kind: int, connection: int, attribute: int, value) -> None:
        value = self._values.get(attribute, b"") if value is None else bytes(value)
        self._socket.send(kind, struct.pack(">HH", connection, attribute) + value)

    def _call(self, *what):
        """Ask the radio and wait for its answer; what else comes meanwhile is delivered after."""
        if self._socket is None:
            raise OSError(errno.ENODEV)
        try:
            self._socket.send(wire.CALL, json.dumps(what).encode())
            kind, payload = self._socket.receive_blocking(-1)
            while kind != wire.RESULT:
                self._waiting.append((kind, payload))
                kind, payload = self._socket.receive_blocking(-1)
        except EOFError:
            raise OSError(errno.ENODEV)  # noqa: B904 - MicroPython keeps no cause
        if self._waiting:
            micropython.schedule(self._deliver_waiting, None)
        answer = json.loads(payload)
        if "error" in answer:
            raise OSError(errno.EIO, answer["error"])
        return answer["result"]

    async def _pump(self) -> None:
        try:
            while True:
                kind, payload = await self._socket.receive()
                self._deliver_waiting(None)
                self._deliver(kind, payload)
        except (EOFError, OSError):
            for connection in list(self._connections):
                self._on_event([_IRQ_CENTRAL_DISCONNECT, connection])

    def _deliver_waiting(self, _) -> None:
        while self._waiting:
            self._deliver(*self._waiting.pop(0))

    def _deliver(self, kind: int, payload: bytes) -> None:
        if kind == wire.CREDIT:
            self._credits += 1
        elif kind == wire.EVENT:
            self._on_event(json.loads(payload))
        else:
            connection, attribute = struct.unpack(">HH", payload[:4])
            if kind == wire.WRITE:
                self._on_write(connection, attribute, payload[4:])
            elif kind == wire.READ:
                self._on_read(connection, attribute)

    def _on_event(self, event: list) -> None:
        number, data = event[0], event[1:]
        if number == _IRQ_CENTRAL_CONNECT:
            data[2] = binascii.unhexlify(data[2])
            self._connections[data[0]] = data[1:]
            self._credits = _NOTIFICATIONS_IN_FLIGHT
        elif number == _IRQ_CENTRAL_DISCONNECT:
            data += self._connections.pop(data[0])
        self._raise_irq(number, tuple(data))

    def _on_write(self, connection: int, attribute: int, value: bytes) -> None:
        limit, append = self._buffers.get(attribute, (_DEFAULT_VALUE_LIMIT, False))
        before = self._values.get(attribute, b"") if append else b""
        self._values[attribute] = (before + value)[:limit]
        self._raise_irq(_IRQ_GATTS_WRITE, (connection, attribute))
        self._socket.send(wire.WRITE_DONE)

    def _on_read(self, connection: int, attribute: int) -> None:
        refusal = self._raise_irq(_IRQ_GATTS_READ_REQUEST, (connection, attribute)) or 0
        self._socket.send(wire.READ_DONE, bytes((refusal,)) + self._values.get(attribute, b""))

    def _raise_irq(self, number: int, data: tuple):
        return self._handler(number, data) if self._handler else None


def _hex(data) -> str:
    return binascii.hexlify(bytes(data)).decode() if data else ""
