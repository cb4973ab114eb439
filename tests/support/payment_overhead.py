"""What a contactless payment costs on the line: two sessions say it all, and every byte is counted."""

from __future__ import annotations

from protocol.session import Session
from tests.support import examples

# a tap that goes online, as CONVERSATIONS.md tells it; data from the examples
STORY = (
    ("host", "take_payment", {}),
    ("reader", "progress", {}),
    ("reader", "progress_card_presented", {}),
    ("reader", "progress_card_presented", {"phase": "going_online"}),
    ("reader", "online_request", {}),
    ("host", "online_answer", {}),
    ("reader", "result", {}),
)


def contactless_payment() -> list[tuple[str, int]]:
    """Who said what, in bytes with framing, without session set-up; the last row are the grants that travel alone."""
    sides = {"host": Session("host"), "reader": Session("reader")}
    say(sides, "host", "hello", {})
    say(sides, "reader", "welcome", {})
    rows = []
    grants = 0
    for speaker, name, changes in STORY:
        said, granted = say(sides, speaker, name, changes)
        rows.append((name, said))
        grants += granted
    return [*rows, ("grants", grants)]


def say(sides: dict[str, Session], speaker: str, name: str, changes: dict[str, str]) -> tuple[int, int]:
    """Bytes of the message, and of the answer that only grants."""
    session, peer = sides[speaker], sides["reader" if speaker == "host" else "host"]
    session.send({**examples.load(name)[0], **changes})
    data = session.take_outgoing()
    peer.receive(data)
    assert peer.next_message() is not None
    grant = peer.take_outgoing()
    session.receive(grant)
    assert session.next_message() is None
    return len(data), len(grant)
