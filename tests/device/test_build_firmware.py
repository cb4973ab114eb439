"""The build: everything compiles for each board, and the same sources give the same image."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import build_firmware
from tools.build_firmware import BuildError, build, compile_source, image_of, read_image
from tools.micropython import interpreter

FRAGMENT = "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\n"


def test_every_module_compiles_for_the_esp32() -> None:
    folder = build("esp32_s3")
    for package in ("emv", "protocol", "firmware", "boards/parts", "boards/esp32_s3"):
        for source in (build_firmware.ROOT / package).rglob("*.py"):
            name = source.relative_to(build_firmware.ROOT).as_posix()
            if not name.startswith((*build_firmware.NOT_ON_A_READER, "firmware/shims", "boards/esp32_s3/start.py")):
                assert (folder / name).with_suffix(".mpy").exists(), name
    assert not (folder / "boards" / "emulator").exists(), "a board's image holds no other board: no debug door"
    assert not (folder / "bluetooth.mpy").exists()
    assert (folder / "main.py").exists()


def test_the_image_holds_the_same_bytes_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = []
    for name in ("one", "two"):
        monkeypatch.setattr(build_firmware, "BUILD", tmp_path / name)
        images.append(build().read_bytes())
    assert images[0] == images[1]
    assert read_image(images[0], "typing.mpy") is not None
    assert read_image(images[0], "firmware/nothing.mpy") is None


def test_nothing_is_made_again_when_nothing_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_firmware, "BUILD", tmp_path)
    build()
    made: list[Path] = []
    monkeypatch.setattr(build_firmware, "_make", lambda _, source, __: made.append(source))
    build()
    assert made == []
    (tmp_path / "emulator/files/firmware/errors.mpy").unlink()
    monkeypatch.setattr(build_firmware, "image_of", lambda _: b"")
    with pytest.raises(FileNotFoundError):  # the fake compiler made nothing
        build()
    assert len(made) > 50, "what a source names decides what the others may shorten"


def test_what_the_reader_cannot_run_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "modern.py"
    source.write_text("match 1:\n    case 1:\n        pass\n")
    with pytest.raises(BuildError, match="SyntaxError"):
        compile_source(source)


def test_what_only_type_checkers_read_is_left_out_and_lines_stay(tmp_path: Path) -> None:
    micropython = interpreter()
    if micropython is None:
        pytest.skip("no MicroPython on this machine")
    source = tmp_path / "typed.py"
    source.write_text(FRAGMENT + "if TYPE_CHECKING:\n    from nowhere import Nothing\n\nx: Nothing = 1\nprint(y)\n")
    (tmp_path / "typed.mpy").write_bytes(compile_source(source))
    source.unlink()
    program = f"import sys; sys.path[:] = ['{tmp_path}']; import typed"
    done = subprocess.run([micropython, "-c", program], check=False, capture_output=True, text=True, timeout=60)
    assert 'File "typed", line 9' in done.stdout + done.stderr
    assert "NameError: name 'y'" in done.stdout + done.stderr


def test_files_are_put_into_an_image_that_has_some() -> None:
    image = image_of({"one": b"1"}, 16)
    image = image_of({"two": b"22", "folder/three": b"333"}, image=image)
    assert [read_image(image, name) for name in ("one", "two", "folder/three")] == [b"1", b"22", b"333"]
