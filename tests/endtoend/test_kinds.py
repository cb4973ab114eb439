"""What is no purchase over the whole road: simulated card, shipped firmware, line, acquirer process and issuer."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from host.terminal.errors import NotSigned, ReaderRefused
from tools.demo.cardholder import Cardholder
from tools.demo.kinds import is_genuine, sign, transact
from tools.demo.stack import Stack
from tools.simulators.card import SimulatedCard
from tools.simulators.key_host import acquirer_keys

RUNTIMES = ["micropython", "cpython"]
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("card", ["cb_visa_debit", "visa_credit", "mastercard_credit"])
def test_each_kind_by_chip_and_by_tap(tmp_path: Path, runtime: str, card: str) -> None:
    async def all_kinds() -> None:
        async with Stack(tmp_path, runtime=runtime) as stack:
            for interface in ("contact", "contactless"):
                refunded = await transact(stack, "refund", card, interface, 1250)
                told = (refunded["outcome"], refunded["why"], refunded["kind"], refunded["interface"], refunded["cvm"])
                assert told == ("approved", "approved_online", "refund", interface, "none")
                assert refunded["response_code"] == b"00"
                assert len(refunded["token"]) == 32
                verified = await transact(stack, "verification", card, interface, 0)
                assert (verified["outcome"], verified["why"]) == ("approved", "approved_online")
                assert verified["amount_minor"] == 0
            cash = await transact(stack, "cash_back", card, "contact", 1250, 500)
            assert (cash["outcome"], cash["amount_minor"], cash["amount_other_minor"]) == ("approved", 1250, 500)
            assert cash["cvm"] in ("offline_pin", "online_pin")

    asyncio.run(all_kinds())


def test_a_refund_asks_nobody_for_a_pin_and_says_what_it_is(tmp_path: Path) -> None:
    async def refund() -> None:
        async with Stack(tmp_path) as stack:
            await transact(stack, "refund", "cb_visa_debit", "contact", 6000)
            assert "enter_pin" not in stack.reader.pictures
            tapped = await transact(stack, "refund", "mastercard_credit", "contactless", 6000)  # above the limit for it
            assert (tapped["outcome"], tapped["cvm"]) == ("approved", "none")
            assert "enter_pin" not in stack.reader.pictures

    asyncio.run(refund())


def test_the_account_gets_the_money_and_an_empty_one_too(tmp_path: Path) -> None:
    async def refund() -> None:
        async with Stack(tmp_path) as stack:
            refused = await transact(stack, "purchase", "declined", "contact", 1250)
            assert refused["outcome"] == "declined"
            refunded = await transact(stack, "refund", "declined", "contact", 1250)
            assert refunded["outcome"] == "approved"
            paid = await transact(stack, "purchase", "declined", "contact", 1250)
            assert paid["outcome"] == "approved", "with what was refunded"

    asyncio.run(refund())


def test_a_host_that_makes_a_debit_of_a_refund_is_refused(tmp_path: Path) -> None:
    """The till asks for a refund and tells the acquirer of a purchase: the reader's MAC says otherwise."""

    async def cheat() -> None:
        async with Stack(tmp_path) as stack:
            card = SimulatedCard.load("cb_visa_debit")
            told: list[dict[str, Any]] = []

            async def authorise(question: dict[str, Any]) -> dict[str, Any]:
                keys = acquirer_keys().transaction(question["ksn"])
                assert keys.request_mac_is_good(question)
                for kind in ("purchase", "cash_back", "cancellation", "verification"):
                    assert not keys.request_mac_is_good(question | {"kind": kind})
                told.append(question)
                return {}

            asking = stack.terminal.take_payment(
                bytes(8), 1250, 978, authorise, lambda *_: None, kind="refund", original=bytes(16)
            )
            holder = Cardholder(stack.reader).pay(card, "cb_visa_debit", "contact", card.pin)
            result, _ = await asyncio.gather(asking, holder)
            assert (result["why"], len(told)) == ("no_answer", 1)

    asyncio.run(cheat())


def test_a_cancellation_reaches_the_host_under_its_mac(tmp_path: Path) -> None:
    """The message to the acquirer is not a caaa.001; here the acquirer's keys stand for it."""

    async def cancel() -> None:
        async with Stack(tmp_path) as stack:
            card = SimulatedCard.load("visa_credit")

            async def authorise(question: dict[str, Any]) -> dict[str, Any]:
                assert question["kind"] == "cancellation"
                assert bytes.fromhex("9C0102") in question["icc_data"]
                keys = acquirer_keys().transaction(question["ksn"])
                assert keys.request_mac_is_good(question)
                fields: dict[str, Any] = {"response_code": b"00"}
                return fields | {"mac": keys.answer_mac(question["transaction_id"], fields)}

            asking = stack.terminal.take_payment(bytes(8), 1250, 978, authorise, lambda *_: None, kind="cancellation")
            holder = Cardholder(stack.reader).pay(card, "visa_credit", "contactless", card.pin)
            result, _ = await asyncio.gather(asking, holder)
            assert (result["outcome"], result["kind"]) == ("approved", "cancellation")

    asyncio.run(cancel())


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.covers("attacks/P-02")
def test_a_card_signs_and_its_issuer_knows_the_response(tmp_path: Path, runtime: str) -> None:
    async def sign_all() -> None:
        async with Stack(tmp_path, runtime=runtime, link="serial") as stack:
            for name in ("cb_visa_debit", "mastercard_credit"):
                card = SimulatedCard.load(name)
                for challenge, amount in (("12345678", None), ("7", 1250)):
                    signature = await sign(stack, card, challenge, amount)
                    assert signature.response.isdigit()
                    assert is_genuine(card, signature, challenge, amount)
                    assert not is_genuine(card, signature, "1", amount)
            shown = stack.reader.pictures
            assert shown.index("confirm_signature") < shown.index("enter_pin")
            paid = await transact(stack, "purchase", "cb_visa_debit", "contact", 1250)
            assert paid["outcome"] == "approved"

    asyncio.run(sign_all())


def test_a_card_with_an_application_of_its_own_for_it(tmp_path: Path) -> None:
    person = SimulatedCard.load("mastercard_credit").personalisation
    own = replace(person.contact[0], aid=bytes.fromhex("A0000000048002"))
    card = SimulatedCard(replace(person, contact=(own, *person.contact)))

    async def sign_once() -> None:
        async with Stack(tmp_path) as stack:
            assert is_genuine(card, await sign(stack, card, "87654321"), "87654321")

    asyncio.run(sign_once())


def test_who_does_not_sign(tmp_path: Path) -> None:
    async def refuse() -> None:
        async with Stack(tmp_path) as stack:
            # A card of its own: its PIN ends blocked.
            reader, card = stack.reader, SimulatedCard(SimulatedCard.load("cb_visa_debit").personalisation)

            async def asked(challenge: str = "1234") -> asyncio.Task[Any]:
                asking = asyncio.create_task(stack.terminal.sign_with_card(challenge))
                await reader.shows("confirm_signature")
                return asking

            async def ends(asking: asyncio.Task[Any], why: str) -> None:
                with pytest.raises(NotSigned) as refusal:
                    await asking
                assert refusal.value.code == why
                await reader.remove()

            asking = await asked()
            await reader.press("CANCEL")
            await ends(asking, "cardholder_cancelled")

            asking = await asked()
            await reader.press("OK")
            await reader.shows("insert_card")
            await stack.terminal.cancel()
            await ends(asking, "merchant_cancelled")

            asking = await asked()
            await reader.press("OK")
            await reader.shows("insert_card")
            await reader.insert(card)
            await reader.shows("enter_pin")
            await reader.press("1", "2")
            await reader.remove()
            await ends(asking, "card_removed")

            asking = await asked()
            await reader.press("OK")
            await reader.shows("insert_card")
            await reader.insert(card)
            for _ in range(3):
                await reader.shows("enter_pin")
                await reader.press("9", "9", "9", "9", "OK")
                await reader.shows("wait")
            await ends(asking, "pin_blocked")

            for challenge in ("", "123456789", "12a4"):
                with pytest.raises(ReaderRefused) as refusal:
                    await stack.terminal.sign_with_card(challenge)
                assert refusal.value.code == "challenge_malformed"

    asyncio.run(refuse())


def test_from_the_command_line() -> None:
    def lines(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
        command = [sys.executable, "-m", "tools.zinc", *arguments]
        run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=90, check=False)
        return run.returncode, [json.loads(line) for line in run.stdout.splitlines()]

    code, told = lines("sign", "--challenge", "12345678", "--amount", "12.50")
    assert (code, told[-1]["genuine"]) == (0, True)
    code, told = lines("pay", "--kind", "refund", "--interface", "contactless")
    assert (code, told[-1]["kind"], told[-1]["outcome"]) == (0, "refund", "approved")
    code, told = lines("pay", "--kind", "cash_back", "--cash", "50")
    assert (code, told) == (1, [{"refused": "amount_above_limit"}])
    assert lines("pay", "--amount", "12.505") == (2, [])
