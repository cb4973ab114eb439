"""An approved result is the capture record: sealed card data without a track, and a MAC over all that is captured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from firmware.flows.payment import Payment
    from firmware.secure.vault import Vault

CAPTURED = ("purchase", "cash_back", "refund")  # a pre-authorisation is when it is complete
FIELDS = ("ksn", "sealed_card", "mac", "mac_ksn")


def seal(payment: Payment, message: dict[str, Any]) -> None:
    """Add the fields to an approved result; of a pre-authorisation the card alone, for it is gone when it is completed.

    Raises ReaderFault.
    """
    if payment.kind in CAPTURED or payment.kind == "preauthorisation":
        message["ksn"] = payment.keys.ksn
        message["sealed_card"] = payment.keys.seal_capture(payment.card.data)
    if payment.kind in CAPTURED:
        message["mac"] = payment.keys.capture_mac(message)


def seal_completion(vault: Vault, message: dict[str, Any]) -> None:
    """The MAC of a counter spent for it: the keys of the authorisation are wiped. Raises ReaderFault."""
    keys = vault.open_transaction()
    try:
        message["mac_ksn"] = keys.ksn
        message["mac"] = keys.capture_mac(message)
    finally:
        keys.wipe()


def voided(message: dict[str, Any]) -> dict[str, Any]:
    """The result of a payment that the merchant cancelled: no capture record."""
    result = {field: message[field] for field in message if field not in FIELDS}
    result["outcome"] = "voided"
    result["why"] = "voided_by_merchant"
    return result
