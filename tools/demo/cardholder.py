"""A cardholder who does what the screen says: presents the card, types the PIN, takes the card back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tools.emulator.card import Card
from tools.emulator.emulator import Emulator
from tools.simulators.provision import MERCHANT_CODE

Told = Callable[..., None]  # hears of each thing that the cardholder does: told(step, **facts)
ENDS = ("approved", "declined", "cancelled", "not_completed", "signed")


def quiet(*_: object, **__: object) -> None:
    """Tells nobody."""


class Cardholder:
    def __init__(self, reader: Emulator, told: Told = quiet) -> None:
        self._reader = reader
        self._told = told

    async def pay(
        self,
        card: Card,
        name: str,
        interface: str,
        pin: str,
        deadline_s: float = 20,
        brand_key: str = "",
        asked: str = "present_card",
    ) -> None:
        """Follow the screen from `asked` until it tells the end of the payment.

        `brand_key` is pressed where a brand can be chosen.
        """
        present = self._reader.insert if interface == "contact" else self._reader.tap

        async def present_card() -> None:
            if brand_key:
                await self._press_and_look(brand_key)
            await self._act(present(card), "card_presented", card=name, interface=interface)

        async def present_again() -> None:
            await self._reader.remove()
            await self._act(present(card), "card_presented_again", card=name, interface=interface)

        async def insert() -> None:
            await self._reader.remove()
            await self._act(self._reader.insert(card), "card_presented", card=name, interface="contact")

        acts: dict[str, Callable[[], Awaitable[None]]] = {
            "present_card": present_card,
            "choose_application": lambda: self._act(self._reader.press(brand_key or "1"), "brand_chosen"),
            "present_again": present_again,
            "ask_chip": insert,
            "use_chip": insert,
            "insert_card": insert,
            "confirm_signature": lambda: self._act(self._reader.press("OK"), "challenge_confirmed"),
            "choose_tip": lambda: self._act(self._reader.press("1"), "tip_chosen"),
            "confirm_tip": lambda: self._act(self._reader.press("OK"), "tip_confirmed"),
            "merchant_code": lambda: self._act(self._reader.press(*MERCHANT_CODE, "OK"), "merchant_code_typed"),
            "enter_pin": lambda: self._act(self._reader.press(*pin, "OK"), "pin_typed"),
            "remove_card": lambda: self._act(self._reader.remove(), "card_removed"),
        }
        async with asyncio.timeout(deadline_s):
            await self._reader.shows(asked, deadline_s)  # the end of the sale before may still be on the glass
            while (prompt := await self._first(*acts, *ENDS)) not in ENDS:
                await acts.pop(prompt)()
        await self._reader.remove()

    async def _press_and_look(self, key: str) -> None:
        """Until the glass has changed."""
        shown, changed = len(self._reader.pictures), asyncio.Event()
        stop = self._reader.listen(changed.set)
        await self._act(self._reader.press(key), "brand_chosen")
        while len(self._reader.pictures) == shown:
            changed.clear()
            await changed.wait()
        stop()

    async def _first(self, *prompts: str) -> str:
        """Which of the prompts comes first."""
        waits = [asyncio.create_task(self._reader.shows(prompt, 60), name=prompt) for prompt in prompts]
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            return next(iter(done)).get_name()
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _act(self, act: Awaitable[None], step: str, **facts: str) -> None:
        self._told(step, **facts)
        await act
