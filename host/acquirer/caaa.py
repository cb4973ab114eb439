"""ISO 20022 caaa messages as bytes, both ways: what all of them share. docs/caaa.md has the table of their elements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, make_dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  it has no stubs

from host.acquirer import caaa_elements as caaa
from host.acquirer import xml_elements
from host.acquirer.errors import MalformedMessage
from host.money import CURRENCIES, Money

SERVICES = {"purchase": "CRDP", "refund": "RFND", "verification": "CAVR", "preauthorisation": "RESA"}
KINDS = {service: kind for kind, service in SERVICES.items()}
CASH_BACK = "CSHB"
ENTRY_MODES = {"contact": "CICC", "contactless": "ECTL"}
INTERFACES = {mode: interface for interface, mode in ENTRY_MODES.items()}
PROTOCOL_VERSION = "13.0"
# What values can raise. AttributeError and TypeError: an element that we need is absent, and None stands in its place
UNTRANSLATABLE = (AttributeError, TypeError, ValueError, LookupError, ArithmeticError)
KEY_NAME = "zinc-bdk"
KEY_VERSION = "1"


@dataclass(frozen=True)
class Parties:
    """Who asks whom; ids of up to 35 characters, agreed in the acquiring contract."""

    acquirer_id: str
    merchant_id: str
    merchant_name: str
    poi_id: str
    category_code: str = "5813"  # ISO 18245, the merchant's trade: drinking places


class Message:
    """One message of the standard: its elements are in the namespace of its identifier."""

    def __init__(self, identifier: str, root: str, body: str, contents: type = caaa.Body, header: type = caaa.Header):
        self.number = identifier.split(".")[1]
        self.namespace = f"urn:iso:std:iso:20022:tech:xsd:{identifier}"
        self._message = make_dataclass(
            "Message",
            [
                ("header", header | None, xml_elements.element("Hdr")),
                ("body", contents | None, xml_elements.element(body)),
                ("trailer", caaa.Content | None, xml_elements.element("SctyTrlr")),
            ],
        )
        self._document = make_dataclass("Document", [("message", self._message | None, xml_elements.element(root))])

    def is_in(self, data: bytes) -> bool:
        """Does it say so itself? A namespace is within the first kilobyte."""
        return self.namespace.encode() in data[:1024]

    def write(self, header: Any, body: Any, trailer: caaa.Content | None = None) -> bytes:
        return etree.tostring(self.element(header, body, trailer), xml_declaration=True, encoding="UTF-8")

    def element(self, header: Any, body: Any, trailer: caaa.Content | None = None) -> etree._Element:
        document = self._document(self._message(header, body, trailer))
        return xml_elements.write(self._document, "Document", document, self.namespace)

    def read(self, data: bytes, translate: Callable[[Any], Any]) -> Any:
        """What `translate` makes of header, body and trailer. Raises MalformedMessage."""
        if b"<!DOCTYPE" in data:  # entities are no part of ISO 20022
            raise MalformedMessage("document type declaration")
        try:
            return translate(xml_elements.read(self._document, data, "Document", self.namespace).message)
        except (SyntaxError, *UNTRANSLATABLE) as error:
            raise MalformedMessage(type(error).__name__) from None


def exchange_id(transaction_id: bytes, function: str = "AUTQ") -> int:
    """The number of the exchange, at most 18 digits: the same for each repetition of the same question."""
    if function != "AUTQ":
        transaction_id = sha256(function.encode() + transaction_id).digest()
    return int.from_bytes(transaction_id[:7], "big")


# ---- writing ----


def header(function: str, number: int, at: datetime, parties: Parties, repeated: bool = False) -> caaa.Header:
    return caaa.Header(
        function,
        PROTOCOL_VERSION,
        number,
        "1" if repeated else None,  # that it is a repetition; nobody counts them
        at,
        caaa.Party(parties.poi_id, "OPOI"),
        caaa.Party(parties.acquirer_id, "ACQR"),
    )


def environment(parties: Parties) -> caaa.Environment:
    return caaa.Environment(
        acquirer=caaa.Identified(caaa.Party(parties.acquirer_id, "ACQR")),
        merchant=caaa.Merchant(caaa.Party(parties.merchant_id, "MERC"), parties.merchant_name),
        poi=caaa.Identified(caaa.Party(parties.poi_id, "OPOI")),
    )


def identifier(transaction_id: bytes, at: datetime) -> caaa.TransactionIdentifier:
    return caaa.TransactionIdentifier(at, transaction_id.hex())


def original(transaction_id: bytes, at: datetime, kind: str = "purchase") -> caaa.OriginalTransaction:
    """The standard wants a time with every reference: that of the message, for the reference alone says which it is."""
    return caaa.OriginalTransaction(identifier(transaction_id, at), service(kind), additional_services(kind))


def additional_services(kind: str) -> list[str]:
    return [CASH_BACK] if kind == "cash_back" else []


def service(kind: str) -> str:
    """A cash back is a card payment with more to it."""
    return SERVICES["purchase" if kind == "cash_back" else kind]


def decimal(amount: Money) -> Decimal:
    return Decimal(amount.amount_minor).scaleb(-amount.currency.exponent)


def enveloped(ksn: bytes, data: bytes) -> caaa.Content:
    """EA2C is AES-128 in CBC mode; a format 4 PIN block is the second block of that over PIN field and PAN field."""
    content = caaa.EncryptedContent("DATA", caaa.Algorithm("EA2C"), data)
    return caaa.Content("EVLP", enveloped=caaa.EnvelopedData(_recipient(ksn), content))


def authenticated(ksn: bytes, mac: bytes) -> caaa.Content:
    """CMA1 is AES-CMAC with a 128-bit key. What it covers is no XML (ARCHITECTURE.md): it is named, not repeated."""
    data = caaa.AuthenticatedData(_recipient(ksn), caaa.Algorithm("CMA1"), caaa.EncapsulatedContent("DATA"), mac)
    return caaa.Content("AUTH", authenticated=data)


def _recipient(ksn: bytes) -> caaa.Recipient:
    """The key is one of AES DUKPT (X9.24-3), named by its key serial number."""
    named = caaa.KeyIdentifier(KEY_NAME, KEY_VERSION, ksn)
    return caaa.Recipient(caaa.KeyEncryptionKey(named, caaa.Algorithm("UKA1")))


# ---- reading ----


def sized(value: bytes, length: int) -> bytes:
    if len(value) != length:
        raise ValueError("length")
    return value


def transaction_id(named: Any) -> bytes:
    """Of a TransactionIdentifier."""
    return sized(bytes.fromhex(named.reference), 16)


def kind_of(transaction: Any) -> str:
    return "cash_back" if CASH_BACK in transaction.additional_services else KINDS[transaction.type]


def money(currency_code: str, value: Decimal) -> Money:
    currency = CURRENCIES[currency_code]
    minor = value.scaleb(currency.exponent)
    if minor != minor.to_integral_value() or minor < 0:
        raise ValueError("amount")
    return Money(int(minor), currency)
