"""The chip slot and the contactless field, seen as one card at a time (ISO 7816-3, ISO 14443)."""

from __future__ import annotations

from typing import Protocol


class CardReader(Protocol):
    def arm(self, contact: bool, contactless: bool) -> None:
        """Open the interfaces on which a card may come; both False switches field and slot off."""
        ...

    async def present(self) -> str:
        """Wait for a card on an open interface: "contact" or "contactless". A card already there counts.

        "several": more than one is there, in the field or one there and one in the slot. None of them is used.
        """
        ...

    def transmit(self, command: bytes) -> tuple[bytes, int, int]:
        """Send one C-APDU, give (data, sw1, sw2) raw: 61xx and 6Cxx are not hidden.

        Raises firmware.errors.CardRemoved, or CardSilent when the card does not answer in 5 s.
        """
        ...

    def card_present(self) -> bool:
        """Is the card of the last `present` still there?"""
        ...

    async def removed(self) -> None:
        """Wait until no card is left in the slot or the field."""
        ...
