"""The debug door: what the reader shows, plays and lights goes out, keys come in. Only this board has one."""

from __future__ import annotations

import gc
import struct
import sys
from typing import TYPE_CHECKING

from boards.emulator import wire
from boards.emulator.frame_socket import FrameSocket
from firmware.drivers.display import HEIGHT, WIDTH

if TYPE_CHECKING:
    from boards.parts.key_queue import KeyQueue


class DebugDoor:
    def __init__(self, port: int) -> None:
        self.socket = FrameSocket(port)
        self._watching = False
        self._peak = 0

    async def run(self, keypad: KeyQueue) -> None:
        """Take keys and questions; ends the program when nobody is behind the door any more."""
        try:
            while True:
                kind, payload = await self.socket.receive()
                if kind == wire.KEY:
                    keypad.put(payload.decode())
                elif kind == wire.ASK_HEAP:
                    self._answer_heap(payload[0] == 1)
        except (EOFError, OSError):
            sys.exit()

    def _answer_heap(self, watch: bool) -> None:
        gc.collect()
        used = gc.mem_alloc()
        self._peak = max(self._peak, used)
        self.socket.send(wire.HEAP, struct.pack(">III", used, gc.mem_free(), self._peak))
        if watch:
            self._watching, self._peak = True, used

    def measure_heap(self) -> None:
        """Note the live heap, if asked to watch: a collection each time would otherwise hide what a real run does."""
        if self._watching:
            gc.collect()
            self._peak = max(self._peak, gc.mem_alloc())


class DoorDisplay:
    def __init__(self, door: DebugDoor) -> None:
        self._door = door
        self.buffer = bytearray(WIDTH * HEIGHT // 2)

    def show(self, prompt: str) -> None:
        self._door.measure_heap()
        name = prompt.encode()
        self._door.socket.send(wire.PICTURE, bytes((len(name),)) + name, self.buffer)


class DoorBeeper:
    def __init__(self, door: DebugDoor) -> None:
        self._door = door

    def beep(self, tone: str) -> None:
        self._door.socket.send(wire.BEEP, tone.encode())

    def lights(self, lit: int) -> None:
        self._door.socket.send(wire.LIGHTS, bytes((lit,)))
