"""The shipped reader without its issuer, with a card whose keys are real: what its cryptogram is worth (T-R13)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cbor2
import pytest

from emv.certificates.ca_keys import CaKey
from emv.profile import Profile
from firmware import contract
from tests.support.contracts import signed
from tests.support.fake_drivers import keyed_files
from tests.support.fake_storage import FakeStorage
from tests.support.sale_bench import SaleBench
from tools import profiles
from tools.simulators import personalisation, scheme
from tools.simulators.card import SimulatedCard

WILLING_MINOR = 100_000


def france() -> Profile:
    keys = [row.ca_public_key for row in scheme.schemes()]
    return profiles.france([CaKey(key.rid, key.index, key.modulus, key.exponent, key.checksum) for key in keys])


def card(name: str = "cb_visa_debit", **terms: object) -> SimulatedCard:
    """One that approves without its issuer when it is asked to."""
    person = personalisation.load(name)
    willing = [replace(row, offline_limit_minor=WILLING_MINOR, **terms) for row in person.contact]
    return SimulatedCard(replace(person, contact=tuple(willing)))


async def paid(simulated: SimulatedCard, kept: str, amount_minor: int, **wishes: Any) -> tuple[dict, list[bytes]]:
    """The result, and the commands that the card was sent. The acquirer is out of reach."""
    files = FakeStorage(keyed_files() | ({contract.FILE: cbor2.dumps(signed(kept))} if kept else {}))
    commands: list[bytes] = []

    def transmit(command: bytes) -> bytes:
        commands.append(bytes(command))
        return simulated.transmit(bytes(command))

    async with SaleBench(None, files, profile=france()) as bench:
        transaction_id = await bench.begun(amount_minor, **wishes)
        simulated.power_on("contact")
        bench.board.card_reader.put("contact", transmit)
        await bench.board.display.until("enter_pin")
        bench.board.keypad.press(*simulated.pin, "OK")
        await bench.hear("online_request")
        await bench.say({"type": "online_answer", "transaction_id": transaction_id})
        return await bench.hear("result"), commands


def asked(commands: list[bytes]) -> list[int]:
    """The types of cryptogram."""
    return [command[2] & 0xC0 for command in commands if command[1] == 0xAE]


@pytest.mark.covers("terminal/T-R13", "services/OP-1")
@pytest.mark.parametrize("kept", ["", "online", "store_and_forward"])
def test_without_leave_the_card_is_asked_for_an_aac(kept: str) -> None:
    result, commands = asyncio.run(paid(card(), kept, 1250))
    assert (result["outcome"], result["why"]) == ("declined", "no_answer")
    assert asked(commands) == [0x80, 0x00]


@pytest.mark.covers("terminal/T-R13", "services/OP-1")
def test_with_leave_and_an_enciphered_pin_it_approves() -> None:
    result, commands = asyncio.run(paid(card(), "store_and_forward", 1250, store_and_forward="yes"))
    assert (result["outcome"], result["why"], result["cvm"]) == ("approved", "approved_offline", "offline_pin")
    assert asked(commands) == [0x80, 0x40]
    assert bytes.fromhex("9F270140") in result["icc_data"]


@pytest.mark.covers("terminal/T-R13")
def test_a_tip_that_passes_the_limit_is_declined() -> None:
    """The request was below it; the total is not."""

    async def pay() -> tuple[dict, list[bytes]]:
        files = FakeStorage(keyed_files() | {contract.FILE: cbor2.dumps(signed("store_and_forward"))})
        commands: list[bytes] = []
        simulated = card()
        async with SaleBench(None, files, profile=france()) as bench:
            await bench.ask_for(4900, tips=[10], store_and_forward="yes")
            accepted = await bench.hear("progress")
            await bench.board.display.until("choose_tip")
            bench.board.keypad.press("1", "OK")
            await bench.board.display.until("present_card")
            simulated.power_on("contact")

            def transmit(command: bytes) -> bytes:
                commands.append(bytes(command))
                return simulated.transmit(bytes(command))

            bench.board.card_reader.put("contact", transmit)
            await bench.board.display.until("enter_pin")
            bench.board.keypad.press(*simulated.pin, "OK")
            await bench.hear("online_request")
            await bench.say({"type": "online_answer", "transaction_id": accepted["transaction_id"]})
            return await bench.hear("result"), commands

    result, commands = asyncio.run(pay())
    assert (result["why"], result["amount_minor"]) == ("no_answer", 5390)
    assert asked(commands) == [0x80, 0x00]


@pytest.mark.covers("terminal/T-R13", "attacks/C-01")
@pytest.mark.parametrize(
    ("name", "cvm_list"),
    [("cb_visa_debit", "41031F03"), ("mastercard_credit", "42031F03")],  # plaintext PIN, online PIN
)
def test_never_by_another_pin(name: str, cvm_list: str) -> None:
    simulated = card(name, cvm_list=bytes(8) + bytes.fromhex(cvm_list))
    result, commands = asyncio.run(paid(simulated, "store_and_forward", 1250, store_and_forward="yes"))
    assert (result["outcome"], result["why"]) == ("declined", "no_answer")
    assert asked(commands) == [0x80, 0x00]


@pytest.mark.covers("terminal/T-R13")
def test_a_card_that_will_not_is_declined() -> None:
    unwilling = SimulatedCard(personalisation.load("cb_visa_debit"))
    result, commands = asyncio.run(paid(unwilling, "store_and_forward", 1250, store_and_forward="yes"))
    assert (result["outcome"], asked(commands)) == ("declined", [0x80, 0x40])


@pytest.mark.covers("terminal/T-R13")
def test_a_card_that_approves_unasked_is_declined() -> None:
    """TC for an AAC, and TC for an ARQC at once."""

    def lies(at: int) -> Callable[[bytes, bytes], bytes]:
        count = [0]

        def changed(command: bytes, answer: bytes) -> bytes:
            if command[1] != 0xAE:
                return answer
            count[0] += 1
            place = 2 if answer[0] == 0x80 else answer.index(b"\x9f\x27\x01") + 3
            return answer[:place] + b"\x40" + answer[place + 1 :] if count[0] == at else answer

        return changed

    class Liar(SimulatedCard):
        lie = staticmethod(lies(1))

        def transmit(self, apdu: bytes) -> bytes:
            return self.lie(apdu, super().transmit(apdu))

    async def at_once() -> dict:
        simulated = Liar(personalisation.load("cb_visa_debit"))
        async with SaleBench(None, FakeStorage(keyed_files()), profile=france()) as bench:
            await bench.begun()
            simulated.power_on("contact")
            bench.board.card_reader.put("contact", lambda command: simulated.transmit(bytes(command)))
            await bench.board.display.until("enter_pin")
            bench.board.keypad.press(*simulated.pin, "OK")
            return await bench.hear("result")

    assert asyncio.run(at_once())["outcome"] == "declined"
    Liar.lie = staticmethod(lies(2))
    result, commands = asyncio.run(paid(Liar(personalisation.load("cb_visa_debit")), "", 1250))
    assert (result["outcome"], asked(commands)) == ("declined", [0x80, 0x00])
