"""Messages by name and by number, on the examples of the schema."""

from __future__ import annotations

from protocol import cbor, messages
from protocol.errors import InvalidMessage, UnknownMessage
from protocol.generated.messages import MESSAGES
from tests.support import examples

TAKE_PAYMENT = {"type": "take_payment", "request_id": b"r" * 8, "amount_minor": 1250, "currency": 978}


def changed(**fields: object) -> dict:
    message = dict(TAKE_PAYMENT)
    message.update(fields)
    return message


def refusal(step, argument) -> str:
    try:
        step(argument)
    except InvalidMessage as error:
        return str(error)
    raise AssertionError(argument)


def test_every_example_both_ways() -> None:
    for name in examples.names():
        message, encoded = examples.load(name)
        assert messages.encode(message) == encoded, name
        assert messages.decode(encoded) == message, name


def test_every_message_has_an_example() -> None:
    told = [examples.load(name)[0]["type"] for name in examples.names()]
    for code in MESSAGES:
        assert MESSAGES[code] in told


def test_an_error_names_the_field() -> None:
    for field, value in (
        ("request_id", b"r" * 7),
        ("request_id", "rrrrrrrr"),
        ("amount_minor", -1),
        ("amount_minor", 1000000000000),
        ("amount_minor", True),
        ("currency", 1000),
        ("currency", None),
    ):
        assert refusal(messages.encode, changed(**{field: value})) == "bad_message: " + field


def test_a_missing_field_is_named() -> None:
    message = dict(TAKE_PAYMENT)
    del message["currency"]
    assert refusal(messages.encode, message) == "bad_message: currency is missing"
    assert refusal(messages.decode, cbor.encode({0: 2, 3: b"r" * 8, 5: 1})) == "bad_message: currency is missing"


def test_a_field_of_another_message_is_refused() -> None:
    refusal(messages.encode, changed(why="x"))
    refusal(messages.encode, changed(nonsense=1))
    refusal(messages.decode, cbor.encode({0: 2, 3: b"r" * 8, 5: 1, 6: 978, 22: "x"}))
    for key in ("x", -1, 256, 2**64 - 1):  # keys that are no bytes were a crash once
        refusal(messages.decode, cbor.encode({0: 2, 3: b"r" * 8, 5: 1, 6: 978, key: 1}))


def test_enumerations_are_names_within_and_numbers_without() -> None:
    progress = {"type": "progress", "transaction_id": b"t" * 16, "phase": "remove_card"}
    assert cbor.decode(messages.encode(progress))[16] == 5
    progress["phase"] = "lunch"
    refusal(messages.encode, progress)
    for number in (0, 6, -1, "accepted"):
        refusal(messages.decode, cbor.encode({0: 33, 4: b"t" * 16, 16: number}))


def test_text_is_measured_in_bytes() -> None:
    hello = {"type": "hello", "versions": [1], "name": "\u00e9" * 16}
    assert messages.decode(messages.encode(hello)) == hello
    hello["name"] += "x"
    refusal(messages.encode, hello)


def test_versions_are_a_short_list_of_bytes() -> None:
    for versions in ([], [1] * 9, [256], [-1], ["1"], 1, [True]):
        refusal(messages.encode, {"type": "hello", "versions": versions, "name": "x"})


def test_an_unknown_type_has_its_own_error() -> None:
    for step, argument in ((messages.decode, cbor.encode({0: 99})), (messages.encode, {"type": "gossip"})):
        try:
            step(argument)
        except UnknownMessage:
            continue
        raise AssertionError(argument)


def test_what_is_no_message_is_refused() -> None:
    for value in (1, [], "x", {}, {1: 2}, {0: "hello"}, {0: True}, {0: -1}, {0: [1]}, None):
        refusal(messages.decode, cbor.encode(value))
