"""`python -m tools.replay FILE... [--runtime cpython|micropython] [--json]`: see docs of the transcript format."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tools.micropython import interpreter
from tools.replay import runner

ROOT = Path(__file__).resolve().parent.parent.parent


def main(words: list[str] | None = None) -> int:
    """`words` stand for those of the command line."""
    parser = argparse.ArgumentParser(prog="replay", description="Repeat card transactions through the kernel.")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--runtime", choices=("cpython", "micropython"), default="cpython")
    parser.add_argument("--json", action="store_true", help="one JSON object per line instead of a line of text")
    options = parser.parse_args(words)
    arguments = options.files + (["--json"] if options.json else [])
    if options.runtime == "cpython":
        return runner.main(arguments)
    micropython = interpreter()
    if micropython is None:
        print("no MicroPython wheel for this machine", file=sys.stderr)
        return 2
    program = PROGRAM.format(root=str(ROOT), arguments=arguments)
    return subprocess.run([micropython, "-X", "heapsize=8M", "-c", program], check=False).returncode


# Only our own folders are on the path: nothing outside can stand in for a module.
PROGRAM = """
import sys
sys.path[:] = [{root!r}, {root!r} + '/firmware/shims', '.frozen']
from tools.replay import runner
sys.exit(runner.main({arguments!r}))
"""


if __name__ == "__main__":
    sys.exit(main())
