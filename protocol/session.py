"""One session of the conversation, without I/O and for both roles: bytes in, messages out, and the other way round.

session.receive(data); while (message := session.next_message()) is not None: ...
session.send(message); link.send(session.take_outgoing())
"""

from __future__ import annotations

from protocol import framing, messages
from protocol.errors import (
    BAD_MESSAGE,
    NO_CREDIT,
    OUT_OF_ORDER,
    TOO_LARGE,
    WRONG_VERSION,
    InvalidMessage,
    LocalProtocolError,
    RemoteProtocolError,
    UnknownMessage,
)
from protocol.states import ENDING, HOST, MOVES, READER, SAYS

VERSIONS = (1,)

# the reader's last word, by the reason for which the session ends
REFUSALS = {WRONG_VERSION: "wrong_version", TOO_LARGE: "message_too_large"}  # all others: bad_message


def common_version(versions: list[int]) -> int | None:
    """The highest that both speak."""
    common = [version for version in versions if version in VERSIONS]
    return max(common) if common else None


def _version_fits(message: dict) -> bool:
    if message["type"] == "hello":
        return common_version(message["versions"]) is not None
    return message["type"] != "welcome" or message["version"] in VERSIONS


class Session:
    """state: a key of states.MOVES. credits: frames that the peer lets us send now."""

    def __init__(self, role: str) -> None:
        self.role = role
        self.state = "new"
        self.credits = framing.WINDOW
        self._peer = READER if role == HOST else HOST
        self._reader = framing.FrameReader()
        self._outgoing = bytearray()
        self._sequence = 0
        self._owed = 0  # frames that we took from the peer and have not granted again

    def receive(self, data: bytes) -> None:
        """Keep what came for next_message. Raises RemoteProtocolError (flood)."""
        try:
            if self.state != "closed":
                self._reader.feed(data)
        except RemoteProtocolError as error:
            self._refuse_and_close(error.reason)
            raise

    def next_message(self) -> dict | None:
        """The next message of the peer, None when there is none yet; taking it lets the peer send another.

        The reader answers by itself what is unknown or out of order, and goes on.
        Raises RemoteProtocolError, and the session is over: what is left to send is the refusal.
        """
        try:
            return self._next_message() if self.state != "closed" else None
        except RemoteProtocolError as error:
            self._refuse_and_close(error.reason)
            raise

    def send(self, message: dict) -> None:
        """Raises InvalidMessage, or LocalProtocolError (out_of_order, no_credit, too_large). Then nothing is sent."""
        if message["type"] not in SAYS[self.role] or message["type"] not in MOVES[self.state]:
            raise LocalProtocolError(OUT_OF_ORDER, message["type"])
        if self.credits == 0:
            raise LocalProtocolError(NO_CREDIT)
        payload = messages.encode(message)
        if len(payload) > framing.MAX_PAYLOAD:
            raise LocalProtocolError(TOO_LARGE)
        self.credits -= 1
        self._put(payload)
        self._move(message)

    def take_outgoing(self) -> bytes:
        """What is to be sent now."""
        if self.state != "closed" and self._owed >= framing.WINDOW // 2:
            self._put(b"")
        data = bytes(self._outgoing)
        self._outgoing = bytearray()
        return data

    def leftover(self) -> bytes:
        """What a session that is over did not read: perhaps the beginning of the next."""
        return bytes(self._reader.buffer)

    def _next_message(self) -> dict | None:
        while True:
            frame = self._reader.next_frame()
            if frame is None:
                return None
            grant, payload = frame
            self.credits += grant
            if payload:
                self._owed += 1
                message = self._heard(payload)
                if message is not None:
                    return message

    def _heard(self, payload: bytes) -> dict | None:
        """The message, when it is one that the peer may say now."""
        try:
            message = messages.decode(payload)
        except UnknownMessage:
            return self._refuse("unknown_message")
        except InvalidMessage as error:
            raise RemoteProtocolError(BAD_MESSAGE, str(error)) from None
        if message["type"] not in SAYS[self._peer] or message["type"] not in MOVES[self.state]:
            return self._refuse("out_of_order")
        if not _version_fits(message):
            raise RemoteProtocolError(WRONG_VERSION)
        self._move(message)
        return message

    def _refuse(self, code: str) -> None:
        """The reader says so and goes on; the host has no word for it, and a peer that never listens gets no more."""
        if self.role == HOST or self.credits == 0:
            raise RemoteProtocolError(OUT_OF_ORDER if code == "out_of_order" else BAD_MESSAGE)
        self.send({"type": "error", "code": code})

    def _refuse_and_close(self, reason: str) -> None:
        """The last frame needs no credit."""
        if self.role == READER:
            refusal: dict = {"type": "error", "code": REFUSALS.get(reason, "bad_message")}
            if reason == WRONG_VERSION:
                refusal["versions"] = VERSIONS
            self._put(messages.encode(refusal))
        self.state = "closed"

    def _move(self, message: dict) -> None:
        ends = message["type"] == "error" and message["code"] in ENDING
        self.state = "closed" if ends else MOVES[self.state][message["type"]]

    def _put(self, payload: bytes) -> None:
        self._outgoing.extend(framing.build(self._sequence, self._owed, payload))
        self._owed = 0
        self._sequence = self._sequence + 1 & 0xFF
