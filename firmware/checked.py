"""A file's content with its CRC-32 behind it: what has rotted is not believed (faults/R-12)."""

from __future__ import annotations

from binascii import crc32

from emv.constant import const

_CRC = const(4)


def checked(content: bytes) -> bytes:
    return content + crc32(content).to_bytes(_CRC, "big")


def proven(stored: bytes | None) -> bytes:
    """What was given to `checked`; empty when a bit of it turned, or when there is nothing."""
    content = stored[:-_CRC] if stored else b""
    return content if stored == checked(content) else b""
