"""Writing caaa.011: time a line, and peak memory, of 1,000 to 100,000 lines, beside lxml alone writing the same XML."""

from __future__ import annotations

import tempfile
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import BinaryIO

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  it has no stubs

from host.acquirer.caaa import KEY_NAME, KEY_VERSION, Parties
from host.acquirer.caaa_batch import BATCH, CAPTURE_MAC, write_batch
from host.acquirer.model import Batch, CaptureLine, DataSet, Totals
from host.money import Money
from tools.bench.measure import Measure

PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "Café du Zinc", "ZINC-POI-1")
COUNTS = (1_000, 10_000, 100_000)
ROUNDS = 3  # the best of them counts: other work on the machine only adds
Write = Callable[[BinaryIO, int], None]


async def measure() -> list[Measure]:
    assert _canonical(zinc) == _canonical(lxml_alone), "both write the same"
    times = {count: min(_time(zinc, count) for _ in range(ROUNDS)) / count for count in COUNTS}
    alone = min(_time(lxml_alone, COUNTS[1]) for _ in range(ROUNDS)) / COUNTS[1]
    peaks = {count: _peak(zinc, count) for count in COUNTS}
    return [
        *(Measure(f"batch of {count}: a line", times[count] * 1e6, "µs") for count in COUNTS),
        Measure("batch: a line, against lxml alone", times[COUNTS[1]] / alone, "times", 2),
        Measure("batch: a line of 100,000 against one of 1,000", times[COUNTS[-1]] / times[COUNTS[0]], "times", 1.2),
        *(Measure(f"batch of {count}: peak memory", peaks[count] / 1024, "KiB") for count in COUNTS),
        Measure("batch: memory of 100,000 against 1,000", peaks[COUNTS[-1]] / peaks[COUNTS[0]], "times", 1.2),
    ]


def zinc(file: BinaryIO, count: int) -> None:
    write_batch(file, _batch(count), PARTIES)


def lxml_alone(file: BinaryIO, count: int) -> None:
    write_lines(file, _lines(count), count)


def write_lines(file: BinaryIO, lines: Iterable[CaptureLine], count: int) -> None:
    """Each line as elements, in the frame that Zinc writes of no line."""
    empty = BytesIO()
    write_batch(empty, _batch(count, with_lines=False), PARTIES)
    document = etree.fromstring(empty.getvalue())
    message = document[0]
    *head, data_set = message[1]
    with etree.xmlfile(file, encoding="UTF-8") as xml:
        with xml.element(document.tag, nsmap=document.nsmap), xml.element(message.tag):
            xml.write(message[0])
            with xml.element(message[1].tag):
                for each in head:
                    xml.write(each)
                with xml.element(data_set.tag):
                    for each in data_set:
                        xml.write(each)
                    for number, line in enumerate(lines, 1):
                        xml.write(_element(number, line))


def _lines(count: int) -> Iterator[CaptureLine]:
    for number in range(count):
        identifier = number.to_bytes(4, "big")
        yield CaptureLine(
            transaction_id=identifier * 4,
            kind="purchase",
            amount=Money(1250 + number % 1000),
            amount_other_minor=0,
            interface="contactless",
            taken_at="20261120183015",
            icc_data=identifier * 20,
            response_code=b"00",
            authorisation_code="123456",
            ksn=bytes(8) + identifier,
            sealed_card=identifier * 12,
            mac=identifier * 2,
        )


def _batch(count: int, *, with_lines: bool = True) -> Batch:
    totals = (Totals("visa", bytes.fromhex("A0000000031010"), "EUR", count, count),)
    lines = _lines(count) if with_lines else ()
    day = DataSet("ZINC-0001/1", "ZINC-0001", 1, date(2026, 11, 20), totals, lines, count)
    return Batch(1, datetime(2026, 11, 20, 22, 30, tzinfo=UTC), totals, [day])


def _time(write: Write, count: int) -> float:
    """Seconds, without those that the making of the rows takes; to a file, as telecollection writes it."""
    started = perf_counter()
    for _ in _lines(count):
        pass
    rows = perf_counter() - started
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder, (Path(folder) / "batch.xml").open("wb") as file:
        started = perf_counter()
        write(file, count)
        return perf_counter() - started - rows


def _peak(write: Write, count: int) -> int:
    """Bytes."""
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder, (Path(folder) / "batch.xml").open("wb") as file:
        tracemalloc.start()
        write(file, count)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak


def _canonical(write: Write) -> bytes:
    file, out = BytesIO(), BytesIO()
    write(file, 3)
    etree.ElementTree(etree.fromstring(file.getvalue())).write_c14n(out, exclusive=True)
    return out.getvalue()


def _element(number: int, line: CaptureLine) -> etree._Element:
    transaction = etree.Element(_tag("Tx"), nsmap={None: BATCH.namespace})
    completion = _add(transaction, "Cmpltn")
    _add(completion, "TxSeqCntr", str(number))
    card = _add(_add(_add(completion, "Envt"), "Card"), "PrtctdCardData")
    _add(card, "CnttTp", "EVLP")
    enveloped = _add(card, "EnvlpdData")
    _recipient(enveloped, line.ksn)
    content = _add(enveloped, "NcrptdCntt")
    _add(content, "CnttTp", "DATA")
    _add(_add(content, "CnttNcrptnAlgo"), "Algo", "EA2C")
    _add(content, "NcrptdData", b64encode(line.sealed_card).decode())
    context = _add(_add(completion, "Cntxt"), "PmtCntxt")
    _add(context, "OnLineCntxt", "true")
    _add(context, "CardDataNtryMd", "ECTL")
    _inner(_add(completion, "Tx"), line)
    return transaction


def _inner(transaction: etree._Element, line: CaptureLine) -> None:
    _add(transaction, "TxCaptr", "true")
    _add(transaction, "TxTp", "CRDP")
    named = _add(transaction, "TxId")
    _add(named, "TxDtTm", "2026-11-20T18:30:15")
    _add(named, "TxRef", line.transaction_id.hex())
    _add(transaction, "TxSucss", "true")
    details = _add(transaction, "TxDtls")
    _add(details, "Ccy", line.amount.currency.code)
    _add(details, "TtlAmt", f"{line.amount.amount_minor // 100}.{line.amount.amount_minor % 100:02}")
    added = _add(details, "AddtlInf")
    _add(added, "Id", CAPTURE_MAC)
    protected = _add(added, "PrtctdVal")
    _add(protected, "CnttTp", "AUTH")
    authenticated = _add(protected, "AuthntcdData")
    _recipient(authenticated, line.ksn)
    _add(_add(authenticated, "MACAlgo"), "Algo", "CMA1")
    _add(_add(authenticated, "NcpsltdCntt"), "CnttTp", "DATA")
    _add(authenticated, "MAC", b64encode(line.mac).decode())
    _add(details, "ICCRltdData", b64encode(line.icc_data).decode())
    result = _add(transaction, "AuthstnRslt")
    response = _add(result, "RspnToAuthstn")
    _add(response, "Rspn", "APPR")
    _add(response, "RspnRsn", "00")
    _add(result, "AuthstnCd", line.authorisation_code)


def _recipient(parent: etree._Element, ksn: bytes) -> None:
    key = _add(_add(parent, "Rcpt"), "KEK")
    named = _add(key, "KEKId")
    _add(named, "KeyId", KEY_NAME)
    _add(named, "KeyVrsn", KEY_VERSION)
    _add(named, "DerivtnId", b64encode(ksn).decode())
    _add(_add(key, "KeyNcrptnAlgo"), "Algo", "UKA1")


def _tag(name: str) -> str:
    return f"{{{BATCH.namespace}}}{name}"


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, _tag(name))
    child.text = text
    return child
