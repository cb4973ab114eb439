"""Statements that the simulation runs by SQLite itself do what SQLAlchemy would have done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, NoResultFound

from host.database import Database
from host.jobs import timers
from host.payment import store as payment_store
from host.payment.store import payments
from tools.simulation.statements import DirectConnection

NOW = datetime(2026, 3, 28, 23, 30, 0, 5, timezone(timedelta(hours=1)))
ROW = dict.fromkeys(payments.c.keys()) | {
    "request_id": b"12345678",
    "order_reference": "T-1",
    "amount_minor": 1250,
    "currency": "EUR",
    "requested_at": NOW,
    "kind": "purchase",
    "tip_minor": 0,
    "state": "approved",
    "asked": "not_asked",
    "icc_data": b"",
    "arqc_checked": True,
}


def fresh() -> Database:
    database = Database("sqlite://")
    database.migrate()
    return database


def outcomes(work: Connection) -> list[object]:
    """What each kind of statement gives: rows, one value, how many; a list of names; and what stands in the table."""
    work.execute(payment_store.INSERT, ROW)
    found = work.execute(payment_store.OF_REQUEST, {"wanted": b"12345678"}).one()
    refunded = work.scalars(payment_store.REFUNDED, {"wanted": b"1"}).one()
    work.execute(payment_store.NO_COPY).all()
    due = {"kinds": ["a", "b"], "now": NOW, "longest_hold": NOW}
    released = work.execute(timers.RELEASE, {"holder": "nobody"}).rowcount
    stored = work.exec_driver_sql("SELECT requested_at, arqc_checked FROM payment").one()
    soonest = work.scalar(timers.SOONEST, due), work.scalar(timers.SOONEST, due | {"kinds": ["a"]})
    return [tuple(found), found.requested_at, refunded, soonest, released, tuple(stored)]


def test_they_give_and_store_the_same() -> None:
    with fresh().engine.connect() as plain:
        expected = outcomes(plain)
    work = DirectConnection(fresh().engine)
    with work:
        assert outcomes(work) == expected
    assert len(work._prepared) == 7  # SQLAlchemy ran none of them
    assert None not in work._prepared.values()
    assert expected[1] == NOW.astimezone(UTC)


def test_what_fails_fails_in_sqlalchemys_words() -> None:
    with DirectConnection(fresh().engine) as work:
        work.execute(payment_store.INSERT, ROW)
        with pytest.raises(IntegrityError):
            work.execute(payment_store.INSERT, ROW)
        with pytest.raises(NoResultFound):
            work.execute(payment_store.OF_REQUEST, {"wanted": b"87654321"}).one()
