"""Where messages arrive instead of on telephones: a gateway that a host can be given (host.messaging.ports.Gateway).

Its moods are those of gateways: it takes a message and loses its answer, it is busy, it refuses a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from host.messaging.errors import NoAnswer, NotTaken, Refused
from host.messaging.model import Letter, Report
from host.messaging.states import State

MOODS = ("well", "lost", "lost_before", "busy", "refuses")


@dataclass(frozen=True)
class Arrived:
    """`id` is the gateway's; a message that people sent to the shop has no sender's name."""

    id: str
    letter: Letter
    at: datetime
    outgoing: bool = False  # from the telephone


@dataclass
class Inbox:
    """`now` is the clock. `repeats`: whether it knows an event id again. `on_reply` hears what people answer: their
    number, the text, and an id."""

    now: Callable[[], datetime]
    repeats: bool = True
    can_ask: bool = True
    mood: str = "well"
    on_reply: Callable[[str, str, str], None] | None = None
    arrived: list[Arrived] = field(default_factory=list)
    calls: int = 0
    _by_event: dict[str, Arrived] = field(default_factory=dict)

    async def send(self, letter: Letter) -> str | None:
        """As ports.Gateway says."""
        self.calls += 1
        if self.mood == "busy":
            raise NotTaken("busy")
        if self.mood == "refuses":
            raise Refused("unknown number")
        if self.mood == "lost_before":
            raise NoAnswer("lost on the way there")
        taken = self._take(letter)
        if self.mood == "lost":
            raise NoAnswer("lost on the way back")
        return taken.id

    async def ask(self, event_id: str, gateway_id: str | None) -> Report | None:  # noqa: ARG002
        """As ports.Gateway says: what arrived is delivered."""
        found = self._by_event.get(event_id)
        return Report(State.DELIVERED, found.id, event_id) if found else None

    def reply(self, number: str, text: str) -> None:
        """From that telephone to the shop."""
        reply_id = f"in-{len(self.arrived) + 1}"
        self.arrived.append(Arrived(reply_id, Letter("", number, text), self.now(), outgoing=True))
        if self.on_reply is not None:
            self.on_reply(number, text, reply_id)

    def of(self, to: str) -> list[Arrived]:
        """In the order of their arrival."""
        return [each for each in self.arrived if each.letter.to == to]

    def _take(self, letter: Letter) -> Arrived:
        if self.repeats and letter.event_id in self._by_event:
            return self._by_event[letter.event_id]
        taken = Arrived(f"msg-{len(self.arrived) + 1}", letter, self.now())
        self.arrived.append(taken)
        self._by_event[letter.event_id] = taken
        return taken
