"""A batch as a file of ISO 8583:1993 messages: of each sealed day a file action (1304), then its lines as advices
(1220); at the end the totals (1520), signed together with all that stands before them.

A message in the file, as on the line, follows its length in two octets. What is answered: a 1314 for each data set that
is refused, a 1230 for each line that is, and one 1530.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from hashlib import sha256
from typing import BinaryIO

from host.acquirer.caaa import Parties
from host.acquirer.caaa_batch import seal_text
from host.acquirer.errors import BadAnswer, MalformedMessage, RequestRefused, UnwritableLine
from host.acquirer.iso8583 import Message, pack
from host.acquirer.iso8583_payment import ENTRY_MODES, NOT_DONE, PROCESSING, amount_of, parties_of
from host.acquirer.model import Batch, BatchAnswer, CaptureLine, DataSet, Reconciliation, RejectedLine, Totals
from host.money import CURRENCIES

LENGTH = 2
LONGEST = (1 << 8 * LENGTH) - 1
IN_BALANCE, OUT_OF_BALANCE = "500", "501"
ADD_RECORD, FINAL = "301", "500"  # function codes
NUMERIC = {code: currency.numeric for code, currency in CURRENCIES.items()}
CODES = {numeric: code for code, numeric in NUMERIC.items()}


def framed(data: bytes) -> bytes:
    """Raises ValueError."""
    if len(data) > LONGEST:
        raise ValueError("too long")
    return len(data).to_bytes(LENGTH, "big") + data


def write_batch(file: BinaryIO, batch: Batch, parties: Parties, key: bytes) -> None:
    """Streamed, the same bytes for the same batch. Raises UnwritableLine."""
    digest, number = sha256(), 0

    def write(data: bytes) -> None:
        digest.update(data)
        file.write(framed(data))

    for data_set in batch.data_sets:
        write(pack(_head(data_set, parties)))
        for line in data_set.lines:
            number += 1
            write(_line_bytes(number, line, parties))
    for message in totals_messages(batch.exchange_id, batch.totals, parties, digest.hexdigest()):
        file.write(framed(pack(message, key)))


def _head(data_set: DataSet, parties: Parties) -> Message:
    elements: dict[int, str | bytes] = {24: ADD_RECORD, 72: seal_text(data_set), 123: totals_text(data_set.totals)}
    return Message("1304", elements | parties_of(parties), {"10": data_set.id, "11": data_set.reader})


def _line_bytes(number: int, line: CaptureLine, parties: Parties) -> bytes:
    try:
        return pack(_line(number, line, parties))
    except (KeyError, ValueError):
        raise UnwritableLine(line.transaction_id.hex()) from None


def _line(number: int, line: CaptureLine, parties: Parties) -> Message:
    private = {"01": line.transaction_id.hex(), "03": line.sealed_card.hex(), "05": line.mac.hex()}
    private |= {"12": "1" if line.offline else "0", "13": line.kind}
    if line.original is not None:
        private["02"] = line.original.hex()
    if line.response_code is not None:
        private["14"] = line.response_code.decode("ascii")
    if line.mac_ksn is not None:
        private["15"] = line.mac_ksn.hex()
    elements: dict[int, str | bytes] = {
        3: PROCESSING[line.kind],
        11: f"{number % 1_000_000:06}",
        12: line.taken_at[2:],
        22: ENTRY_MODES[line.interface],
        24: "200",
        53: line.ksn,
        55: line.icc_data,
    }
    if line.amount_other_minor:
        elements[54] = f"0040{line.amount.currency.numeric:03}D{line.amount_other_minor:012}"
    if line.authorisation_code:
        elements[38] = line.authorisation_code
    return Message("1220", elements | amount_of(line.amount) | parties_of(parties), private)


def totals_messages(exchange_id: int, totals: Iterable[Totals], parties: Parties, digest: str = "") -> list[Message]:
    """A 1520 for each scheme, application and currency, and one when there is nothing at all."""
    rows = list(totals) or [Totals("none", b"", "EUR")]
    return [_totals(exchange_id, row, len(rows), parties, digest) for row in rows]


def _totals(exchange_id: int, row: Totals, rows: int, parties: Parties, digest: str) -> Message:
    net = row.credit_minor - row.debit_minor
    elements: dict[int, str | bytes] = {
        24: FINAL,
        49: f"{NUMERIC[row.currency]:03}",
        74: f"{row.credit_count:010}",
        76: f"{row.debit_count:010}",
        77: f"{row.cancellation_count:010}",
        86: f"{row.credit_minor:016}",
        88: f"{row.debit_minor:016}",
        89: f"{row.cancellation_minor:016}",
        97: f"{'C' if net >= 0 else 'D'}{abs(net):016}",
    }
    private = {"16": f"{exchange_id:018}", "17": row.brand, "18": row.aid.hex(), "19": str(rows)}
    if digest:
        private["20"] = digest
    return Message("1520", elements | parties_of(parties), private)


def totals_text(totals: Iterable[Totals]) -> str:
    """Rows of brand, AID, currency, and the six counts and sums, with dots between them."""
    rows = ([row.brand, row.aid.hex(), row.currency, *map(str, astuple(row)[3:])] for row in totals)
    return ";".join(".".join(row) for row in rows)


# ---- answers ----


def read_batch_answer(messages: Iterable[Message]) -> BatchAnswer:
    """Raises AcquirerError."""
    rejected: list[RejectedLine] = []
    refused: list[tuple[str, str]] = []
    try:
        for message in messages:
            why = message.private.get("09", "no reason")
            if message.type == "1230":
                rejected.append(RejectedLine(bytes.fromhex(message.private["01"]), why))
            elif message.type == "1314":
                refused.append((message.private["10"], why))
            elif message.type == "1530":
                _check(message)
                taken, exchange_id = int(message.private["21"]), int(message.private["16"])
                return BatchAnswer(exchange_id, taken, tuple(rejected), tuple(refused))
            else:
                raise BadAnswer(message.type)
    except (KeyError, ValueError) as error:
        raise MalformedMessage(type(error).__name__) from None
    raise BadAnswer("no 1530")


def read_reconciliation_answer(messages: Iterable[Message], exchange_id: int) -> Reconciliation:
    """The acquirer's own totals. Raises AcquirerError."""
    rows = list(_rows(messages, exchange_id))
    return Reconciliation(exchange_id, tuple(row for row in rows if row.debit_count + row.credit_count
                                             + row.cancellation_count))  # fmt: skip


def _rows(messages: Iterable[Message], exchange_id: int) -> Iterator[Totals]:
    left = 1
    try:
        for message in messages:
            _check(message)
            if int(message.private["16"]) != exchange_id:
                raise BadAnswer("answer to another batch")
            left = (left if left > 1 else int(message.private["19"]) + 1) - 1
            yield _row(message)
    except (KeyError, ValueError) as error:
        raise MalformedMessage(type(error).__name__) from None
    if left != 1:
        raise BadAnswer("rows are missing")


def _row(message: Message) -> Totals:
    sums = (int(message.text(number)) for number in (76, 88, 74, 86, 77, 89))
    currency = CODES[int(message.text(49))]
    return Totals(message.private["17"], bytes.fromhex(message.private["18"]), currency, *sums)


def _check(message: Message) -> None:
    code = message.text(39)
    if code in NOT_DONE:
        raise RequestRefused(code)
    if message.type != "1530" or code not in (IN_BALANCE, OUT_OF_BALANCE):
        raise BadAnswer(f"{message.type} {code}")
