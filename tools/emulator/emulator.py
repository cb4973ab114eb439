"""The emulated reader as one context manager: radio and firmware processes, glass, keys, card slot, fault levers."""

from __future__ import annotations

import asyncio
import os
import pty
import shutil
import socket
import struct
import sys
import tempfile
import tty
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from boards.emulator import wire
from tools import build_firmware
from tools.emulator.card import Card
from tools.emulator.card_server import CardServer
from tools.emulator.frames import FrameServer
from tools.micropython import interpreter

if TYPE_CHECKING:
    from PIL.Image import Image

    from host.terminal.byte_link import ByteLink
    from tools.emulator.bleak_bumble import Adapter

ROOT = Path(__file__).parent.parent.parent
BOARD = ROOT / "boards" / "emulator"
WIDTH, HEIGHT = 240, 320
DATA_BLOCKS = 320  # of 4 KiB: the journal has 256 of them
START_S = 60.0  # a reader that cannot start says so at once: what is waited for is a busy machine
ANSWER_S = 20.0
LOG_TAIL = 2000  # characters


class EmulatorError(Exception):
    """The emulated reader did not do what was waited for; the message ends with the last lines of its log."""


class Emulator:
    """`async with Emulator() as reader:` starts it and waits until its first picture is on the glass.

    `heap`: `make bench` says what is the least that passes (272k), the default leaves a sixth above it.
    `runtime` is "micropython" or "cpython"; `link` "ble" or "serial". `files` (name -> content) are put into the
    reader's storage before it starts. `state` is a folder that keeps storage and logs; without it they are temporary.
    `image` and `main` start another firmware, or another module of it; `boot` another program under it, with `words`.
    """

    def __init__(
        self,
        *,
        runtime: str = "micropython",
        heap: str = "320k",
        link: str = "ble",
        files: dict[str, bytes] | None = None,
        state: Path | None = None,
        image: Path | None = None,
        main: str = "boards.emulator.main",
        serial_number: str = "ZINC0001",
        card_timeout_ms: int = 5000,
        boot: Path = BOARD / "boot.py",
    ) -> None:
        self._runtime = runtime
        self._heap = heap
        self._link = link
        self._files = files or {}
        self.radio_program: tuple[str, ...] = ("tools.emulator.radio",)  # a module, and its first words
        self._temporary = state is None
        self._folder = state or Path()
        self._image = image
        self._main = main
        self._serial_number = serial_number
        self._card_timeout_ms = card_timeout_ms
        self._boot = boot
        self.words: dict[str, object] = {}  # for `boot`, from the next start on
        self.stdin: int = DEVNULL  # of the reader, from the next start on
        self._cards = CardServer()
        self._door = FrameServer(self._take, lambda: None)
        self._listeners: list[Callable[[], None]] = []
        self._radio: Process | None = None
        self._airing = asyncio.Lock()  # one disturbance is confirmed before the next
        self._reader: Process | None = None
        self._adapter: Adapter | None = None
        self._pty = ""
        self._glass = b""
        self._heap_answers: asyncio.Queue[tuple[int, int, int]] = asyncio.Queue()
        self.prompt = ""  # id of the prompt on the glass; "" while the reader is off
        self.pictures: list[str] = []  # every prompt shown since the start, in order
        self.beeps: list[str] = []  # every tone since the start
        self.lights = 0  # of four

    async def __aenter__(self) -> Emulator:
        if self._temporary:
            self._folder = Path(tempfile.mkdtemp(prefix="zinc-"))
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._prepare_storage()
            await self._cards.frames.start()
            await self._door.start()
            if self._link == "ble":
                await self._start_radio()
            await self.start_reader()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _stop(self) -> None:
        if self._adapter is not None:
            await self._adapter.close()
        await self.kill_reader()
        await self.kill_radio()
        await self._cards.frames.stop()
        await self._door.stop()
        if self._temporary:
            shutil.rmtree(self._folder, ignore_errors=True)

    # the cardholder's side

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change of picture, tone or lights; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other ("1", "OK", "CANCEL" ...)."""
        for key in keys:
            self._send(wire.KEY, key.encode())

    async def shows(self, prompt: str, timeout: float = ANSWER_S) -> None:
        """Wait until `prompt` is on the glass: now, or at any moment since the call. Raises EmulatorError."""
        now = len(self.pictures) - (self.prompt != "")
        await self._until(lambda: prompt in self.pictures[now:], timeout, f"show {prompt}")

    def screen(self) -> Image:
        """The glass: 240 x 320, mode "L"."""
        from PIL import Image

        return Image.frombytes("L", (WIDTH, HEIGHT), self._glass, "raw", "L;4")

    async def insert(self, card: Card) -> None:
        """Put the card into the chip slot."""
        await self._cards.put_in(card, "contact")

    async def tap(self, card: Card) -> None:
        """Hold the card in the contactless field, until `remove`."""
        await self._cards.put_in(card, "contactless")

    async def tap_beside(self) -> None:
        """Hold another card in the field, beside the one that is in the slot or the field."""
        await self._cards.put_beside()

    async def remove(self) -> None:
        """Pull the card out, or take it away; and the one beside it."""
        await self._cards.take_out()

    # the host's side

    @property
    def serial_port(self) -> str:
        """What the system calls the line of a reader on the serial link."""
        return self._pty

    def byte_link(self) -> ByteLink:
        """A new end of the line for the host: unmodified bleak over the emulated air, or pyserial over a pty."""
        if self._link == "serial":
            from host.terminal.usb_serial import UsbSerialLink

            return UsbSerialLink(self._pty)
        from host.terminal.ble import BleLink

        adapter = self.adapter()
        return BleLink(scanner_backend=adapter.scanner, client_backend=adapter.client)

    def adapter(self) -> Adapter:
        """The host's Bluetooth adapter, with its backends for bleak."""
        from tools.emulator.bleak_bumble import Adapter

        if self._adapter is None:
            self._adapter = Adapter(self._hci_port)
        return self._adapter

    # levers

    async def heap(self, watch: bool = False) -> dict[str, int]:
        """Bytes after a collection: {"used", "free", "peak"}; zeros under CPython.

        `peak` is the most that lived at a picture or an APDU since `heap(watch=True)`, which measures there.
        """
        self._send(wire.ASK_HEAP, bytes((watch,)))
        async with asyncio.timeout(ANSWER_S):
            return dict(zip(("used", "free", "peak"), await self._heap_answers.get(), strict=True))

    def stored(self, name: str) -> bytes | None:
        """A file of the reader's storage; only while the reader is off (`kill_reader`)."""
        if self._runtime == "micropython":
            return build_firmware.read_image(self._storage.read_bytes(), name)
        path = self._storage / name
        return path.read_bytes() if path.exists() else None

    async def air(self, fault: str) -> None:
        """Disturb the radio: "delay MS", "drop N" (notifications), "cut BYTES" (then the link is lost), "clear".

        "mtu N" bounds the reader's ATT MTU from its next start on.
        """
        assert self._radio is not None and self._radio.stdin is not None and self._radio.stdout is not None
        async with self._airing, asyncio.timeout(ANSWER_S):
            self._radio.stdin.write(f"{fault}\n".encode())
            while line := await self._radio.stdout.readline():  # the first one says that it is ready
                if line.decode().strip() == fault:
                    return
        raise EmulatorError(f"the radio is gone\n{self._log_tail()}")

    async def kill_radio(self) -> None:
        await _kill(self._radio)

    async def kill_reader(self) -> None:
        """Cut the power: the firmware ends at once; the storage stays as it is."""
        await _kill(self._reader)
        self.prompt = ""

    async def start_reader(self) -> None:
        """Power again after `kill_reader`, with the same storage; waits for the first picture."""
        words = {
            "main": self._main,
            "card": self._cards.frames.port,
            "door": self._door.port,
            "card_timeout_ms": self._card_timeout_ms,
            "serial_number": self._serial_number,
            **self.words,
        }
        descriptors: list[int] = []
        if self._link == "serial":
            descriptors.append(self._open_pty())
            words["serial"] = descriptors[0]
        else:
            words["radio"] = self._radio_port
        command = self._micropython() if self._runtime == "micropython" else self._cpython()
        self._reader = await asyncio.create_subprocess_exec(
            *command,
            *(f"{name}={value}" for name, value in words.items()),
            cwd=ROOT,
            stdin=self.stdin,
            stdout=self._log("reader"),
            stderr=asyncio.subprocess.STDOUT,
            pass_fds=descriptors,
        )
        for descriptor in descriptors:
            os.close(descriptor)
        await self._until(lambda: self.prompt != "", START_S, "start")

    def _micropython(self) -> list[str]:
        program = interpreter()
        if program is None:
            raise EmulatorError("no MicroPython on this machine: use the runtime cpython")
        command = [program, "-X", f"heapsize={self._heap}", str(self._boot)]
        return [
            *command,
            f"firmware={self._image}",
            f"data={self._storage}",
            "storage=/data",
            "resources=/flash/resources",
        ]

    def _cpython(self) -> list[str]:
        command = [sys.executable, str(BOARD / "cpython" / "boot.py")]
        return [*command, f"storage={self._storage}", f"resources={build_firmware.resources()}"]

    def _prepare_storage(self) -> None:
        if self._runtime == "micropython":
            self._image = self._image or build_firmware.build("emulator")
            self._storage = self._folder / "data.lfs"
            before = self._storage.read_bytes() if self._storage.exists() else b""
            if self._files or not before:
                self._storage.write_bytes(build_firmware.image_of(self._files, DATA_BLOCKS, before))
            return
        self._storage = self._folder / "data"
        self._storage.mkdir(exist_ok=True)
        for name, content in self._files.items():
            (self._storage / name).write_bytes(content)

    async def _start_radio(self) -> None:
        """The radio takes over sockets that listen already: firmware and host need not wait for it to start."""
        with socket.create_server(("127.0.0.1", 0)) as firmware, socket.create_server(("127.0.0.1", 0)) as hci:
            self._radio_port, self._hci_port = firmware.getsockname()[1], hci.getsockname()[1]
            sockets = ("--firmware-socket", str(firmware.fileno()), "--hci-socket", str(hci.fileno()))
            self._radio = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *self.radio_program, *sockets),
                cwd=ROOT,
                stdin=PIPE,
                stdout=PIPE,
                stderr=self._log("radio"),
                pass_fds=(firmware.fileno(), hci.fileno()),
            )

    def _open_pty(self) -> int:
        """The reader's end of a new serial line. Only the reader keeps it: when it dies, the host's end hangs up."""
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        self._pty = os.ttyname(theirs)
        os.close(theirs)
        os.set_blocking(ours, False)
        return ours

    def _log(self, name: str) -> int:
        return os.open(self._folder / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def _take(self, kind: int, payload: bytes) -> None:
        if kind == wire.HEAP:
            self._heap_answers.put_nowait(struct.unpack(">III", payload))
            return
        if kind == wire.PICTURE:
            start = 1 + payload[0]
            self.prompt, self._glass = payload[1:start].decode(), payload[start:]
            self.pictures.append(self.prompt)
        elif kind == wire.BEEP:
            self.beeps.append(payload.decode())
        elif kind == wire.LIGHTS:
            self.lights = payload[0]
        self._changed()

    def _changed(self) -> None:
        for listener in list(self._listeners):
            listener()

    def _send(self, kind: int, payload: bytes) -> None:
        if not self._door.send(kind, payload):
            raise EmulatorError("the reader is off")

    async def _until(self, happened: Callable[[], bool], timeout: float, what: str) -> None:
        changed = asyncio.Event()
        forget = self.listen(changed.set)
        assert self._reader is not None
        death = asyncio.create_task(self._reader.wait())
        death.add_done_callback(lambda _: changed.set())
        try:
            async with asyncio.timeout(timeout):
                while not happened():
                    if self._cards.fault is not None:
                        raise EmulatorError("the card broke") from self._cards.fault
                    if death.done():
                        raise EmulatorError(f"the reader died before it could {what}\n{self._log_tail()}")
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            where = f"it shows {self.prompt!r}"
            raise EmulatorError(f"the reader did not {what} in {timeout} s: {where}\n{self._log_tail()}") from None
        finally:
            death.cancel()
            forget()

    def _log_tail(self) -> str:
        logs = (self._folder / f"{name}.log" for name in ("reader", "radio"))
        return "\n".join(log.read_text()[-LOG_TAIL:] for log in logs if log.exists())


async def _kill(process: Process | None) -> None:
    if process is not None and process.returncode is None:
        process.kill()
        await process.wait()
