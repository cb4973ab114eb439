"""How every generator ends: it writes what has changed; with `--check` it writes nothing and says what is stale."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def keep(files: Mapping[Path, str | bytes], again: str) -> int:
    """The exit code; `again` is the command that writes the files."""
    wanted = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    stale = [path for path, content in wanted.items() if not path.exists() or path.read_bytes() != content]
    if "--check" in sys.argv[1:]:
        if stale:
            print(f"stale: {', '.join(path.name for path in stale)}: run `{again}`", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wanted[path])
    return 0
