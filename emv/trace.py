"""What is told of a transaction, as plain values for the link, and what of the card never is.

An APDU is [command, response, milliseconds], redacted by firmware/secure/redaction.py before it is kept.

A decision is [step, rule, bit, tags, apdu]: the step's module, a rule of data/rules.csv, the TVR or TSI bit that it
set (0x950240: object 95, byte 2, mask 40; 0 for none), the tags it looked at, and the index of the APDU that brought
the latest of them (-1: none of the card's). Texts and paragraphs are in emv/generated/rules.py: only the host loads it.

An object is [tag, value]: what the terminal itself brought to the decisions, told once, for it is in no APDU. What the
books give no tag has the one of Book C-2, annex A: the action codes and the limits of a tap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.data_objects import bcd

if TYPE_CHECKING:
    from emv.profile import Parameters
    from emv.transaction import Transaction

# What names the card or its holder, and every RSA block: 9F46 gives the PAN back to whoever has the public keys.
REDACTED = (
    0x56, 0x57, 0x5A, 0x5F20, 0x90, 0x92, 0x93, 0x9F0B, 0x9F1F, 0x9F20, 0x9F24, 0x9F2D, 0x9F2F, 0x9F46, 0x9F48, 0x9F4B,
    0x9F6B,
)  # fmt: skip
RSA_BYTES = const(64)  # a value as long may be an RSA block (512 bits), whatever tag a card gives it: never told
# Amounts, currency and its exponent, date, kind, country; what the terminal is and can; floor limit; verification.
_ALWAYS = (0x9F02, 0x9F03, 0x5F2A, 0x5F36, 0x9A, 0x9C, 0x9F1A, 0x9F33, 0x9F35, 0x9F1B, 0x9F34)


def objects(transaction: Transaction) -> list[tuple[int, bytes]]:
    """(tag, value) of the terminal's, in the order in which decisions first looked at them."""
    tags = list(_ALWAYS)
    for decision in transaction.trace:
        for tag in decision[3]:
            if tag not in tags:
                tags.append(tag)
    found = []
    for tag in tags:
        value = b"" if tag in transaction.origin or tag in REDACTED else transaction.data.get(tag)
        if value is None and tag >> 4 == 0xDF812 and transaction.application is not None:
            value = _parameter(transaction.application.parameters, tag)
        if value and len(value) < RSA_BYTES:
            found.append((tag, value))
    return found


def _parameter(parameters: Parameters, tag: int) -> bytes | None:
    at = tag & 0x0F
    if at < 3:
        return (parameters.tac_default, parameters.tac_denial, parameters.tac_online)[at]
    limits = parameters.limits
    amounts = (limits.floor_minor, limits.transaction_minor, limits.on_device_cvm_minor, limits.cvm_minor)
    amount = amounts[at - 3] if at < 7 else None
    return None if amount is None else bcd(amount, 6)
