"""A keypad of rows and columns: each row is pulled low in turn, a pressed key pulls its column low."""

from __future__ import annotations

import asyncio

from boards.parts.key_queue import KeyQueue

_SCAN_S = 0.01
_STEADY_SCANS = 3  # a key counts when it was seen this often in a row: contacts bounce for some 20 ms


class MatrixKeypad(KeyQueue):
    """`rows` are machine.Pin open-drain outputs, `columns` inputs with pull-ups; `names[row][column]` is the key."""

    def __init__(self, rows, columns, names: tuple[tuple[str, ...], ...]) -> None:
        KeyQueue.__init__(self)
        self._rows = rows
        self._columns = columns
        self._names = names

    async def run(self) -> None:
        """Scan for ever. A key counts once, when it goes down."""
        seen, scans = "", 0
        while True:
            now = self._scan()
            scans = scans + 1 if now == seen else 0
            seen = now
            if now and scans == _STEADY_SCANS:
                self.put(now)
            await asyncio.sleep(_SCAN_S)

    def _scan(self) -> str:
        """The key that is down; none when two are, which a matrix cannot tell apart from three."""
        down = []
        for row, names in zip(self._rows, self._names):
            row(0)
            down += [name for column, name in zip(self._columns, names) if not column()]
            row(1)
        return down[0] if len(down) == 1 else ""
