"""The bytes that the MACs cover: of the online request and its answer, of the capture record, of the evening's seal.

ARCHITECTURE.md lists them, under firmware/secure and under the life of a payment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# One byte of the content; a refund must not become a debit on its way
KINDS = ("purchase", "cash_back", "refund", "cancellation", "verification", "preauthorisation")
_CAPTURE = const(0x80)  # added to the kind: what is captured is never taken for a request, nor the other way round
_REFERENCE = b"\x01"


def request_content(request: Mapping[str, Any]) -> bytes:
    """`request` has the fields of the online_request message; `mac` and what is not covered are not looked at."""
    return b"".join(
        (
            request["transaction_id"],
            bytes((KINDS.index(request.get("kind", KINDS[0])),)),
            _bcd(request["amount_minor"], 6),
            _bcd(request.get("amount_other_minor", 0), 6),
            _bcd(request["currency"], 2),
            _counted(request["icc_data"], 2),
            _counted(request["sealed_card"], 2),
            request.get("pin_block") or b"",
            _reference(request),
        )
    )


def answer_content(transaction_id: bytes, answer: Mapping[str, Any]) -> bytes:
    """`answer` has the fields of the online_answer message; `transaction_id` is the request's, not the answer's own."""
    return b"".join(
        (
            transaction_id,
            answer["response_code"],
            _counted(answer.get("authorisation_code", "").encode(), 1),
            _counted(answer.get("icc_data") or b"", 2),
            _bcd(answer["authorised_minor"], 6) if answer.get("authorised_minor") else b"",
        )
    )


def capture_content(result: Mapping[str, Any]) -> bytes:
    """`result` has the fields of an approved result message, whose amount_minor is what is captured."""
    return b"".join(
        (
            result["transaction_id"],
            bytes((_CAPTURE + KINDS.index(result.get("kind", KINDS[0])),)),
            _bcd(result["amount_minor"], 6),
            _bcd(result.get("amount_other_minor", 0), 6),
            _bcd(result["currency"], 2),
            result["taken_at"].encode(),
            _counted(result.get("authorisation_code", "").encode(), 1),
            _counted(result.get("response_code") or b"", 1),
            _counted(result.get("icc_data") or b"", 2),
            _counted(result["sealed_card"], 2),
            _reference(result),
        )
    )


def seal_content(serial: str, digest: bytes) -> bytes:
    """`digest`: the hash of the seal, 32 bytes."""
    return b"SEAL" + serial.encode() + digest


def _reference(message: Mapping[str, Any]) -> bytes:
    """The sale that a refund gives back."""
    original = message.get("original")
    return _REFERENCE + original if original else b""


def _counted(data: bytes, length_bytes: int) -> bytes:
    return len(data).to_bytes(length_bytes, "big") + data


def _bcd(number: int, length: int) -> bytes:
    text = str(number)
    return bytes.fromhex("0" * (2 * length - len(text)) + text)
