"""Copies of capture records: what the acquirer will be given of a kept sale, as the reader sealed and MACed it.

A copy is stored in the commit that ends its payment, so that a reader which is lost at noon loses nothing of it. It
holds no account number in clear: sealed card data is for the acquirer alone (terminal/LAW-5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Index, LargeBinary, Row, String, Table, bindparam, select
from sqlalchemy.types import BigInteger

from emv import tlv
from emv.errors import CardFault
from emv.trace import REDACTED
from host.acquirer.model import CaptureLine
from host.database import UtcDateTime, Work, metadata
from host.money import CURRENCIES, Money
from host.payment.errors import CaptureDiffers
from host.payment.ports import Copy, Message

captures = Table(
    "capture",
    metadata,
    Column("transaction_id", LargeBinary(16), primary_key=True),
    Column("reader", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("amount_other_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("interface", String(16), nullable=False),
    Column("brand", String(16), nullable=False),
    Column("aid", LargeBinary(16), nullable=False),
    Column("taken_at", String(14), nullable=False),
    Column("icc_data", LargeBinary(512), nullable=False),
    Column("response_code", LargeBinary(2)),
    Column("authorisation_code", String(6)),
    Column("ksn", LargeBinary(12), nullable=False),
    Column("sealed_card", LargeBinary(128), nullable=False),
    Column("mac", LargeBinary(8), nullable=False),
    Column("mac_ksn", LargeBinary(12)),
    Column("offline", Boolean, nullable=False),
    Column("original", LargeBinary(16)),
    Column("voided_at", UtcDateTime),
    Column("kept_at", UtcDateTime, nullable=False),
    Index("capture_of_reader", "reader", "transaction_id"),
)
CAPTURED = ("purchase", "cash_back", "refund", "preauthorisation")  # kinds; a pre-authorisation once it is complete
OFFLINE_APPROVALS = (b"Y1", b"Y3")  # tag 8A: offline approved; unable to go online, offline approved
AID_TAGS = (0x84, 0x4F, 0x9F06)  # DF name, AID of the directory, AID of the terminal
AT_ONCE = 500

# What the reader said; the other columns are the host's own.
SAID = [column.name for column in captures.columns if column.name not in ("voided_at", "kept_at")]
INSERT = captures.insert()
OF_TRANSACTION = select(captures).where(captures.c.transaction_id == bindparam("wanted"))
FIND = select(captures).where(captures.c.transaction_id.in_(bindparam("wanted", expanding=True)))
VOID = (
    captures.update()
    .where(captures.c.transaction_id == bindparam("wanted"), captures.c.voided_at.is_(None))
    .values(voided_at=bindparam("at"))
)


def is_capture(result: Message) -> bool:
    """Is it the record of a sale that is captured? A pre-authorisation's has a MAC only when it is complete."""
    return result["outcome"] == "approved" and result.get("kind", "purchase") in CAPTURED and "mac" in result


def is_offline(result: Message) -> bool:
    """The card approved without the acquirer."""
    return result["why"] == "approved_offline" or result.get("response_code") in OFFLINE_APPROVALS


def names_the_card(icc_data: bytes) -> bool:
    """Data that must not be stored, or that cannot be read; no reader of ours sends such."""
    try:
        return any(tag in REDACTED for tag, _, _ in tlv.children(icc_data))
    except CardFault:
        return True


class CaptureStore:
    def add(self, work: Work, result: Message, reader: str, at: datetime) -> None:
        """Of a result that `is_capture`; twice is once. Raises CaptureDiffers when another record has that id."""
        row = capture_row(result, reader)
        before = self._row(work, row["transaction_id"])
        if before is None:
            work.execute(INSERT, row | {"voided_at": None, "kept_at": at})
        elif any(getattr(before, name) != row[name] for name in SAID):
            raise CaptureDiffers(row["transaction_id"].hex())

    def void(self, work: Work, transaction_id: bytes, at: datetime) -> None:
        """It is captured no more; does nothing without a copy."""
        work.execute(VOID, {"wanted": transaction_id, "at": at})

    def has(self, work: Work, transaction_id: bytes) -> bool:
        return self._row(work, transaction_id) is not None

    def find(self, work: Work, transaction_ids: Sequence[bytes]) -> dict[bytes, Copy]:
        """Those of which there is a copy, voided ones too."""
        found: dict[bytes, Copy] = {}
        for first in range(0, len(transaction_ids), AT_ONCE):
            some = list(transaction_ids[first : first + AT_ONCE])
            rows = work.execute(FIND, {"wanted": some})
            found.update({row.transaction_id: copy_of(row) for row in rows})
        return found

    def of_reader(
        self, work: Work, reader: str, after: bytes | None = None, since: datetime | None = None
    ) -> Iterable[Copy]:
        """Of kept sales that were not cancelled: the AT_ONCE that follow `after` in order of transaction id, of those
        that were kept since then."""
        chosen = (captures.c.reader == reader) & captures.c.voided_at.is_(None)
        if after is not None:
            chosen &= captures.c.transaction_id > after
        if since is not None:
            chosen &= captures.c.kept_at >= since
        rows = work.execute(select(captures).where(chosen).order_by(captures.c.transaction_id).limit(AT_ONCE))
        return [copy_of(row) for row in rows]

    def _row(self, work: Work, transaction_id: bytes) -> Row[Any] | None:
        return work.execute(OF_TRANSACTION, {"wanted": transaction_id}).first()


def capture_row(result: Message, reader: str) -> dict[str, Any]:
    currency = next(known for known in CURRENCIES.values() if known.numeric == result["currency"])
    row = {name: result.get(name) for name in SAID}
    return row | {
        "reader": reader,
        "kind": result.get("kind", "purchase"),
        "amount_other_minor": result.get("amount_other_minor", 0),
        "currency": currency.code,
        "interface": result.get("interface", "contact"),
        "brand": result.get("brand", "none"),
        "aid": aid_of(result.get("icc_data", b"")),
        "taken_at": result.get("taken_at", ""),
        "icc_data": result.get("icc_data", b""),
        "offline": is_offline(result),
    }


def aid_of(icc_data: bytes) -> bytes:
    """Of the application that paid; empty when the data names none."""
    try:
        values = {tag: icc_data[start:end] for tag, start, end in tlv.children(icc_data)}
    except CardFault:
        return b""
    return next((values[tag] for tag in AID_TAGS if tag in values), b"")


def copy_of(row: Row[Any]) -> Copy:
    line = CaptureLine(
        transaction_id=row.transaction_id,
        kind=row.kind,
        amount=Money(row.amount_minor, CURRENCIES[row.currency]),
        amount_other_minor=row.amount_other_minor,
        interface=row.interface,
        taken_at=row.taken_at,
        icc_data=row.icc_data,
        response_code=row.response_code,
        authorisation_code=row.authorisation_code,
        ksn=row.ksn,
        sealed_card=row.sealed_card,
        mac=row.mac,
        offline=row.offline,
        original=row.original,
        mac_ksn=row.mac_ksn,
    )
    return Copy(row.reader, line, row.brand, row.aid)
