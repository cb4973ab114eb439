"""Stand-ins for the ends of the host: a clock that stands still, a reader and an acquirer that follow a script."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from host.acquirer.model import Advice, AuthorisationAnswer, AuthorisationRequest
from host.app import App, build
from host.money import Money
from host.settings import Settings
from host.terminal.connection import refused
from host.terminal.errors import TerminalError

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
    """Plays `script` for each payment, and remembers results as a journal does.

    sealed: transaction ids that a seal holds. told: what was said that no result answers, in order. out_of_reach: an
    error that every question raises. connected_serial: None, it is not known before it is asked.
    """

    connected_serial: str | None = None

    def __init__(self, script: Script) -> None:
        self.script = script
        self.serial = "ZINC-0001"
        self.amount_minor = 0
        self.currency = 0
        self.asked: list[bytes] = []
        self.wishes: list[dict[str, Any]] = []
        self.journal: dict[bytes, dict[str, Any]] = {}
        self.sealed: set[bytes] = set()
        self.answers: list[dict[str, Any]] = []
        self.told: list[tuple[str, bytes]] = []
        self.out_of_reach: TerminalError | None = None
        self.cancelled = asyncio.Event()

    async def connect(self) -> dict[str, Any]:
        if self.out_of_reach:
            raise self.out_of_reach
        return {"type": "welcome", "serial": self.serial}

    async def take_payment(
        self,
        request_id: bytes,
        amount_minor: int,
        currency: int,
        authorise: Any,
        progress: Any,
        confirm: Any,
        **wishes: Any,
    ) -> dict[str, Any]:
        self.asked.append(request_id)
        self.wishes.append(wishes)
        self.amount_minor, self.currency = amount_minor, currency
        self.authorise, self._progress, self._confirm = authorise, progress, confirm
        return await self.script(self, request_id)

    def progress(self, phase: str) -> None:
        self._progress(phase, self.asked[-1] * 2)

    async def status(self, *, request_id: bytes | None = None, transaction_id: bytes | None = None) -> dict[str, Any]:
        request_id = request_id or (transaction_id or b"")[:8]
        return self.journal.get(request_id) or {"type": "status", "state": "not_found", "request_id": request_id}

    async def cancel(self) -> None:
        self.cancelled.set()

    async def kept(self, result: dict[str, Any]) -> None:
        self.told.append(("kept", result["transaction_id"]))

    async def void(self, transaction_id: bytes) -> dict[str, Any]:
        self.told.append(("void", transaction_id))
        result = self._kept_result(transaction_id, "voided")
        gone = ("ksn", "sealed_card", "mac", "mac_ksn")
        voided = {name: value for name, value in result.items() if name not in gone}
        return self._journalled(voided | {"outcome": "voided", "why": "voided_by_merchant"})

    async def complete(self, transaction_id: bytes, amount_minor: int) -> dict[str, Any]:
        self.told.append(("complete", transaction_id))
        if not amount_minor:
            return self._journalled(
                self._kept_result(transaction_id, "voided") | {"outcome": "voided", "why": "voided"}
            )
        result = self._kept_result(transaction_id, "approved")
        held = result.get("authorised_minor", result["amount_minor"])
        if amount_minor > held * 115 // 100:
            raise refused({"code": "amount_above_limit"})
        final = {"amount_minor": amount_minor, "authorised_minor": held, "why": "completed"}
        return self._journalled(result | final | {"mac": b"\x77" * 8, "mac_ksn": b"\x01" * 12})

    def _kept_result(self, transaction_id: bytes, outcome: str) -> dict[str, Any]:
        """The latest result, which is approved, or has that outcome already."""
        if self.out_of_reach:
            raise self.out_of_reach
        result = self.journal.get(transaction_id[:8])
        if result is None:
            raise refused({"code": "unknown_transaction"})
        if result["outcome"] not in ("approved", outcome):
            raise refused({"code": "not_approved"})
        if transaction_id in self.sealed and result["outcome"] != outcome:
            raise refused({"code": "day_closed"})
        return result

    def _journalled(self, result: dict[str, Any]) -> dict[str, Any]:
        self.journal[result["request_id"]] = result
        return result

    async def confirm(self, what: str, amount_minor: int) -> bool:
        transaction_id = self.asked[-1] * 2
        question = {"transaction_id": transaction_id, "what": what, "amount_minor": amount_minor}
        return await self._confirm({"type": "confirmation_request", **question})

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
        }
        answer = await self.authorise(question | self._asked_for() | changes)
        self.answers.append(answer)
        return answer

    def result(self, request_id: bytes, outcome: str, **changes: Any) -> dict[str, Any]:
        result = {
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
            "taken_at": "20261121103015",
        } | self._asked_for()
        if outcome == "approved":
            result |= {"ksn": bytes(12), "sealed_card": b"\x5e" * 32, "mac": request_id}
            if result.get("kind") == "preauthorisation":
                del result["mac"]
        return self._journalled(result | changes)

    def _asked_for(self) -> dict[str, Any]:
        """What the messages repeat of the request."""
        wishes = self.wishes[-1] if self.wishes else {}
        return {name: wishes[name] for name in ("kind", "original", "tip_minor") if name in wishes}


class Acquirer:
    """Answers with `response_code`, or raises `error`. `authorised`: of response code 10, the part that is approved."""

    def __init__(self, response_code: bytes = b"00", error: Exception | None = None) -> None:
        self.response_code = response_code
        self.error = error
        self.authorised: Money | None = None
        self.advice_error: Exception | None = None
        self.asked: list[AuthorisationRequest] = []
        self.advised: list[Advice] = []

    async def authorise(self, request: AuthorisationRequest) -> AuthorisationAnswer:
        self.asked.append(request)
        if self.error:
            raise self.error
        approved = self.response_code in (b"00", b"10")
        code = "123456" if approved else None
        part = self.authorised if self.response_code == b"10" else None
        return AuthorisationAnswer(
            request.transaction_id, approved, self.response_code, code, b"", bytes(8), True, part
        )

    async def advise(self, advice: Advice) -> None:
        self.advised.append(advice)
        if self.advice_error:
            raise self.advice_error


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
