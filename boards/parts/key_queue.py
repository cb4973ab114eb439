"""Keys in the order in which they were pressed, until the firmware takes them: the Keypad of every board."""

from __future__ import annotations

import asyncio


class KeyQueue:
    def __init__(self) -> None:
        self._keys = []
        self._pressed = asyncio.Event()

    def put(self, key: str) -> None:
        self._keys.append(key)
        self._pressed.set()

    async def key(self) -> str:
        while not self._keys:
            self._pressed.clear()
            await self._pressed.wait()
        return self._keys.pop(0)

    def flush(self) -> None:
        self._keys = []
