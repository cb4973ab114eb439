"""The result message: what a payment came to, as it is journalled, told and asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.flows import brands, reasons
from firmware.flows.field_55 import FINAL, field_55
from firmware.secure.card_data import pan

if TYPE_CHECKING:
    from emv.transaction import Transaction
    from firmware.flows.payment import Known
    from firmware.secure.vault import Vault

_DEDICATED_FILE_NAME = const(0x84)
_PREFERRED_NAME = const(0x9F12)
_LABEL = const(0x50)
_ACCOUNT_REFERENCE = const(0x9F24)
_REFERENCE_LENGTH = const(29)  # EMV specification bulletin 167


def result(payment: Known, why: str, vault: Vault) -> dict:
    """`why` is a name of reasons.py. Raises ReaderFault when there is a card and no key for its token."""
    _, outcome, _, _ = reasons.row(why)
    message = {
        "type": "result",
        "transaction_id": payment.transaction_id,
        "request_id": payment.request_id,
        "outcome": outcome,
        "why": why,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "apdus": payment.apdus,
    }
    message.update(payment.told())
    if payment.authorised_minor:
        message["authorised_minor"] = payment.authorised_minor
    if payment.interface:
        message["interface"] = payment.interface
    if payment.transaction is not None:
        message.update(_of_card(payment.transaction, vault))
        message.update(brands.used(payment, payment.transaction.data.get(_DEDICATED_FILE_NAME, b"")))
        if payment.cvm:
            message["cvm"] = payment.cvm
    if payment.answer is not None:
        for field in ("response_code", "authorisation_code"):
            if field in payment.answer:
                message[field] = payment.answer[field]
    return message


def _of_card(transaction: Transaction, vault: Vault) -> dict:
    fields = {}
    digits = pan(transaction.data)
    if digits:
        fields["last4"] = digits[-4:]
        fields["token"], fields["token_version"] = vault.token(digits.encode())
    reference = transaction.data.get(_ACCOUNT_REFERENCE, b"")
    if len(reference) == _REFERENCE_LENGTH:
        fields["par_token"], _ = vault.token(reference)
    label = label_of(transaction)
    if label:
        fields["label"] = label
    icc_data = field_55(transaction, FINAL)
    if icc_data:
        fields["icc_data"] = icc_data
    return fields


def label_of(transaction: Transaction) -> str:
    """Application preferred name or label: at most 16 characters; what is not ASCII is left out (Book 1, 12.2.4)."""
    value = transaction.data.get(_PREFERRED_NAME) or transaction.data.get(_LABEL) or b""
    return "".join([chr(byte) for byte in value[:16] if 0x20 <= byte < 0x7F]).strip()
