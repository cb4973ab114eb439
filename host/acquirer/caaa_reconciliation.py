"""Reconciliation of a batch: caaa.009.001.12 has our totals of it, caaa.010.001.11 the acquirer's."""

# ruff: noqa: RUF009  what is called gives dataclass fields

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from host.acquirer import caaa_elements as caaa
from host.acquirer.caaa import Message, Parties, environment, header
from host.acquirer.caaa_totals import read_totals, write_totals
from host.acquirer.model import Reconciliation
from host.acquirer.xml_elements import element, elements

BALANCED, DIFFERS = "APPR", "DECL"


@dataclass
class ReconciliationTransaction:
    closes: bool | None = element("ClsPrd")
    identifier: caaa.TransactionIdentifier | None = element("RcncltnTxId")
    id: str | None = element("RcncltnId")  # the exchange id of the batch
    totals: list[caaa.TransactionTotals] = elements("TxTtls")


@dataclass
class ReconciliationBody:
    environment: caaa.Environment | None = element("Envt")
    response: caaa.Response | None = element("TxRspn")
    transaction: ReconciliationTransaction | None = element("Tx")


REQUEST = Message("caaa.009.001.12", "AccptrRcncltnReq", "RcncltnReq", ReconciliationBody)
ANSWER = Message("caaa.010.001.11", "AccptrRcncltnRspn", "RcncltnRspn", ReconciliationBody)


def write_reconciliation(reconciliation: Reconciliation, at: datetime, parties: Parties) -> bytes:
    body = ReconciliationBody(environment(parties), transaction=_transaction(reconciliation, at))
    return REQUEST.write(header("RCLQ", reconciliation.exchange_id, at, parties), body)


def read_reconciliation(data: bytes) -> Reconciliation:
    """What the acquirer's side does. Raises MalformedMessage."""
    return REQUEST.read(data, _reconciliation)


def write_reconciliation_answer(own: Reconciliation, balanced: bool, at: datetime, parties: Parties) -> bytes:
    """What the acquirer's side does: its own totals, and whether they are those that it was asked about."""
    where = caaa.Environment(poi=caaa.Identified(caaa.Party(parties.poi_id)))
    response = caaa.Response(BALANCED if balanced else DIFFERS)
    body = ReconciliationBody(where, response, _transaction(own, at))
    return ANSWER.write(header("RCLP", own.exchange_id, at, parties), body)


def read_reconciliation_answer(data: bytes) -> Reconciliation:
    """Raises MalformedMessage."""
    return ANSWER.read(data, _reconciliation)


def _transaction(reconciliation: Reconciliation, at: datetime) -> ReconciliationTransaction:
    number = str(reconciliation.exchange_id)
    named = caaa.TransactionIdentifier(at, number)
    return ReconciliationTransaction(True, named, number, write_totals(reconciliation.totals))


def _reconciliation(message: Any) -> Reconciliation:
    transaction = message.body.transaction
    return Reconciliation(int(transaction.id), read_totals(transaction.totals))
