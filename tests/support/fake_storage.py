"""Storage in memory that loses power at a chosen write, with any part of the bytes on the medium."""

from __future__ import annotations

JOURNAL_SIZE = 1024 * 1024


class PowerCut(Exception):
    pass


TEARS = (0.0, 1, 0.5, -1, 1.0)  # what of a write is on the medium after a cut: a share, or bytes, or all but bytes


class FakeStorage:
    """`cut_at` counts the writes down to the cut; `capacity` is in bytes, None is endless; reads are counted."""

    def __init__(
        self, files: dict | None = None, capacity: int | None = None, journal_size: int = JOURNAL_SIZE
    ) -> None:
        self.files = files if files is not None else {}
        self.capacity = capacity
        self.journal_size = journal_size
        self.reads = 0
        self.writes = 0
        self.cut_at = None
        self.torn: float = 0.0

    def read(self, name: str) -> bytes | None:
        return self.files.get(name)

    def read_at(self, name: str, offset: int, buffer: bytearray) -> int:
        if name not in self.files:
            raise OSError(2)
        self.reads += 1
        data = self.files[name][offset : offset + len(buffer)]
        buffer[: len(data)] = data
        return len(data)

    def replace(self, name: str, content: bytes) -> None:
        self._check_room(len(content) - len(self.files.get(name, b"")))
        cut = self._cut_now()
        if not cut or self._on_medium(2) == 2:
            self.files[name] = bytes(content)
        if cut:
            raise PowerCut

    def append(self, name: str, record: bytes) -> None:
        """A cut may tear the record: harder than what drivers/storage.py promises."""
        self._check_room(len(record))
        cut = self._cut_now()
        kept = self._on_medium(len(record)) if cut else len(record)
        self.files[name] = self.files.get(name, b"") + bytes(record[:kept])
        if cut:
            raise PowerCut

    def names(self) -> list[str]:
        return list(self.files)

    def remove(self, name: str) -> None:
        if name not in self.files:
            raise OSError(2)
        cut = self._cut_now()
        if not cut or self._on_medium(2) == 2:
            del self.files[name]
        if cut:
            raise PowerCut

    def size(self) -> int:
        return sum([len(content) for content in self.files.values()])

    def _on_medium(self, length: int) -> int:
        if isinstance(self.torn, float):
            return int(length * self.torn)
        return min(self.torn, length) if self.torn >= 0 else length + self.torn

    def _check_room(self, more: int) -> None:
        if self.capacity is not None and more > 0 and self.size() + more > self.capacity:
            raise OSError(28)  # ENOSPC

    def _cut_now(self) -> bool:
        self.writes += 1
        return self.writes == self.cut_at
