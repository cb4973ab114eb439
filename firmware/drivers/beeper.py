"""Sound and the four lights above the contactless field (EMV Contactless Book A, 9)."""

from __future__ import annotations

from typing import Protocol


class Beeper(Protocol):
    def beep(self, tone: str) -> None:
        """ "key" (the same for each key), "success" or "alert"."""
        ...

    def lights(self, lit: int) -> None:
        """Light the first `lit` of four."""
        ...
