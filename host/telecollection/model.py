"""A contract's remittance and what it is made of, as the host keeps them. No card data: a line is ids and amounts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum

from host.money import EUR, Currency, Money
from host.telecollection.states import DayState, LineState, State, move

CREDITS = frozenset({"refund"})  # kinds of which the amount goes back to the cardholder


@dataclass(frozen=True)
class Contract:
    """A merchant's, with one acquirer. `cut_off` is local time in `zone` (IANA), every evening (services/T-9)."""

    id: str  # 35 characters at most
    merchant: str
    acquirer_id: str
    cut_off: time
    zone: str
    readers: tuple[str, ...] = ()  # serial numbers; a reader has one contract
    currency: Currency = EUR
    active: bool = True
    parameters_version: int = 0  # the newest that a reader has checked and applied


@dataclass(frozen=True)
class SealedLine:
    """One of the lines under a seal, 33 bytes there."""

    transaction_id: bytes  # 16 bytes
    kind: str  # of the protocol's schema
    amount: Money
    mac: bytes  # 8 bytes, of the capture record


@dataclass(frozen=True)
class SealedDay:
    """The seal message of a reader, as it was received; `totals` are the bytes that were hashed."""

    reader: str
    number: int
    contract: str
    business_date: date
    count: int
    totals: bytes
    previous: bytes
    hash: bytes
    ksn: bytes
    mac: bytes
    sealed_at: datetime  # when the host had it
    state: DayState = DayState.SEALED
    why: str | None = None  # it was refused
    acknowledged_at: datetime | None = None


@dataclass(frozen=True)
class Remittance:
    """`business_date` is the local date of the cut-off at which the day closes (schedule.py). `expected_on`: the bank
    working day on which the money is due; `net_minor` what is then due, of the lines that were accepted."""

    contract: str
    business_date: date
    sequence: int  # from 1, within contract and date
    exchange_id: int  # at most 18 digits
    opened_at: datetime
    currency: Currency
    id: int = 0
    due_at: datetime | None = None  # the cut-off; None: by hand
    state: State = State.OPEN
    sent_at: datetime | None = None  # the first time
    answered_at: datetime | None = None
    reconciled_at: datetime | None = None
    attempts: int = 0  # to send it
    runs: int = 0  # of the workflow: the key of the next one
    why: str | None = None  # there is no answer, or a refusal of the whole
    file_hash: bytes | None = None  # SHA-256 of the file, from the moment that it may leave
    count: int = 0  # of lines
    net_minor: int = 0  # of the lines that were accepted
    expected_on: date | None = None
    funded_minor: int = 0

    def become(self, state: State, **facts: object) -> Remittance:
        """Raises IllegalMove."""
        return replace(self, state=move(self.state, state), **facts)  # pyright: ignore[reportArgumentType]

    def reconciled(self, at: datetime) -> Remittance:
        """The acquirer's totals are ours."""
        return replace(self, reconciled_at=at)

    @property
    def reference(self) -> str:
        """What the acquirer's notices and the bank's statements call it."""
        return f"{self.exchange_id:018d}"


@dataclass(frozen=True)
class DataSetRow:
    """A data set of a remittance: a sealed day, or lines that go without a seal (of a lost reader, or once more)."""

    remittance: int
    position: int
    id: str
    reader: str
    number: int
    business_date: date
    sealed: bool
    count: int
    totals: bytes
    state: LineState = LineState.PENDING
    reason: str | None = None


@dataclass(frozen=True)
class Line:
    remittance: int
    line: int  # from 1
    data_set: int  # its position
    transaction_id: bytes
    kind: str
    amount: Money
    state: LineState = LineState.PENDING
    reason: str | None = None

    @property
    def signed_minor(self) -> int:
        """What the merchant is owed for it: a credit is negative."""
        return -self.amount.amount_minor if self.kind in CREDITS else self.amount.amount_minor


class Waits(StrEnum):
    """Why a line goes into the next remittance without a seal."""

    COPY = "copy"  # of a lost reader
    EXTRA = "extra"  # under the seal of one that came back, and not among the copies that went
    AGAIN = "again"  # the acquirer had rejected it


class AlertKind(StrEnum):
    READER_ABSENT = "reader_absent"  # key: reader. Its day goes with the next remittance
    DAY_REFUSED = "day_refused"  # key: reader and day. The copies are not what it sealed
    NOT_ANSWERED = "not_answered"  # key: contract. The acquirer has not answered
    CONTRACT_REFUSED = "contract_refused"  # key: contract. The acquirer does not know it, or has closed it
    REJECTED = "rejected"  # key: remittance. Lines were rejected
    OUT_OF_BALANCE = "out_of_balance"  # key: remittance. The acquirer's totals are not ours
    BOOKS_DIFFER = "books_differ"  # key: remittance. The ledger's totals are not those of its lines
    PARAMETERS_FAILED = "parameters_failed"  # key: reader
    SEAL_DIFFERS = "seal_differs"  # key: reader and day. A lost reader came back with another day than was sent
    LINES_LOST = "lines_lost"  # key: reader. Payments of a lost reader of which there is no copy
    FUNDS_ABSENT = "funds_absent"  # key: remittance
    FUNDS_SHORT = "funds_short"  # key: remittance. Less came than is due, or more


@dataclass(frozen=True)
class Alert:
    """`grows` is the number of evenings on which it was found so."""

    kind: AlertKind
    key: str
    contract: str
    raised_at: datetime
    grows: int = 1
    detail: str = ""
    cleared_at: datetime | None = None


class Phase(StrEnum):
    CLOSING = "closing"  # of readers
    WRITING = "writing"  # of lines
    SENDING = "sending"
    RECONCILING = "reconciling"
    ACKNOWLEDGING = "acknowledging"  # of readers
    PARAMETERS = "parameters"  # of readers
    ENDED = "ended"


@dataclass(frozen=True)
class Progress:
    phase: Phase
    done: int = 0
    of: int = 0


@dataclass(frozen=True)
class LostReader:
    """What becomes of a reader's open day when it is declared lost: what was copied goes, the rest is listed."""

    reader: str
    copied: int
    unknown: tuple[str, ...] = field(default=())  # payments known to the host of which there is no copy
