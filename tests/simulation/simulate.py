"""`zinc simulate` in a process of its own: it runs the firmware on a machine that tests do not share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DEADLINE_S = 250


def simulate(*options: str, tree: Path = ROOT, hash_seed: str = "0", deadline_s: float = DEADLINE_S) -> tuple[int, str]:
    """The exit status, and what was said."""
    command = [sys.executable, "-m", "tools.zinc", "simulate", *options]
    environment = dict(os.environ, PYTHONHASHSEED=hash_seed, PYTHONDONTWRITEBYTECODE="1")
    ended = subprocess.run(
        command, cwd=tree, env=environment, stdout=subprocess.PIPE, text=True, timeout=deadline_s, check=False
    )
    return ended.returncode, ended.stdout
