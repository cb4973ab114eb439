"""What the emulated reader asks of a card: a simulated one, or a real one behind PC/SC (tools/emulator/pcsc.py)."""

from __future__ import annotations

from typing import Protocol


class CardGone(Exception):
    """The card left the slot or the field while it was asked something."""


class Card(Protocol):
    def power_on(self, interface: str) -> bytes:
        """Reset it over "contact" or "contactless": its ATR (ISO 7816-3). Raises CardGone."""
        ...

    def transmit(self, apdu: bytes) -> bytes:
        """One C-APDU in, the R-APDU with SW1 SW2 out; b"" says that the card stays silent. Raises CardGone."""
        ...
