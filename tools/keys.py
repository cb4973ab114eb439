"""Loads test keys into the storage of an emulated reader, once."""

from __future__ import annotations

from pathlib import Path

from tools.build_firmware import image_of, read_image
from tools.emulator.emulator import DATA_BLOCKS
from tools.simulators.provision import reader_files

COUNTER = "dukpt"


def load(state_dir: Path, serial: str, runtime: str = "micropython") -> bool:
    """True when keys were loaded; False when the reader has keys already: loaded again, its counter would start again.

    `state_dir` is the Emulator's `state`. Its storage is an image under MicroPython and a folder under CPython.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    if runtime == "micropython":
        return _load_image(state_dir / "data.lfs", serial)
    return _load_folder(state_dir / "data", serial)


def _load_image(path: Path, serial: str) -> bool:
    before = path.read_bytes() if path.exists() else b""
    if before and read_image(before, COUNTER) is not None:
        return False
    path.write_bytes(image_of(reader_files(serial), DATA_BLOCKS, before))
    return True


def _load_folder(path: Path, serial: str) -> bool:
    path.mkdir(exist_ok=True)
    if (path / COUNTER).exists():
        return False
    for name, content in reader_files(serial).items():
        (path / name).write_bytes(content)
    return True
