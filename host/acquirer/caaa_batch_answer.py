"""caaa.012.001.12: what became of each data set of a batch, and of the lines that were not taken."""

# ruff: noqa: RUF009  what is called gives dataclass fields

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from host.acquirer import caaa_elements as caaa
from host.acquirer.caaa import Message, Parties, identifier, transaction_id
from host.acquirer.caaa_batch import TRANSACTION_CAPTURE, DataSetIdentifier, transfer_header
from host.acquirer.caaa_totals import write_totals
from host.acquirer.model import BatchAnswer, RejectedLine, Totals
from host.acquirer.xml_elements import element, elements

ACCEPTED, IN_PART, REFUSED = "APPR", "PART", "DECL"


@dataclass(frozen=True)
class DataSetAnswer:
    """`totals`: of what was taken. `refused`: why nothing was. A rejected line has its number, from 1."""

    id: str
    totals: tuple[Totals, ...] = ()
    rejected: tuple[tuple[int, RejectedLine], ...] = ()
    refused: str | None = None


@dataclass
class RejectedTransaction:
    number: str | None = element("TxSeqCntr")
    response: caaa.Response | None = element("TxRspn")
    environment: caaa.Environment | None = element("Envt")
    transaction: caaa.Transaction | None = element("Tx")


@dataclass
class DataSetResult:
    identifier: DataSetIdentifier | None = element("DataSetId")
    result: caaa.Response | None = element("DataSetRslt")
    remove: bool | None = element("RmvDataSet")
    totals: list[caaa.TransactionTotals] = elements("TxTtls")
    rejected: list[RejectedTransaction] = elements("RjctdTx")


@dataclass
class BatchAnswerBody:
    totals: list[caaa.TransactionTotals] = elements("TxTtls")
    data_sets: list[DataSetResult] = elements("DataSet")


ANSWER = Message("caaa.012.001.12", "AccptrBtchTrfRspn", "BtchTrfRspn", BatchAnswerBody, caaa.TransferHeader)


def write_batch_answer(exchange_id: int, answers: Iterable[DataSetAnswer], at: datetime, parties: Parties) -> bytes:
    """What the acquirer's side does."""
    results = [_result(answer, at, parties) for answer in answers]
    return ANSWER.write(transfer_header(exchange_id, at, parties), BatchAnswerBody(data_sets=results))


def read_batch_answer(data: bytes) -> BatchAnswer:
    """Raises MalformedMessage."""
    return ANSWER.read(data, _answer)


def _result(answer: DataSetAnswer, at: datetime, parties: Parties) -> DataSetResult:
    word = REFUSED if answer.refused else IN_PART if answer.rejected else ACCEPTED
    return DataSetResult(
        identifier=DataSetIdentifier(answer.id, TRANSACTION_CAPTURE, created_at=at),
        result=caaa.Response(word, answer.refused),
        remove=not answer.refused,
        totals=write_totals(answer.totals),
        rejected=[_rejected(number, line, at, parties) for number, line in answer.rejected],
    )


def _rejected(number: int, line: RejectedLine, at: datetime, parties: Parties) -> RejectedTransaction:
    return RejectedTransaction(
        number=str(number),
        response=caaa.Response(REFUSED, line.reason),
        environment=caaa.Environment(poi=caaa.Identified(caaa.Party(parties.poi_id))),
        transaction=caaa.Transaction(identifier=identifier(line.transaction_id, at), answer=REFUSED),
    )


def _answer(message: Any) -> BatchAnswer:
    taken, rejected, refused = 0, [], []
    for data_set in message.body.data_sets:
        if data_set.result.result == REFUSED:
            refused.append((data_set.identifier.name, data_set.result.reason or "no reason"))
        elif data_set.result.result not in (ACCEPTED, IN_PART):
            raise ValueError("data set")
        taken += sum(int(total.count) for total in data_set.totals if total.type != "DBTR")
        rejected += [
            RejectedLine(transaction_id(line.transaction.identifier), line.response.reason or "no reason")
            for line in data_set.rejected
        ]
    return BatchAnswer(int(message.header.exchange_id), taken, tuple(rejected), tuple(refused))
