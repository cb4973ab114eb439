"""Durable named files. A call that returned survives a power cut; one that did not leaves old or new, never a mix."""

from __future__ import annotations

from typing import Protocol


class Storage(Protocol):
    """journal_size: bytes that the journal may take; the file system has some blocks more.

    Files named `mark/...` stand apart from all others, so that what harms one folder's data does not harm theirs.
    """

    journal_size: int

    def read(self, name: str) -> bytes | None:
        """The whole file, None when there is none."""
        ...

    def replace(self, name: str, content: bytes) -> None:
        """Write the whole file anew, atomically."""
        ...

    def append(self, name: str, record: bytes) -> None:
        """Add at the end of the file; whole or not at all."""
        ...

    def read_at(self, name: str, offset: int, buffer: bytearray) -> int:
        """Fill `buffer` from `offset` (fonts, journal scans): bytes read. Raises OSError when there is no file."""
        ...

    def names(self) -> list[str]:
        """Of the files that can be written."""
        ...

    def remove(self, name: str) -> None:
        """Raises OSError when there is no file."""
        ...
