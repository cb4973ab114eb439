"""Stand-ins for the ends of the host: a clock that stands still, a reader and an acquirer that follow a script."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.app import App, build
from host.money import Money
from host.settings import Settings

TRANSACTION_ID = (1).to_bytes(8, "big") * 2  # of the first payment: the reader here doubles the request id
TOKEN = bytes.fromhex("c0" * 32)
PAN = "4970101234567890"
ICC_FINAL = bytes.fromhex(
    "9F2608A1B2C3D4E5F60718 9F270140 9F36020012 9505 0000008000 9B02E800 9F3403420300 8407A0000000421010"
)
Script = Callable[["Reader", bytes], Awaitable[dict[str, Any]]]


class FixedClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)

    def now(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


class Counter:
    """Random bytes that can be told apart: 1, 2, 3 ..."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, length: int) -> bytes:
        self.count += 1
        return self.count.to_bytes(length, "big")


class Reader:
    """Plays `script` for each payment, and remembers results as a journal does."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.serial = "ZINC-0001"
        self.amount_minor = 0
        self.currency = 0
        self.asked: list[bytes] = []
        self.wishes: list[dict[str, str]] = []
        self.journal: dict[bytes, dict[str, Any]] = {}
        self.answers: list[dict[str, Any]] = []
        self.cancelled = asyncio.Event()

    async def connect(self) -> dict[str, Any]:
        return {"type": "welcome", "serial": self.serial}

    async def take_payment(
        self, request_id: bytes, amount_minor: int, currency: int, authorise: Any, progress: Any, **wishes: str
    ) -> dict[str, Any]:
        self.asked.append(request_id)
        self.wishes.append(wishes)
        self.amount_minor, self.currency = amount_minor, currency
        self.authorise, self._progress = authorise, progress
        return await self.script(self, request_id)

    def progress(self, phase: str) -> None:
        self._progress(phase, self.asked[-1] * 2)

    async def status(self, *, request_id: bytes) -> dict[str, Any]:
        return self.journal.get(request_id) or {"type": "status", "state": "not_found", "request_id": request_id}

    async def cancel(self) -> None:
        self.cancelled.set()

    async def go_online(self, **changes: Any) -> dict[str, Any]:
        question = {
            "type": "online_request",
            "transaction_id": self.asked[-1] * 2,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
            "interface": "contact",
            "icc_data": bytes.fromhex("9F2608A1B2C3D4E5F60718"),
            "ksn": bytes(12),
            "sealed_card": bytes(32),
            "pin_block": bytes(16),
            "mac": bytes(8),
        } | changes
        answer = await self.authorise(question)
        self.answers.append(answer)
        return answer

    def result(self, request_id: bytes, outcome: str, **changes: Any) -> dict[str, Any]:
        self.journal[request_id] = {
            "type": "result",
            "transaction_id": request_id * 2,
            "request_id": request_id,
            "outcome": outcome,
            "why": outcome,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
            "apdus": 12,
            "interface": "contact",
            "cvm": "online_pin",
            "last4": PAN[-4:],
            "token": TOKEN,
            "token_version": 1,
            "label": "CB VISA",
            "brand": "cb",
            "brand_by": "merchant",
            "icc_data": ICC_FINAL,
            "response_code": b"00",
            "authorisation_code": "123456",
        } | changes
        return self.journal[request_id]


class Acquirer:
    """Answers with `response_code`, or raises `error`."""

    def __init__(self, response_code: bytes = b"00", error: Exception | None = None) -> None:
        self.response_code = response_code
        self.error = error
        self.asked: list[AuthorisationRequest] = []

    async def authorise(self, request: AuthorisationRequest) -> AuthorisationAnswer:
        self.asked.append(request)
        if self.error:
            raise self.error
        approved = self.response_code == b"00"
        return AuthorisationAnswer(
            request.transaction_id, approved, self.response_code, "123456" if approved else None, b"", bytes(8), True
        )


async def chip_sale(reader: Reader, request_id: bytes) -> dict[str, Any]:
    """Chip and PIN: whatever the acquirer answers, the card agrees with."""
    reader.progress("accepted")
    reader.progress("card_presented")
    answer = await reader.go_online()
    return reader.result(request_id, "approved" if answer.get("response_code") == b"00" else "declined")


def till(folder: Path, script: Script = chip_sale, acquirer: Acquirer | None = None, **settings: Any) -> App:
    """A host on a fresh database, ready to sell."""
    app = build(
        Settings(database=folder / "till.db", **settings),
        Reader(script),
        acquirer=acquirer or Acquirer(),
        clock=FixedClock(),
        random=Counter(),
    )
    app.database.migrate()
    return app


def ledger_balance(app: App, account: Any) -> Money:
    with app.database.transaction() as work:
        return app.ledger.balance(work, account)
