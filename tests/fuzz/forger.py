"""Cards with certificates that their terminal believes, one of them with a lie in it (tests/support/forged_card.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import tlv
from tests.fuzz import values
from tests.fuzz.cards import MadeUpCard
from tests.support import forged_card

if TYPE_CHECKING:
    from typing import Any

    from tests.fuzz.chance import Chance

_LIES: tuple[dict, ...] = (
    {},
    {"trailer": 0xBD},
    {"header": 0x6B},
    {"form": 9},
    {"hash_algorithm": 2},
    {"digest": bytes(20)},
    {"key_algorithm": 2},
    {"exponent": b"\x05"},
    {"exponent_length": 3},
    {"key_length": 129},
    {"key_length": 1},
    {"date": "1026"},
    {"date": "1349"},
    {"subject": "4970101234567811FFFF"},
)


class Forger(MadeUpCard):
    def __init__(self, chance: Chance, known: list[bytes]) -> None:
        MadeUpCard.__init__(self, chance, known)
        self._names = [forged_card.RID + b"\x10\x10"]
        self._spoils = 100

    def _write_records(self) -> list[bytes]:
        chance = self.chance
        self._account = forged_card.PAN
        told = {0x5A: forged_card.PAN, 0x5F24: b"\x49\x12\x31", 0x8F: b"\xf1", 0x9F49: b"\x9f\x37\x04"}
        for tag in (0x8C, 0x8D, 0x8E, 0x9F69):
            told[tag] = values.value(tag, chance)
        makers = [forged_card.issuer_certificate, forged_card.card_certificate, forged_card.pin_certificate]
        liar = chance.choice(makers)
        for make in makers:
            told.update(make(**chance.choice(_LIES)) if make is liar else make())
        told[0x93] = forged_card.static_signature(b"", **chance.choice(_LIES[:6]))
        coded = [tlv.encode(tag, told[tag]) for tag in sorted(told)]
        return [tlv.encode(0x70, each) + b"\x90\x00" for each in coded]

    def _options(self) -> bytes:
        profile = self.chance.choice(
            (b"\x20\x00", b"\x19\x80") if self._tap else (b"\x3c\x00", b"\x5c\x00", b"\x3d\x00")
        )
        content = tlv.encode(0x82, profile) + tlv.encode(0x94, bytes((0x10, 1, len(self._records), 0)))
        if profile == b"\x20\x00":
            content += self._some((0x9F10, 0x9F26, 0x9F27, 0x9F36, 0x9F6C)) + tlv.encode(0x9F4B, self._sign(b""))
            content += tlv.encode(0x57, forged_card.PAN + b"\xd4\x91\x22\x01")
        return tlv.encode(0x77, content) + b"\x90\x00"

    def _say(self, command: bytes) -> bytes:
        if command[1] == 0x88:
            return tlv.encode(0x80, self._sign(command[5:-1])) + b"\x90\x00"
        return MadeUpCard._say(self, command)

    def _cryptogram(self, asked: int) -> bytes:
        if not asked & 0x10:
            return MadeUpCard._cryptogram(self, asked)
        chance = self.chance
        kind = asked & 0xC0
        lies: dict[str, Any] = dict(chance.choice(_LIES[:6]))
        if chance.once_in(2):
            lies = {"signed_kind": chance.choice((0x00, 0x40, 0x80))}
        return forged_card.cda_answer(chance.bytes(4), chance.bytes(4), kind, **lies) + b"\x90\x00"

    def _sign(self, terminal_data: bytes) -> bytes:
        dynamic_data = self.chance.choice((b"\x08" + bytes(8), b"\x08", b"\xff" + bytes(3), b"", b"\x02\x00\x01"))
        return forged_card.dynamic_signature(dynamic_data, terminal_data, **self.chance.choice(_LIES[:6]))
