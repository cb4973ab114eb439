"""The reader's storage in memory: it outlives the reader's lives, and tears what is written while the power goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from firmware.contract import FILE as CONTRACT
from firmware.journal.record import RECORD_SIZE
from firmware.screens.font import FILE as FONT
from protocol import cbor
from tools.profiles import FRANCE
from tools.simulation.faults import Faults
from tools.simulation.life import Killed, Life
from tools.simulation.shop import parameters
from tools.simulators.provision import reader_files

_RESOURCES = (FONT, "profile.json")
_FONT_PATH = Path("firmware/screens/generated/font.bin")
_NO_FILE, _NO_SPACE = 2, 28
SIZE = 1024 * 1024
_BLOCKS = 64 * 1024  # that the file system has beyond the journal's


@cache
def shipped(serial: str) -> dict[str, bytes]:
    """What a reader leaves the factory and the key loading room with."""
    return {
        FONT: _FONT_PATH.read_bytes(),
        "profile.json": Path(FRANCE).read_bytes(),
        **reader_files(serial),
        CONTRACT: cbor.encode(parameters()),
    }


class Flash:
    """The medium. `size` is in bytes."""

    def __init__(self, serial: str, size: int = SIZE) -> None:
        self.files = dict(shipped(serial))
        self.size = size
        self.resources = sum(len(content) for content in self.files.values())

    def rot(self, chance: Random) -> str:
        """One bit turns in what the reader wrote; in which file."""
        name = chance.choice([name for name, content in self.files.items() if name not in _RESOURCES and content])
        content = bytearray(self.files[name])
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        self.files[name] = bytes(content)
        return name

    def room(self) -> int:
        return self.size + self.resources - sum(map(len, self.files.values()))


class FlashStorage:
    """The Storage of one life (firmware/drivers/storage.py), harder than what it promises: an append may be torn.

    appended() is called with what an append left on the medium, from the record on that it begins or makes whole;
    cut_power() when the power goes in mid write.
    """

    def __init__(
        self,
        flash: Flash,
        life: Life,
        faults: Faults,
        cut_power: Callable[[], None],
        appended: Callable[[bytes], None],
    ) -> None:
        self._flash = flash
        self._files = flash.files
        self._life = life
        self._faults = faults
        self._cut_power = cut_power
        self._appended = appended
        self.journal_size = flash.size - _BLOCKS

    def read(self, name: str) -> bytes | None:
        self._life.check()
        return self._files.get(name)

    def read_at(self, name: str, offset: int, buffer: bytearray) -> int:
        content = self._files.get(name)
        if content is None:
            raise OSError(_NO_FILE)
        piece = content[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        return len(piece)

    def replace(self, name: str, content: bytes) -> None:
        """Old or new: the new file is renamed over the old one."""
        fault = self._before(name, len(content) - len(self._files.get(name, b"")))
        if fault in ("", "torn_all"):
            self._files[name] = bytes(content)
        if fault:
            raise self._power_goes()

    def append(self, name: str, record: bytes) -> None:
        fault = self._before(name, len(record))
        kept = _kept(bytes(record), fault)
        if kept:
            before = self._files.get(name, b"")
            self._files[name] = before + kept
            self._appended(self._files[name][len(before) - len(before) % RECORD_SIZE :])
        if fault:
            raise self._power_goes()

    def names(self) -> list[str]:
        return [name for name in self._files if name not in _RESOURCES]

    def remove(self, name: str) -> None:
        if name not in self._files:
            raise OSError(_NO_FILE)
        fault = self._before(name, 0)
        if fault in ("", "torn_all"):
            del self._files[name]
        if fault:
            raise self._power_goes()

    def _before(self, name: str, more: int) -> str:
        """How the write is torn. Raises OSError for a full medium."""
        self._life.check()
        fault = self._faults.at("write", name)
        if fault == "full" or more > self._flash.room():
            raise OSError(_NO_SPACE)
        return fault

    def _power_goes(self) -> Killed:
        self._cut_power()
        return Killed("power")


def _kept(record: bytes, fault: str) -> bytes:
    if fault in ("", "torn_all"):
        return record
    if fault == "torn_1":
        return record[:1]
    if fault == "torn_half":
        return record[: len(record) // 2]
    return record[:-1] if fault == "torn_less_1" else b""
