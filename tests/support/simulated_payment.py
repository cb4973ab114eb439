"""A payment without a reader: the kernel, a simulated card and the simulated issuer, face to face."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from emv import tlv
from emv.action import ChooseApplication, EnterPin, Finish, IssuerAnswer, PinEntry, Send, VerifyPin
from emv.certificates.ca_keys import CaKey
from emv.contactless import entry_point
from emv.kernel import flow
from emv.outcome import Outcome
from emv.profile import ContactlessLimits, Profile
from emv.transaction import Request, Transaction
from firmware.flows.field_55 import ONLINE, field_55
from firmware.secure.card_data import pan
from firmware.secure.verify import verify, verify_enciphered
from tools import profiles
from tools.simulators import issuer, scheme
from tools.simulators.card import SimulatedCard

CLOCK = (2026, 11, 21, 12, 0, 0)


@dataclass
class Paid:
    outcome: Outcome
    transaction: Transaction
    answer: issuer.IssuerAnswer | None
    apdus: int


class Counter:
    """Where cards are presented; `pin` is what the cardholder types, `tamper` changes what the issuer answers.

    `limits` take the place of France's for contactless applications.
    """

    def __init__(
        self,
        bank: issuer.Issuer,
        pin: str = "",
        tamper: Callable[[bytes], bytes] = bytes,
        limits: ContactlessLimits | None = None,
    ) -> None:
        self._bank = bank
        self._limits = limits
        self._pin = pin
        self._tamper = tamper
        self._answer: issuer.IssuerAnswer | None = None
        self._apdus = 0

    def pay(self, card: SimulatedCard, interface: str, amount_minor: int = 1250) -> Paid:
        self._answer, self._apdus = None, 0
        card.power_on(interface)
        transaction = Transaction(self._profile(), Request(amount_minor, CLOCK), os.urandom)
        action = (flow if interface == "contact" else entry_point).begin(transaction)
        while not isinstance(action, Finish):
            action = flow.advance(transaction, self._reply(action, transaction, card))
        if interface == "contactless" and action.outcome.name == "online":
            self._ask_issuer(transaction, self._pin if action.outcome.cvm == "online_pin" else None)
        return Paid(action.outcome, transaction, self._answer, self._apdus)

    def _profile(self) -> Profile:
        keys = [row.ca_public_key for row in scheme.schemes()]
        terminal = profiles.france([CaKey(key.rid, key.index, key.modulus, key.exponent, key.checksum) for key in keys])
        for application in terminal.contactless_applications():
            application.parameters.limits = self._limits or application.parameters.limits
        return terminal

    def _reply(self, action, transaction: Transaction, card: SimulatedCard):
        if isinstance(action, Send):
            return self._transmit(card, action.command)
        if isinstance(action, ChooseApplication):
            return 0
        if isinstance(action, EnterPin):
            return self._enter_pin(action.method, card)
        if isinstance(action, VerifyPin):
            secrets = (action.key, action.challenge, action.padding)
            return PinEntry("entered", *verify_enciphered(partial(self._transmit, card), self._digits(), *secrets))
        answer = self._ask_issuer(transaction, self._pin if transaction.cvm == "online_pin" else None)
        return IssuerAnswer(answer.response_code.encode(), self._tamper(answer.authentication or b"") or None)

    def _transmit(self, card: SimulatedCard, command: bytes) -> tuple[bytes, int, int]:
        self._apdus += 1
        answer = card.transmit(bytes(command))
        return answer[:-2], answer[-2], answer[-1]

    def _enter_pin(self, method: str, card: SimulatedCard) -> PinEntry:
        if method != "offline_plaintext":
            return PinEntry("entered")
        return PinEntry("entered", *verify(partial(self._transmit, card), self._digits()))

    def _digits(self) -> bytearray:
        return bytearray(int(digit) for digit in self._pin)

    def _ask_issuer(self, transaction: Transaction, pin: str | None) -> issuer.IssuerAnswer:
        self._answer = self._bank.authorise(request_of(transaction, pin))
        return self._answer


def request_of(transaction: Transaction, pin: str | None) -> issuer.IssuerRequest:
    data = transaction.data
    track_expiry = data.get(0x57, b"").hex().partition("d")[2][:4]
    return issuer.IssuerRequest(
        pan=pan(data),
        psn=data.get(0x5F34, b"").hex(),
        expiry=data[0x5F24].hex() if 0x5F24 in data else track_expiry,
        amount_minor=transaction.request.amount_minor,
        currency=978,
        icc_data=field_55(transaction, ONLINE),
        pin=pin,
    )


def with_object(icc_data: bytes, tag: int, value: bytes) -> bytes:
    """Field 55 with one object replaced."""
    return b"".join(tlv.encode(known, value if known == tag else old) for known, old in tlv.objects(icc_data))
