"""What is told of a transaction, as plain values for the link, and what of the card never is.

An APDU is [command, response, milliseconds], redacted by firmware/secure/redaction.py before it is kept.

A decision is [step, rule, bit, tags, apdu]: the step's module, a rule of data/rules.csv, the TVR or TSI bit that it
set (0x950240: object 95, byte 2, mask 40; 0 for none), the tags it looked at, and the index of the APDU that brought
the latest of them (-1: none of the card's). Texts and paragraphs are in emv/generated/rules.py: only the host loads it.
"""

from __future__ import annotations

from emv.constant import const

# What names the card or its holder, and every RSA block: 9F46 gives the PAN back to whoever has the public keys.
REDACTED = (
    0x56, 0x57, 0x5A, 0x5F20, 0x90, 0x92, 0x93, 0x9F0B, 0x9F1F, 0x9F20, 0x9F24, 0x9F2D, 0x9F2F, 0x9F46, 0x9F48, 0x9F4B,
    0x9F6B,
)  # fmt: skip
RSA_BYTES = const(64)  # a value as long may be an RSA block (512 bits), whatever tag a card gives it: never told
