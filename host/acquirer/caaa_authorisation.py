"""Authorisation: caaa.001.001.13 asks, caaa.002.001.13 answers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from host.acquirer import caaa_elements as caaa
from host.acquirer.caaa import (
    ENTRY_MODES,
    INTERFACES,
    Message,
    Parties,
    additional_services,
    authenticated,
    decimal,
    enveloped,
    environment,
    exchange_id,
    header,
    identifier,
    kind_of,
    money,
    original,
    service,
    sized,
    transaction_id,
)
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.money import Money

REQUEST = Message("caaa.001.001.13", "AccptrAuthstnReq", "AuthstnReq")
ANSWER = Message("caaa.002.001.13", "AccptrAuthstnRspn", "AuthstnRspn")
PARTIAL = b"10"  # response code: for a part of the amount
INITIAL_RESERVATION = "IRES"
APPROVED, IN_PART, DECLINED = "APPR", "PART", "DECL"


def write_request(request: AuthorisationRequest, parties: Parties) -> bytes:
    """Raises KeyError for a cancellation, which is a message of its own (caaa.005)."""
    at = request.requested_at
    where = environment(parties)
    where.card = caaa.Card(enveloped(request.ksn, request.sealed_card))
    if request.pin_block is not None:
        pin = caaa.OnlinePin(enveloped(request.ksn, request.pin_block), "ISO4")
        where.cardholder = caaa.Cardholder(authentication=[caaa.CardholderAuthentication("NPIN", pin)])
    options = [IN_PART] if request.kind == "purchase" else []
    payment = caaa.PaymentContext(True, True, True, ENTRY_MODES[request.interface], options)
    return REQUEST.write(
        header("AUTQ", exchange_id(request.transaction_id), at, parties),
        caaa.Body(where, caaa.Context(payment), _asked(request)),
        authenticated(request.ksn, request.mac),
    )


def read_request(data: bytes) -> AuthorisationRequest:
    """What the acquirer's side does. Raises MalformedMessage."""
    return REQUEST.read(data, _request)


def write_answer(answer: AuthorisationAnswer, request: AuthorisationRequest, at: datetime, parties: Parties) -> bytes:
    """What the acquirer's side does; `request` is the one answered."""
    checked = caaa.VerificationResult("CRYP", "ISSR", "SUCC" if answer.arqc_checked else "FAIL")
    where = caaa.Environment(
        poi=caaa.Identified(caaa.Party(parties.poi_id)), cardholder=caaa.Cardholder(verification=[checked])
    )
    amount = answer.authorised or request.amount
    transaction = caaa.Transaction(
        identifier=identifier(answer.transaction_id, request.requested_at),
        details=caaa.Details(amount.currency.code, decimal(amount), icc_data=answer.icc_data or None),
    )
    response = caaa.Response(_word(answer), answer.response_code.decode("ascii"))
    return ANSWER.write(
        header("AUTP", exchange_id(answer.transaction_id), at, parties),
        caaa.Body(
            environment=where,
            transaction=transaction,
            response=caaa.TransactionResponse(caaa.AuthorisationResult(response, answer.authorisation_code)),
        ),
        authenticated(request.ksn, answer.mac),
    )


def read_answer(data: bytes) -> AuthorisationAnswer:
    """Raises MalformedMessage."""
    return ANSWER.read(data, _answer)


def _asked(request: AuthorisationRequest) -> caaa.Transaction:
    at, currency = request.requested_at, request.amount.currency
    details = caaa.Details(currency.code, decimal(request.amount), icc_data=request.icc_data or None)
    transaction = caaa.Transaction(
        capture=False,  # the batch alone captures
        type=service(request.kind),
        additional_services=additional_services(request.kind),
        identifier=identifier(request.transaction_id, at),
        details=details,
    )
    if request.kind == "preauthorisation":
        transaction.service_attribute = INITIAL_RESERVATION
    if request.original is not None:
        transaction.original = original(request.original, at)
    if request.amount_other_minor or request.tip_minor:
        details.parts = caaa.DetailedAmount(
            cash_back=decimal(Money(request.amount_other_minor, currency)) if request.amount_other_minor else None,
            gratuity=decimal(Money(request.tip_minor, currency)) if request.tip_minor else None,
        )
    return transaction


def _word(answer: AuthorisationAnswer) -> str:
    if not answer.approved:
        return DECLINED
    return IN_PART if answer.authorised is not None else APPROVED


def _request(message: Any) -> AuthorisationRequest:
    where, transaction = message.body.environment, message.body.transaction
    details = transaction.details
    card = where.card.protected_data.enveloped
    pins = where.cardholder.authentication if where.cardholder else []
    parts = details.parts or caaa.DetailedAmount()
    return AuthorisationRequest(
        transaction_id=transaction_id(transaction.identifier),
        amount=money(details.currency, details.total),
        interface=INTERFACES[message.body.context.payment.entry_mode],
        icc_data=details.icc_data,
        ksn=sized(card.recipient.key.identifier.derivation_id, 12),
        sealed_card=card.content.data,
        pin_block=pins[0].online_pin.block.enveloped.content.data if pins else None,
        mac=sized(message.trailer.authenticated.mac, 8),
        requested_at=transaction.identifier.at,
        kind=kind_of(transaction),
        amount_other_minor=money(details.currency, parts.cash_back or Decimal(0)).amount_minor,
        tip_minor=money(details.currency, parts.gratuity or Decimal(0)).amount_minor,
        original=transaction_id(transaction.original.identifier) if transaction.original else None,
    )


def _answer(message: Any) -> AuthorisationAnswer:
    transaction, result = message.body.transaction, message.body.response.result
    checks = message.body.environment.cardholder.verification if message.body.environment.cardholder else []
    response_code = sized(result.response.reason.encode("ascii"), 2)
    if result.response.result not in (APPROVED, IN_PART, DECLINED):
        raise ValueError("response")
    if (result.response.result == IN_PART) != (response_code == PARTIAL):
        raise ValueError("partial approval")
    details = transaction.details
    return AuthorisationAnswer(
        transaction_id=transaction_id(transaction.identifier),
        approved=result.response.result != DECLINED,
        response_code=response_code,
        authorisation_code=_code(result.code),
        icc_data=details.icc_data or b"",
        mac=sized(message.trailer.authenticated.mac, 8),
        arqc_checked=any((check.method, check.result) == ("CRYP", "SUCC") for check in checks),
        authorised=money(details.currency, details.total) if response_code == PARTIAL else None,
    )


def _code(code: str | None) -> str | None:
    """Six letters and digits at most, since the reader takes no more (ISO 8583, data element 38)."""
    if code is not None and not (0 < len(code) <= 6 and code.isascii() and code.isalnum()):
        raise ValueError("authorisation code")
    return code
