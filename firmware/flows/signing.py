"""A challenge for the card to sign, in the place of the payment in progress: no money and no keys of ours."""

from __future__ import annotations

from firmware.flows.payment import Payment


class Signing(Payment):
    """`challenge`: 1 to 8 digits. response, signed: of emv.cap, once the card has signed."""

    program = "run_signing"
    kind = "signature"
    response = ""
    signed = b""

    def __init__(
        self, transaction_id: bytes, request_id: bytes, amount_minor: int, currency: int, challenge: str
    ) -> None:
        super().__init__(transaction_id, request_id, amount_minor, currency, None)
        self.challenge = challenge
