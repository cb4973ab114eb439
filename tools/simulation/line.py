"""The air between till and reader: frames that arrive late, twice, in another order, damaged, or never."""

from __future__ import annotations

import asyncio
from binascii import crc32
from collections.abc import Callable
from random import Random

from firmware.errors import LinkLost as LostToReader
from host.terminal.errors import LinkLost, ReaderNotFound
from protocol.framing import HEADER, OVERHEAD
from protocol.generated.messages import MESSAGES
from tools.simulation.faults import Faults
from tools.simulation.life import Killed, Life

LATENCY_S = 0.015
CONNECT_S = 0.3
PIECE = 512
_LONGEST_DELAY_S = 20.0
_AWAY_S = (20.0, 150.0)  # and a till looks for its reader for a minute


class Connection:
    """From the till's connecting until the line is cut; what is on its way then is lost."""

    def __init__(self) -> None:
        self.up = True
        self.arrived: dict[str, asyncio.Queue[bytes]] = {"reader": asyncio.Queue(), "host": asyncio.Queue()}
        self.free_at = {"reader": 0.0, "host": 0.0}  # when the next piece can arrive there at the earliest
        self.held_back: dict[str, bytes] = {}  # a frame that goes after the next one

    def cut(self) -> None:
        """Both ends hear b"" after what has arrived."""
        if self.up:
            self.up = False
            for queue in self.arrived.values():
                queue.put_nowait(b"")


class Air:
    """`strikes` are called when the power of the reader, or the host, goes at a frame."""

    def __init__(self, faults: Faults, chance: Random, strikes: dict[str, Callable[[], None]]) -> None:
        self.listening: ReaderEnd | None = None
        self.connection: Connection | None = None
        self.away_until = 0.0  # of the loop's clock: out of range
        self._faults = faults
        self._chance = chance
        self._strikes = strikes

    def connect(self) -> Connection:
        """Raises ReaderNotFound when no reader listens or is near, or another till has it."""
        away = asyncio.get_running_loop().time() < self.away_until
        if away or self.listening is None or (self.connection is not None and self.connection.up):
            raise ReaderNotFound
        self.connection = Connection()
        self.listening.hears(self.connection)
        return self.connection

    def cut(self) -> None:
        if self.connection is not None:
            self.connection.cut()

    def carry(self, connection: Connection, to: str, data: bytes, life: Life) -> None:
        """Frame by frame; what a frame is, its header says."""
        while data and connection.up:
            length = int.from_bytes(data[1:3], "big") + OVERHEAD
            frame, data = data[:length], data[length:]
            fault = self._faults.at("frame", f"to {to} {_named(frame)} {crc32(frame):08x}")
            if fault in self._strikes:
                self._strikes[fault]()
                if life.over:
                    raise Killed(fault)
            self._pass(connection, to, frame, fault)

    def _pass(self, connection: Connection, to: str, frame: bytes, fault: str) -> None:
        if fault in ("cut", "away"):
            connection.cut()
            away_s = self._chance.uniform(*_AWAY_S) if fault == "away" else 0.0
            self.away_until = asyncio.get_running_loop().time() + away_s
        elif fault == "reorder":
            connection.held_back[to] = frame
        elif fault != "lose":
            delay_s = self._chance.uniform(0.0, _LONGEST_DELAY_S) if fault == "delay" else 0.0
            if fault == "corrupt":
                place = self._chance.randrange(len(frame))
                frame = frame[:place] + bytes((frame[place] ^ 1 << self._chance.randrange(8),)) + frame[place + 1 :]
            passing = frame + (frame if fault == "duplicate" else b"") + connection.held_back.pop(to, b"")
            self._deliver(connection, to, passing, delay_s)

    def _deliver(self, connection: Connection, to: str, data: bytes, delay_s: float) -> None:
        loop = asyncio.get_running_loop()
        at = max(loop.time() + LATENCY_S + delay_s, connection.free_at[to])
        connection.free_at[to] = at
        loop.call_at(at, _arrive, connection, to, data)


def _arrive(connection: Connection, to: str, data: bytes) -> None:
    if connection.up:
        for start in range(0, len(data), PIECE):
            connection.arrived[to].put_nowait(data[start : start + PIECE])


def _named(frame: bytes) -> str:
    """The message in it: of its map, key 0 is the type."""
    payload = frame[HEADER:-4]
    if not payload:
        return "grant"
    return MESSAGES.get(payload[3] if payload[2] == 0x18 else payload[2], "?")


class ReaderEnd:
    """The ByteLink of firmware/drivers, of one life."""

    name = "ble"

    def __init__(self, air: Air, life: Life) -> None:
        self._air = air
        self._life = life
        self._coming: asyncio.Queue[Connection] = asyncio.Queue()
        self._connection = Connection()
        air.listening = self

    def hears(self, connection: Connection) -> None:
        self._coming.put_nowait(connection)

    async def connected(self) -> None:
        self._connection = await self._coming.get()

    async def receive(self) -> bytes:
        return await self._connection.arrived["reader"].get()

    async def send(self, data: bytes) -> None:
        self._life.check()
        if not self._connection.up:
            raise LostToReader
        self._air.carry(self._connection, "host", data, self._life)

    def close(self) -> None:
        self._life.check()
        self._connection.cut()


class HostEnd:
    """The ByteLink of host/terminal, of one life."""

    name = "ble"

    def __init__(self, air: Air, life: Life) -> None:
        self._air = air
        self._life = life
        self._connection: Connection | None = None

    async def open(self) -> None:
        self._life.check()
        await asyncio.sleep(CONNECT_S)
        self._life.check()
        self._connection = self._air.connect()

    async def receive(self) -> bytes:
        return await self._connection.arrived["host"].get() if self._connection else b""

    async def send(self, data: bytes) -> None:
        self._life.check()
        if self._connection is None or not self._connection.up:
            raise LinkLost
        self._air.carry(self._connection, "reader", data, self._life)

    async def close(self) -> None:
        self._life.check()
        if self._connection is not None:
            self._connection.cut()
