"""No byte sequence from a card makes the kernel raise or run on: there is always an outcome, and soon."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from emv.action import ChooseApplication, EnterPin, Finish, GoOnline, IssuerAnswer, PinEntry, Send
from emv.kernel import flow
from emv.outcome import NAMES
from emv.transaction import Request, Transaction
from firmware.secure.redaction import redact_exchange
from tools import profiles
from tools.replay import transcript

CARDS = Path(__file__).parent.parent / "cards"
FILES = [json.loads(path.read_text()) for path in sorted(CARDS.glob("*.json"))]
FILES = [file for file in FILES if file["terminal"]["applications"][0].get("kernel") != 2 and file["exchange"]]
MOST_COMMANDS = 301
REQUEST = Request(1250, (2026, 11, 21, 12, 0, 0))


def listed(numbers: list[str]) -> Callable[[int], bytes]:
    """The numbers of a transcript, so that its signatures hold, then zeros."""
    left = [bytes.fromhex(number) for number in numbers]
    return lambda length: left.pop(0) if left else bytes(length)


def drive(
    profile: object,
    interface: str,
    answers: list[bytes],
    pin: tuple[int, int] = (0x90, 0),
    random: Callable[[int], bytes] = bytes,
    request: Request = REQUEST,
) -> Transaction:
    """Any command gets the next answer; after the last one the card says the same again and again."""
    transaction = Transaction(profile, request, random)
    action = flow.begin_contactless(transaction) if interface == "contactless" else flow.begin(transaction)
    at = sent = 0
    while not isinstance(action, Finish):
        reply: object = None
        if isinstance(action, Send):
            answer = answers[min(at, len(answers) - 1)]
            at += 1
            sent += 1
            assert sent <= MOST_COMMANDS
            assert 4 <= len(action.command) <= 261
            reply = (answer[:-2], answer[-2], answer[-1])
        elif isinstance(action, EnterPin):
            reply = PinEntry("entered", *pin)
        elif isinstance(action, GoOnline):
            reply = IssuerAnswer(b"00", bytes(8), [bytes.fromhex("7206860400000000")])
        elif isinstance(action, ChooseApplication):
            reply = 0
        action = flow.advance(transaction, reply)
    assert action.outcome.name in NAMES
    assert action.outcome.why
    for command, response in transaction.exchange:  # what is told of it does not fail either
        shown = redact_exchange(command, response, transaction.lists.get(command[:-1], b""))
        assert [len(part) for part in shown] == [len(command), len(response)]
    return transaction


status = st.sampled_from(
    [b"\x90\x00"] * 6 + [b"\x61\x10", b"\x6c\x05", b"\x62\x83", b"\x63\xc2", b"\x6a\x82", b"\x69\x85"]
)
tags = st.sampled_from(
    [
        "6F",
        "A5",
        "BF0C",
        "61",
        "70",
        "77",
        "80",
        "84",
        "4F",
        "50",
        "82",
        "94",
        "8C",
        "8D",
        "8E",
        "5A",
        "57",
        "5F24",
        "9F38",
    ]
    + [
        "90",
        "92",
        "93",
        "8F",
        "9F32",
        "9F46",
        "9F47",
        "9F49",
        "9F4A",
        "9F4B",
        "9F26",
        "9F27",
        "9F36",
        "9F10",
        "9F6C",
        "9F69",
    ]
    + ["95", "9F34", "9F02", "88", "87", "9F2A", "9F07", "5F28", "5F25", "9F42", "9F0D", "9F14", "9F23", "9F13", "9F17"]
).map(bytes.fromhex)
names = st.sampled_from(["A0000000421010", "A0000000031010", "A0000000041010", "315041592E5359532E4444463031"])
values = st.one_of(st.binary(max_size=40), names.map(bytes.fromhex))


def coded(tag: bytes, value: bytes) -> bytes:
    length = len(value)
    return tag + (bytes((length,)) if length < 0x80 else bytes((0x82, length >> 8, length & 0xFF))) + value


objects = st.recursive(
    st.builds(coded, tags, values),
    lambda inner: st.builds(lambda tag, parts: coded(tag, b"".join(parts)), tags, st.lists(inner, max_size=4)),
    max_leaves=12,
)
answers = st.lists(
    st.builds(lambda body, sw: body[:256] + sw, st.one_of(objects, st.binary(max_size=60)), status),
    min_size=1,
    max_size=20,
)
many = settings(max_examples=300, deadline=5000, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.covers("attacks/C-18")
@many
@given(answers, st.sampled_from(["contact", "contactless"]))
@example([b"\x61\xff"], "contact")
@example([b"\x6c\xff"], "contactless")
@example([b"\x90\x00"], "contact")
@example([b"\x63\xc1"], "contact")
def test_cards_out_of_thin_air(said: list[bytes], interface: str) -> None:
    drive(profiles.france(), interface, said)


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[dict, list[bytes]]:
    """A real exchange in which a few answers are cut, stretched, changed or swapped."""
    file = draw(st.sampled_from(FILES))
    said = [bytearray.fromhex(row[1]) for row in file["exchange"]]
    for _ in range(draw(st.integers(1, 4))):
        answer = said[draw(st.integers(0, len(said) - 1))]
        at = draw(st.integers(0, max(0, len(answer) - 1)))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            answer[at : at + 1] = bytes((draw(st.integers(0, 255)),))
        elif kind == 1:
            del answer[at : at + draw(st.integers(1, 8))]
        elif kind == 2:
            answer[at:at] = draw(st.binary(max_size=8))
        else:
            answer[:-2] = said[draw(st.integers(0, len(said) - 1))][:-2]
    return file, [bytes(answer) if len(answer) >= 2 else b"\x6f\x00" for answer in said]


@pytest.mark.covers("attacks/C-18")
@many
@given(spoiled(), st.integers(0, 15))
def test_real_cards_spoiled(case: tuple[dict, list[bytes]], tries: int) -> None:
    file, said = case
    random = listed(file["terminal"]["random"])
    drive(transcript.profile(file), file["interface"], said, (0x63, 0xC0 | tries), random, transcript.request(file))


@pytest.mark.covers("attacks/C-18")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file["title"])
def test_every_byte_of_a_real_card_changed(file: dict) -> None:
    profile = transcript.profile(file)
    request = transcript.request(file)
    said = [bytes.fromhex(row[1]) for row in file["exchange"]]
    for row, answer in enumerate(said):
        # Headers and lengths matter most; of long values each seventh byte is enough.
        for at in [*range(min(len(answer), 24)), *range(24, len(answer), 7)]:
            for value in (0x00, 0x7F, 0xFF):
                altered = answer[:at] + bytes((value,)) + answer[at + 1 :]
                random = listed(file["terminal"]["random"])
                spoilt = [*said[:row], altered, *said[row + 1 :]]
                drive(profile, file["interface"], spoilt, random=random, request=request)
