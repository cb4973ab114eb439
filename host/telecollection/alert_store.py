"""Alerts to the merchant: one stands for each kind and key, and grows by one an evening until it is cleared."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Row, and_, bindparam, select

from host.database import Work
from host.telecollection.model import Alert, AlertKind
from host.telecollection.tables import STANDS, alerts

# Made once: to make a statement costs as much as to run it.
SAME = and_(STANDS, alerts.c.kind == bindparam("of_kind"), alerts.c.key == bindparam("of_key"))
STANDING = select(alerts).where(SAME)
OF_CONTRACT = (
    select(alerts).where(STANDS, alerts.c.contract == bindparam("of")).order_by(alerts.c.grows.desc(), alerts.c.id)
)
CLEAR = alerts.update().where(SAME).values(cleared_at=bindparam("at"))


class AlertStore:
    def raise_(self, work: Work, alert: Alert, evening: date) -> None:
        """`evening` is the business date on which it is found: found again on another, it grows."""
        row = work.execute(STANDING, {"of_kind": alert.kind.value, "of_key": alert.key}).first()
        if row is None:
            work.execute(alerts.insert().values(_row(alert) | {"grown_on": evening}))
        elif row.grown_on < evening:
            facts = {"grows": row.grows + 1, "grown_on": evening, "detail": alert.detail[:128]}
            work.execute(alerts.update().where(alerts.c.id == row.id).values(facts))

    def clear(self, work: Work, kind: AlertKind, key: str, at: datetime) -> None:
        work.execute(CLEAR, {"of_kind": kind.value, "of_key": key, "at": at})

    def standing(self, work: Work, contract_id: str) -> list[Alert]:
        return [_alert(row) for row in work.execute(OF_CONTRACT, {"of": contract_id})]


def _row(alert: Alert) -> dict[str, object]:
    return {
        "kind": alert.kind.value,
        "key": alert.key,
        "contract": alert.contract,
        "raised_at": alert.raised_at,
        "grows": alert.grows,
        "detail": alert.detail[:128],
        "cleared_at": alert.cleared_at,
    }


def _alert(row: Row) -> Alert:
    kind = AlertKind(row.kind)
    return Alert(kind, row.key, row.contract, row.raised_at, row.grows, row.detail, row.cleared_at)
