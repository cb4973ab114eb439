"""What the acquirer pays the merchant for a batch, on the next bank working day, and the notice of it (camt.054)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  it has no stubs

from tools.simulators.acquirer.store import Store

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.12"
ACCOUNT = "FR7630006000011234567890189"  # an example's, of no bank account
NET = """
SELECT currency, sum(CASE kind WHEN 'refund' THEN -amount_minor ELSE amount_minor END) AS net_minor
FROM capture WHERE exchange_id = ? GROUP BY currency
"""


class Settlements:
    """`withheld_minor`: what is kept back of each, so that less comes than is due. `settles`: does it pay at all?"""

    def __init__(self, store: Store, now: Callable[[], datetime], at_once: bool) -> None:
        self._store = store
        self._now = now
        self._at_once = at_once
        self.withheld_minor = 0
        self.settles = True

    def settle(self, exchange_id: int) -> None:
        today = self._now().date()
        row = self._store.one(NET, exchange_id)
        if not self.settles or row is None or not row["net_minor"]:
            return
        self._store.add(
            "settlement",
            exchange_id=exchange_id,
            currency=row["currency"],
            amount_minor=row["net_minor"] - self.withheld_minor,
            booked_on=(today if self._at_once else next_working_day(today)).isoformat(),
        )

    def notices(self, after: str) -> bytes:
        """camt.054 of what was booked by now, after the notice of that id; nothing where there is none."""
        rows = self._store.all(
            "SELECT * FROM settlement WHERE id > ? AND booked_on <= ? ORDER BY id",
            int(after) if after.isdigit() else 0,
            self._now().date().isoformat(),
        )
        return _document(rows, self._now()) if rows else b""


def next_working_day(today: date) -> date:
    """Of the TARGET calendar."""
    closed = _target_holidays()
    day = today + timedelta(1)
    while day.weekday() > 4 or day in closed:
        day += timedelta(1)
    return day


@cache
def _target_holidays() -> Any:
    from holidays import financial_holidays  # slow to load, and asked for in the evening only

    return financial_holidays("XECB")


def _document(rows: list[Any], now: datetime) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})
    notification = _child(root, "BkToCstmrDbtCdtNtfctn")
    group = _child(notification, "GrpHdr")
    _child(group, "MsgId", f"ZINC-{rows[-1]['id']}")
    _child(group, "CreDtTm", now.isoformat())
    for row in rows:
        _notice(_child(notification, "Ntfctn"), row, now)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _notice(notice: Any, row: Any, now: datetime) -> None:
    _child(notice, "Id", str(row["id"]))
    _child(notice, "CreDtTm", now.isoformat())
    _child(_child(_child(notice, "Acct"), "Id"), "IBAN", ACCOUNT)
    entry = _child(notice, "Ntry")
    _amount(entry, row)
    _child(_child(entry, "Sts"), "Cd", "BOOK")
    for name in ("BookgDt", "ValDt"):
        _child(_child(entry, name), "Dt", row["booked_on"])
    domain = _child(_child(entry, "BkTxCd"), "Domn")
    _child(domain, "Cd", "PMNT")
    family = _child(domain, "Fmly")
    _child(family, "Cd", "MCRD")  # merchant card transactions
    _child(family, "SubFmlyCd", "POSP")  # at the point of sale
    details = _child(_child(entry, "NtryDtls"), "TxDtls")
    _child(_child(details, "Refs"), "EndToEndId", f"{row['exchange_id']:018d}")
    _amount(details, row)


def _amount(parent: Any, row: Any) -> None:
    minor = row["amount_minor"]
    _child(parent, "Amt", f"{abs(minor) // 100}.{abs(minor) % 100:02}").set("Ccy", row["currency"])
    _child(parent, "CdtDbtInd", "CRDT" if minor >= 0 else "DBIT")


def _child(parent: Any, name: str, text: str | None = None) -> Any:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = text
    return child
