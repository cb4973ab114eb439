"""Runs the reader's firmware from its sources under CPython: stand-ins first on the path, then the board's main."""

from __future__ import annotations

import asyncio
import importlib
import sys
from pathlib import Path

import runtime

BOARD = Path(__file__).parent.parent
sys.path[1:1] = [str(BOARD / "modules"), str(BOARD.parent.parent)]
runtime.complete()
options = dict(word.split("=", 1) for word in sys.argv[1:])
asyncio.run(importlib.import_module(options["main"]).main(options))
