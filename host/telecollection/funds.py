"""Money that came: entries of the acquirer's settlement notice (camt.054) or of the bank's statement (camt.053).

ISO 20022 BkToCstmrDbtCdtNtfctn and BkToCstmrStmt: an entry (Ntry), or each of its transactions (TxDtls), is matched to
a remittance by its reference and then by the amount. A pending entry (Sts PDNG) is no money.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  it has no stubs

from host.money import CURRENCIES, Money
from host.telecollection.errors import MalformedStatement

LARGEST = 20_000_000  # bytes
LARGEST_MINOR = 10**18  # an amount has 18 digits
SOURCES = {"BkToCstmrDbtCdtNtfctn": "camt.054", "BkToCstmrStmt": "camt.053"}
REFERENCE = re.compile(r"(?<!\d)\d{18}(?!\d)")  # of a remittance
BOOKED = "BOOK"


@dataclass(frozen=True)
class Funds:
    source: str  # of SOURCES
    entry: str  # what the bank calls it, once for ever
    references: tuple[int, ...]  # exchange ids that it names
    amount: Money  # negative: a debit
    booked_on: date


def read_funds(document: bytes) -> list[Funds]:
    """Raises MalformedStatement."""
    root = _parsed(document)
    message = next((child for child in root if _name(child) in SOURCES), None)
    if message is None:
        raise MalformedStatement("neither camt.053 nor camt.054")
    source = SOURCES[_name(message)]
    try:
        return [
            funds
            for report in message
            for place, entry in enumerate(_each(report, "Ntry"))
            for funds in _entry(entry, source, f"{_text(report, 'Id')}#{place}")
        ]
    except (InvalidOperation, ValueError, KeyError) as error:
        raise MalformedStatement(type(error).__name__) from None


def _parsed(document: bytes) -> etree._Element:
    """Entities are no part of ISO 20022: a document type is refused, whatever it declares."""
    if len(document) > LARGEST:
        raise MalformedStatement("too large")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise MalformedStatement("not XML") from None
    if root.getroottree().docinfo.doctype:
        raise MalformedStatement("document type declaration")
    return root


def last_notice(document: bytes) -> str:
    """The id of the last notification in it. Raises MalformedStatement."""
    return next((_text(report, "Id") for report in reversed(_each(_parsed(document), "Ntfctn"))), "")


def _entry(entry: etree._Element, source: str, place: str) -> Iterator[Funds]:
    """place: where it is; for an entry that the bank gave no reference of its own."""
    if _find(entry, "Sts") is not None and _whole(entry, "Sts") != BOOKED:
        return
    booked_on = date.fromisoformat(_whole(entry, "BookgDt")[:10])
    named = [part for part in _each(entry, "TxDtls") if _references(part)]
    key = (_text(entry, "AcctSvcrRef") or _text(entry, "NtryRef") or place)[:56]
    for number, part in enumerate(named if len(named) > 1 else [entry]):
        amount = _amount(part if _find(part, "Amt") is not None else entry)
        credited = _text(part, "CdtDbtInd") or _text(entry, "CdtDbtInd")
        yield Funds(
            source,
            f"{key}/{number}",
            _references(part),
            amount if credited == "CRDT" else -amount,
            booked_on,
        )


def _references(part: etree._Element) -> tuple[int, ...]:
    text = " ".join(part.itertext())
    return tuple(dict.fromkeys(int(found) for found in REFERENCE.findall(text)))


def _amount(part: etree._Element) -> Money:
    amount = _find(part, "Amt")
    currency = CURRENCIES["" if amount is None else amount.get("Ccy", "")]
    minor = Decimal(_whole(part, "Amt")).scaleb(currency.exponent)
    if not 0 <= minor < LARGEST_MINOR or minor != minor.to_integral_value():
        raise ValueError("amount")
    return Money(int(minor), currency)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _each(parent: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in parent.iter() if _name(child) == name]


def _find(parent: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in parent if _name(child) == name), None)


def _whole(parent: etree._Element, name: str) -> str:
    """The text of a child and of what is in it; a version of the message may have wrapped it. Raises ValueError."""
    child = _find(parent, name)
    if child is None:
        raise ValueError(name)
    return "".join(child.itertext()).strip()


def _text(parent: etree._Element, name: str) -> str:
    child = _find(parent, name)
    return "" if child is None else (child.text or "").strip()
