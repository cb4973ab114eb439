"""Authorisation and what takes it back, in ISO 8583:1993: 1100/1110, reversal 1420/1430, cancellation 1400/1410.

The transaction id is the same on the whole road, and here subfield 01. What the reader sealed stays sealed: no element
2, 35 or 52 is ever filled. Its key serial number is element 53, the card subfield 03, the PIN block 04, its MAC 05.
"""

from __future__ import annotations

from datetime import UTC
from hashlib import sha256

from emv import tlv
from emv.errors import CardFault
from host.acquirer.caaa import Parties
from host.acquirer.errors import BadAnswer, CancellationDeclined, MalformedMessage, RequestRefused
from host.acquirer.iso8583 import Message
from host.acquirer.model import Advice, AdviceKind, AuthorisationAnswer, AuthorisationRequest, Reason
from host.money import Money

PROCESSING = {"purchase": "000000", "preauthorisation": "000000", "verification": "000000", "cash_back": "090000",
              "refund": "200000"}  # fmt: skip
FUNCTIONS = {"preauthorisation": "101", "verification": "108"}  # of element 24; of all others 100
ENTRY_MODES = {"contact": "000000500000", "contactless": "000000700000"}  # of element 22 the seventh
REASONS = {
    Reason.CUSTOMER_CANCELLED: "4000",
    Reason.MERCHANT_REFUSED: "4001",
    Reason.MALFUNCTION: "4002",
    Reason.EXPIRED: "4004",
    Reason.CARD_DECLINED: "4007",
    Reason.NO_ANSWER: "4021",
}
APPROVED, IN_PART, REVERSED = "000", "002", "400"
NOT_DONE = ("904", "913", "916")  # action codes: format error, duplicate with another content, MAC incorrect
RESPONSE_CODE = 0x8A
PARTIAL = b"10"


def parties_of(parties: Parties) -> dict[int, str | bytes]:
    return {41: parties.poi_id[-8:], 42: parties.merchant_id[:15]}


def audit_number(transaction_id: bytes, message_type: str) -> str:
    """Element 11: the same for each repetition of a message."""
    return f"{int.from_bytes(sha256(message_type.encode() + transaction_id).digest()[:4], 'big') % 1_000_000:06}"


def amount_of(amount: Money) -> dict[int, str | bytes]:
    return {4: f"{amount.amount_minor:012}", 49: f"{amount.currency.numeric:03}"}


# ---- 1100, 1110 ----


def write_request(request: AuthorisationRequest, parties: Parties) -> Message:
    """Raises KeyError for a cancellation, which is a message of its own."""
    at = request.requested_at
    private = {"01": request.transaction_id.hex(), "03": request.sealed_card.hex(), "05": request.mac.hex()}
    if request.pin_block is not None:
        private["04"] = request.pin_block.hex()
    if request.original is not None:
        private["02"] = request.original.hex()
    if request.tip_minor:
        private["06"] = str(request.tip_minor)
    elements: dict[int, str | bytes] = {
        3: PROCESSING[request.kind],
        7: f"{at.astimezone(UTC):%m%d%H%M%S}",
        11: audit_number(request.transaction_id, "1100"),
        12: f"{at:%y%m%d%H%M%S}",
        22: ENTRY_MODES[request.interface],
        24: FUNCTIONS.get(request.kind, "100"),
        53: request.ksn,
        55: request.icc_data,
    }
    if request.amount_other_minor:
        elements[54] = f"0040{request.amount.currency.numeric:03}D{request.amount_other_minor:012}"
    return Message("1100", elements | amount_of(request.amount) | parties_of(parties), private)


def read_answer(message: Message, request: AuthorisationRequest) -> AuthorisationAnswer:
    """Raises AcquirerError: BadAnswer for another transaction's, RequestRefused."""
    code = _action_code(message, "1110", request.transaction_id)
    try:
        response_code, icc_data = _response_code(message.octets(55))
        approved = code in (APPROVED, IN_PART)
        if (code == IN_PART) != (response_code == PARTIAL):
            raise ValueError("partial approval")
        part = Money(int(message.text(4)), request.amount.currency) if code == IN_PART else None
        mac = bytes.fromhex(message.private["05"])
        checked = message.private["07"] == "1"
    except (KeyError, ValueError, CardFault) as error:
        raise MalformedMessage(type(error).__name__) from None
    issued = str(message.elements.get(38, "")) or None
    return AuthorisationAnswer(
        request.transaction_id, approved, response_code, issued, icc_data, mac, checked, authorised=part
    )


def _response_code(data: bytes) -> tuple[bytes, bytes]:
    """What the card is told, which goes first, and what follows it. Raises ValueError or CardFault."""
    (tag, start, end), *_ = list(tlv.children(data)) or [(0, 0, 0)]
    if tag != RESPONSE_CODE or end - start != 2:
        raise ValueError("response code")
    return data[start:end], data[end:]


def _action_code(message: Message, due: str, transaction_id: bytes) -> str:
    """Element 39. Raises RequestRefused, BadAnswer."""
    code = str(message.elements.get(39, ""))
    if message.type == due and code in NOT_DONE:
        raise RequestRefused(code)
    if message.type != due or message.private.get("01") != transaction_id.hex() or not code or code[0] == "9":
        raise BadAnswer(f"{message.type} {code}")
    return code


# ---- 1400, 1410, 1420, 1430 ----


def write_advice(advice: Advice, parties: Parties) -> Message:
    """A cancellation is asked for (1400) and, repeated, told (1420): then it is not declined any more."""
    asks = advice.kind is AdviceKind.CANCELLATION and not advice.repeated
    kind = "1400" if asks else "1420"
    at = advice.requested_at
    number = audit_number(advice.transaction_id, "1100")
    elements: dict[int, str | bytes] = {
        3: PROCESSING[advice.transaction_kind],
        7: f"{at.astimezone(UTC):%m%d%H%M%S}",
        11: audit_number(advice.transaction_id, kind),
        12: f"{at:%y%m%d%H%M%S}",
        24: "400",
        25: REASONS[advice.reason],
        56: f"1100{number}{at:%y%m%d%H%M%S}",
    }
    private = {"01": advice.transaction_id.hex(), "08": advice.kind.value}
    return Message(kind, elements | amount_of(advice.amount) | parties_of(parties), private)


def read_advice_answer(message: Message, advice: Advice) -> None:
    """Returns when the acquirer has it. Raises AcquirerError."""
    asks = advice.kind is AdviceKind.CANCELLATION and not advice.repeated
    code = _action_code(message, "1410" if asks else "1430", advice.transaction_id)
    if code == REVERSED:
        return
    if asks:
        raise CancellationDeclined(message.private.get("09", "no reason"))
    raise BadAnswer("an advice cannot be declined")
