"""The generated tables and our codec against the schema itself, read by others: pycddl and cbor2."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import cbor2
import pycddl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import cbor, messages
from protocol.errors import InvalidMessage, MalformedCbor, RemoteProtocolError
from protocol.framing import MAX_BUFFER, MAX_PAYLOAD, build
from protocol.generated.messages import (
    ARRAY,
    BYTES,
    ENUMERATION,
    ENUMERATIONS,
    FIELDS,
    HIGH,
    KINDS,
    LOW,
    MESSAGES,
    TEXT,
)
from protocol.session import REFUSALS, Session
from protocol.states import ENDING, SAYS
from tests.support import examples
from tests.support.payment_overhead import contactless_payment
from tools import generate_messages

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA_TEXT = (ROOT / generate_messages.SOURCE).read_text()
SCHEMA = pycddl.Schema(SCHEMA_TEXT)
CODES = {name: code for code, name in MESSAGES.items()}
ERROR_CODES = ENUMERATIONS[FIELDS.index("code")]

scalars = st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=30) | st.text(max_size=20)
keys = st.integers(-(2**64), 2**64 - 1) | st.text(max_size=8)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5), max_leaves=20
)


def field_values(key: int) -> st.SearchStrategy[Any]:
    low, high = LOW[key], HIGH[key]
    if KINDS[key] == ENUMERATION:
        return st.sampled_from(ENUMERATIONS[key])
    if KINDS[key] == BYTES:
        return st.binary(min_size=low, max_size=high)
    if KINDS[key] == TEXT:
        return st.text(st.characters(max_codepoint=127), min_size=low, max_size=high)
    if KINDS[key] == ARRAY:
        return st.lists(st.integers(0, 255), min_size=low, max_size=high)
    return st.integers(low, high)


@st.composite
def any_message(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(CODES)))
    required, optional = messages.keys(CODES[name])
    present = list(required) + [key for key in optional if draw(st.booleans())]
    return {"type": name, **{FIELDS[key]: draw(field_values(key)) for key in present}}


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def test_the_generated_tables_are_fresh() -> None:
    assert (ROOT / generate_messages.TARGET).read_text() == generate_messages.generate(SCHEMA_TEXT)


def test_a_schema_that_contradicts_itself_is_refused() -> None:
    for before, after in (
        ("&(currency: 6) => currency,", "&(currency: 6) => uint .size 1,"),
        ("cancelled: 3, unknown: 4", "cancelled: 3, unknown: 5"),
        ("bstr .size 12", "float16"),
    ):
        changed = SCHEMA_TEXT.replace(before, after, 1)
        assert changed != SCHEMA_TEXT
        with pytest.raises(generate_messages.SchemaError):
            generate_messages.generate(changed)


@pytest.mark.parametrize("name", examples.names())
def test_every_example_obeys_the_schema_and_both_codecs_agree(name: str) -> None:
    message, encoded = examples.load(name)
    SCHEMA.validate_cbor(encoded)
    assert cbor2.dumps(cbor2.loads(encoded), canonical=True) == encoded
    assert cbor.decode(encoded) == cbor2.loads(encoded)
    assert messages.decode(encoded) == message


@given(any_message())
def test_whatever_the_tables_allow_the_schema_allows(message: dict[str, Any]) -> None:
    encoded = messages.encode(message)
    SCHEMA.validate_cbor(encoded)
    assert cbor2.dumps(cbor2.loads(encoded), canonical=True) == encoded
    assert messages.decode(encoded) == message


@settings(max_examples=500)
@given(any_message(), st.dictionaries(st.integers(-2, 40), scalars, max_size=2))
def test_what_we_accept_the_schema_accepts(message: dict[str, Any], changes: dict[int, Any]) -> None:
    encoded = cbor2.dumps(cbor2.loads(messages.encode(message)) | changes, canonical=True)
    if accepted(encoded):
        assert allowed(encoded)
        # here we are stricter than pycddl, which lets pass other keys, and bytes for `uint .size 1`
        required, optional = messages.keys(CODES[messages.decode(encoded)["type"]])
        assert changes.keys() <= {0, *required, *optional}


def accepted(encoded: bytes) -> bool:
    try:
        messages.decode(encoded)
    except InvalidMessage:
        return False
    return True


def allowed(encoded: bytes) -> bool:
    try:
        SCHEMA.validate_cbor(encoded)
    except pycddl.ValidationError:
        return False
    return True


@given(values)
def test_our_encoding_is_the_canonical_one(value: Any) -> None:
    encoded = cbor.encode(value)
    assert encoded == cbor2.dumps(value, canonical=True) or isinstance(value, dict | list)
    assert cbor2.loads(encoded) == value
    if depth(value) <= cbor.MAX_DEPTH:
        assert cbor.decode(encoded) == value


@settings(max_examples=2000)
@given(st.binary(max_size=60))
def test_what_we_read_is_what_cbor2_reads_and_written_again_is_the_same(data: bytes) -> None:
    try:
        value = cbor.decode(data)
    except MalformedCbor:
        return
    assert cbor2.loads(data) == value
    assert cbor.encode(value) == data


@pytest.mark.covers("attacks/B-01")
@settings(max_examples=1500)
@given(st.lists(st.tuples(st.integers(0, 3), st.binary(max_size=80)), max_size=8), st.booleans())
def test_a_hostile_stream_never_crashes_the_reader_nor_fills_it(pieces: list[tuple[int, bytes]], opened: bool) -> None:
    reader = Session("reader")
    sequence = 0
    if opened:
        reader.receive(build(0, 0, messages.encode({"type": "hello", "versions": [1], "name": "x"})))
        assert reader.next_message()
        reader.send({"type": "welcome", "version": 1, "serial": "1", "firmware": "1", "profile": "1"})
        sequence = 1
    try:
        for kind, body in pieces:
            reader.receive((body, b"\xa5" + body, build(sequence, len(body), body), build(0, 0, body))[kind])
            while (message := reader.next_message()) is not None:
                assert opened or message["type"] == "hello"
                sequence += 1
            assert len(reader.leftover()) <= MAX_BUFFER
    except RemoteProtocolError:
        assert reader.state == "closed"
        assert len(reader.take_outgoing()) < 300


def test_the_largest_of_each_message_fits_a_frame() -> None:
    for name, code in CODES.items():
        required, optional = messages.keys(code)
        largest = {"type": name, **{FIELDS[key]: largest_value(key) for key in required + optional}}
        assert len(messages.encode(largest)) <= MAX_PAYLOAD, name


def largest_value(key: int) -> Any:
    if KINDS[key] == ENUMERATION:
        return ENUMERATIONS[key][-1]
    unit = {BYTES: b"x", TEXT: "x", ARRAY: [255]}.get(KINDS[key])
    return HIGH[key] if unit is None else unit * HIGH[key]


def test_the_tables_of_the_conversation_name_messages_and_codes_of_the_schema() -> None:
    assert sorted(SAYS["host"] + SAYS["reader"]) == sorted(CODES)
    assert all(CODES[name] < 32 for name in SAYS["host"])
    assert all(CODES[name] >= 32 for name in SAYS["reader"])
    assert set(ENDING) | set(REFUSALS.values()) <= set(ERROR_CODES)


def test_every_story_is_told_with_messages_of_the_schema_and_none_is_left_out() -> None:
    told = set(re.findall(r"`([a-z_]+)`", (ROOT / "protocol/schema/CONVERSATIONS.md").read_text()))
    assert set(CODES) <= told
    assert set(ERROR_CODES) <= told


def test_a_contactless_payment_costs_at_most_1500_bytes() -> None:
    assert sum(size for _, size in contactless_payment()) <= 1500
