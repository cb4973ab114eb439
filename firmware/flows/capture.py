"""An approved result is the capture record: sealed card data without a track, and a MAC over all that is captured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from firmware.flows.payment import Payment

CAPTURED = ("purchase", "cash_back", "refund")  # a pre-authorisation is when it is complete


def seal(payment: Payment, message: dict[str, Any]) -> None:
    """Add the fields to an approved result; of a pre-authorisation the card alone, for it is gone when it is completed.

    Raises ReaderFault.
    """
    if payment.kind in CAPTURED or payment.kind == "preauthorisation":
        message["ksn"] = payment.keys.ksn
        message["sealed_card"] = payment.keys.seal_capture(payment.card.data)
    if payment.kind in CAPTURED:
        message["mac"] = payment.keys.capture_mac(message)
