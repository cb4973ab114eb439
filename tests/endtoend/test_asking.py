"""What the shipped reader asks beyond card and PIN, on its own runtime and heap: a tip, its contract, no issuer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest

from host.terminal.errors import ReaderRefused
from tools.demo.cardholder import Cardholder
from tools.demo.stack import Stack
from tools.simulators import contract, personalisation
from tools.simulators.card import SimulatedCard
from tools.simulators.key_host import acquirer_keys

RUNTIMES = ["micropython", "cpython"]


async def nobody(_question: dict[str, Any]) -> dict[str, Any]:
    """The acquirer is out of reach."""
    return {}


def willing() -> SimulatedCard:
    person = personalisation.load("cb_visa_debit")
    return SimulatedCard(
        replace(person, contact=tuple(replace(row, offline_limit_minor=10_000) for row in person.contact))
    )


async def pay(stack: Stack, card: SimulatedCard, **wishes: Any) -> dict[str, Any]:
    """12,50 by chip and PIN."""
    asking = stack.terminal.take_payment(token_bytes(8), 1250, 978, nobody, lambda *_: None, **wishes)
    asked = "choose_tip" if "tips" in wishes else "present_card"
    holder = Cardholder(stack.reader).pay(card, "card", "contact", card.pin, asked=asked)
    result, _ = await asyncio.gather(asking, holder)
    await stack.terminal.kept(result)
    return result


@pytest.mark.covers("terminal/T-R06", "terminal/T-R13", "terminal/T-R26", "services/OP-1")
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_contract_a_tip_and_no_issuer(tmp_path: Path, runtime: str) -> None:
    async def evening() -> None:
        async with Stack(tmp_path, runtime=runtime) as stack:
            with pytest.raises(ReaderRefused, match="not_allowed"):
                await stack.terminal.take_payment(
                    token_bytes(8), 1250, 978, nobody, lambda *_: None, store_and_forward="yes"
                )
            content = contract.contract(store_and_forward=contract.OFFLINE)
            assert await stack.terminal.apply_parameters(content, contract.sign(content)) == 1
            declined = await pay(stack, willing())
            assert (declined["outcome"], declined["why"]) == ("declined", "no_answer")
            stored = await pay(stack, willing(), tips=[10], store_and_forward="yes")
            assert (stored["outcome"], stored["why"]) == ("approved", "approved_offline")
            assert (stored["amount_minor"], stored["tip_minor"], stored["cvm"]) == (1375, 125, "offline_pin")

    asyncio.run(evening())


@pytest.mark.covers("terminal/T-R07")
@pytest.mark.parametrize("accepted", [True, False])
def test_a_part_that_the_merchant_takes_or_leaves(tmp_path: Path, accepted: bool) -> None:
    """The card has no issuer here that would sign: it declines what is approved without, so this is a tap."""

    async def part() -> None:
        async def authorise(question: dict[str, Any]) -> dict[str, Any]:
            fields: dict[str, Any] = {"response_code": b"10", "authorised_minor": 800}
            mac = acquirer_keys().transaction(question["ksn"]).answer_mac(question["transaction_id"], fields)
            return fields | {"mac": mac}

        async def confirm(question: dict[str, Any]) -> bool:
            told.append((question["what"], question["amount_minor"]))
            return accepted

        told: list[tuple[str, int]] = []
        async with Stack(tmp_path) as stack:
            card = SimulatedCard.load("visa_credit")
            asking = stack.terminal.take_payment(token_bytes(8), 1250, 978, authorise, lambda *_: None, confirm)
            holder = Cardholder(stack.reader).pay(card, "card", "contactless", card.pin)
            result, _ = await asyncio.gather(asking, holder)
            assert told == [("partial_amount", 800)]
            expected = ("approved", 800) if accepted else ("declined", 1250)
            assert (result["outcome"], result["amount_minor"]) == expected

    asyncio.run(part())
