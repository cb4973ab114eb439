"""The acquirer, free of sockets: bytes in, bytes out, and its own books, which say what became of every transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

from host.acquirer.caaa import Message
from host.acquirer.caaa_advice import CANCELLATION, CANCELLATION_ADVICE, COMPLETION_ADVICE, read_advice
from host.acquirer.caaa_authorisation import REQUEST, read_request
from host.acquirer.caaa_batch import BATCH
from host.acquirer.caaa_reconciliation import REQUEST as RECONCILIATION
from host.acquirer.caaa_reconciliation import read_reconciliation, write_reconciliation_answer
from host.acquirer.errors import MalformedMessage
from host.acquirer.model import Parameters, Reconciliation
from host.acquirer.parameters import write_parameters
from tools.simulators import contract
from tools.simulators.acquirer import books
from tools.simulators.acquirer.advices import Advices
from tools.simulators.acquirer.authoriser import PARTIES, Authoriser, Issuer, SameIdOtherQuestion
from tools.simulators.acquirer.batches import Batches, SameExchangeOtherBatch
from tools.simulators.acquirer.lines import Lines
from tools.simulators.acquirer.schema import LEDGER
from tools.simulators.acquirer.seals import Seals
from tools.simulators.acquirer.settlements import Settlements
from tools.simulators.acquirer.store import MEMORY, Store
from tools.simulators.key_host import HostKeys

FIRST_KILOBYTE = 1024


@dataclass(frozen=True)
class Terms:
    """What this acquirer does where acquirers differ."""

    capture_on_003: bool = False  # a completion without Rvsl captures, and then the batch may not
    preauthorisation_validity: timedelta = timedelta(days=30)
    completion_percent: int = 15  # by so much a completion may be above what was pre-authorised
    settles_at_once: bool = False  # and not on the next bank working day


@dataclass(frozen=True)
class Entry:
    """What the acquirer holds of one transaction id (32 hexadecimal digits); amounts in minor units."""

    transaction_id: str
    kind: str | None  # None: withdrawn, and nothing else was ever heard of it
    authorised_minor: int  # 0: it never approved anything under this id
    reversed: bool
    cancelled: bool
    captured: int  # times
    captured_minor: int
    offline: bool  # captured without the authorisation: the card's TC stands in for it
    presented: int  # data sets that listed it
    refunded_minor: int  # by captured refunds of it
    authorised_at: datetime | None

    @property
    def hold(self) -> bool:
        """What was authorised is kept: neither captured nor given back. Of a refund, the merchant's money."""
        captured = self.captured and not self.offline
        return bool(self.authorised_minor) and not (captured or self.reversed or self.cancelled)


class AcquirerSimulator:
    """One thread at a time. `now` is aware; `keys_of` gives the keys of a key serial number."""

    def __init__(
        self,
        keys_of: Callable[[bytes], HostKeys],
        issuer: Issuer,
        now: Callable[[], datetime],
        database: Path = MEMORY,
        terms: Terms = Terms(),
    ) -> None:
        self.terms = terms
        self.store = Store(database)
        self.parameters: Parameters | None = None  # what readers are offered
        self.settlements = Settlements(self.store, now, terms.settles_at_once)
        self.authoriser = Authoriser(self.store, keys_of, issuer, now)
        self._advices = Advices(self.store, issuer, now, terms.capture_on_003)
        self.lines = Lines(self.store, keys_of, terms.completion_percent)
        self.batches = Batches(self.store, Seals(self.store, keys_of), self.lines, self.settlements.settle, now)
        self.other_totals = False  # its books say another thing today
        self._now = now

    def handle(self, path: str, body: bytes | BinaryIO = b"") -> tuple[int, bytes]:
        """HTTP status and body for POST /caaa (any message), GET /settlements?after=ID, GET /parameters?version=N."""
        url = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/settlements":
            return _found(self.settlements.notices(asked.get("after", "")))
        if url.path == "/parameters":
            return _found(self._parameters(asked.get("version", "")))
        if url.path != "/caaa":
            return HTTPStatus.NOT_FOUND, b""
        try:
            return HTTPStatus.OK, self._answer(
                BytesIO(body) if isinstance(body, bytes | bytearray | memoryview) else body
            )
        except MalformedMessage:
            return HTTPStatus.BAD_REQUEST, b""
        except (SameIdOtherQuestion, SameExchangeOtherBatch):
            return HTTPStatus.CONFLICT, b""

    def _answer(self, file: BinaryIO) -> bytes:
        start = file.read(FIRST_KILOBYTE)
        file.seek(0)
        message = message_of(start)
        if message is BATCH:
            return self.batches.answer(file)
        if message is REQUEST:
            return self.authoriser.answer(read_request(file.read()))
        if message is RECONCILIATION:
            return self._reconcile(read_reconciliation(file.read()))
        if message is None:
            raise MalformedMessage("no message of ours")
        return self._advices.answer(read_advice(file.read()))

    def _reconcile(self, theirs: Reconciliation) -> bytes:
        totals = () if self.other_totals else books.totals_of_batch(self.store, theirs.exchange_id)
        ours = Reconciliation(theirs.exchange_id, totals)
        return write_reconciliation_answer(ours, books.same(ours.totals, theirs.totals), self._now(), PARTIES)

    def _parameters(self, version: str) -> bytes:
        ours, theirs = self.parameters, int(version) if version.isdigit() else 0
        return write_parameters(ours) if ours is not None and ours.version > theirs else b""

    def offer(self, version: int, **terms: Any) -> None:
        """Readers are offered the contract in that version, signed, with these terms in place of its own."""
        content = contract.contract(version=version, **terms)
        self.parameters = Parameters(version, content, contract.sign(content))

    def ledger(self) -> dict[str, Entry]:
        """All that it knows of, by transaction id."""
        return {row["transaction_id"]: _entry(row) for row in self.store.all(LEDGER)}

    def orphans(self, late: timedelta = timedelta()) -> list[str]:
        """Holds that nobody captured, reversed or cancelled, but for pre-authorisations within their validity.

        late: by how much longer they may be held.
        """
        held = [entry for entry in self.ledger().values() if entry.hold]
        return [entry.transaction_id for entry in held if not self._is_valid(entry, late)]

    def _is_valid(self, entry: Entry, late: timedelta) -> bool:
        if entry.kind != "preauthorisation" or entry.authorised_at is None:
            return False
        return self._now() < entry.authorised_at + self.terms.preauthorisation_validity + late

    def close(self) -> None:
        self.store.close()


MESSAGES = (REQUEST, COMPLETION_ADVICE, CANCELLATION, CANCELLATION_ADVICE, RECONCILIATION, BATCH)


def message_of(data: bytes) -> Message | None:
    """Which of those that an acquirer is asked it is, by its namespace."""
    return next((message for message in MESSAGES if message.is_in(data)), None)


def function_of(path: str, body: BinaryIO | None) -> str | None:
    """A name of behaviour.FUNCTIONS: the number of a message, or the page that is asked for."""
    if body is None:
        return urlsplit(path).path.removeprefix("/")
    message = message_of(body.read(FIRST_KILOBYTE))
    body.seek(0)
    return message.number if message else None


def _found(body: bytes) -> tuple[int, bytes]:
    return (HTTPStatus.OK if body else HTTPStatus.NO_CONTENT), body


def _entry(row: Any) -> Entry:
    at = row["authorised_at"]
    return Entry(
        transaction_id=row["transaction_id"],
        kind=row["kind"],
        authorised_minor=row["authorised_minor"],
        reversed=bool(row["reversed"]),
        cancelled=bool(row["cancelled"]),
        captured=int(row["captured_minor"] > 0),
        captured_minor=row["captured_minor"],
        offline=bool(row["offline"]),
        presented=row["presented"],
        refunded_minor=row["refunded_minor"],
        authorised_at=datetime.fromisoformat(at) if at else None,
    )
