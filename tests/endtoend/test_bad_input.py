"""What bad input gets, as the merchant sees it: a named end in plain words, whole books, and the next sale works.

One stack serves all cases, so that each also follows another's trouble. docs/bad-input.md lists what proves what.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from host.app import App, build
from host.ledger.store import entries
from host.money import Money
from host.payment.errors import InvalidAmount
from host.payment.model import Payment
from host.payment.states import State
from host.payment.store import payments
from host.terminal import connection
from host.terminal.byte_link import ByteLink
from host.terminal.errors import ReaderRefused
from host.terminal.words import LANGUAGES, UNNAMED, words
from protocol import cbor
from protocol.framing import MAX_PAYLOAD, FrameReader
from protocol.framing import build as frame
from protocol.messages import decode, encode
from tools.demo.sale import sell
from tools.demo.stack import SERIAL, Stack
from tools.simulators.card import SimulatedCard

ROOT = Path(__file__).parent.parent.parent
DEADLINE_S = 60
HELLO = encode({"type": "hello", "versions": [1], "name": "raw host"})
LIMIT_MINOR = 500_000  # data/profiles/france.json
PIN = "1234"

Case = Callable[[Stack], Awaitable[None]]
Survives = Callable[[Case], None]


@pytest.fixture(scope="module")
def survives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survives]:
    """Runs a case on the stack that all of them share; afterwards a sale goes through and the books are whole."""

    async def run(case: Case) -> None:
        async with asyncio.timeout(DEADLINE_S):
            await case(stack)
        await is_as_good_as_before(stack)

    with asyncio.Runner() as runner:
        stack = Stack(tmp_path_factory.mktemp("stack"))
        runner.run(stack.__aenter__())
        yield lambda case: runner.run(run(case))
        runner.run(stack.__aexit__(None, None, None))


async def is_as_good_as_before(stack: Stack) -> None:
    assert (await sell(stack, "phone_wallet", "contactless")).approved  # as often as wanted: verified by itself
    with stack.app.database.transaction() as work:
        approved = payments.c.state == State.APPROVED
        booked = work.scalar(select(func.count()).select_from(entries))
        assert booked == work.scalar(select(func.count()).select_from(payments).where(approved))
        ended = payments.c.ended_at.is_not(None)
        assert work.scalar(select(func.count()).select_from(payments).where(~ended)) == 0, "nothing half written"


def is_in_plain_words(name: str | None) -> None:
    assert name
    for language in LANGUAGES:
        assert words(name, language) not in UNNAMED, name


def ended(payment: Payment, state: State, why: str) -> None:
    assert (payment.state, payment.why) == (state, why)
    is_in_plain_words(payment.why)


class RawHost:
    """A host without a session: it says any bytes and hears what the reader makes of them."""

    def __init__(self, line: ByteLink) -> None:
        self._line = line
        self._heard = FrameReader()
        self._sequence = 0

    async def says(self, payload: bytes) -> None:
        """One frame, which also lets the reader say one more."""
        await self._line.send(frame(self._sequence, 1, payload))
        self._sequence += 1

    async def hears(self, kind: str) -> dict[str, Any]:
        """The next message of that type; others are passed over."""
        while True:
            while (found := self._heard.next_frame()) is not None:
                if found[1] and (message := decode(found[1]))["type"] == kind:
                    return message
            data = await self._line.receive()
            assert data, "the reader hung up"
            self._heard.feed(data)


@asynccontextmanager
async def raw_host(stack: Stack) -> AsyncIterator[RawHost]:
    """In the till's place."""
    await stack.terminal.close()
    line = stack.reader.byte_link()
    await line.open()
    try:
        yield RawHost(line)
    finally:
        await line.close()


NONSENSE = {
    "a message that nobody knows": (cbor.encode({0: 99}), "unknown_message"),
    "a frame above the bound": (bytes(MAX_PAYLOAD + 1), "message_too_large"),
    "bad CBOR": (b"\xbf\xff", "bad_message"),
    "a field missing": (cbor.encode({0: 2}), "bad_message"),
    "a second hello": (HELLO, "out_of_order"),
}


@pytest.mark.parametrize("what", NONSENSE)
def test_what_makes_no_sense_is_refused_by_name(survives: Survives, what: str) -> None:
    async def case(stack: Stack) -> None:
        payload, code = NONSENSE[what]
        async with raw_host(stack) as host:
            await host.says(HELLO)
            await host.hears("welcome")
            await host.says(payload)
            assert (await host.hears("error"))["code"] == code
        is_in_plain_words(code)

    survives(case)


def test_a_till_and_a_reader_without_a_version_in_common(survives: Survives, monkeypatch: pytest.MonkeyPatch) -> None:
    async def case(stack: Stack) -> None:
        await stack.terminal.close()
        with monkeypatch.context() as till_of_tomorrow:
            till_of_tomorrow.setattr(connection, "VERSIONS", (9,))
            payment = await stack.app.payments.take_payment(Money(1250), "of tomorrow")
        ended(payment, State.CANCELLED, "wrong_version")

    survives(case)


def test_a_frame_lost_in_the_air_is_no_end(survives: Survives) -> None:
    async def case(stack: Stack) -> None:
        async def lose_one() -> None:
            await stack.reader.shows("present_card")
            await stack.reader.air("drop 1")

        payment, _ = await asyncio.gather(sell(stack, "cb_visa_debit", "contact"), lose_one())
        assert payment.approved

    survives(case)


async def chip_until(stack: Stack, order: str, prompt: str, card: Any = None) -> asyncio.Task[Payment]:
    """A chip sale on its way, up to that prompt."""
    paying = asyncio.create_task(stack.app.payments.take_payment(Money(1250), order))
    await stack.reader.shows("present_card")
    if prompt != "present_card":
        await stack.reader.insert(card or SimulatedCard.load("cb_visa_debit"))
        await stack.reader.shows("enter_pin")
    if prompt == "going_online":
        await stack.reader.press(*PIN, "OK")
        await stack.reader.shows(prompt)
    return paying


def test_a_card_pulled_while_the_pin_is_asked(survives: Survives) -> None:
    async def case(stack: Stack) -> None:
        paying = await chip_until(stack, "pulled", "enter_pin")
        await stack.reader.remove()
        ended(await paying, State.DECLINED, "card_removed")

    survives(case)


def test_a_card_pulled_after_the_bank_approved_is_to_be_reversed(survives: Survives) -> None:
    async def case(stack: Stack) -> None:
        await behaves(stack, mode="slow", delay_s=2, requests=1)
        paying = await chip_until(stack, "pulled late", "going_online")
        await stack.reader.remove()
        ended(await paying, State.REVERSAL_DUE, "card_removed_reversal_owed")

    survives(case)


class Unreadable:
    """A card whose records break off."""

    def __init__(self, card: SimulatedCard) -> None:
        self._card = card

    def power_on(self, interface: str) -> bytes:
        return self._card.power_on(interface)

    def transmit(self, apdu: bytes) -> bytes:
        answer = self._card.transmit(apdu)
        return bytes.fromhex("70205A0849 9000") if apdu[1] == 0xB2 else answer


def test_a_card_that_cannot_be_read(survives: Survives) -> None:
    async def case(stack: Stack) -> None:
        paying = await chip_until(stack, "unreadable", "present_card")
        await stack.reader.insert(Unreadable(SimulatedCard.load("mastercard_credit")))
        ended(await paying, State.DECLINED, "card_unreadable")
        await stack.reader.remove()

    survives(case)


async def behaves(stack: Stack, **behaviour: Any) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        (await client.post(f"{stack.acquirer.url}/behaviour", json=behaviour)).raise_for_status()


@asynccontextmanager
async def till_with(stack: Stack, **changes: Any) -> AsyncIterator[App]:
    """Another till on the same reader and books."""
    app = build(stack.app.settings.model_copy(update=changes), stack.terminal)
    try:
        yield app
    finally:
        await app.close()


async def sells_by_tap(stack: Stack, app: App, order: str) -> Payment:
    paying = asyncio.create_task(app.payments.take_payment(Money(1250), order))
    await stack.reader.shows("present_card")
    await stack.reader.tap(SimulatedCard.load("cb_visa_debit"))
    payment = await paying
    await stack.reader.remove()
    return payment


def test_no_acquirer(survives: Survives) -> None:
    async def case(stack: Stack) -> None:
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            url = f"http://127.0.0.1:{nobody.getsockname()[1]}/caaa"
        async with till_with(stack, acquirer_url=url) as app:
            ended(await sells_by_tap(stack, app, "no acquirer"), State.DECLINED, "no_answer")

    survives(case)


def test_an_acquirer_that_never_answers_may_have_approved(survives: Survives) -> None:
    async def case(stack: Stack) -> None:
        await behaves(stack, mode="silent", requests=1)
        async with till_with(stack, acquirer_deadline_s=2) as app:
            ended(await sells_by_tap(stack, app, "silent acquirer"), State.REVERSAL_DUE, "no_answer")

    survives(case)


@pytest.mark.covers("attacks/B-13")
def test_a_second_sale_at_the_same_till(survives: Survives) -> None:
    async def case(stack: Stack) -> None:
        first = await chip_until(stack, "first", "enter_pin")
        second = await stack.app.payments.take_payment(Money(999), "second")
        ended(second, State.CANCELLED, "busy")
        await stack.reader.press(*PIN, "OK")
        assert (await first).approved
        await stack.reader.remove()

    survives(case)


@pytest.mark.covers("attacks/B-13", "faults/R-04")
def test_a_second_sale_on_a_busy_reader(survives: Survives) -> None:
    async def case(stack: Stack) -> None:
        request = {"type": "take_payment", "request_id": b"request1", "amount_minor": 1250, "currency": 978}
        async with raw_host(stack) as host:
            await host.says(HELLO)
            await host.says(encode(request))
            transaction_id = (await host.hears("progress"))["transaction_id"]
            await host.says(encode({**request, "request_id": b"request2", "amount_minor": 999}))
            busy = await host.hears("error")
            assert (busy["code"], busy["transaction_id"], busy["amount_minor"]) == ("busy", transaction_id, 1250)
            await host.says(encode({"type": "cancel", "transaction_id": transaction_id}))
            assert (await host.hears("result"))["why"] == "merchant_cancelled"
        is_in_plain_words("merchant_cancelled")

    survives(case)


def test_an_amount_of_zero_is_refused_by_the_till_and_by_the_reader(survives: Survives) -> None:
    async def nobody(*_: Any) -> dict[str, Any]:
        raise AssertionError("no card was to be asked for")

    async def case(stack: Stack) -> None:
        with pytest.raises(InvalidAmount) as by_the_till:
            await stack.app.payments.take_payment(Money(0), "nothing")
        with pytest.raises(ReaderRefused) as by_the_reader:
            await stack.terminal.take_payment(b"nothing!", 0, 978, nobody, lambda *_: None)
        assert by_the_till.value.code == by_the_reader.value.code == "amount_zero"
        is_in_plain_words("amount_zero")
        assert stack.app.payments.of_order("nothing") is None

    survives(case)


def test_an_amount_above_the_limit_asks_for_no_card(survives: Survives) -> None:
    async def case(stack: Stack) -> None:
        shown = len(stack.reader.pictures)
        payment = await stack.app.payments.take_payment(Money(LIMIT_MINOR + 1), "too much")
        ended(payment, State.CANCELLED, "amount_above_limit")
        assert "present_card" not in stack.reader.pictures[shown:]

    survives(case)


@pytest.mark.covers("faults/R-16", "terminal/T-R20")
def test_a_host_killed_in_mid_payment_finds_out_how_it_ended(tmp_path: Path) -> None:
    """Over the serial line: a second process can have that one."""

    async def case() -> None:
        async with asyncio.timeout(DEADLINE_S), Stack(tmp_path, link="serial") as stack:
            arguments = (stack.reader.serial_port, str(stack.app.settings.database), "lost")
            command = (sys.executable, "-m", "tests.endtoend.till_process", *arguments)
            till = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
            try:
                await stack.reader.shows("present_card", 60)
            finally:
                till.kill()
                await till.wait()
            left = stack.app.payments.of_order("lost")
            assert left is not None and left.reader == SERIAL
            (payment,) = await stack.app.payments.resolve_unknown()
            ended(payment, State.UNKNOWN, "still_in_progress")
            await stack.reader.press("CANCEL")
            await stack.reader.shows("cancelled")
            (payment,) = await stack.app.payments.resolve_unknown()
            ended(payment, State.CANCELLED, "cardholder_cancelled")
            await is_as_good_as_before(stack)

    asyncio.run(case())
