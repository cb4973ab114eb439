"""The trees that are attacked: this one, and for each row a copy that one patch has weakened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parent.parent.parent
PATCHES = ROOT / "tests" / "weakened"
PARTS = ("data", "emv", "protocol", "firmware", "boards", "host", "tools", "tests/attacks")
BUILT = "build/emulator/files"  # with its times: what the patch leaves alone need not be compiled again


def weakened(row: str, folder: Path) -> Path:
    """A copy of this tree in `folder`, with the patch of the row. Raises CalledProcessError when it does not apply."""
    for part in (*PARTS, BUILT):
        if (ROOT / part).exists():
            shutil.copytree(ROOT / part, folder / part)
    shutil.copy2(ROOT / "tests" / "__init__.py", folder / "tests")
    environment = dict(os.environ, GIT_CEILING_DIRECTORIES=str(folder.parent))
    subprocess.run(["git", "apply", str(PATCHES / f"{row}.patch")], cwd=folder, check=True, env=environment, timeout=30)
    return folder


class Run:
    """One attack on one tree in a process of its own: `with Run(row, tree) as run` begins it and leaves none behind."""

    def __init__(self, row: str, tree: Path) -> None:
        command = [sys.executable, "-m", "tests.attacks.run", row]
        self._process = subprocess.Popen(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def result(self, timeout_s: float) -> str:
        """`succeeded` or `refused`; anything else is what went wrong."""
        try:
            out, errors = self._process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            return f"no end in {timeout_s} s"
        said = out.strip()
        return said if self._process.returncode == 0 and said in ("succeeded", "refused") else f"broken: {errors}"
