"""caaa.011.001.13, the batch that captures: a data set is a sealed day of a reader, a transaction a capture record.

Lines are bytes of a template, for they are many: nothing of what goes into it needs to be quoted, and what would is
refused.
"""

# ruff: noqa: RUF009  what is called gives dataclass fields

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  it has no stubs

from host.acquirer import caaa_elements as caaa
from host.acquirer.caaa import CASH_BACK, ENTRY_MODES, KEY_NAME, KEY_VERSION, Message, Parties, service
from host.acquirer.caaa_totals import write_totals
from host.acquirer.errors import UnwritableLine
from host.acquirer.model import Batch, CaptureLine, DataSet
from host.acquirer.xml_elements import element, elements

TRANSACTION_CAPTURE = "TXCP"
CAPTURE_MAC = "zinc.capture"  # AddtlInf: the reader's MAC of the record (ARCHITECTURE.md)
LINES_AT_ONCE = 256


@dataclass
class DataSetIdentifier:
    name: str | None = element("Nm")
    type: str | None = element("Tp")
    version: str | None = element("Vrsn")  # the seal, in this use
    created_at: datetime | None = element("CreDtTm")


@dataclass
class DataSetHead:
    """What a data set says before its transactions."""

    identifier: DataSetIdentifier | None = element("DataSetId")
    initiator: caaa.Party | None = element("DataSetInitr")
    totals: list[caaa.TransactionTotals] = elements("TxTtls")


@dataclass
class BatchBody:
    totals: list[caaa.TransactionTotals] = elements("TxTtls")
    data_sets: list[DataSetHead] = elements("DataSet")


BATCH = Message("caaa.011.001.13", "AccptrBtchTrf", "BtchTrf", BatchBody, caaa.TransferHeader)


def write_batch(file: BinaryIO, batch: Batch, parties: Parties) -> None:
    """Streamed: `data_sets` and their lines are gone through once, and memory does not grow with them.

    The same batch is the same bytes. Raises UnwritableLine.
    """
    header = transfer_header(batch.exchange_id, batch.created_at, parties)
    frame = BATCH.element(header, BatchBody(write_totals(batch.totals)))
    message = frame[0]
    with etree.xmlfile(file, encoding="UTF-8") as xml:
        xml.write_declaration()
        with xml.element(frame.tag, nsmap=frame.nsmap), xml.element(message.tag):
            xml.write(message[0])
            with xml.element(message[1].tag):
                _write_each(xml, message[1])
                for data_set in batch.data_sets:
                    _write_data_set(xml, file, data_set, batch.created_at)


def transfer_header(exchange_id: int, at: datetime, parties: Parties) -> caaa.TransferHeader:
    """Of 011 and 012."""
    return caaa.TransferHeader(
        False, "13.0", exchange_id, at, caaa.Party(parties.poi_id, "OPOI"), caaa.Party(parties.acquirer_id, "ACQR")
    )


def seal_text(data_set: DataSet) -> str:
    """Number and business date; of a sealed day also the seal, parts with dots between them, in hexadecimal."""
    parts = [str(data_set.number), f"{data_set.business_date:%Y%m%d}"]
    if data_set.hash is not None:
        parts += [(part or b"").hex() for part in (data_set.previous, data_set.hash, data_set.ksn, data_set.mac)]
    return ".".join(parts)


def _write_data_set(xml: etree._IncrementalFileWriter, file: BinaryIO, data_set: DataSet, at: datetime) -> None:
    head = DataSetHead(
        DataSetIdentifier(data_set.id, TRANSACTION_CAPTURE, seal_text(data_set), at),
        caaa.Party(data_set.reader, "OPOI"),
        write_totals(data_set.totals),
    )
    above = BATCH.element(None, BatchBody(data_sets=[head]))[0][0][0]
    with xml.element(above.tag):
        _write_each(xml, above)
        xml.flush()
        for lines in _chunks(data_set.lines):
            file.write(lines)


def _write_each(xml: etree._IncrementalFileWriter, parent: etree._Element) -> None:
    for child in parent:
        xml.write(child)


# ---- lines ----


def _chunks(lines: Iterable[CaptureLine]) -> Iterator[bytes]:
    written: list[bytes] = []
    for number, line in enumerate(lines, 1):
        written.append(line_bytes(number, line))
        if len(written) == LINES_AT_ONCE:
            yield b"".join(written)
            written.clear()
    yield b"".join(written)


def _recipient(place: bytes) -> bytes:
    named = f"<Rcpt><KEK><KEKId><KeyId>{KEY_NAME}</KeyId><KeyVrsn>{KEY_VERSION}</KeyVrsn><DerivtnId>".encode()
    return named + place + b"</DerivtnId></KEKId><KeyNcrptnAlgo><Algo>UKA1</Algo></KeyNcrptnAlgo></KEK></Rcpt>"


LINE = b"".join(
    (
        b"<Tx><Cmpltn><TxSeqCntr>%d</TxSeqCntr><Envt><Card><PrtctdCardData><CnttTp>EVLP</CnttTp><EnvlpdData>",
        _recipient(b"%b"),
        b"<NcrptdCntt><CnttTp>DATA</CnttTp><CnttNcrptnAlgo><Algo>EA2C</Algo></CnttNcrptnAlgo>",
        b"<NcrptdData>%b</NcrptdData></NcrptdCntt></EnvlpdData></PrtctdCardData></Card></Envt>",
        b"<Cntxt><PmtCntxt><OnLineCntxt>%b</OnLineCntxt><CardDataNtryMd>%b</CardDataNtryMd></PmtCntxt></Cntxt>",
        b"<Tx><TxCaptr>true</TxCaptr>%b<TxId><TxDtTm>%b</TxDtTm><TxRef>%b</TxRef></TxId>%b<TxSucss>true</TxSucss>",
        b"<TxDtls><Ccy>%b</Ccy><TtlAmt>%b</TtlAmt>%b",
        f"<AddtlInf><Id>{CAPTURE_MAC}</Id><PrtctdVal><CnttTp>AUTH</CnttTp><AuthntcdData>".encode(),
        _recipient(b"%b"),
        b"<MACAlgo><Algo>CMA1</Algo></MACAlgo><NcpsltdCntt><CnttTp>DATA</CnttTp></NcpsltdCntt>",
        b"<MAC>%b</MAC></AuthntcdData></PrtctdVal></AddtlInf>%b</TxDtls>%b</Tx></Cmpltn></Tx>",
    )
)


def line_bytes(number: int, line: CaptureLine) -> bytes:
    """A transaction of a data set, the `number`th. Raises UnwritableLine."""
    try:
        at = _local(line.taken_at)
        exponent = line.amount.currency.exponent
        ksn = _base64(line.ksn)
        return LINE % (
            number,
            ksn,
            _base64(line.sealed_card),
            b"false" if line.offline else b"true",
            ENTRY_MODES[line.interface].encode(),
            _type(line),
            at,
            line.transaction_id.hex().encode(),
            _original(line.original, at) if line.original else b"",
            line.amount.currency.code.encode(),
            _decimal(line.amount.amount_minor, exponent),
            _cash_back(line.amount_other_minor, exponent) if line.amount_other_minor else b"",
            _base64(line.mac_ksn) if line.mac_ksn else ksn,
            _base64(line.mac),
            b"<ICCRltdData>%b</ICCRltdData>" % _base64(line.icc_data) if line.icc_data else b"",
            _result(line),
        )
    except (KeyError, ValueError):
        raise UnwritableLine(line.transaction_id.hex()) from None


def _base64(data: bytes) -> bytes:
    return b2a_base64(data, newline=False)


def _decimal(amount_minor: int, exponent: int) -> bytes:
    if not exponent:
        return b"%d" % amount_minor
    digits = b"%0*d" % (exponent + 1, amount_minor)
    return digits[:-exponent] + b"." + digits[-exponent:]


def _local(taken_at: str) -> bytes:
    """YYYYMMDDhhmmss as the standard has a time without a zone."""
    if len(taken_at) != 14 or not taken_at.isascii() or not taken_at.isdigit():
        raise ValueError("taken_at")
    t = taken_at.encode()
    return b"%b-%b-%bT%b:%b:%b" % (t[:4], t[4:6], t[6:8], t[8:10], t[10:12], t[12:])


def _type(line: CaptureLine) -> bytes:
    if line.kind == "cash_back":
        return f"<TxTp>{service(line.kind)}</TxTp><AddtlSvc>{CASH_BACK}</AddtlSvc>".encode()
    attribute = b"<SvcAttr>PRES</SvcAttr>" if line.kind == "preauthorisation" else b""  # payment of a reservation
    return b"<TxTp>%b</TxTp>%b" % (service(line.kind).encode(), attribute)


def _original(transaction_id: bytes, at: bytes) -> bytes:
    named = b"<TxId><TxDtTm>%b</TxDtTm><TxRef>%b</TxRef></TxId>" % (at, transaction_id.hex().encode())
    return b"<OrgnlTx>%b<TxTp>CRDP</TxTp></OrgnlTx>" % named


def _cash_back(amount_minor: int, exponent: int) -> bytes:
    return b"<DtldAmt><CshBck>%b</CshBck></DtldAmt>" % _decimal(amount_minor, exponent)


def _result(line: CaptureLine) -> bytes:
    response = line.response_code.decode("ascii") if line.response_code else ""
    code = line.authorisation_code or ""
    if not all(part.isascii() and (part.isalnum() or not part) for part in (response, code)):
        raise ValueError("response")
    reason = f"<RspnRsn>{response}</RspnRsn>" if response else ""
    authorised = f"<AuthstnCd>{code}</AuthstnCd>" if code else ""
    return f"<AuthstnRslt><RspnToAuthstn><Rspn>APPR</Rspn>{reason}</RspnToAuthstn>{authorised}</AuthstnRslt>".encode()
