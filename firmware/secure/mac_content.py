"""The bytes that the MACs of the online request and of its answer cover (ARCHITECTURE.md, firmware/secure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# One byte of the content; a refund must not become a debit on its way
KINDS = ("purchase", "cash_back", "refund", "cancellation", "verification")


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
        )
    )


def _counted(data: bytes, length_bytes: int) -> bytes:
    return len(data).to_bytes(length_bytes, "big") + data


def _bcd(number: int, length: int) -> bytes:
    text = str(number)
    return bytes.fromhex("0" * (2 * length - len(text)) + text)
