"""One contact application of a simulated card: its states, its commands, its refusals (EMV Book 3, 6.5 and 9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha1

from emv import tlv
from tools.simulators import scheme
from tools.simulators.command import (
    AUTHENTICATION_FAILED,
    CONDITIONS_NOT_SATISFIED,
    DATA_NOT_FOUND,
    INSTRUCTION_NOT_SUPPORTED,
    PIN_BLOCKED,
    WRONG_LENGTH,
    WRONG_PARAMETERS,
    WRONG_PIN,
    Command,
    Refused,
    amount_minor,
    read_record,
    values_of,
)
from tools.simulators.cryptogram import AAC, ARQC, TC, Verification
from tools.simulators.personalisation import CDOL1, CDOL2, Application, Personalisation

# Bits of the application interchange profile
_DDA = 0x20
_EXTERNAL_AUTHENTICATE = 0x04

_PLAINTEXT_PIN = 0x80
_ENCIPHERED_PIN = 0x88
_ASKS_FOR_SIGNATURE = 0x10  # P1 of GENERATE AC
_UNABLE_ONLINE = (b"Y3", b"Z3")

Random = Callable[[int], bytes]


@dataclass
class Memory:
    """What a card keeps without power."""

    tries_left: int
    atc: int = 0
    torn: tuple[bytes, bytes] | None = None  # for RECOVER AC: what the last GENERATE AC was asked with, and its answer


class ContactApplication:
    """From its selection to the next one. States: selected, initiated, online (after an ARQC), over."""

    def __init__(self, card: Personalisation, application: Application, memory: Memory, random: Random) -> None:
        self._card = card
        self._random = random
        self._application = application
        self._memory = memory
        self._cryptograms = card.cryptogram(application)
        self._state = "selected"
        self._records = None
        self._noted = Verification(tries_left=memory.tries_left)
        self._transaction_data = b""  # PDOL (none) and CDOL values so far: what a CDA signature covers
        self._also_signed = b""  # behind the transaction data hash
        self._arqc = b""
        self._issuer_is_authentic: bool | None = None
        self._challenge = b""  # good for the next command only
        self.commands = {
            (0x80, 0xA8): self._get_processing_options,
            (0x00, 0xB2): self._read_record,
            (0x80, 0xCA): self._get_data,
            (0x00, 0x88): self._internal_authenticate,
            (0x00, 0x84): self._get_challenge,
            (0x00, 0x20): self._verify,
            (0x80, 0xAE): self._generate_ac,
            (0x00, 0x82): self._external_authenticate,
        }

    def file_control(self) -> bytes:
        return self._card.file_control(self._application)

    def _require(self, *states: str) -> None:
        if self._state not in states:
            raise Refused(CONDITIONS_NOT_SATISFIED)

    def _get_processing_options(self, command: Command) -> bytes:
        self._require("selected")
        if command.data != b"\x83\x00":
            raise Refused(WRONG_LENGTH)
        self._memory.atc += 1
        self._state = "initiated"
        self._records = self._card.contact_records(self._application)
        profile = self._application.interchange_profile
        if self._application.response_format == 1:
            return tlv.encode(0x80, profile + self._records.locator)
        return tlv.encode(0x77, tlv.encode(0x82, profile) + tlv.encode(0x94, self._records.locator))

    def _read_record(self, command: Command) -> bytes:
        if self._records is None:
            raise Refused(CONDITIONS_NOT_SATISFIED)
        return read_record(self._records, command)

    def _get_data(self, command: Command) -> bytes:
        tag = command.p1 << 8 | command.p2
        values = {0x9F36: self._memory.atc.to_bytes(2, "big"), 0x9F17: bytes((self._memory.tries_left,))}
        if tag not in values:
            raise Refused(DATA_NOT_FOUND)
        return tlv.encode(tag, values[tag])

    def _internal_authenticate(self, command: Command) -> bytes:
        if not self._application.interchange_profile[0] & _DDA:
            raise Refused(INSTRUCTION_NOT_SUPPORTED)
        self._require("initiated")
        if len(command.data) != 4:
            raise Refused(WRONG_LENGTH)
        signature = scheme.dynamic_signature(self._card.signing_key, self._dynamic_number(), command.data)
        if self._application.response_format == 1:
            return tlv.encode(0x80, signature)
        return tlv.encode(0x77, tlv.encode(0x9F4B, signature))

    def _dynamic_number(self) -> bytes:
        return b"\x08" + self._random(8)

    def _get_challenge(self, _command: Command) -> bytes:
        self._challenge = self._random(8)
        return self._challenge

    def _verify(self, command: Command) -> bytes:
        self._require("initiated")
        pin_block = self._pin_block(command)
        if not self._memory.tries_left:
            raise Refused(PIN_BLOCKED)
        self._memory.tries_left -= 1  # before the comparison: a power cut does not give a try back
        good = pin_block == _pin_block(self._card.pin)
        if good:
            self._memory.tries_left = self._card.pin_tries
        self._noted.pin_performed = True
        self._noted.pin_failed = not good
        self._noted.tries_left = self._memory.tries_left
        if not good:
            raise Refused(WRONG_PIN | self._memory.tries_left)
        return b""

    def _pin_block(self, command: Command) -> bytes:
        """What VERIFY carries, in clear; b"" where it was not enciphered for this card and challenge (Book 2, 7.2)."""
        key = self._card.pin_key or self._card.icc_key
        if command.p2 not in (_PLAINTEXT_PIN, _ENCIPHERED_PIN) or (command.p2 == _ENCIPHERED_PIN and key is None):
            raise Refused(WRONG_PARAMETERS)
        if key is None or command.p2 == _PLAINTEXT_PIN:
            if len(command.data) != 8:
                raise Refused(WRONG_LENGTH)
            return command.data
        if len(command.data) != key.length:
            raise Refused(WRONG_LENGTH)
        if not self._challenge:
            raise Refused(CONDITIONS_NOT_SATISFIED)
        plain = key.sign(command.data)
        challenge, self._challenge = self._challenge, b""
        return plain[1:9] if plain[0] == 0x7F and plain[9:17] == challenge else b""

    def _generate_ac(self, command: Command) -> bytes:
        self._require("initiated", "online")
        first = self._state == "initiated"
        values = values_of(CDOL1 if first else CDOL2, command.data)
        self._transaction_data += command.data
        asked = command.p1 & 0xC0
        kind = self._first(asked, values) if first else self._second(asked, values)
        return self._cryptogram(kind, bool(command.p1 & _ASKS_FOR_SIGNATURE), values)

    def _first(self, asked: int, values: dict[int, bytes]) -> int:
        """The card's own risk management: above its limit an approval becomes a question to its issuer."""
        kind = asked
        if asked == TC and not self._application.may_approve_offline(amount_minor(values)):
            kind = ARQC
        self._noted.first = kind
        self._state = "online" if kind == ARQC else "over"
        return kind

    def _second(self, asked: int, values: dict[int, bytes]) -> int:
        self._state = "over"
        self._check_issuer(values)
        self._noted.unable_online = values[0x8A] in _UNABLE_ONLINE
        if self._noted.unable_online:
            allowed = self._application.may_approve_offline(amount_minor(values))
        else:
            allowed = self._issuer_is_authentic is True  # an approval that no issuer signed is none
        kind = asked if asked == AAC or allowed else AAC
        self._noted.second = kind
        return kind

    def _check_issuer(self, values: dict[int, bytes]) -> None:
        authentication = values[0x91][: self._cryptograms.AUTHENTICATION_LENGTH]
        if self._issuer_is_authentic is None and any(authentication):
            self._judge(authentication)

    def _judge(self, authentication: bytes) -> None:
        atc = self._memory.atc.to_bytes(2, "big")
        self._issuer_is_authentic = self._cryptograms.is_authentic(self._arqc, atc, authentication)
        self._noted.issuer_failed = not self._issuer_is_authentic

    def _external_authenticate(self, command: Command) -> bytes:
        if not self._application.interchange_profile[0] & _EXTERNAL_AUTHENTICATE:
            raise Refused(INSTRUCTION_NOT_SUPPORTED)
        self._require("online")
        if self._issuer_is_authentic is not None:
            raise Refused(CONDITIONS_NOT_SATISFIED)
        if len(command.data) != self._cryptograms.AUTHENTICATION_LENGTH:
            raise Refused(WRONG_LENGTH)
        self._judge(command.data)
        if not self._issuer_is_authentic:
            raise Refused(AUTHENTICATION_FAILED)
        return b""

    def _cryptogram(self, kind: int, signed: bool, values: dict[int, bytes]) -> bytes:
        atc = self._memory.atc.to_bytes(2, "big")
        issuer_data = self._cryptograms.application_data(self._noted)
        cryptogram = self._cryptograms.cryptogram(
            values | {0x82: self._application.interchange_profile, 0x9F36: atc, 0x9F10: issuer_data}
        )
        if kind == ARQC:
            self._arqc = cryptogram
        identifier = bytes((kind,))
        if signed and kind != AAC:
            return self._signed(identifier, atc, cryptogram, issuer_data, values[0x9F37])
        if self._application.response_format == 1:
            return tlv.encode(0x80, identifier + atc + cryptogram + issuer_data)
        objects = ((0x9F27, identifier), (0x9F36, atc), (0x9F26, cryptogram), (0x9F10, issuer_data))
        return tlv.encode(0x77, b"".join(tlv.encode(tag, value) for tag, value in objects))

    def _signed(
        self, identifier: bytes, atc: bytes, cryptogram: bytes, issuer_data: bytes, unpredictable: bytes
    ) -> bytes:
        """Combined data authentication (Book 2, 6.6.1): the cryptogram is inside the signature only."""
        before = tlv.encode(0x9F27, identifier) + tlv.encode(0x9F36, atc)
        after = tlv.encode(0x9F10, issuer_data)
        transaction_hash = sha1(self._transaction_data + before + after).digest()
        dynamic = self._dynamic_number() + identifier + cryptogram + transaction_hash + self._also_signed
        signature = scheme.dynamic_signature(self._card.signing_key, dynamic, unpredictable)
        return tlv.encode(0x77, before + tlv.encode(0x9F4B, signature) + after)


def _pin_block(pin: str) -> bytes:
    """Book 3, table 24."""
    return bytes.fromhex(f"2{len(pin):X}{pin}".ljust(16, "F"))
