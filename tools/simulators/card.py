"""A simulated card: C-APDUs in, what a real card would say out. It keeps counter and PIN tries while it lives."""

from __future__ import annotations

import os
from functools import reduce
from operator import xor

from emv import tlv
from tools.simulators import personalisation
from tools.simulators.application import ContactApplication, Memory, Random
from tools.simulators.command import (
    CLASS_NOT_SUPPORTED,
    CONDITIONS_NOT_SATISFIED,
    INSTRUCTION_NOT_SUPPORTED,
    NOT_FOUND,
    WRONG_PARAMETERS,
    Command,
    Refused,
    read_record,
)
from tools.simulators.contactless import ContactlessApplication
from tools.simulators.mchip import MChipTap
from tools.simulators.personalisation import Application, Personalisation, Records

_SELECT = (0x00, 0xA4)
_GET_RESPONSE = 0xC0
_CLASSES = (0x00, 0x80)
_DIRECTORY = {"contact": b"1PAY.SYS.DDF01", "contactless": b"2PAY.SYS.DDF01"}
_memories: dict[str, Memory] = {}
_MASTERCARD = bytes.fromhex("A000000004")


class SimulatedCard:
    """`t0` makes its contact side behave as a T=0 card: 61xx and 6Cxx instead of data at once (ISO 7816-3)."""

    def __init__(
        self, card: Personalisation, t0: bool = False, random: Random = os.urandom, memory: Memory | None = None
    ) -> None:
        self.personalisation = card
        self._t0 = t0
        self._random = random
        self._memory = memory or Memory(card.pin_tries)
        self._interface = ""
        self._selected: Directory | ContactApplication | ContactlessApplication | None = None
        self._matched = -1  # place of the selected name among `_names`
        self._pending = b""  # T=0: what GET RESPONSE will fetch

    @classmethod
    def load(cls, name: str, t0: bool = False) -> SimulatedCard:
        """The card of cards/NAME.toml. There is one of each: whoever loads it meets its counter and PIN tries again."""
        card = personalisation.load(name)
        return cls(card, t0, memory=_memories.setdefault(name, Memory(card.pin_tries)))

    @property
    def pin(self) -> str:
        """What its holder remembers; "" for a device that asks for none."""
        return self.personalisation.pin

    def power_on(self, interface: str) -> bytes:
        """Reset over "contact" or "contactless": the ATR. Raises ValueError where the card has no such side."""
        if not getattr(self.personalisation, interface):
            raise ValueError(f"{self.personalisation.name} has no {interface} side")
        self._interface = interface
        self._selected = None
        self._matched = -1
        self._pending = b""
        if interface == "contactless":
            return bytes.fromhex("3B8F80018031E06B04310502DD555555555555CE")
        return bytes.fromhex("3B600000") if self._t0 else _with_check(bytes.fromhex("3BE000008131FE45"))

    def transmit(self, apdu: bytes) -> bytes:
        """One C-APDU: the R-APDU with its status word."""
        if self._t0 and self._interface == "contact":
            return self._transmit_t0(apdu)
        try:
            return self._answer(apdu) + b"\x90\x00"
        except Refused as refusal:
            return refusal.status.to_bytes(2, "big")

    def _answer(self, apdu: bytes) -> bytes:
        command = Command.parse(apdu)
        if command.cla not in _CLASSES:
            raise Refused(CLASS_NOT_SUPPORTED)
        if command[:2] == _SELECT:
            return self._select(command.p1, command.p2, command.data)
        execute = self._selected.commands.get(command[:2]) if self._selected else None
        if execute is None:
            raise Refused(INSTRUCTION_NOT_SUPPORTED)
        return execute(command)

    def _applications(self) -> tuple[Application, ...]:
        return getattr(self.personalisation, self._interface)

    def _select(self, p1: int, p2: int, name: bytes) -> bytes:
        """By name, whole or the beginning of an application's (Book 1, 11.3.5 and 12.3.1)."""
        if p1 != 0x04 or p2 not in (0x00, 0x02):
            raise Refused(WRONG_PARAMETERS)
        if name == _DIRECTORY[self._interface]:
            self._selected = Directory(self.personalisation, self._interface)
            return self._selected.file_control()
        applications = self._applications()
        start = self._matched + 1 if p2 == 0x02 else 0
        for place in range(start, len(applications)):
            if len(name) >= 5 and applications[place].aid.startswith(name):
                self._matched = place
                selected = self._made(applications[place].aid)(
                    self.personalisation, applications[place], self._memory, self._random
                )
                self._selected = selected
                return selected.file_control()
        raise Refused(NOT_FOUND)

    def _made(self, aid: bytes) -> type[ContactApplication | ContactlessApplication]:
        """How an application behaves: on a tap by its scheme."""
        if self._interface == "contact":
            return ContactApplication
        return MChipTap if aid.startswith(_MASTERCARD) else ContactlessApplication

    def _transmit_t0(self, apdu: bytes) -> bytes:
        if len(apdu) == 5 and apdu[1] == _GET_RESPONSE:
            return self._get_response(apdu[4])
        has_body = len(apdu) > 5
        try:
            data = self._answer(apdu)
        except Refused as refusal:
            return refusal.status.to_bytes(2, "big")
        if not data:
            return b"\x90\x00"
        if has_body:
            self._pending = data
            return bytes((0x61, len(data)))
        return data + b"\x90\x00" if apdu[4] == len(data) else bytes((0x6C, len(data)))

    def _get_response(self, length: int) -> bytes:
        pending = self._pending
        if not pending:
            return CONDITIONS_NOT_SATISFIED.to_bytes(2, "big")
        if length != len(pending):
            return bytes((0x6C, len(pending)))
        self._pending = b""
        return pending + b"\x90\x00"


class Directory:
    """PSE (Book 1, 12.2) on contact, PPSE (Contactless Book B, 3.3.1) on contactless: which applications there are."""

    def __init__(self, card: Personalisation, interface: str) -> None:
        self._card = card
        self._interface = interface
        entries = b"".join(tlv.encode(0x61, _entry(row)) for row in getattr(card, interface))
        self._entries = entries
        self._records = Records({1: [entries]}, signed=0)
        self.commands = {(0x00, 0xB2): self._read_record} if interface == "contact" else {}

    def file_control(self) -> bytes:
        if self._interface == "contact":
            proprietary = tlv.encode(0x88, b"\x01") + tlv.encode(0x5F2D, self._card.language.encode())
        else:
            proprietary = tlv.encode(0xBF0C, self._entries)
        name = tlv.encode(0x84, _DIRECTORY[self._interface])
        return tlv.encode(0x6F, name + tlv.encode(0xA5, proprietary))

    def _read_record(self, command: Command) -> bytes:
        return read_record(self._records, command)


def _entry(application: Application) -> bytes:
    return (
        tlv.encode(0x4F, application.aid)
        + tlv.encode(0x50, application.label.encode())
        + tlv.encode(0x87, bytes((application.priority,)))
    )


def _with_check(atr: bytes) -> bytes:
    """ISO 7816-3, 8.2.5: TCK is the exclusive or of all from T0 on."""
    return atr + bytes((reduce(xor, atr[1:]),))
