"""The installation's secret: 32 random bytes in a file that only its owner reads, made when first asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

LENGTH = 32


def read_key(path: Path, random: Callable[[int], bytes]) -> bytes:
    """Two processes that make it at once get the same one. Raises OSError, and ValueError for what is no key."""
    if not path.exists():
        _make(path, random(LENGTH))
    key = path.read_bytes()
    if len(key) != LENGTH:
        raise ValueError(f"{path.name} is no key")
    return key


def _make(path: Path, key: bytes) -> None:
    own = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(own, path)
    own.unlink()
