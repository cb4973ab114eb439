"""Hostile cards: those of tests/cards with something wrong, cards made up of plausible objects, and mere noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import tlv
from tests.fuzz import spoil, values

if TYPE_CHECKING:
    from tests.fuzz.chance import Chance

    Reply = tuple[bytes, int, int, int] | None

_TIMES = (0, 1, 60, 90, 400, 1200, 65535, 10**9)  # in units of 100 microseconds
_NOT_FOUND = b"\x6a\x82"
_MANDATORY = (0x5A, 0x5F24, 0x8C, 0x8D)
_OF_TAPS = tuple([bytes.fromhex(profile) for profile in ("1980", "1981", "1B80", "1B81", "2000", "0000")])
_SELECT, _READ_RECORD, _GENERATE_AC, _RECOVER_AC, _GET_RESPONSE = 0xA4, 0xB2, 0xAE, 0xD0, 0xC0


class Card:
    """`leaves_at`: the command at which it is gone, counted from 0; -1: it stays."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.commands = 0
        self.leaves_at = chance.below(24) if chance.once_in(6) else -1
        self.keeps_time = chance.once_in(2)

    def transmit(self, command: bytes) -> Reply:
        self.commands += 1
        if self.commands - 1 == self.leaves_at:
            return None
        response = self.answer(command)
        if len(response) < 2:
            return None
        took = self.chance.choice(_TIMES) if self.keeps_time else 0
        return response[:-2], response[-2], response[-1], took

    def answer(self, command: bytes) -> bytes:
        raise NotImplementedError


class KnownCard(Card):
    """Says what a real card said to commands that begin so, in their order and the last of them again; a few of these
    answers are spoiled. Commands that it never got have none."""

    def __init__(self, exchange: list[list], chance: Chance, wrong: int) -> None:
        Card.__init__(self, chance)
        said = [bytes.fromhex(row[1]) or b"\x6f\x00" for row in exchange]
        for _ in range(wrong if said else 0):
            at = chance.below(len(said))
            said[at] = chance.choice(said) if chance.once_in(10) else spoil.answer(said[at], chance)
        self._said: dict[bytes, list[bytes]] = {}
        for row, response in zip(exchange, said):
            self._said.setdefault(_beginning(bytes.fromhex(row[0])), []).append(response)

    def answer(self, command: bytes) -> bytes:
        if command[1] == _RECOVER_AC and self.chance.below(3):
            command = b"\x80\xae\x80\x00"
        left = self._said.get(_beginning(command)) or self._other_reference(command)
        if not left:
            return _NOT_FOUND if command[1] == _SELECT else self.chance.choice(spoil.STATUS_WORDS)
        return left.pop(0) if len(left) > 1 else left[0]

    def _other_reference(self, command: bytes) -> list[bytes]:
        """A cryptogram of another kind is better than none."""
        if command[1] == _GENERATE_AC:
            for reference in (0x00, 0x40, 0x80, 0x50, 0x90):
                if bytes((0x80, _GENERATE_AC, reference, 0)) in self._said:
                    return self._said[bytes((0x80, _GENERATE_AC, reference, 0))]
        return []


def _beginning(command: bytes) -> bytes:
    """What tells commands apart: of SELECT the name too."""
    return command[: 5 + command[4]] if command[1] == _SELECT and len(command) > 5 else command[:4]


class MadeUpCard(Card):
    """Follows the order of the books with objects of its own; once in a while an answer is spoiled."""

    def __init__(self, chance: Chance, known: list[bytes]) -> None:
        Card.__init__(self, chance)
        self._spoils = chance.choice((0, 20, 50, 100))
        self._names = [chance.choice(known or values.NAMES) for _ in range(chance.between(1, 3))]
        self._directory = b""
        self._account = values.account(chance)
        self._tap = False
        self._records = self._write_records()
        self._parts: list[bytes] = []
        self._in_parts = chance.once_in(8)

    def answer(self, command: bytes) -> bytes:
        response = self._parts.pop(0) if command[1] == _GET_RESPONSE and self._parts else self._say(command)
        if self._in_parts and len(response) > 40 and not self._parts:
            self._parts = [response[20:]]
            response = response[:20] + b"\x61\x20"
        return spoil.answer(response, self.chance) if self._spoils and self.chance.once_in(self._spoils) else response

    def _say(self, command: bytes) -> bytes:
        chance = self.chance
        instruction = command[1]
        if instruction == _SELECT:
            return self._select(command)
        if instruction == _READ_RECORD:
            return self._read(command)
        if instruction == 0xA8:
            return self._options()
        if instruction in (_GENERATE_AC, _RECOVER_AC):
            return self._cryptogram(command[2])
        if instruction == 0xCA:
            tag = command[2] << 8 | command[3]
            return self._object(tag) + b"\x90\x00" if chance.below(5) else b"\x6a\x88"
        if instruction == 0x88:
            return tlv.encode(0x80, values.value(0x9F4B, chance)) + b"\x90\x00"
        if instruction == 0xEA:
            times = chance.choice(("000003E80018", "0000000A0018", "7FFF7FFF0018", "000000000000", "FFFFFFFFFFFF"))
            return b"\x80\x0a" + chance.bytes(4) + bytes.fromhex(times) + b"\x90\x00"
        if instruction == 0x84:
            return chance.bytes(8) + b"\x90\x00"
        return chance.choice((b"\x90\x00", b"\x90\x00", b"\x63\x00", b"\x6a\x80", b"\x63\xc1"))

    def _object(self, tag: int) -> bytes:
        return tlv.encode(tag, values.value(tag, self.chance))

    def _some(self, tags: tuple[int, ...]) -> bytes:
        """Most of them, in this order."""
        return b"".join([self._object(tag) for tag in tags if self.chance.below(12)])

    def _select(self, command: bytes) -> bytes:
        name = command[5 : 5 + command[4]]
        if name.endswith(b"PAY.SYS.DDF01"):
            self._tap = name[:1] == b"2"
            entries = b"".join(
                [tlv.encode(0x61, tlv.encode(0x4F, own) + self._some((0x50, 0x87))) for own in self._names]
            )
            if self.chance.once_in(4):
                entries += tlv.encode(0x61, self._some((0x4F, 0x50, 0x9F2A, 0x9F12)))
            inner = tlv.encode(0xBF0C, entries) if self._tap else b"\x88\x01\x01" + self._some((0x5F2D, 0x9F11))
            self._directory = tlv.encode(0x70, entries) + b"\x90\x00"
            return tlv.encode(0x6F, tlv.encode(0x84, name) + tlv.encode(0xA5, inner)) + b"\x90\x00"
        if self.chance.once_in(16):
            return _NOT_FOUND
        self._directory = b""
        # Without the TTQ no kernel 3 goes on; without objects to fill in few others do.
        pdol = tlv.encode(0x9F38, b"\x9f\x66\x04\x9f\x37\x04") if self._tap else self._some((0x9F38,))
        inner = self._some((0x50, 0x87)) + pdol + self._some((0x5F2D, 0x9F11, 0x9F12, 0x9F5D))
        return tlv.encode(0x6F, tlv.encode(0x84, name) + tlv.encode(0xA5, inner)) + b"\x90\x00"

    def _write_records(self) -> list[bytes]:
        chance = self.chance
        tags = [0x5A, 0x5F24, 0x8C, 0x8D, 0x8E, 0x9F07, 0x9F08, 0x5F28, 0x9F42, 0x9F0D, 0x9F0E, 0x9F0F, 0x9F4A]
        tags += [0x8F, 0x9F32, 0x9F47, 0x9F49, 0x5F34, 0x9F51, 0x90, 0x9F46, 0x9F14, 0x9F23, 0x5F25, 0x93, 0x97, 0x9F69]
        records = [b""]
        for tag in tags:
            if chance.once_in(40 if tag in _MANDATORY else 7):
                continue
            coded = tlv.encode(tag, self._account) if tag == 0x5A and chance.below(8) else self._object(tag)
            if len(records[-1]) + len(coded) > 240:
                records.append(b"")
            records[-1] += coded
        return [tlv.encode(0x70, record) + b"\x90\x00" for record in records]

    def _read(self, command: bytes) -> bytes:
        number = command[2]
        if self._directory:
            return self._directory if number == 1 else b"\x6a\x83"
        return self._records[number - 1] if number <= len(self._records) else b"\x6a\x83"

    def _options(self) -> bytes:
        chance = self.chance
        if chance.once_in(16):
            return chance.choice((b"\x69\x85", b"\x69\x84", b"\x69\x86", b"\x6a\x81"))
        profile = chance.choice(_OF_TAPS) if self._tap and chance.below(8) else values.value(0x82, chance)
        afl = bytes((0x10, 1, len(self._records), chance.choice((0, 1, len(self._records)))))
        if chance.once_in(12):
            afl = values.locator(chance)
        if not self._tap and chance.once_in(2):
            return tlv.encode(0x80, profile + afl) + b"\x90\x00"
        content = tlv.encode(0x82, profile) + tlv.encode(0x94, afl)
        if self._tap and chance.below(3):
            content += tlv.encode(0x57, bytes.fromhex(self._account.hex()[:16] + "D27122010000012300"))
            content += self._some((0x9F10, 0x9F26, 0x9F27, 0x9F36, 0x9F6C, 0x9F6E, 0x9F4B))
        return tlv.encode(0x77, content) + b"\x90\x00"

    def _cryptogram(self, asked: int) -> bytes:
        chance = self.chance
        kind = chance.choice((asked & 0xC0, asked & 0xC0, 0x80 if asked & 0xC0 else 0, 0x00, chance.below(256)))
        head = bytes((kind,)), values.value(0x9F36, chance), values.value(0x9F26, chance), values.value(0x9F10, chance)
        if chance.once_in(2):
            return tlv.encode(0x80, b"".join(head)) + b"\x90\x00"
        coded = [tlv.encode(tag, value) for tag, value in zip((0x9F27, 0x9F36, 0x9F26, 0x9F10), head)]
        more = self._some((0x9F4B,)) if asked & 0x10 else self._some((0xDF4B,)) if chance.once_in(4) else b""
        return tlv.encode(0x77, b"".join(coded) + more) + b"\x90\x00"


class Noise(Card):
    """Any bytes, to anything."""

    def answer(self, command: bytes) -> bytes:
        chance = self.chance
        if chance.once_in(4):
            return spoil.answer(b"\x6f\x00", chance)
        return chance.bytes(chance.below(40)) + chance.choice(spoil.STATUS_WORDS)


class Loop(Card):
    """The same again and again, or one of two: 61xx, 6Cxx, 9000."""

    def __init__(self, chance: Chance) -> None:
        Card.__init__(self, chance)
        self._said = [chance.bytes(chance.choice((0, 1, 255, 256))) + chance.choice(spoil.STATUS_WORDS) for _ in "ab"]

    def answer(self, command: bytes) -> bytes:
        return self.chance.choice(self._said)


class Abyss(MadeUpCard):
    """Templates nested hundreds deep, as many as nine answers hold, handed out by GET RESPONSE in place of one."""

    def __init__(self, chance: Chance, known: list[bytes]) -> None:
        MadeUpCard.__init__(self, chance, known)
        self._falls_at = chance.below(8)

    def answer(self, command: bytes) -> bytes:
        if command[1] == _GET_RESPONSE or self.commands - 1 != self._falls_at:
            return MadeUpCard.answer(self, command)
        data = b""
        while len(data) < 2200:
            data = tlv.encode(0x70, data)
        parts = [data[at : at + 256] for at in range(0, len(data), 256)]
        self._parts = [part + b"\x61\xff" for part in parts[:-1]] + [parts[-1] + b"\x90\x00"]
        return self._parts.pop(0)


class Endless(MadeUpCard):
    """Names as many records as an AFL can, and has them all, empty or as long as they may be."""

    def __init__(self, chance: Chance, known: list[bytes]) -> None:
        MadeUpCard.__init__(self, chance, known)
        self._spoils = 0
        self._full = chance.once_in(2)

    def _options(self) -> bytes:
        afl = b"".join([bytes((file << 3, 1, 255, 0)) for file in range(1, 11)])
        return tlv.encode(0x77, tlv.encode(0x82, b"\x20\x80") + tlv.encode(0x94, afl)) + b"\x90\x00"

    def _read(self, command: bytes) -> bytes:
        if self._directory:
            return MadeUpCard._read(self, command)
        return (b"\x70\x81\xfc" + bytes(252) if self._full else b"\x70\x00") + b"\x90\x00"


def made(exchange: list[list], known: list[bytes], chance: Chance) -> Card:
    """One by chance, half of them like those of transcripts; `known`: the names that the terminal takes."""
    kind = chance.below(20)
    if kind < 10:
        return KnownCard(exchange, chance, chance.choice((0, 1, 1, 1, 2, 2, 3, 5)))
    if kind < 17:
        return MadeUpCard(chance, known)
    if kind == 17:
        return (Abyss if chance.once_in(2) else Endless)(chance, known)
    return Noise(chance) if kind == 18 else Loop(chance)
