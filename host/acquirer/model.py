"""What is asked of an acquirer and what it answers, free of any message format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from host.money import Money


@dataclass(frozen=True)
class AuthorisationRequest:
    """Sealed parts are the reader's, for the acquirer alone; the host carries and never keeps them."""

    transaction_id: bytes  # 16 bytes, minted by the reader
    amount: Money
    interface: str  # contact or contactless
    icc_data: bytes  # BER-TLV, ISO 8583 field 55
    ksn: bytes  # 12 bytes, X9.24-3: initial key id and counter
    sealed_card: bytes
    pin_block: bytes | None  # ISO 9564 format 4, encrypted
    mac: bytes  # 8 bytes, the reader's
    requested_at: datetime
    kind: str = "purchase"  # of the protocol's schema
    amount_other_minor: int = 0  # of a cash back, the cash
    tip_minor: int = 0  # part of the amount
    original: bytes | None = None  # of a refund by reference, the sale's transaction id


@dataclass(frozen=True)
class AuthorisationAnswer:
    transaction_id: bytes
    approved: bool
    response_code: bytes  # 2 bytes, tag 8A
    authorisation_code: str | None
    icc_data: bytes  # BER-TLV: 91, 71, 72
    mac: bytes  # 8 bytes, the acquirer's; only the reader can check it
    arqc_checked: bool  # the issuer verified the card's cryptogram
    authorised: Money | None = None  # with response code 10, the part of the amount that is approved


class AdviceKind(StrEnum):
    REVERSAL = "reversal"  # caaa.003 with Rvsl: the authorisation was not answered, or not followed
    CANCELLATION = "cancellation"  # caaa.005, then 007: the merchant cancelled a kept sale before its day was closed
    COMPLETION = "completion"  # caaa.003 without Rvsl, for an acquirer that captures by it: Zinc sends none


class Reason(StrEnum):
    """Why an authorisation is reversed (FailrRsn)."""

    NO_ANSWER = "no_answer"  # TIMO
    CARD_DECLINED = "card_declined"  # CDCL
    CUSTOMER_CANCELLED = "customer_cancelled"  # CUCL
    MALFUNCTION = "malfunction"  # MALF
    MERCHANT_REFUSED = "merchant_refused"  # SFRD: signature or partial amount
    EXPIRED = "expired"  # UCMP: a pre-authorisation that was not completed


@dataclass(frozen=True)
class Advice:
    """What the acquirer is told until it answers: the same bytes each time, but for the mark of a repetition; and a
    cancellation is asked for once (caaa.005), then told (007)."""

    kind: AdviceKind
    transaction_id: bytes
    amount: Money  # as it was authorised
    requested_at: datetime  # of the transaction
    reason: Reason
    repeated: bool = False
    transaction_kind: str = "purchase"  # of the protocol's schema


@dataclass(frozen=True)
class AdviceAnswer:
    """caaa.004, 006 or 008; only 006 may decline."""

    transaction_id: bytes
    accepted: bool
    reason: str | None = None


@dataclass(frozen=True)
class Totals:
    """Of one scheme, application and currency; counts, and sums in minor units."""

    brand: str  # of the protocol's schema; "none" for others
    aid: bytes
    currency: str
    debit_count: int = 0
    debit_minor: int = 0
    credit_count: int = 0
    credit_minor: int = 0
    cancellation_count: int = 0
    cancellation_minor: int = 0


@dataclass(frozen=True)
class CaptureLine:
    """A capture record as the reader made it: what the batch carries of one sale."""

    transaction_id: bytes
    kind: str
    amount: Money
    amount_other_minor: int
    interface: str
    taken_at: str  # YYYYMMDDhhmmss, the reader's local time
    icc_data: bytes
    response_code: bytes | None
    authorisation_code: str | None
    ksn: bytes
    sealed_card: bytes
    mac: bytes
    offline: bool = False  # the card approved it without the acquirer: response code Y1 or Y3
    original: bytes | None = None
    mac_ksn: bytes | None = None  # of a completion, whose MAC is of another counter than its sealed card


@dataclass(frozen=True)
class DataSet:
    """One sealed day of one reader. `ksn`, `mac` and hashes are the seal's; None where its reader is lost, and the
    lines are the host's copies."""

    id: str
    reader: str
    number: int
    business_date: date
    totals: tuple[Totals, ...]
    lines: Iterable[CaptureLine]
    count: int
    previous: bytes | None = None
    hash: bytes | None = None
    ksn: bytes | None = None
    mac: bytes | None = None


@dataclass(frozen=True)
class Batch:
    """caaa.011; sent again with the same ids it is the same, and gets the first answer."""

    exchange_id: int  # at most 18 digits
    created_at: datetime
    totals: tuple[Totals, ...]
    data_sets: Iterable[DataSet]


@dataclass(frozen=True)
class RejectedLine:
    transaction_id: bytes
    reason: str


@dataclass(frozen=True)
class BatchAnswer:
    """caaa.012. `refused`: data sets of which nothing was taken, id -> reason (seal broken, totals wrong)."""

    exchange_id: int
    accepted_count: int
    rejected: tuple[RejectedLine, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Reconciliation:
    """caaa.009, and 010 with the acquirer's own totals, for the remittance of that exchange id."""

    exchange_id: int
    totals: tuple[Totals, ...]


@dataclass(frozen=True)
class Parameters:
    """For the reader, which alone checks them; the host reads what concerns it (firmware/contract.py)."""

    version: int
    contract: bytes
    signature: bytes
