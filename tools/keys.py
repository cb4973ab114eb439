"""Loads test keys into the storage of an emulated reader, once."""

from __future__ import annotations

from pathlib import Path

from tools.build_firmware import image_of, read_image
from tools.emulator.emulator import DATA_BLOCKS
from tools.simulators.provision import reader_files


def load(state_dir: Path, serial: str) -> bool:
    """True when keys were loaded; False when the reader has keys already: loaded again, its counter would start again.

    `state_dir` is the Emulator's `state`; its storage is the image that the reader mounts under MicroPython.
    """
    storage = state_dir / "data.lfs"
    before = storage.read_bytes() if storage.exists() else b""
    if before and read_image(before, "dukpt") is not None:
        return False
    state_dir.mkdir(parents=True, exist_ok=True)
    storage.write_bytes(image_of(reader_files(serial), DATA_BLOCKS, before))
    return True
