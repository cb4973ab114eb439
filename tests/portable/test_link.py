"""The reader's link to the host: a Session faces firmware/link over a pipe."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from firmware.errors import LinkLost
from firmware.link import line
from firmware.link.host_link import HostLink
from protocol.errors import RemoteProtocolError
from protocol.session import Session
from tests.support.pipe_link import PipeLink

if TYPE_CHECKING:
    from collections.abc import Callable

COVERS = {
    "test_second_host_hears_busy_and_the_first_stays": ["attacks/B-12"],
    "test_whoever_says_no_hello_makes_room": ["attacks/B-14"],
    "test_before_hello_nothing_but_a_refusal": ["attacks/B-01"],
    "test_a_request_of_a_gone_host_is_forgotten": ["attacks/B-13"],
}

IDENTITY = {"serial": "R1", "firmware": "0.1", "profile": "fr-1"}
HELLO = {"type": "hello", "versions": [1], "name": "till"}
ID = b"i" * 16
TAKE_PAYMENT = {"type": "take_payment", "request_id": b"r" * 8, "amount_minor": 1250, "currency": 978}
ONLINE_REQUEST = {
    "type": "online_request",
    "transaction_id": ID,
    "amount_minor": 1250,
    "currency": 978,
    "interface": "contact",
    "icc_data": b"\x9f\x26\x01\x00",
    "ksn": b"k" * 12,
    "sealed_card": b"s" * 48,
    "mac": b"m" * 8,
}
ONLINE_ANSWER = {"type": "online_answer", "transaction_id": ID, "response_code": b"00", "mac": b"a" * 8}
PROGRESS = {"type": "progress", "transaction_id": ID, "phase": "card_presented"}


class Host:
    """A till that says exactly what the test wants."""

    def __init__(self, pipe: PipeLink) -> None:
        self.pipe = pipe
        self.session = Session("host")
        self.heard: list[dict | None] = []

    async def connect(self) -> None:
        await self.pipe.host.open()
        self.session = Session("host")

    async def say(self, *messages: dict) -> None:
        for message in messages:
            while not self.session.credits:
                await self._receive()
                self.heard.append(self.session.next_message())
            self.session.send(message)
        await self._flush()

    async def hear(self) -> dict | None:
        """The next message, None when the line is cut."""
        while True:
            message = self.heard.pop(0) if self.heard else self.session.next_message()
            if message is not None:
                return message
            try:
                await self._flush()
            except LinkLost:
                return None
            if not await self._receive():
                return None

    async def _receive(self) -> bytes:
        data = await asyncio.wait_for(self.pipe.host.receive(), 10)
        self.session.receive(data)
        return data

    async def _flush(self) -> None:
        data = self.session.take_outgoing()
        if data:
            await self.pipe.host.send(data)


def with_reader(scenario: Callable, links: int = 1) -> None:
    """Run scenario(link, hosts...) beside a reader."""

    async def both() -> None:
        pipes = [PipeLink(LinkLost, LinkLost) for _ in range(links)]
        link = HostLink([pipe.reader for pipe in pipes], lambda: IDENTITY)
        task = asyncio.create_task(link.run())
        try:
            await asyncio.wait_for(scenario(link, *[Host(pipe) for pipe in pipes]), 20)
        finally:
            task.cancel()

    asyncio.run(both())


async def greet(host: Host) -> dict:
    await host.connect()
    await host.say(HELLO)
    welcome = await host.hear()
    assert welcome is not None
    return welcome


def test_hello_is_welcomed_and_requests_come_through() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        assert not link.connected
        welcome = await greet(host)
        assert link.connected
        assert welcome == {
            "type": "welcome",
            "version": 1,
            "serial": "R1",
            "firmware": "0.1",
            "profile": "fr-1",
        }
        await host.say(TAKE_PAYMENT)
        assert await link.next_request() == TAKE_PAYMENT
        link.post(PROGRESS)
        assert await host.hear() == PROGRESS

    with_reader(scenario)


def test_no_request_in_time_is_none() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        assert await link.next_request(1) is None

    with_reader(scenario)


def test_question_is_answered() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        await greet(host)
        question = asyncio.create_task(link.ask(ONLINE_REQUEST, "online_answer", 10_000))
        assert await host.hear() == ONLINE_REQUEST
        other = dict(ONLINE_ANSWER)
        other["transaction_id"] = b"j" * 16
        await host.say(other, ONLINE_ANSWER)
        assert await question == ONLINE_ANSWER

    with_reader(scenario)


def test_question_without_host_ends_in_time() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        assert await link.ask(ONLINE_REQUEST, "online_answer", 1) is None

    with_reader(scenario)


def test_late_answer_is_no_request() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        await greet(host)
        assert await link.ask(ONLINE_REQUEST, "online_answer", 1) is None
        await host.say(ONLINE_ANSWER, TAKE_PAYMENT)
        assert await link.next_request() == TAKE_PAYMENT

    with_reader(scenario)


def test_question_is_asked_again_after_a_cut() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        await greet(host)
        link.in_progress = {"transaction_id": ID, "request_id": b"r" * 8, "amount_minor": 1250}
        question = asyncio.create_task(link.ask(ONLINE_REQUEST, "online_answer", 10_000))
        assert await host.hear() == ONLINE_REQUEST
        host.pipe.cut()
        assert await host.hear() is None
        assert (await greet(host))["transaction_id"] == ID
        assert await host.hear() == ONLINE_REQUEST
        await host.say(ONLINE_ANSWER)
        assert await question == ONLINE_ANSWER

    with_reader(scenario)


def test_a_request_of_a_gone_host_is_forgotten() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        await greet(host)
        await host.say(TAKE_PAYMENT)
        host.pipe.cut()
        await greet(host)
        assert await link.next_request(1) is None

    with_reader(scenario)


def test_without_host_nothing_posted_is_kept() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        link.post(PROGRESS)
        await greet(host)
        await host.say(TAKE_PAYMENT)
        await link.next_request()
        link.post(ONLINE_REQUEST)
        assert await host.hear() == ONLINE_REQUEST

    with_reader(scenario)


def test_more_than_the_credits_waits_its_turn() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        await greet(host)
        for _ in range(8):
            link.post(PROGRESS)
        for _ in range(8):
            assert await host.hear() == PROGRESS

    with_reader(scenario)


def test_second_host_hears_busy_and_the_first_stays() -> None:
    async def scenario(link: HostLink, first: Host, second: Host) -> None:
        link.in_progress = {"transaction_id": ID, "request_id": b"r" * 8, "amount_minor": 1250}
        await greet(first)
        await second.connect()
        await second.say(HELLO)
        busy = await second.hear()
        assert busy is not None and busy["code"] == "busy" and busy["amount_minor"] == 1250
        assert await second.hear() is None
        await first.say(TAKE_PAYMENT)
        assert await link.next_request() == TAKE_PAYMENT

    with_reader(scenario, links=2)


def test_when_the_first_host_is_gone_another_is_welcome() -> None:
    async def scenario(link: HostLink, first: Host, second: Host) -> None:
        await greet(first)
        first.pipe.cut()
        await first.hear()
        assert (await greet(second))["type"] == "welcome"

    with_reader(scenario, links=2)


def test_requests_beyond_the_inbox_hear_busy() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        await greet(host)
        for number in range(5):
            await host.say({"type": "status_query", "request_id": bytes((number,)) * 8})
        refusal = await host.hear()
        assert refusal is not None and refusal["code"] == "busy"
        first = await link.next_request()
        assert first is not None and first["request_id"] == b"\x00" * 8

    with_reader(scenario)


def test_before_hello_nothing_but_a_refusal() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        await host.connect()
        host.session.state = "open"  # a host that skips hello
        await host.say(TAKE_PAYMENT)
        assert await host.hear() == {"type": "error", "code": "out_of_order"}
        assert await link.next_request(1) is None
        assert not link.connected

    with_reader(scenario)


def test_a_damaged_frame_ends_the_session_and_hello_begins_another() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        await greet(host)
        await host.pipe.host.send(b"\xa5\x00\x01\x01\x00?????")
        assert await host.hear() == {"type": "error", "code": "bad_message"}
        assert not link.connected
        host.session = Session("host")
        await host.say(HELLO)
        welcome = await host.hear()
        assert welcome is not None and welcome["type"] == "welcome"

    with_reader(scenario)


def test_a_host_that_starts_again_on_the_same_line_is_heard_at_once() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        await greet(host)
        await host.say({"type": "status_query", "request_id": b"r" * 8})
        host.session = Session("host")
        await host.say(HELLO)
        try:
            welcome = await host.hear()
        except RemoteProtocolError as error:
            raise AssertionError("what the old session left is not skipped: " + error.reason) from None
        assert welcome is not None and welcome["type"] == "welcome"

    with_reader(scenario)


def test_whoever_says_no_hello_makes_room() -> None:
    async def scenario(link: HostLink, host: Host) -> None:
        await host.connect()
        assert await host.hear() is None

    patience = line.HELLO_WITHIN_S
    assert patience <= 10
    line.HELLO_WITHIN_S = 0.01
    try:
        with_reader(scenario)
    finally:
        line.HELLO_WITHIN_S = patience
