"""What was authorised is unwanted: reversal (caaa.003, 004), cancellation asked for (005, 006) and told (007, 008)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from host.acquirer import caaa_elements as caaa
from host.acquirer.caaa import (
    Message,
    Parties,
    additional_services,
    decimal,
    environment,
    exchange_id,
    header,
    identifier,
    kind_of,
    money,
    original,
    service,
    transaction_id,
)
from host.acquirer.model import Advice, AdviceAnswer, AdviceKind, Reason

COMPLETION_ADVICE = Message("caaa.003.001.13", "AccptrCmpltnAdvc", "CmpltnAdvc")
COMPLETION_ADVICE_ANSWER = Message("caaa.004.001.12", "AccptrCmpltnAdvcRspn", "CmpltnAdvcRspn")
CANCELLATION = Message("caaa.005.001.13", "AccptrCxlReq", "CxlReq")
CANCELLATION_ANSWER = Message("caaa.006.001.12", "AccptrCxlRspn", "CxlRspn")
CANCELLATION_ADVICE = Message("caaa.007.001.13", "AccptrCxlAdvc", "CxlAdvc")
CANCELLATION_ADVICE_ANSWER = Message("caaa.008.001.12", "AccptrCxlAdvcRspn", "CxlAdvcRspn")

FAILURES = {
    Reason.NO_ANSWER: "TIMO",
    Reason.CARD_DECLINED: "CDCL",
    Reason.CUSTOMER_CANCELLED: "CUCL",
    Reason.MALFUNCTION: "MALF",
    Reason.MERCHANT_REFUSED: "SFRD",
    Reason.EXPIRED: "UCMP",
}
REASONS = {code: reason for reason, code in FAILURES.items()}
# Of the header: reversal advice, financial completion advice, cancellation, cancellation advice; and their answers
ANSWERS = {"RVRA": "RVRR", "FCMV": "FCMK", "CCAQ": "CCAP", "CCAV": "CCAK"}
APPROVED, DECLINED = "APPR", "DECL"


def function(advice: Advice) -> str:
    """A cancellation is asked for first; repeated it is told, for it must not be declined any more."""
    if advice.kind is AdviceKind.CANCELLATION:
        return "CCAV" if advice.repeated else "CCAQ"
    return "RVRA" if advice.kind is AdviceKind.REVERSAL else "FCMV"


def advice_exchange_id(advice: Advice) -> int:
    return exchange_id(advice.transaction_id, function(advice))


def write_advice(advice: Advice, parties: Parties) -> bytes:
    """caaa.003, 005 or 007. The security trailer is left out: the reader, who has the keys, has no part in it."""
    named = function(advice)
    message = {"CCAQ": CANCELLATION, "CCAV": CANCELLATION_ADVICE}.get(named, COMPLETION_ADVICE)
    cancels = advice.kind is AdviceKind.CANCELLATION
    repeated = advice.repeated and not cancels
    return message.write(
        header(named, advice_exchange_id(advice), advice.requested_at, parties, repeated),
        caaa.Body(
            environment(parties),
            caaa.Context(caaa.PaymentContext(False, False, True)) if named == "CCAQ" else None,
            _cancelled(advice, parties) if cancels else _completed(advice),
        ),
    )


def read_advice(data: bytes) -> Advice:
    """What the acquirer's side does with 003, 005 or 007. Raises MalformedMessage."""
    if CANCELLATION.is_in(data):
        return CANCELLATION.read(data, _cancellation)
    if CANCELLATION_ADVICE.is_in(data):
        return CANCELLATION_ADVICE.read(data, _cancellation)
    return COMPLETION_ADVICE.read(data, _completion)


def write_advice_answer(answer: AdviceAnswer, advice: Advice, at: datetime, parties: Parties) -> bytes:
    """What the acquirer's side does: 004, 006 or 008."""
    named = function(advice)
    above = header(ANSWERS[named], advice_exchange_id(advice), at, parties)
    where = caaa.Environment(poi=caaa.Identified(caaa.Party(parties.poi_id)))
    transaction = caaa.Transaction(identifier=identifier(answer.transaction_id, advice.requested_at))
    word = APPROVED if answer.accepted else DECLINED
    if named != "CCAQ":
        transaction.answer = word
        message = CANCELLATION_ADVICE_ANSWER if named == "CCAV" else COMPLETION_ADVICE_ANSWER
        return message.write(above, caaa.Body(where, transaction=transaction))
    transaction.details = caaa.Details(advice.amount.currency.code, decimal(advice.amount))
    result = caaa.AuthorisationResult(caaa.Response(word, answer.reason))
    return CANCELLATION_ANSWER.write(
        above, caaa.Body(where, transaction=transaction, response=caaa.TransactionResponse(result))
    )


def read_advice_answer(data: bytes, advice: Advice) -> AdviceAnswer:
    """The one that is due to `advice`. Raises MalformedMessage."""
    named = function(advice)
    if named == "CCAQ":
        return CANCELLATION_ANSWER.read(data, _cancellation_answer)
    message = CANCELLATION_ADVICE_ANSWER if named == "CCAV" else COMPLETION_ADVICE_ANSWER
    return message.read(data, _advice_answer)


# ---- writing ----


def _completed(advice: Advice) -> caaa.Transaction:
    reversal = advice.kind is AdviceKind.REVERSAL
    return caaa.Transaction(
        capture=not reversal,
        type=service(advice.transaction_kind),
        additional_services=additional_services(advice.transaction_kind),
        identifier=identifier(advice.transaction_id, advice.requested_at),
        success=not reversal,
        reversal=True if reversal else None,
        failure_reasons=[FAILURES[advice.reason]] if reversal else [],
        details=caaa.Details(advice.amount.currency.code, decimal(advice.amount)),
    )


def _cancelled(advice: Advice, parties: Parties) -> caaa.Transaction:
    """The transaction keeps its one id: the original of the cancellation is itself."""
    at = advice.requested_at
    asked = not advice.repeated
    return caaa.Transaction(
        capture=False if asked else None,
        category_code=parties.category_code,
        identifier=identifier(advice.transaction_id, at),
        original=original(advice.transaction_id, at, advice.transaction_kind),
        success=None if asked else True,
        failure_reasons=[] if asked else [FAILURES[advice.reason]],
        details=caaa.Details(advice.amount.currency.code, decimal(advice.amount)),
    )


# ---- reading ----


def _completion(message: Any) -> Advice:
    transaction = message.body.transaction
    reversal = transaction.reversal is True
    return Advice(
        kind=AdviceKind.REVERSAL if reversal else AdviceKind.COMPLETION,
        reason=REASONS[transaction.failure_reasons[0]] if reversal else Reason.MALFUNCTION,
        repeated=message.header.retransmissions is not None,
        transaction_kind=kind_of(transaction),
        **_told(transaction),
    )


def _cancellation(message: Any) -> Advice:
    transaction = message.body.transaction
    reasons = transaction.failure_reasons
    return Advice(
        kind=AdviceKind.CANCELLATION,
        reason=REASONS[reasons[0]] if reasons else Reason.CUSTOMER_CANCELLED,
        repeated=message.header.function == "CCAV",
        transaction_kind=kind_of(transaction.original),
        **_told(transaction),
    )


def _told(transaction: Any) -> dict[str, Any]:
    return {
        "transaction_id": transaction_id(transaction.identifier),
        "amount": money(transaction.details.currency, transaction.details.total),
        "requested_at": transaction.identifier.at,
    }


def _advice_answer(message: Any) -> AdviceAnswer:
    transaction = message.body.transaction
    return AdviceAnswer(transaction_id(transaction.identifier), _is_accepted(transaction.answer))


def _cancellation_answer(message: Any) -> AdviceAnswer:
    response = message.body.response.result.response
    named = message.body.transaction.identifier
    return AdviceAnswer(transaction_id(named), _is_accepted(response.result), response.reason)


def _is_accepted(word: str) -> bool:
    if word not in (APPROVED, DECLINED):
        raise ValueError("response")
    return word == APPROVED
