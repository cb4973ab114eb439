"""A reader's journal from morning to night, without cards: payments with results as the reader makes them, the flows of
the evening, and what the days must come to, computed apart from the firmware.
"""

from __future__ import annotations

from hashlib import sha256
from struct import pack
from typing import TYPE_CHECKING

from firmware.flows.acknowledge import acknowledge
from firmware.flows.close_day import close_day
from firmware.flows.seal_query import seal_query
from firmware.journal.journal import Journal
from firmware.secure.vault import Vault
from protocol import messages
from tests.support.fake_drivers import FakeSecureElement, keyed_files
from tests.support.fake_storage import FakeStorage

if TYPE_CHECKING:
    from typing import Any

SERIAL = "ZINC-0000"
VISA, CB = bytes.fromhex("A0000000031010"), bytes.fromhex("A0000000421010")
APPLICATIONS = {VISA: "visa", CB: "cb"}
NUMBERS = {"purchase": 0, "cash_back": 1, "refund": 2, "preauthorisation": 5, "none": 0, "cb": 1, "visa": 2}


def number(n: int, size: int) -> bytes:
    return n.to_bytes(size, "big")


def result(
    n: int, kind: str = "purchase", amount_minor: int = 1250, aid: bytes = VISA, outcome: str = "approved"
) -> dict:
    """Of payment `n`, as long as a real one."""
    message: dict[str, Any] = {
        "type": "result",
        "transaction_id": number(n, 16),
        "request_id": number(n, 8),
        "outcome": outcome,
        "why": "approved_online" if outcome == "approved" else "card_removed",
        "amount_minor": amount_minor,
        "currency": 978,
        "apdus": 20,
    }
    if kind != "purchase":
        message["kind"] = kind
    if outcome == "approved":
        message.update(
            {"taken_at": "20261121123000", "token": number(n, 32), "token_version": 1, "brand": APPLICATIONS[aid]}
        )
        message["icc_data"] = b"\x9f\x10\x7f" + number(n, 127) + b"\x84" + bytes((len(aid),)) + aid
        message.update({"ksn": number(n, 12), "sealed_card": number(n, 32), "mac": number(n * 7 + amount_minor, 8)})
    return message


class Link:
    def __init__(self) -> None:
        self.posted: list[dict] = []

    def post(self, message: dict) -> None:
        messages.encode(message)  # it is one
        self.posted.append(message)


class Drivers:
    serial_number = SERIAL


class Reader:
    """What the flows of the evening need of a terminal. `restart()` is a power cut: only `storage` stays."""

    def __init__(self, storage: FakeStorage | None = None, journal_size: int = 1024 * 1024) -> None:
        self.storage = storage or FakeStorage(keyed_files(), journal_size=journal_size)
        self.drivers = Drivers()
        self.restart()

    def restart(self) -> None:
        self.journal = Journal(self.storage)
        self.link = Link()

    @property
    def vault(self) -> Vault:
        return Vault(self.storage, FakeSecureElement().random)

    def begin(self, message: dict) -> None:
        self.journal.begin(message["transaction_id"], message["request_id"] + b"what was asked for")
        self.journal.went_online(message["transaction_id"])

    def end(self, message: dict) -> None:
        self.journal.end(message["transaction_id"], messages.encode(message))

    def pay(self, message: dict) -> dict:
        self.begin(message)
        self.end(message)
        return message

    def void(self, message: dict) -> None:
        self.journal.void(message["transaction_id"], messages.encode(voided(message)))

    def complete(self, message: dict) -> None:
        self.journal.complete(message["transaction_id"], messages.encode(message))

    def result_of(self, n: int) -> dict | None:
        return self.read(number(n, 16))

    def read(self, transaction_id: bytes) -> dict | None:
        kept = self.journal.result_of(transaction_id)
        return messages.decode(kept) if kept is not None else None

    def close(self, day: int, business_date: int = 20261121) -> dict:
        close_day(self, {"type": "close_day", "number": day, "business_date": business_date})  # type: ignore[arg-type]
        return self.link.posted.pop()

    def lines(self, day: int) -> bytes:
        """All parts, joined."""
        data, part, parts = b"", 0, 1
        while part < parts:
            answer = self.part(day, part)
            data += answer["data"]
            parts, part = answer["parts"], part + 1
        return data

    def part(self, day: int, part: int) -> dict:
        seal_query(self, {"type": "seal_query", "number": day, "part": part})  # type: ignore[arg-type]
        return self.link.posted.pop()

    def acknowledge(self, day: int, digest: bytes) -> dict:
        acknowledge(self, {"type": "acknowledge", "number": day, "hash": digest})  # type: ignore[arg-type]
        return self.link.posted.pop()


def voided(message: dict) -> dict:
    """As long as a real one: two records."""
    left = {name: message[name] for name in message if name not in ("ksn", "sealed_card", "mac")}
    left["outcome"] = "voided"
    return left


# ---- what a day must come to


def expected_lines(captured: list[dict]) -> bytes:
    lines = b""
    for message in captured:
        kind = NUMBERS[message.get("kind", "purchase")]
        lines += message["transaction_id"] + bytes((kind,)) + number(message["amount_minor"], 6)
        lines += number(message["currency"], 2) + message["mac"]
    return lines


def expected_totals(captured: list[dict], cancelled: list[dict]) -> bytes:
    sums: dict[tuple, list[int]] = {}
    for message in captured + cancelled:
        credit = message.get("kind") == "refund"
        side = 2 if message in cancelled else 1 if credit else 0
        row = sums.setdefault((message["brand"], message["currency"]), [0, 0, 0, 0, 0, 0])
        row[2 * side] += 1
        row[2 * side + 1] += message["amount_minor"]
    rows = []
    for brand, currency in sums:
        aid = next(each for each in APPLICATIONS if APPLICATIONS[each] == brand)
        row = bytes((NUMBERS[brand], len(aid))) + aid + number(currency, 2)
        for place, value in enumerate(sums[brand, currency]):
            row += number(value, 6 if place % 2 else 2)
        rows.append(row)
    return b"".join(sorted(rows))


def expected_hash(seal: dict, lines: bytes) -> bytes:
    head = pack(">IIHH", seal["number"], seal["business_date"], seal["count"], len(seal["totals"]))
    return sha256(seal["previous"] + head + seal["totals"] + lines).digest()


def check_seal(seal: dict, previous: bytes, captured: list[dict], cancelled: list[dict]) -> None:
    """Is it the seal of exactly that?"""
    assert seal["type"] == "seal", seal
    assert seal["previous"] == previous
    assert seal["count"] == len(captured)
    assert seal["totals"] == expected_totals(captured, cancelled)
    assert seal["hash"] == expected_hash(seal, expected_lines(captured))
