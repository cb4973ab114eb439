"""Attacker: a rogue host asks a card in a pocket for a foreign currency, in which it has no limit; or for any amount.

Zinc: a reader knows one currency, that of its contract, and an amount beyond its contract asks no card for anything.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from host.terminal.errors import ReaderRefused
from tests.attacks.shim import GET_PROCESSING_OPTIONS, Shim, extended
from tests.attacks.shop import DEADLINE_S, Shop
from tools.simulators.card import SimulatedCard

EURO, POUND = 978, 826
ATTEMPTS = ((4999, POUND), (9999, POUND), (99999999, POUND), (99999999, EURO), (999999999999, EURO))
REFUSED = {"wrong_currency", "amount_above_limit"}
CURRENCY_OF_THE_CARD = bytes.fromhex("5F2A020826")


class Pocket(Shim):
    """Whoever asks the card gets a cryptogram; it says that its currency is the pound."""

    def answer(self, apdu: bytes) -> bytes:
        answer = super().answer(apdu)
        return extended(answer, 0x77, CURRENCY_OF_THE_CARD) if apdu[1] == GET_PROCESSING_OPTIONS else answer


async def gets_a_cryptogram(shop: Shop, amount_minor: int, currency: int) -> bool:
    pocket = Pocket(SimulatedCard.load("cb_visa_debit"))
    await shop.reader.tap(pocket)
    try:
        async with asyncio.timeout(DEADLINE_S):
            await shop.terminal.take_payment(os.urandom(8), amount_minor, currency, no_answer, lambda *_: None)
    except ReaderRefused as refusal:
        if refusal.code not in REFUSED:
            raise
    await shop.reader.remove()
    return bool(pocket.asked(GET_PROCESSING_OPTIONS))


async def no_answer(_question: dict) -> dict:
    return {}


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        for attempt in ATTEMPTS:
            if await gets_a_cryptogram(shop, *attempt):
                return True
        assert (await shop.pay(Pocket(SimulatedCard.load("cb_visa_debit")), "contactless")).approved
        assert shop.bank.told()[0x5F2A] == b"\x09\x78"
        return False
