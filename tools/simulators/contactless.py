"""One contactless application of a simulated card, as kernel 3 meets it (EMV Contactless Book C-3).

Everything happens in GET PROCESSING OPTIONS: the card reads what the reader can do (9F66), decides how its holder is
verified (9F6C), makes the cryptogram and, where asked, signs it all (fDDA). The CB application of a card that is Visa's
too behaves the same (docs/kernel-cb.md).
"""

from __future__ import annotations

from emv import tlv
from tools.simulators import scheme
from tools.simulators.application import Memory, Random
from tools.simulators.command import (
    CONDITIONS_NOT_SATISFIED,
    TRY_ANOTHER_INTERFACE,
    WRONG_DATA,
    Command,
    Refused,
    amount_minor,
    read_record,
    values_of,
)
from tools.simulators.cryptogram import ARQC, TC, Verification
from tools.simulators.personalisation import PDOL_CONTACTLESS, Application, Personalisation, Records

# Terminal transaction qualifiers, 9F66: (byte, bit)
_EMV_MODE = (0, 0x20)
_ONLINE_PIN = (0, 0x04)
_SIGNATURE = (0, 0x02)
_DATA_AUTHENTICATION_WHEN_ONLINE = (0, 0x01)
_ONLINE_CRYPTOGRAM_REQUIRED = (1, 0x80)
_CVM_REQUIRED = (1, 0x40)
_ON_DEVICE_CVM = (2, 0x40)

# Card transaction qualifiers, 9F6C
_WANTS_ONLINE_PIN = b"\x80\x00"
_WANTS_SIGNATURE = b"\x40\x00"
_HOLDER_VERIFIED_ON_DEVICE = b"\x00\x80"
_NOTHING = b"\x00\x00"

_VERSION = b"\x01"  # of the fDDA signature
_PUBLIC = (0x82, 0x94, 0x57, 0x5F34, 0x9F10, 0x9F26, 0x9F27, 0x9F36, 0x9F6C, 0x9F6E, 0x9F4B)


class ContactlessApplication:
    def __init__(self, card: Personalisation, application: Application, memory: Memory, random: Random) -> None:
        self._card = card
        self._random = random
        self._application = application
        self._memory = memory
        self._records: Records | None = None
        self._initiated = False
        self.commands = {(0x80, 0xA8): self._get_processing_options, (0x00, 0xB2): self._read_record}

    def file_control(self) -> bytes:
        return self._card.file_control(self._application, tlv.encode(0x9F38, PDOL_CONTACTLESS))

    def _get_processing_options(self, command: Command) -> bytes:
        if self._initiated:
            raise Refused(CONDITIONS_NOT_SATISFIED)
        data = command.data
        if data[:1] != b"\x83" or len(data) < 2 or data[1] != len(data) - 2:
            raise Refused(WRONG_DATA)
        values = values_of(PDOL_CONTACTLESS, data[2:])
        qualifiers = values[0x9F66]
        if not _has(qualifiers, _EMV_MODE):
            raise Refused(CONDITIONS_NOT_SATISFIED)
        verification = self._verification(qualifiers)
        self._initiated = True
        self._memory.atc += 1
        answer = self._cryptogram(values) | {0x9F6C: verification}
        if answer[0x9F27] == bytes((TC,)) or _has(qualifiers, _DATA_AUTHENTICATION_WHEN_ONLINE):
            self._sign(answer, values, verification)
        return tlv.encode(0x77, b"".join(tlv.encode(tag, answer[tag]) for tag in _PUBLIC if tag in answer))

    def _verification(self, qualifiers: bytes) -> bytes:
        """How the holder is to be verified, 9F6C. Raises Refused where the reader cannot."""
        if self._application.cdcvm:
            return _HOLDER_VERIFIED_ON_DEVICE
        if not _has(qualifiers, _CVM_REQUIRED):
            return _NOTHING
        if _has(qualifiers, _ONLINE_PIN):
            return _WANTS_ONLINE_PIN
        if _has(qualifiers, _SIGNATURE):
            return _WANTS_SIGNATURE
        raise Refused(TRY_ANOTHER_INTERFACE)

    def _cryptogram(self, values: dict[int, bytes]) -> dict[int, bytes]:
        may_approve = self._application.may_approve_offline(amount_minor(values))
        kind = TC if may_approve and not _has(values[0x9F66], _ONLINE_CRYPTOGRAM_REQUIRED) else ARQC
        cryptograms = self._card.cryptogram(self._application)
        answer = {
            0x82: self._application.interchange_profile,
            0x57: self._card.track2,
            0x5F34: bytes.fromhex(self._card.sequence),
            0x9F10: cryptograms.application_data(
                Verification(first=kind, pin_performed=self._application.cdcvm, tries_left=self._memory.tries_left)
            ),
            0x9F27: bytes((kind,)),
            0x9F36: self._memory.atc.to_bytes(2, "big"),
        }
        answer[0x9F26] = cryptograms.cryptogram(values | answer)
        return answer | ({0x9F6E: self._application.form_factor} if self._application.form_factor else {})

    def _sign(self, answer: dict[int, bytes], values: dict[int, bytes], verification: bytes) -> None:
        """fDDA (Book C-3, annex C): the signature covers the amount, the currency and, by 9F69, the qualifiers too."""
        related = _VERSION + self._random(4) + verification
        number = b"\x02" + answer[0x9F36]
        terminal_data = values[0x9F37] + values[0x9F02] + values[0x5F2A] + related
        answer[0x9F4B] = scheme.dynamic_signature(self._card.signing_key, number, terminal_data)
        records = self._card.contactless_records(self._application)
        records.files[3][-1] += tlv.encode(0x9F69, related)
        self._records = records
        answer[0x94] = records.locator

    def _read_record(self, command: Command) -> bytes:
        if self._records is None:
            raise Refused(CONDITIONS_NOT_SATISFIED)
        return read_record(self._records, command)


def _has(qualifiers: bytes, place: tuple[int, int]) -> bool:
    byte, bit = place
    return bool(qualifiers[byte] & bit)
