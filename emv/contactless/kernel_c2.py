"""Kernel 2: GET PROCESSING OPTIONS, and what card and reader have in common (Book C-2, S1 and S3). EMV mode alone.

Left out, as no card depends on it: data storage, data exchange with the terminal, balance reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.errors import CardFault
from emv.kernel import initiate_processing

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Send
    from emv.transaction import Transaction

_APPLICATION_FILE_LOCATOR = const(0x94)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_CARD_DATA_INPUT_CAPABILITY = const(0xDF8117)
_CVM_RESULTS = const(0x9F34)
_KERNEL_CONFIGURATION = const(0xDF811B)
_MOBILE_SUPPORT_INDICATOR = const(0x9F7E)
_SECURITY_CAPABILITY = const(0xDF811F)
_TERMINAL_CAPABILITIES = const(0x9F33)

_TVR_RELAY_RESISTANCE_NOT_PERFORMED = const(0x950501)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    if reply is None:
        _prepare(transaction)
        return initiate_processing.ask(transaction)
    data, sw = reply
    if sw != 0x9000:  # S3.9: whatever the card says, another application may do
        transaction.note("processing_options_refused")
        return "select_next"
    initiate_processing.accept(transaction, data)
    tags = (_APPLICATION_INTERCHANGE_PROFILE, _APPLICATION_FILE_LOCATOR)
    for tag in tags:
        if tag not in transaction.data:
            raise CardFault("processing_options_incomplete", (tag,))
    # S3.15 to S3.17: there is no other mode here, whatever the configuration says.
    if not transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 2, 0x80):
        raise CardFault("emv_mode_not_supported", tags)
    transaction.note("processing_initiated", tags)
    return _choose_protocol(transaction)


def _prepare(transaction: Transaction) -> None:
    """S1.9: what the reader can do is told in parts; which methods of verification is known once the amount counts."""
    transaction.strict = True  # 4.1: an object that is not the card's to give, or was given, ends the application
    data = transaction.data
    own = data.get(_TERMINAL_CAPABILITIES, bytes(3))
    first = data.get(_CARD_DATA_INPUT_CAPABILITY, own[:1])
    transaction.put(_TERMINAL_CAPABILITIES, first + b"\x00" + data.get(_SECURITY_CAPABILITY, own[2:3]))
    transaction.put(_CVM_RESULTS, bytes(3))
    transaction.put(_MOBILE_SUPPORT_INDICATOR, transaction.profile.data.get(_MOBILE_SUPPORT_INDICATOR, b"\x01"))


def _choose_protocol(transaction: Transaction) -> str:
    """S3.60: the distance to the card is measured where both can."""
    if not transaction.has_bit(_KERNEL_CONFIGURATION, 1, 0x10):
        return "initiated"
    if transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 2, 0x01):
        return "relay_resistance"
    tags = (_APPLICATION_INTERCHANGE_PROFILE, _KERNEL_CONFIGURATION)
    transaction.note("relay_resistance_not_performed", tags, _TVR_RELAY_RESISTANCE_NOT_PERFORMED)
    return "initiated"


def signs(transaction: Transaction) -> bool:
    """S3R1.17: do card and reader both know CDA?"""
    return transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 1, 0x01) and transaction.has_bit(
        _TERMINAL_CAPABILITIES, 3, 0x08
    )


def on_device(transaction: Transaction) -> bool:
    """Does the device verify its holder itself, in a reader that takes its word?"""
    return transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 1, 0x02) and transaction.has_bit(
        _KERNEL_CONFIGURATION, 1, 0x20
    )


def exceeds(transaction: Transaction, limit_minor: int | None) -> bool:
    return limit_minor is not None and transaction.request.amount_minor > limit_minor
