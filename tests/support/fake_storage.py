"""Storage in memory that loses power at a chosen write, with none, half or all of the bytes on the medium."""

from __future__ import annotations


class PowerCut(Exception):
    pass


class FakeStorage:
    """`cut_at` counts the writes down to the cut; `capacity` is in bytes, None is endless."""

    def __init__(self, files: dict | None = None, capacity: int | None = None) -> None:
        self.files = files if files is not None else {}
        self.capacity = capacity
        self.writes = 0
        self.cut_at = None
        self.torn = 0.0

    def read(self, name: str) -> bytes | None:
        return self.files.get(name)

    def read_at(self, name: str, offset: int, buffer: bytearray) -> int:
        if name not in self.files:
            raise OSError(2)
        data = self.files[name][offset : offset + len(buffer)]
        buffer[: len(data)] = data
        return len(data)

    def replace(self, name: str, content: bytes) -> None:
        self._check_room(len(content) - len(self.files.get(name, b"")))
        if self._cut_now():
            if self.torn == 1.0:
                self.files[name] = bytes(content)
            raise PowerCut
        self.files[name] = bytes(content)

    def append(self, name: str, record: bytes) -> None:
        """A cut may tear the record: harder than what drivers/storage.py promises."""
        self._check_room(len(record))
        cut = self._cut_now()
        kept = record[: int(len(record) * self.torn)] if cut else record
        self.files[name] = self.files.get(name, b"") + bytes(kept)
        if cut:
            raise PowerCut

    def _check_room(self, more: int) -> None:
        if self.capacity is not None and more > 0 and sum([len(f) for f in self.files.values()]) + more > self.capacity:
            raise OSError(28)  # ENOSPC

    def _cut_now(self) -> bool:
        self.writes += 1
        return self.writes == self.cut_at
