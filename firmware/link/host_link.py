"""The host as the terminal sees it: requests in, messages out, on whichever link, over cuts of the line."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from firmware.link.line import Line
from protocol.session import common_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware.drivers.byte_link import ByteLink

INBOX = 4  # requests that may wait for the terminal
ANSWERS = ("online_answer", "confirmation", "kept", "enrolled")  # to what the reader asked with `ask`


class HostLink:
    """The first host to say hello is the host until it is gone; another one gets `busy`.

    hello and welcome stay in here, and so does one of ANSWERS for which no `ask` waits (any more).

    in_progress: {"transaction_id", "request_id", "amount_minor"} of the payment that runs, or None. The terminal sets
        it; welcome and busy tell it to the host.
    """

    def __init__(self, byte_links: list[ByteLink], identity: Callable[[], dict]) -> None:
        """identity() gives what welcome says of this reader: "serial", "firmware", "profile", and of its day."""
        self.in_progress: dict | None = None
        self._identity = identity
        self._lines = [Line(byte_link, self._hears, self._over) for byte_link in byte_links]
        self._host: Line | None = None
        self._inbox: list[dict] = []
        self._arrived = asyncio.Event()
        self._question: dict | None = None
        self._answer_type = ""
        self._answer: dict | None = None
        self._answered = asyncio.Event()

    async def run(self) -> None:
        """Serve all links; never returns. The terminal makes it a task."""
        await asyncio.gather(*[line.run() for line in self._lines])

    @property
    def connected(self) -> bool:
        """Is there a host that was welcomed?"""
        return self._host is not None

    def has_kept(self, transaction_id: bytes) -> bool:
        """Has the host said so? Who asked may not have gone on yet: what it says next comes in the same moment."""
        heard = self._answer
        return heard is not None and heard["type"] == "kept" and heard["transaction_id"] == transaction_id

    async def next_request(self, timeout_ms: int | None = None) -> dict | None:
        """The next that is neither hello nor one of ANSWERS; None when none comes in time."""
        while not self._inbox:
            self._arrived.clear()
            if not await _within(timeout_ms, self._arrived):
                return None
        return self._inbox.pop(0)

    def post(self, message: dict) -> None:
        """Send when the host has room for it. Without a host it is forgotten: the host asks again by id.

        Raises InvalidMessage, never for a host that is gone.
        """
        if self._host is not None:
            self._host.post(message)

    async def ask(self, message: dict, answer_type: str, timeout_ms: int) -> dict | None:
        """Send, and wait for the answer of that type and transaction id; None when none comes in time.

        Sent again to each host that says hello meanwhile. One question at a time.
        """
        self._question, self._answer_type, self._answer = message, answer_type, None
        self._answered.clear()
        self.post(message)
        try:
            await _within(timeout_ms, self._answered)
        finally:
            self._question = None
        return self._answer

    def _hears(self, line: Line, message: dict) -> None:
        if message["type"] == "hello":
            self._greet(line, message)
        elif message["type"] in ANSWERS:
            self._take_answer(message)
        elif len(self._inbox) == INBOX:
            line.post(self._busy())
        else:
            self._inbox.append(message)
            self._arrived.set()

    def _greet(self, line: Line, hello: dict) -> None:
        if self._host is not None:
            line.post(self._busy())
            return
        self._host = line
        welcome = {"type": "welcome", "version": common_version(hello["versions"])}
        welcome.update(self._identity())
        if self.in_progress is not None:
            welcome["transaction_id"] = self.in_progress["transaction_id"]
        line.post(welcome)
        if self._question is not None:
            line.post(self._question)

    def _busy(self) -> dict:
        refusal = {"type": "error", "code": "busy"}
        refusal.update(self.in_progress or {})
        return refusal

    def _take_answer(self, message: dict) -> None:
        question = self._question
        if (
            question is not None
            and message["type"] == self._answer_type
            and message["transaction_id"] == question["transaction_id"]
        ):
            self._answer = message
            self._answered.set()

    def _over(self, line: Line) -> None:
        """What the host asked for and the terminal has not begun, it asks for again."""
        if line is self._host:
            self._host = None
            self._inbox = []


async def _within(timeout_ms: int | None, event: asyncio.Event) -> bool:
    """Did it happen in time?"""
    try:
        await asyncio.wait_for(event.wait(), None if timeout_ms is None else timeout_ms / 1000)
    except asyncio.TimeoutError:
        return False
    return True
