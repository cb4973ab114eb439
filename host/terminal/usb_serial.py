"""ByteLink over a serial line (USB), by pyserial: a thread reads, since not every system can wait on a serial port."""

from __future__ import annotations

import asyncio
import threading

import serial

from host.terminal.errors import LinkLost, ReaderNotFound

BAUD = 115_200
WRITE_S = 5.0


class UsbSerialLink:
    """`port` is the system's name of the line ("/dev/ttyACM0", "COM3")."""

    name = "serial"

    def __init__(self, port: str) -> None:
        self._port = port
        self._serial: serial.Serial | None = None
        self._reader: threading.Thread | None = None
        self._received: asyncio.Queue[bytes] = asyncio.Queue()
        self._gone = True

    async def open(self) -> None:
        try:
            line = await asyncio.to_thread(
                serial.Serial, self._port, BAUD, timeout=None, write_timeout=WRITE_S, exclusive=True
            )
        except (serial.SerialException, OSError) as error:
            raise ReaderNotFound(str(error)) from error
        self._serial = line
        self._received = asyncio.Queue()
        self._gone = False
        self._reader = threading.Thread(target=self._read, args=(line, asyncio.get_running_loop()), daemon=True)
        self._reader.start()

    async def receive(self) -> bytes:
        if self._gone and self._received.empty():
            return b""
        return await self._received.get()

    async def send(self, data: bytes) -> None:
        if self._serial is None or self._gone:
            raise LinkLost
        try:
            await asyncio.to_thread(self._serial.write, data)
        except (serial.SerialException, OSError) as error:
            raise LinkLost(str(error)) from error

    async def close(self) -> None:
        line, self._serial = self._serial, None
        if line is not None and self._reader is not None:
            line.cancel_read()
            await asyncio.to_thread(self._reader.join)
            line.close()

    def _read(self, line: serial.Serial, loop: asyncio.AbstractEventLoop) -> None:
        """The thread's work, until the line is closed at either end."""
        try:
            while data := line.read(max(1, line.in_waiting)):
                loop.call_soon_threadsafe(self._received.put_nowait, data)
        except (serial.SerialException, OSError):
            pass
        loop.call_soon_threadsafe(self._on_gone)

    def _on_gone(self) -> None:
        self._gone = True
        self._received.put_nowait(b"")
