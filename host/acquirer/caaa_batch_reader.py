"""caaa.011 as the acquirer's side reads it, streamed: memory does not grow with the lines."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, BinaryIO

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  it has no stubs

from host.acquirer.caaa import CASH_BACK, INTERFACES, KINDS, UNTRANSLATABLE, money, sized
from host.acquirer.caaa_batch import BATCH, CAPTURE_MAC
from host.acquirer.caaa_totals import read_totals
from host.acquirer.errors import MalformedMessage
from host.acquirer.model import Batch, CaptureLine, DataSet, Totals

NAMESPACE = "{" + BATCH.namespace + "}"


def path(*names: str) -> str:
    return "/".join(NAMESPACE + name for name in names)


KEY = path("Rcpt", "KEK", "KEKId", "DerivtnId")
CARD = path("Cmpltn", "Envt", "Card", "PrtctdCardData", "EnvlpdData")
CONTEXT = path("Cmpltn", "Cntxt", "PmtCntxt")
MAC = path("PrtctdVal", "AuthntcdData")


def read_batch(file: BinaryIO) -> Batch:
    """`data_sets`, and then the lines of each, can be gone through once and in order. Raises MalformedMessage, now or
    while they are gone through."""
    parts = _Parts(file)
    exchange_id, created_at = parts.take("Hdr")
    return Batch(exchange_id, created_at, _totals(parts), _data_sets(parts))


class _Parts:
    """What the file says, in order, as values; one is looked at ahead."""

    def __init__(self, file: BinaryIO) -> None:
        self._parts = _parsed(file)
        self._next: tuple[str, Any] | None = next(self._parts, None)

    @property
    def name(self) -> str | None:
        """Of the next one."""
        return self._next[0] if self._next else None

    def take(self, name: str) -> Any:
        if self._next is None or self._next[0] != name:
            raise MalformedMessage(f"{name} is due")
        value = self._next[1]
        self._next = next(self._parts, None)
        return value


def _parsed(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    options = {"resolve_entities": False, "load_dtd": False, "no_network": True}
    try:
        for _, element in etree.iterparse(file, events=("end",), tag=[path(name) for name in PARTS], **options):
            if element.getroottree().docinfo.doctype:  # entities are no part of ISO 20022
                raise MalformedMessage("document type declaration")
            name, parent = etree.QName(element).localname, element.getparent()
            if name == "Tx" and (parent is None or parent.tag != path("DataSet")):
                continue  # the one inside a completion
            yield name, PARTS[name](element)
            element.clear()
            while element.getprevious() is not None:  # or they would all be kept
                del parent[0]
    except (etree.XMLSyntaxError, *UNTRANSLATABLE) as error:
        raise MalformedMessage(type(error).__name__) from None


def _totals(parts: _Parts) -> tuple[Totals, ...]:
    rows = []
    while parts.name == "TxTtls":
        rows.append(parts.take("TxTtls"))
    try:
        return read_totals(rows)
    except UNTRANSLATABLE as error:
        raise MalformedMessage(type(error).__name__) from None


def _data_sets(parts: _Parts) -> Iterator[DataSet]:
    while parts.name == "DataSetId":
        name, seal = parts.take("DataSetId")
        reader = parts.take("DataSetInitr")
        totals = _totals(parts)
        lines = _lines(parts)
        count = sum(total.debit_count + total.credit_count for total in totals)
        yield DataSet(name, reader, totals=totals, lines=lines, count=count, **seal)
        for _ in lines:  # those that nobody looked at
            pass
        parts.take("DataSet")
    parts.take("BtchTrf")


def _lines(parts: _Parts) -> Iterator[CaptureLine]:
    while parts.name == "Tx":
        yield parts.take("Tx")


# ---- values of elements; what is absent is a ValueError ----


def _text(element: etree._Element, where: str) -> str:
    text = element.findtext(where)
    if not text:
        raise ValueError(where)
    return text


def _bytes(element: etree._Element, where: str) -> bytes:
    return b64decode(_text(element, where), validate=True)


def _header(element: etree._Element) -> tuple[int, datetime]:
    return int(_text(element, path("XchgId"))), datetime.fromisoformat(_text(element, path("CreDtTm")))


def _row(element: etree._Element) -> Any:
    return SimpleNamespace(
        brand=element.findtext(path("CardBrnd")),
        application=element.findtext(path("CardPdctPrfl")),
        currency=_text(element, path("Ccy")),
        type=_text(element, path("Tp")),
        count=int(_text(element, path("TtlNb"))),
        sum=Decimal(_text(element, path("CmltvAmt"))),
    )


def _identifier(element: etree._Element) -> tuple[str, dict[str, Any]]:
    number, day, *seal = _text(element, path("Vrsn")).split(".")
    facts: dict[str, Any] = {"number": int(number), "business_date": date.fromisoformat(day)}
    if seal:
        previous, digest, ksn, mac = (bytes.fromhex(part) for part in seal)
        facts |= {
            "previous": sized(previous, 32),
            "hash": sized(digest, 32),
            "ksn": sized(ksn, 12),
            "mac": sized(mac, 8),
        }
    return _text(element, path("Nm")), facts


def _line(element: etree._Element) -> CaptureLine:
    card, context = element.find(CARD), element.find(CONTEXT)
    transaction = element.find(path("Cmpltn", "Tx"))
    details = transaction.find(path("TxDtls"))
    ksn, (mac_ksn, mac) = sized(_bytes(card, KEY), 12), _mac(details)
    amount = money(_text(details, path("Ccy")), Decimal(_text(details, path("TtlAmt"))))
    cash_back = details.findtext(path("DtldAmt", "CshBck"))
    original = transaction.findtext(path("OrgnlTx", "TxId", "TxRef"))
    response = transaction.findtext(path("AuthstnRslt", "RspnToAuthstn", "RspnRsn"))
    return CaptureLine(
        transaction_id=sized(bytes.fromhex(_text(transaction, path("TxId", "TxRef"))), 16),
        kind=_kind(transaction),
        amount=amount,
        amount_other_minor=money(amount.currency.code, Decimal(cash_back)).amount_minor if cash_back else 0,
        interface=INTERFACES[_text(context, path("CardDataNtryMd"))],
        taken_at=_digits(_text(transaction, path("TxId", "TxDtTm"))),
        icc_data=b64decode(details.findtext(path("ICCRltdData")) or "", validate=True),
        response_code=sized(response.encode(), 2) if response else None,
        authorisation_code=transaction.findtext(path("AuthstnRslt", "AuthstnCd")),
        ksn=ksn,
        sealed_card=_bytes(card, path("NcrptdCntt", "NcrptdData")),
        mac=mac,
        offline=_text(context, path("OnLineCntxt")) == "false",
        original=sized(bytes.fromhex(original), 16) if original else None,
        mac_ksn=None if mac_ksn == ksn else mac_ksn,
    )


def _kind(transaction: etree._Element) -> str:
    with_cash = transaction.findtext(path("AddtlSvc")) == CASH_BACK
    return "cash_back" if with_cash else KINDS[_text(transaction, path("TxTp"))]


def _mac(details: etree._Element) -> tuple[bytes, bytes]:
    """KSN and MAC of the capture record."""
    for added in details.iterfind(path("AddtlInf")):
        if added.findtext(path("Id")) == CAPTURE_MAC:
            data = added.find(MAC)
            return sized(_bytes(data, KEY), 12), sized(_bytes(data, path("MAC")), 8)
    raise ValueError(CAPTURE_MAC)


def _digits(at: str) -> str:
    """A local time as the reader says it, YYYYMMDDhhmmss."""
    return datetime.fromisoformat(at).strftime("%Y%m%d%H%M%S")


def _nothing(_: etree._Element) -> None:
    """The end of something."""


# By name, the elements whose ends say something
PARTS: dict[str, Callable[[etree._Element], Any]] = {
    "Hdr": _header,
    "TxTtls": _row,
    "DataSetId": _identifier,
    "DataSetInitr": lambda element: _text(element, path("Id")),
    "Tx": _line,
    "DataSet": _nothing,
    "BtchTrf": _nothing,
}
