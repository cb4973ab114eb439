"""The emulated reader as one context manager: radio and firmware processes, glass, keys, card slot, fault levers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from tools.emulator.card import Card

if TYPE_CHECKING:
    from PIL.Image import Image

    from host.terminal.byte_link import ByteLink


class EmulatorError(Exception):
    """The emulated reader did not do what was waited for; the message ends with the last lines of its log."""


class Emulator:
    """`async with Emulator() as reader:` starts it and waits until its first picture is on the glass.

    `runtime` is "micropython" or "cpython"; `link` "ble" or "serial". `files` (name -> content) are put into the
    reader's storage before it starts. `state` is a folder that keeps storage and logs; without it they are temporary.
    """

    def __init__(
        self,
        *,
        runtime: str = "micropython",
        heap: str = "256k",
        link: str = "ble",
        files: dict[str, bytes] | None = None,
        state: Path | None = None,
        main: str = "boards.emulator.main",
        card_timeout_ms: int = 5000,
    ) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> Emulator:
        raise NotImplementedError

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    # the cardholder's side
    prompt: str  # id of the prompt on the glass
    pictures: list[str]  # every prompt shown since the start, in order
    beeps: list[str]  # every tone since the start
    lights: int  # of four

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change of picture, tone or lights; the returned function ends that."""
        raise NotImplementedError

    async def press(self, *keys: str) -> None:
        """Press keys one after the other ("1", "OK", "CANCEL" ...)."""
        raise NotImplementedError

    async def shows(self, prompt: str, timeout: float = 5.0) -> None:
        """Wait until `prompt` is on the glass (it may be already). Raises EmulatorError."""
        raise NotImplementedError

    def screen(self) -> Image:
        """The glass: 240 x 320, mode "L"."""
        raise NotImplementedError

    async def insert(self, card: Card) -> None:
        """Put the card into the chip slot."""
        raise NotImplementedError

    async def tap(self, card: Card) -> None:
        """Hold the card in the contactless field, until `remove`."""
        raise NotImplementedError

    async def remove(self) -> None:
        """Pull the card out, or take it away."""
        raise NotImplementedError

    # the host's side
    def byte_link(self) -> ByteLink:
        """A new end of the line for the host: unmodified bleak over the emulated air, or pyserial over a pty."""
        raise NotImplementedError

    # levers
    async def heap(self) -> dict[str, int]:
        """Bytes after a collection: {"used", "free", "peak"}; zeros under CPython."""
        raise NotImplementedError

    def stored(self, name: str) -> bytes | None:
        """A file of the reader's storage; only while the reader is off (`kill_reader`)."""
        raise NotImplementedError

    def air(self, fault: str) -> None:
        """Disturb the radio: "delay MS", "drop N" (notifications), "cut BYTES" (then the link is lost), "mtu N", "clear"."""
        raise NotImplementedError

    async def kill_radio(self) -> None:
        raise NotImplementedError

    async def kill_reader(self) -> None:
        """Cut the power: the firmware ends at once; the storage stays as it is."""
        raise NotImplementedError

    async def start_reader(self) -> None:
        """Power again after `kill_reader`, with the same storage; waits for the first picture."""
        raise NotImplementedError
