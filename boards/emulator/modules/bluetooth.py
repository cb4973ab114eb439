"""Stand-in for MicroPython's `bluetooth`: the same API, carried over a socket to a radio that runs a real host stack.

As NimBLE does, it runs the IRQ handler before a write is acknowledged, and refuses notifications with ENOMEM when the
radio's buffers are full. What this reader uses of it, and no more: peripheral role, notifications, one MTU.
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

_IRQ_CENTRAL_CONNECT = 1
_IRQ_CENTRAL_DISCONNECT = 2
_IRQ_GATTS_WRITE = 3
_IRQ_GATTS_READ_REQUEST = 4

_NOTIFICATIONS_IN_FLIGHT = 16
_ANSWER_MS = 10_000
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


class BLE:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = object.__new__(cls)
            cls._instance._start()
        return cls._instance

    def _start(self) -> None:
        self._socket: FrameSocket | None = None
        self._handler = None
        self._values = {}  # attribute handle -> bytes
        self._buffers = {}  # attribute handle -> (limit, append)
        self._connections = {}  # connection handle -> (address type, address)
        self._waiting = []  # frames that came during a call
        self._credits = _NOTIFICATIONS_IN_FLIGHT

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

    def config(self, *, mtu: int) -> None:
        self._call("mtu", mtu)

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

    def gatts_write(self, attribute: int, value) -> None:
        self._values[attribute] = bytes(value)

    def gatts_notify(self, connection: int, attribute: int, value=None) -> None:
        if connection not in self._connections:
            raise OSError(errno.ENOTCONN, "not connected")
        if self._credits == 0:
            raise OSError(errno.ENOMEM, "no buffers")
        self._credits -= 1
        value = self._values.get(attribute, b"") if value is None else bytes(value)
        self._radio().send(wire.NOTIFY, struct.pack(">HH", connection, attribute) + value)

    def _radio(self) -> FrameSocket:
        if self._socket is None:
            raise OSError(errno.ENODEV, "not active")
        return self._socket

    def _call(self, *what):
        """Ask the radio and wait for its answer; what else comes meanwhile is delivered after."""
        radio = self._radio()
        radio.send(wire.CALL, json.dumps(what).encode())
        answer = None
        while answer is None:
            answer = self._answer_of(radio)
        self._waiting += radio.arrived()
        if self._waiting:
            micropython.schedule(self._deliver_waiting, None)
        if "error" in answer:
            raise OSError(errno.EIO, answer["error"])
        return answer["result"]

    def _answer_of(self, radio: FrameSocket) -> dict | None:
        """The radio's next frame if it is the answer; others are kept."""
        try:
            frame = radio.receive_blocking(_ANSWER_MS)
        except EOFError:
            raise OSError(errno.ENODEV, "no radio")  # noqa: B904 - MicroPython keeps no cause
        if frame is None:
            raise OSError(errno.ETIMEDOUT, "no answer")
        if frame[0] == wire.RESULT:
            return json.loads(frame[1])
        self._waiting.append(frame)
        return None

    async def _pump(self) -> None:
        try:
            while True:
                kind, payload = await self._radio().receive()
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
        self._radio().send(wire.WRITE_DONE)

    def _on_read(self, connection: int, attribute: int) -> None:
        refusal = self._raise_irq(_IRQ_GATTS_READ_REQUEST, (connection, attribute)) or 0
        self._radio().send(wire.READ_DONE, bytes((refusal,)) + self._values.get(attribute, b""))

    def _raise_irq(self, number: int, data: tuple):
        return self._handler(number, data) if self._handler else None


def _hex(data) -> str:
    return binascii.hexlify(bytes(data)).decode() if data else ""
