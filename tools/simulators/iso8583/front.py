"""What is asked in ISO 8583 is put to the acquirer's books, which speak caaa among themselves; their word goes back."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO
from urllib.parse import urlencode

from host.acquirer.caaa import Parties
from host.acquirer.caaa_advice import read_advice_answer, write_advice
from host.acquirer.caaa_authorisation import read_answer, write_request
from host.acquirer.caaa_batch import write_batch
from host.acquirer.caaa_batch_answer import read_batch_answer
from host.acquirer.caaa_reconciliation import read_reconciliation_answer, write_reconciliation
from host.acquirer.model import (
    Advice,
    AdviceKind,
    AuthorisationRequest,
    Batch,
    CaptureLine,
    DataSet,
    Reason,
    Reconciliation,
    Totals,
)
from host.acquirer.parameters import read_parameters
from host.money import CURRENCIES, Money
from tools.simulators.acquirer.simulator import AcquirerSimulator
from tools.simulators.iso8583.fields import Unreadable, is_signed, read, write

Fields = dict[Any, str]
PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "", "ZINC-POI-1")
IN_MEMORY = 1 << 20
REFUSALS = {400: "904", 409: "913"}
BY_NUMBER = {f"{currency.numeric:03}": currency for currency in CURRENCIES.values()}
INTERFACES = {"5": "contact", "7": "contactless"}  # seventh of element 22
REASONS = {
    "4000": Reason.CUSTOMER_CANCELLED,
    "4001": Reason.MERCHANT_REFUSED,
    "4002": Reason.MALFUNCTION,
    "4004": Reason.EXPIRED,
    "4007": Reason.CARD_DECLINED,
    "4021": Reason.NO_ANSWER,
}


class Refused(Exception):
    """With the action code that says why."""


class Front:
    def __init__(self, simulator: AcquirerSimulator, key: bytes) -> None:
        self._simulator = simulator
        self._key = key

    def answer(self, asked: list[bytes]) -> list[bytes]:
        """Of all messages of one connection."""
        if not asked:
            return []
        first = read(asked[-1])
        try:
            return [write(each, self._key if each["mti"] == "1530" else None) for each in self._answers(first, asked)]
        except Refused as refusal:
            return [write(_reply(first) | {39: str(refusal)}, self._key if first["mti"] == "1520" else None)]

    def _answers(self, last: Fields, asked: list[bytes]) -> Iterable[Fields]:
        kind = last["mti"]
        if kind == "1100":
            return [self._authorise(last)]
        if kind in ("1400", "1420"):
            return [self._advise(last)]
        if kind == "1304":
            return [self._parameters(last)]
        if kind != "1520":
            raise Refused("904")
        totals = [message for message in asked if message[:4] == b"1520"]
        if not all(is_signed(message, self._key) for message in totals):
            raise Refused("916")
        if len(totals) == len(asked):
            return self._reconcile([read(message) for message in totals])
        return self._take(asked[: -len(totals)], last)

    def _books(self, path: str, body: bytes | BinaryIO = b"") -> bytes:
        """Raises Refused."""
        status, answer = self._simulator.handle(path, body)
        if status in REFUSALS:
            raise Refused(REFUSALS[status])
        return answer

    # ---- payments ----

    def _authorise(self, asked: Fields) -> Fields:
        request = _request(asked)
        answer = read_answer(self._books("/caaa", write_request(request, PARTIES)))
        part = answer.authorised is not None
        reply = _reply(asked) | {
            39: "002" if part else "000" if answer.approved else "100",
            55: f"8A02{answer.response_code.hex()}{answer.icc_data.hex()}".upper(),
            "48.05": answer.mac.hex(),
            "48.07": "1" if answer.arqc_checked else "0",
        }
        if answer.authorised is not None:
            reply |= {4: f"{answer.authorised.amount_minor:012}", 30: asked[4] + "0" * 12}
        return reply | ({38: answer.authorisation_code.ljust(6)} if answer.authorisation_code else {})

    def _advise(self, asked: Fields) -> Fields:
        kind = AdviceKind(asked["48.08"])
        advice = Advice(
            kind,
            bytes.fromhex(asked["48.01"]),
            Money(int(asked[4]), BY_NUMBER[asked[49]]),
            _moment(asked),
            REASONS[asked[25]],
            repeated=kind is AdviceKind.CANCELLATION and asked["mti"] == "1420",
        )
        answer = read_advice_answer(self._books("/caaa", write_advice(advice, PARTIES)), advice)
        reply = _reply(asked) | {39: "400" if answer.accepted else "100"}
        return reply | ({"48.09": answer.reason} if answer.reason else {})

    def _parameters(self, asked: Fields) -> Fields:
        body = self._books("/parameters?" + urlencode({"version": asked["48.22"]}))
        if not body:
            return _reply(asked) | {39: "300"}
        found = read_parameters(body)
        sealed = {72: b64encode(found.contract).decode(), 123: b64encode(found.signature).decode()}
        return _reply(asked) | {39: "300", "48.22": str(found.version)} | sealed

    # ---- the batch ----

    def _take(self, records: list[bytes], last: Fields) -> Iterable[Fields]:
        digest = sha256()
        for record in records:
            digest.update(record)
        if last.get("48.20") != digest.hexdigest():
            raise Refused("916")
        sums = tuple(row for data_set in _data_sets(records) for row in data_set.totals)
        created = datetime(2000, 1, 1, tzinfo=UTC)  # the same bytes for the same batch
        batch = Batch(int(last["48.16"]), created, sums, _data_sets(records))
        with SpooledTemporaryFile(IN_MEMORY) as file:
            write_batch(file, batch, PARTIES)  # pyright: ignore[reportArgumentType]  it is a file
            file.seek(0)
            answer = read_batch_answer(self._books("/caaa", file))  # pyright: ignore[reportArgumentType]
        for line in answer.rejected:
            yield {"mti": "1230", 39: "100", "48.01": line.transaction_id.hex(), "48.09": line.reason}
        for name, reason in answer.refused:
            yield {"mti": "1314", 39: "306", "48.10": name, "48.09": reason}
        yield _reply(last) | {39: "500", "48.16": last["48.16"], "48.21": str(answer.accepted_count)}

    def _reconcile(self, asked: list[Fields]) -> Iterable[Fields]:
        exchange_id = int(asked[0]["48.16"])
        theirs = tuple(row for row in map(_total, asked) if any((row.debit_count, row.credit_count)))
        told = write_reconciliation(Reconciliation(exchange_id, theirs), datetime.now(UTC), PARTIES)
        ours = read_reconciliation_answer(self._books("/caaa", told)).totals
        code = "500" if sorted(map(repr, ours)) == sorted(map(repr, theirs)) else "501"
        rows = ours or (Totals("none", b"", "EUR"),)
        return [_reply(asked[0]) | _total_fields(row) | {39: code, "48.16": asked[0]["48.16"],
                "48.19": str(len(rows))} for row in rows]  # fmt: skip


def _reply(asked: Fields) -> Fields:
    """What goes back as it came, under the number of the answer."""
    same = {name: value for name, value in asked.items() if name in (4, 7, 11, 12, 41, 42, 49, "48.01")}
    return same | {"mti": f"{int(asked['mti']) + 10:04}"}


def _moment(asked: Fields) -> datetime:
    return datetime.strptime(asked[12] + "+0000", "%y%m%d%H%M%S%z")


def _request(asked: Fields) -> AuthorisationRequest:
    currency = BY_NUMBER[asked[49]]
    return AuthorisationRequest(
        transaction_id=bytes.fromhex(asked["48.01"]),
        amount=Money(int(asked[4]), currency),
        interface=INTERFACES[asked[22][6]],
        icc_data=bytes.fromhex(asked[55]),
        ksn=bytes.fromhex(asked[53]),
        sealed_card=bytes.fromhex(asked["48.03"]),
        pin_block=bytes.fromhex(asked["48.04"]) if "48.04" in asked else None,
        mac=bytes.fromhex(asked["48.05"]),
        requested_at=_moment(asked),
        kind=_kind(asked),
        amount_other_minor=int(asked[54][8:]) if 54 in asked else 0,
        tip_minor=int(asked.get("48.06", "0")),
        original=bytes.fromhex(asked["48.02"]) if "48.02" in asked else None,
    )


def _kind(asked: Fields) -> str:
    by_function = {"101": "preauthorisation", "108": "verification"}
    by_processing = {"00": "purchase", "09": "cash_back", "20": "refund"}
    return by_function.get(asked[24]) or by_processing[asked[3][:2]]


def _data_sets(records: list[bytes]) -> Iterator[DataSet]:
    starts = [place for place, record in enumerate(records) if record[:4] == b"1304"]
    if not starts or starts[0]:
        raise Unreadable("1304 is due")
    for first, after in zip(starts, [*starts[1:], len(records)]):
        yield _data_set(read(records[first]), [read(record) for record in records[first + 1 : after]])


def _data_set(head: Fields, lines: list[Fields]) -> DataSet:
    number, day, *seal = head[72].split(".")
    sealed = dict(zip(("previous", "hash", "ksn", "mac"), map(bytes.fromhex, seal)))
    totals = tuple(
        Totals(brand, bytes.fromhex(aid), currency, *map(int, sums))
        for brand, aid, currency, *sums in (row.split(".") for row in head.get(123, "").split(";") if row)
    )
    place = (head["48.10"], head["48.11"], int(number), date.fromisoformat(day))
    return DataSet(*place, totals, [_line(line) for line in lines], len(lines), **sealed)


def _line(asked: Fields) -> CaptureLine:
    return CaptureLine(
        transaction_id=bytes.fromhex(asked["48.01"]),
        kind=asked["48.13"],
        amount=Money(int(asked[4]), BY_NUMBER[asked[49]]),
        amount_other_minor=int(asked[54][8:]) if 54 in asked else 0,
        interface=INTERFACES[asked[22][6]],
        taken_at="20" + asked[12],
        icc_data=bytes.fromhex(asked.get(55, "")),
        response_code=asked["48.14"].encode() if "48.14" in asked else None,
        authorisation_code=asked[38].strip() if 38 in asked else None,
        ksn=bytes.fromhex(asked[53]),
        sealed_card=bytes.fromhex(asked["48.03"]),
        mac=bytes.fromhex(asked["48.05"]),
        offline=asked["48.12"] == "1",
        original=bytes.fromhex(asked["48.02"]) if "48.02" in asked else None,
        mac_ksn=bytes.fromhex(asked["48.15"]) if "48.15" in asked else None,
    )


def _total(asked: Fields) -> Totals:
    sums = (int(asked[number]) for number in (76, 88, 74, 86, 77, 89))
    return Totals(asked["48.17"], bytes.fromhex(asked["48.18"]), BY_NUMBER[asked[49]].code, *sums)


def _total_fields(row: Totals) -> Fields:
    counts = {76: row.debit_count, 74: row.credit_count, 77: row.cancellation_count}
    sums = {88: row.debit_minor, 86: row.credit_minor, 89: row.cancellation_minor}
    fields: Fields = {number: f"{count:010}" for number, count in counts.items()}
    fields |= {number: f"{minor:016}" for number, minor in sums.items()}
    return fields | {49: f"{CURRENCIES[row.currency].numeric:03}", "48.17": row.brand, "48.18": row.aid.hex()}
