"""Sixteen keys at most. A key is "0".."9", "OK", "CLEAR", "CANCEL" or "MENU"."""

from __future__ import annotations

from typing import Protocol


class Keypad(Protocol):
    async def key(self) -> str:
        """Wait for the next key."""
        ...

    def flush(self) -> None:
        """Forget keys pressed before now: a PIN never takes a key typed at an earlier screen."""
        ...
