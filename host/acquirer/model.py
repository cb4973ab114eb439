"""What is asked of an acquirer and what it answers, free of any message format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from host.money import Money


@dataclass(frozen=True)
class AuthorisationRequest:
    """Sealed parts are the reader's, for the acquirer alone; the host carries and never keeps them."""

    transaction_id: bytes  # 16 bytes, minted by the reader
    amount: Money
    interface: str  # contact or contactless
    icc_data: bytes  # BER-TLV, ISO 8583 field 55
    ksn: bytes  # 12 bytes, X9.24-3: initial key id and counter
    sealed_card: bytes
    pin_block: bytes | None  # ISO 9564 format 4, encrypted
    mac: bytes  # 8 bytes, the reader's
    requested_at: datetime
    kind: str = "purchase"  # of the protocol's schema
    amount_other_minor: int = 0  # of a cash back, the cash


@dataclass(frozen=True)
class AuthorisationAnswer:
    transaction_id: bytes
    approved: bool
    response_code: bytes  # 2 bytes, tag 8A
    authorisation_code: str | None
    icc_data: bytes  # BER-TLV: 91, 71, 72
    mac: bytes  # 8 bytes, the acquirer's; only the reader can check it
    arqc_checked: bool  # the issuer verified the card's cryptogram
