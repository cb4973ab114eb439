"""Each wall of ARCHITECTURE.md fails when it is broken: one forbidden import for each contract, all in one copy."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ["emv", "protocol", "firmware", "boards", "host", "tools"]

BREACHES = {
    "emv knows nothing of ours": ("emv/kernel/breach.py", "import protocol.cbor"),
    "protocol knows nothing of ours": ("protocol/breach.py", "import emv.tlv"),
    "firmware knows emv and protocol, never the board": ("firmware/flows/breach.py", "import boards.parts"),
    "only boards touch the machine": ("firmware/breach.py", "import machine"),
    "boards compose the firmware through its drivers": ("boards/parts/breach.py", "import firmware.secure"),
    "screens know neither secrets nor flows": ("firmware/screens/breach.py", "import firmware.secure"),
    "host reads of emv only its data formats": ("host/breach.py", "import emv.kernel"),
    "device code stays inside MicroPython": ("emv/breach.py", "import dataclasses"),
    "rules of a domain need no storage and no screen": ("host/ledger/model.py", "import sqlalchemy"),
    "loyalty knows cards and tickets by name alone, never payments": ("host/messaging/breach.py", "import emv.tlv"),
    "host domains know each other only along the arrows": ("host/ledger/breach.py", "import host.payment.model"),
}


def contracts() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def broken_in(folder: Path) -> set[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=100)
    lines = done.stdout.splitlines()
    return {line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")}


def test_every_wall_falls_when_broken(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in BREACHES.values():
        with (tmp_path / file).open("a") as module:
            module.write(f"\n{line}\n")
    assert set(contracts()) == set(BREACHES)
    assert broken_in(tmp_path) == set(BREACHES)
