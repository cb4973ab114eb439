"""One Mastercard application tapped, as kernel 2 meets it (EMV Contactless Book C-2): M/Chip, EMV mode alone.

What a chip does, without PIN commands; the relay resistance protocol where the application's profile has it, and
RECOVER AC for an answer that did not arrive. A device that has verified its holder says so in its results.
"""

from __future__ import annotations

from emv import tlv
from tools.simulators.application import ContactApplication, Memory, Random
from tools.simulators.command import CONDITIONS_NOT_SATISFIED, WRONG_LENGTH, Command, Refused, values_of
from tools.simulators.personalisation import Application, Personalisation, Records

DRDOL = bytes.fromhex("9F37049F0206")
_RELAY_RESISTANCE = 0x01  # interchange profile, byte 2
# Least and most time to answer, time under way, in units of 100 microseconds
_TIMES = bytes.fromhex("000003E80018")


class MChipTap(ContactApplication):
    def __init__(self, card: Personalisation, application: Application, memory: Memory, random: Random) -> None:
        super().__init__(card, application, memory, random)
        self._noted.pin_performed = application.cdcvm
        self.commands = {
            (0x80, 0xA8): self._get_processing_options,
            (0x80, 0xEA): self._exchange_relay_resistance_data,
            (0x00, 0xB2): self._read_record,
            (0x80, 0xAE): self._generate_ac,
            (0x80, 0xD0): self._recover_ac,
        }

    def _get_processing_options(self, command: Command) -> bytes:
        super()._get_processing_options(command)
        self._records = self._tap_records()
        profile, locator = self._application.interchange_profile, self._records.locator
        return tlv.encode(0x77, tlv.encode(0x82, profile) + tlv.encode(0x94, locator))

    def _tap_records(self) -> Records:
        """SFI 2 what is signed, SFI 3 keys and certificates, SFI 4 the rest: no name, nothing of mag-stripe mode."""
        files = dict(self._card.contact_records(self._application).files)
        del files[1]
        public = tlv.encode(0x57, self._card.track2) + tlv.encode(0x9F51, DRDOL)
        if self._application.form_factor:
            public += tlv.encode(0x9F6E, self._application.form_factor)
        return Records(files | {4: [public]}, signed=2)

    def _exchange_relay_resistance_data(self, command: Command) -> bytes:
        self._require("initiated")
        if not self._application.interchange_profile[1] & _RELAY_RESISTANCE:
            raise Refused(CONDITIONS_NOT_SATISFIED)
        if len(command.data) != 4:
            raise Refused(WRONG_LENGTH)
        answer = self._random(4) + _TIMES
        self._also_signed = command.data + answer
        return tlv.encode(0x80, answer)

    def _generate_ac(self, command: Command) -> bytes:
        answer = super()._generate_ac(command)
        self._memory.torn = (self._transaction_data, answer)
        return answer

    def _recover_ac(self, command: Command) -> bytes:
        """The last answer once more, for the number and the amount that it was made for."""
        self._require("initiated")
        if self._memory.torn is None:
            raise Refused(CONDITIONS_NOT_SATISFIED)
        asked, answer = self._memory.torn
        for value in values_of(DRDOL, command.data).values():
            if value not in asked:
                raise Refused(CONDITIONS_NOT_SATISFIED)
        self._state = "over"
        return answer
