"""ISO 20022 caaa.001 (authorisation request) and caaa.002 (its response) as bytes, both ways.

The MAC of the security trailer covers what ARCHITECTURE.md lists and not the XML: it is made and checked in the reader,
which sees no XML. The content it authenticates is therefore named (DATA) and not repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from xsdata.exceptions import ConverterError, ParserError
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.models.datatype import XmlDateTime

from host.acquirer import caaa_elements as caaa
from host.acquirer.errors import MalformedMessage
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.money import CURRENCIES, Money

ENTRY_MODES = {"contact": "CICC", "contactless": "ECTL"}
INTERFACES = {mode: interface for interface, mode in ENTRY_MODES.items()}
SERVICES = {"purchase": "CRDP", "refund": "RFND", "verification": "CAVR"}
KINDS = {service: kind for kind, service in SERVICES.items()}
CASH_BACK = "CSHB"
PROTOCOL_VERSION = "13.0"
KEY_NAME = "zinc-bdk"
KEY_VERSION = "1"
REQUEST_CONTEXT = XmlContext()  # one a message: the shared elements are bound to one namespace in each
ANSWER_CONTEXT = XmlContext()

D = TypeVar("D")


@dataclass(frozen=True)
class Parties:
    """Who asks whom; ids of up to 35 characters, agreed in the acquiring contract."""

    acquirer_id: str
    merchant_id: str
    merchant_name: str
    poi_id: str


def exchange_id(transaction_id: bytes) -> int:
    """The number of the exchange, at most 18 digits: the same for each repetition of the same question."""
    return int.from_bytes(transaction_id[:7], "big")


def write_request(request: AuthorisationRequest, parties: Parties) -> bytes:
    """Raises KeyError for a cancellation, which is a message of its own (caaa.005)."""
    at = _moment(request.requested_at)
    body = caaa.RequestBody(
        environment=_environment(request, parties),
        context=caaa.Context(caaa.PaymentContext(True, True, True, ENTRY_MODES[request.interface])),
        transaction=_asked(request, at),
    )
    document = caaa.RequestDocument(
        caaa.Request(
            _header("AUTQ", request.transaction_id, at, parties),
            body,
            _authenticated(request.ksn, request.mac),
        )
    )
    return _write(document, REQUEST_CONTEXT, caaa.REQUEST_NAMESPACE)


def read_request(data: bytes) -> AuthorisationRequest:
    """What the acquirer's side does. Raises MalformedMessage."""
    return _read(data, caaa.RequestDocument, REQUEST_CONTEXT, _request)


def write_answer(answer: AuthorisationAnswer, request: AuthorisationRequest, at: datetime, parties: Parties) -> bytes:
    """What the acquirer's side does; `request` is the one answered."""
    checked = caaa.VerificationResult("CRYP", "ISSR", "SUCC" if answer.arqc_checked else "FAIL")
    response = caaa.Response("APPR" if answer.approved else "DECL", answer.response_code.decode("ascii"))
    body = caaa.AnswerBody(
        environment=caaa.Environment(
            poi=caaa.Identified(caaa.Party(parties.poi_id)), cardholder=caaa.Cardholder(verification=[checked])
        ),
        transaction=_transaction(answer.transaction_id, request.amount, answer.icc_data, _moment(request.requested_at)),
        response=caaa.TransactionResponse(caaa.AuthorisationResult(response, answer.authorisation_code)),
    )
    document = caaa.AnswerDocument(
        caaa.Answer(
            _header("AUTP", answer.transaction_id, _moment(at), parties),
            body,
            _authenticated(request.ksn, answer.mac),
        )
    )
    return _write(document, ANSWER_CONTEXT, caaa.ANSWER_NAMESPACE)


def read_answer(data: bytes) -> AuthorisationAnswer:
    """Raises MalformedMessage."""
    return _read(data, caaa.AnswerDocument, ANSWER_CONTEXT, _answer)


# ---- writing ----


def _header(function: str, transaction_id: bytes, at: XmlDateTime, parties: Parties) -> caaa.Header:
    return caaa.Header(
        function,
        PROTOCOL_VERSION,
        exchange_id(transaction_id),
        at,
        caaa.Party(parties.poi_id, "OPOI"),
        caaa.Party(parties.acquirer_id, "ACQR"),
    )


def _environment(request: AuthorisationRequest, parties: Parties) -> caaa.Environment:
    cardholder = None
    if request.pin_block is not None:
        pin = caaa.OnlinePin(_enveloped(request.ksn, request.pin_block), "ISO4")
        cardholder = caaa.Cardholder(authentication=[caaa.CardholderAuthentication("NPIN", pin)])
    return caaa.Environment(
        acquirer=caaa.Identified(caaa.Party(parties.acquirer_id, "ACQR")),
        merchant=caaa.Merchant(caaa.Party(parties.merchant_id, "MERC"), parties.merchant_name),
        poi=caaa.Identified(caaa.Party(parties.poi_id, "OPOI")),
        card=caaa.Card(_enveloped(request.ksn, request.sealed_card)),
        cardholder=cardholder,
    )


def _asked(request: AuthorisationRequest, at: XmlDateTime) -> caaa.Transaction:
    """A cash back is a card payment with more to it."""
    with_cash = request.kind == "cash_back"
    transaction = _transaction(request.transaction_id, request.amount, request.icc_data, at)
    transaction.capture = False  # the batch alone captures
    transaction.type = SERVICES["purchase" if with_cash else request.kind]
    if with_cash and transaction.details:
        cash = Money(request.amount_other_minor, request.amount.currency)
        transaction.additional_services = [CASH_BACK]
        transaction.details.parts = caaa.DetailedAmount(_decimal(cash))
    return transaction


def _transaction(transaction_id: bytes, amount: Money, icc_data: bytes, at: XmlDateTime) -> caaa.Transaction:
    return caaa.Transaction(
        identifier=caaa.TransactionIdentifier(at, transaction_id.hex()),
        details=caaa.Details(amount.currency.code, _decimal(amount), icc_data=icc_data or None),
    )


def _decimal(amount: Money) -> Decimal:
    return Decimal(amount.amount_minor).scaleb(-amount.currency.exponent)


def _recipient(ksn: bytes) -> caaa.Recipient:
    """The key is one of AES DUKPT (X9.24-3), named by its key serial number."""
    identifier = caaa.KeyIdentifier(KEY_NAME, KEY_VERSION, ksn)
    return caaa.Recipient(caaa.KeyEncryptionKey(identifier, caaa.Algorithm("UKA1")))


def _enveloped(ksn: bytes, data: bytes) -> caaa.Content:
    """EA2C is AES-128 in CBC mode; a format 4 PIN block is the second block of that over PIN field and PAN field."""
    content = caaa.EncryptedContent("DATA", caaa.Algorithm("EA2C"), data)
    return caaa.Content("EVLP", enveloped=caaa.EnvelopedData(_recipient(ksn), content))


def _authenticated(ksn: bytes, mac: bytes) -> caaa.Content:
    """CMA1 is AES-CMAC with a 128-bit key."""
    data = caaa.AuthenticatedData(_recipient(ksn), caaa.Algorithm("CMA1"), caaa.EncapsulatedContent("DATA"), mac)
    return caaa.Content("AUTH", authenticated=data)


def _write(document: object, context: XmlContext, namespace: str) -> bytes:
    return XmlSerializer(context=context).render(document, ns_map={None: namespace}).encode()


def _moment(at: datetime) -> XmlDateTime:
    return XmlDateTime.from_datetime(at)


# ---- reading ----


def _read(data: bytes, kind: type[D], context: XmlContext, translate: Any) -> Any:
    if b"<!DOCTYPE" in data:  # entities are no part of ISO 20022
        raise MalformedMessage("document type declaration")
    config = ParserConfig(fail_on_converter_warnings=True)
    try:
        return translate(XmlParser(context=context, config=config).from_bytes(data, kind))
    except (ParserError, ConverterError, SyntaxError, AttributeError, TypeError, ValueError, KeyError) as error:
        # AttributeError and TypeError: an element that we need is absent, and None stands in its place.
        raise MalformedMessage(type(error).__name__) from None


def _request(document: Any) -> AuthorisationRequest:
    request = document.request
    environment, transaction = request.body.environment, request.body.transaction
    card = environment.card.protected_data.enveloped
    pins = environment.cardholder.authentication if environment.cardholder else []
    with_cash = CASH_BACK in transaction.additional_services
    return AuthorisationRequest(
        transaction_id=_sized(bytes.fromhex(transaction.identifier.reference), 16),
        amount=_amount(transaction.details, transaction.details.total),
        interface=INTERFACES[request.body.context.payment.entry_mode],
        icc_data=transaction.details.icc_data,
        ksn=_sized(card.recipient.key.identifier.derivation_id, 12),
        sealed_card=card.content.data,
        pin_block=pins[0].online_pin.block.enveloped.content.data if pins else None,
        mac=_sized(request.trailer.authenticated.mac, 8),
        requested_at=transaction.identifier.at.to_datetime(),
        kind="cash_back" if with_cash else KINDS[transaction.type],
        amount_other_minor=_amount(transaction.details, transaction.details.parts.cash_back).amount_minor
        if with_cash
        else 0,
    )


def _answer(document: Any) -> AuthorisationAnswer:
    answer = document.answer
    transaction, result = answer.body.transaction, answer.body.response.result
    checks = answer.body.environment.cardholder.verification if answer.body.environment.cardholder else []
    response_code = _sized(result.response.reason.encode("ascii"), 2)
    if result.response.result not in ("APPR", "DECL"):
        raise ValueError("response")
    return AuthorisationAnswer(
        transaction_id=_sized(bytes.fromhex(transaction.identifier.reference), 16),
        approved=result.response.result == "APPR",
        response_code=response_code,
        authorisation_code=result.code,
        icc_data=transaction.details.icc_data or b"",
        mac=_sized(answer.trailer.authenticated.mac, 8),
        arqc_checked=any((check.method, check.result) == ("CRYP", "SUCC") for check in checks),
    )


def _sized(value: bytes, length: int) -> bytes:
    if len(value) != length:
        raise ValueError("length")
    return value


def _amount(details: Any, value: Decimal) -> Money:
    currency = CURRENCIES[details.currency]
    minor = value.scaleb(currency.exponent)
    if minor != minor.to_integral_value():
        raise ValueError("amount")
    return Money(int(minor), currency)
