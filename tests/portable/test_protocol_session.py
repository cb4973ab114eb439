"""Two sessions facing each other. Each step says what is heard and where both stand."""

from __future__ import annotations

from protocol import cbor, messages
from protocol.errors import (
    BAD_MESSAGE,
    CHECKSUM,
    FLOOD,
    GAP,
    NO_CREDIT,
    OUT_OF_ORDER,
    TOO_LARGE,
    WRONG_VERSION,
    LocalProtocolError,
    RemoteProtocolError,
)
from protocol.framing import MAX_BUFFER, WINDOW, build
from protocol.session import Session
from protocol.states import MOVES, SAYS

HELLO = {"type": "hello", "versions": [1], "name": "till"}
WELCOME = {"type": "welcome", "version": 1, "serial": "R1", "firmware": "0.1", "profile": "fr-1"}
TAKE_PAYMENT = {"type": "take_payment", "request_id": b"r" * 8, "amount_minor": 1250, "currency": 978}
PROGRESS = {"type": "progress", "transaction_id": b"t" * 16, "phase": "card_presented"}
CANCEL = {"type": "cancel", "transaction_id": b"t" * 16}


class Pair:
    def __init__(self, piece: int = 2000) -> None:
        self.host = Session("host")
        self.reader = Session("reader")
        self.piece = piece

    def opened(self) -> Pair:
        self.says(self.host, HELLO)
        self.says(self.reader, WELCOME)
        return self

    def says(self, speaker: Session, message: dict) -> None:
        """One message, heard whole by the other side, and whatever it grants."""
        speaker.send(message)
        assert self.passes(speaker) == [message]

    def passes(self, speaker: Session) -> list:
        listener = self.reader if speaker is self.host else self.host
        heard = hear(listener, speaker.take_outgoing(), self.piece)
        hear(speaker, listener.take_outgoing(), self.piece)
        return heard

    def states(self) -> tuple[str, str]:
        return self.host.state, self.reader.state


def hear(listener: Session, data: bytes, piece: int = 2000) -> list:
    heard = []
    for start in range(0, len(data), piece):
        listener.receive(data[start : start + piece])
        while True:
            message = listener.next_message()
            if message is None:
                break
            heard.append(message)
    return heard


def reason(step, *arguments) -> str:
    try:
        step(*arguments)
    except (LocalProtocolError, RemoteProtocolError) as error:
        return error.reason
    raise AssertionError("accepted")


def frame(sequence: int, message: dict) -> bytes:
    return build(sequence, 0, messages.encode(message))


def test_every_message_is_said_by_one_side_and_has_a_move() -> None:
    said = SAYS["host"] + SAYS["reader"]
    assert len(said) == len(set(said))
    moves = [message for state in MOVES for message in MOVES[state]]
    assert sorted(set(moves)) == sorted(said)


def test_hello_and_welcome_open() -> None:
    pair = Pair()
    assert pair.states() == ("new", "new")
    pair.says(pair.host, HELLO)
    assert pair.states() == ("greeted", "greeted")
    pair.says(pair.reader, WELCOME)
    assert pair.states() == ("open", "open")


def test_a_payment_whatever_the_pieces() -> None:
    for piece in (1, 20, 244):
        pair = Pair(piece).opened()
        pair.says(pair.host, TAKE_PAYMENT)
        for _ in range(20):
            pair.says(pair.reader, PROGRESS)
        pair.says(pair.host, CANCEL)
        assert pair.states() == ("open", "open")


def test_what_crosses_is_no_error() -> None:
    pair = Pair().opened()
    pair.host.send(CANCEL)
    pair.reader.send(PROGRESS)
    assert pair.passes(pair.host) == [CANCEL]
    assert pair.passes(pair.reader) == []  # it came with the grants
    assert pair.states() == ("open", "open")


def test_a_refused_hello_closes_both() -> None:
    pair = Pair()
    pair.says(pair.host, HELLO)
    pair.says(pair.reader, {"type": "error", "code": "busy"})
    assert pair.states() == ("closed", "closed")
    assert reason(pair.host.send, TAKE_PAYMENT) == OUT_OF_ORDER
    pair.reader.receive(b"more")
    assert pair.reader.next_message() is None


def test_no_common_version_is_refused_by_name() -> None:
    pair = Pair()
    pair.host.send({"type": "hello", "versions": [7, 9], "name": "till"})
    assert reason(pair.passes, pair.host) == WRONG_VERSION
    refusal = {"type": "error", "code": "wrong_version", "versions": [1]}
    assert hear(pair.host, pair.reader.take_outgoing()) == [refusal]
    assert pair.states() == ("closed", "closed")


def test_a_version_that_was_not_offered_is_the_readers_fault() -> None:
    pair = Pair()
    pair.says(pair.host, HELLO)
    welcome = dict(WELCOME)
    welcome["version"] = 2
    pair.reader.send(welcome)
    assert reason(pair.passes, pair.reader) == WRONG_VERSION
    assert pair.host.state == "closed"


def test_neither_says_what_is_the_others_or_too_early() -> None:
    pair = Pair()
    assert reason(pair.host.send, TAKE_PAYMENT) == OUT_OF_ORDER
    assert reason(pair.host.send, WELCOME) == OUT_OF_ORDER
    assert reason(pair.reader.send, WELCOME) == OUT_OF_ORDER
    assert reason(pair.opened().host.send, HELLO) == OUT_OF_ORDER
    assert pair.states() == ("open", "open")


def test_the_reader_refuses_what_comes_before_hello_and_goes_on() -> None:
    pair = Pair()
    pair.host.state = "open"
    pair.host.send(TAKE_PAYMENT)
    assert hear(pair.reader, pair.host.take_outgoing()) == []
    assert hear(pair.host, pair.reader.take_outgoing()) == [{"type": "error", "code": "out_of_order"}]
    pair.host.state = "new"
    pair.says(pair.host, HELLO)


def test_an_unknown_message_is_refused_and_the_session_goes_on() -> None:
    pair = Pair().opened()
    assert hear(pair.reader, build(1, 0, cbor.encode({0: 30}))) == []
    assert hear(pair.host, pair.reader.take_outgoing()) == [{"type": "error", "code": "unknown_message"}]
    assert pair.states() == ("open", "open")


def test_from_the_reader_neither_is_forgiven() -> None:
    assert reason(hear, Pair().opened().host, build(1, 0, cbor.encode({0: 99}))) == BAD_MESSAGE
    assert reason(hear, Pair().opened().host, frame(1, TAKE_PAYMENT)) == OUT_OF_ORDER


def ended_by(data: bytes) -> tuple[str, str]:
    """What an open reader thinks of `data`, and what it tells the host."""
    pair = Pair().opened()
    why = reason(hear, pair.reader, data)
    refusal = hear(pair.host, pair.reader.take_outgoing())[-1]
    assert pair.states() == ("closed", "closed")
    return why, refusal["code"]


def test_what_ends_the_session_has_a_name_on_both_sides() -> None:
    assert ended_by(build(1, 0, b"\xff")) == (BAD_MESSAGE, "bad_message")
    assert ended_by(build(1, 0, cbor.encode({0: 2}))) == (BAD_MESSAGE, "bad_message")
    assert ended_by(build(1, 0, b"x" * 1025)) == (TOO_LARGE, "message_too_large")
    assert ended_by(build(2, 0, b"x")) == (GAP, "bad_message")
    assert ended_by(frame(1, CANCEL)[:-1] + b"\x00") == (CHECKSUM, "bad_message")


def test_more_than_was_granted_ends_the_session() -> None:
    pair = Pair().opened()
    assert reason(pair.reader.receive, bytes(MAX_BUFFER + 1)) == FLOOD
    assert pair.reader.state == "closed"


def test_a_replayed_frame_ends_the_session() -> None:
    sale = frame(1, TAKE_PAYMENT)
    pair = Pair().opened()
    assert hear(pair.reader, sale) == [TAKE_PAYMENT]
    assert reason(hear, pair.reader, sale) == GAP


def test_own_frames_reflected_are_refused() -> None:
    pair = Pair().opened()
    pair.reader.send(PROGRESS)
    assert hear(pair.reader, pair.reader.take_outgoing()) == []
    assert messages.encode({"type": "error", "code": "out_of_order"}) in pair.reader.take_outgoing()


def test_messages_before_the_fault_are_heard() -> None:
    pair = Pair().opened()
    pair.reader.receive(frame(1, TAKE_PAYMENT) + b"not a frame")
    assert pair.reader.next_message() == TAKE_PAYMENT
    assert reason(pair.reader.next_message) == CHECKSUM
    assert pair.reader.next_message() is None


def test_no_more_frames_than_were_granted() -> None:
    pair = Pair().opened()
    for _ in range(pair.reader.credits):
        pair.reader.send(PROGRESS)
    assert reason(pair.reader.send, PROGRESS) == NO_CREDIT
    assert pair.states() == ("open", "open")
    pair.passes(pair.reader)
    assert pair.reader.credits >= WINDOW - 1
    pair.reader.send(PROGRESS)


def test_what_is_not_taken_is_not_granted() -> None:
    pair = Pair().opened()
    for _ in range(3):
        pair.reader.send(PROGRESS)
    pair.host.receive(pair.reader.take_outgoing())
    assert pair.host.take_outgoing() == b""
    pair.host.next_message()
    pair.host.next_message()
    assert len(pair.host.take_outgoing()) == 9


def test_whoever_grants_nothing_and_breaks_the_rules_is_let_go() -> None:
    pair = Pair().opened()
    stream = b"".join([build(number + 1, 0, cbor.encode({0: 30})) for number in range(WINDOW + 1)])
    assert reason(hear, pair.reader, stream) == BAD_MESSAGE


def test_a_broken_rule_of_our_own_sends_nothing() -> None:
    pair = Pair().opened()
    try:
        pair.host.send({"type": "cancel"})
    except messages.InvalidMessage:
        pass
    assert pair.host.take_outgoing() == b""
    assert pair.host.credits > 0


def test_what_a_dead_session_did_not_read_begins_the_next() -> None:
    pair = Pair().opened()
    assert reason(hear, pair.reader, frame(0, HELLO)) == GAP
    successor = Session("reader")
    assert hear(successor, pair.reader.leftover()) == [HELLO]


def noise(seed: int, length: int) -> bytes:
    """Reproducible on both runtimes: a linear congruential generator (Numerical Recipes, 7.1)."""
    data = bytearray()
    for _ in range(length):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        data.append(seed >> 24)
    return bytes(data)


def test_garbage_never_crashes_never_fills_never_passes() -> None:
    for seed in range(300):
        pair = Pair().opened() if seed % 2 else Pair()
        body = noise(seed, 1 + seed % 60)
        data = (build(1, 0, body), body, b"\xa5" + body, build(0, 255, b"\xa5" + body))[seed // 2 % 4]
        try:
            assert hear(pair.reader, data, 7) == []
        except RemoteProtocolError:
            assert pair.reader.state == "closed"
        assert len(pair.reader.leftover()) <= MAX_BUFFER


def test_a_message_with_one_byte_changed_is_the_same_type_or_refused() -> None:
    encoded = messages.encode(TAKE_PAYMENT)
    for position in range(len(encoded)):
        for flip in (1, 16, 128, 255):
            changed = bytearray(encoded)
            changed[position] ^= flip
            try:
                assert messages.encode(messages.decode(bytes(changed))) == changed
            except messages.InvalidMessage:
                pass
