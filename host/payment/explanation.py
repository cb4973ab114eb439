"""Why a payment ended as it did: the reader's trace (emv/trace.py) as exchanges, decisions and the bits they set."""

from __future__ import annotations

from dataclasses import dataclass, field

import cbor2

from emv.generated.bits import BITS
from emv.generated.rules import RULES
from emv.generated.tags import TAGS
from host.payment.card_exchange import Exchange, Node, flat, read
from host.web.words import LANGUAGES

TVR, TSI = 0x95, 0x9B
LENGTHS = {TVR: 5, TSI: 2}
REGISTERS = {TVR: "TVR", TSI: "TSI"}
NOISE = ("byte", "octet", "bit")  # said around the numbers of a bit


class BadTrace(ValueError):
    """They did wrong: what the reader sent is no trace."""


@dataclass(frozen=True)
class Bit:
    """One bit of TVR or TSI. `byte` counts from 1 at the left, `number` from 8 (left) to 1, as the books do."""

    register: int
    byte: int
    number: int

    @classmethod
    def named(cls, name: str) -> Bit:
        """From "95.4.8", "tvr 4 8" or "TVR byte 4 bit 8". Raises ValueError when there is no such bit."""
        words = [word for word in name.lower().replace(".", " ").replace(",", " ").split() if word not in NOISE]
        names = {f"{register:x}": register for register in LENGTHS} | {REGISTERS[key].lower(): key for key in LENGTHS}
        if len(words) != 3 or words[0] not in names or not (words[1].isdecimal() and words[2].isdecimal()):
            raise ValueError(name)
        bit = cls(names[words[0]], int(words[1]), int(words[2]))
        if not (1 <= bit.byte <= LENGTHS[bit.register] and 1 <= bit.number <= 8):
            raise ValueError(name)
        return bit

    @property
    def name(self) -> str:
        return f"{self.register:X}.{self.byte}.{self.number}"

    @property
    def _key(self) -> int:
        return self.register << 16 | self.byte << 8 | 1 << self.number - 1

    @property
    def defined(self) -> bool:
        return self._key in BITS

    def text(self, language: str) -> str:
        return BITS[self._key][1][LANGUAGES.index(language)] if self.defined else ""


@dataclass(frozen=True)
class Input:
    """What a decision looked at; `apdu` is the index of the exchange that brought it, None: none did."""

    node: Node
    apdu: int | None

    @property
    def source(self) -> str:
        """Whose it is: "card", "issuer" or "terminal"."""
        known = TAGS[self.node.tag][1] if self.node.tag in TAGS else ""
        return "card" if self.apdu is not None else "issuer" if known == "issuer" else "terminal"


@dataclass(frozen=True)
class Decision:
    """`apdu` is the index of the exchange that brought the latest of what was looked at; None: none of the card's."""

    step: str
    rule: str
    bit: Bit | None
    tags: tuple[int, ...]
    apdu: int | None

    def text(self, language: str) -> str:
        if self.rule not in RULES:
            return self.rule.replace("_", " ").capitalize()
        return RULES[self.rule][0][LANGUAGES.index(language)]

    @property
    def paragraph(self) -> str:
        return RULES[self.rule][1] if self.rule in RULES else ""


@dataclass(frozen=True)
class Explanation:
    """The account of one transaction, as data: the till's page and `zinc explain` show it, each in its way.

    `objects` are the terminal's, as the reader told them: tag -> value.
    """

    exchanges: tuple[Exchange, ...]
    decisions: tuple[Decision, ...]
    objects: dict[int, bytes] = field(default_factory=dict)

    def inputs(self, decision: Decision) -> list[Input]:
        """What the decision looked at, as it was then; what nobody told has no value."""
        return [self._input(decision, tag) for tag in decision.tags]

    def _input(self, decision: Decision, tag: int) -> Input:
        if tag in LENGTHS:
            return Input(Node(tag, LENGTHS[tag], self._register_before(tag, decision)), None)
        last = decision.apdu if decision.apdu is not None else len(self.exchanges) - 1
        brought = _latest(self.exchanges[: last + 1], tag) if tag not in self.objects else None
        if brought is not None:
            return brought
        value = self.objects.get(tag)
        if value is not None:
            return Input(Node(tag, len(value), value), None)
        sent = [node for exchange in self.exchanges for node in exchange.asked if node.tag == tag]
        return Input(sent[-1] if sent else Node(tag, 0), None)

    def _register_before(self, register: int, decision: Decision) -> bytes:
        octets = bytearray(LENGTHS[register])
        for earlier in self.decisions:
            if earlier is decision:
                break
            if earlier.bit is not None and earlier.bit.register == register:
                octets[earlier.bit.byte - 1] |= 1 << earlier.bit.number - 1
        return bytes(octets)

    def led_to(self, decision: Decision) -> list[Decision]:
        """The decisions of the same step before it, back to the last that set a bit: what the rule followed from."""
        at = next(place for place, each in enumerate(self.decisions) if each is decision)
        found: list[Decision] = []
        for earlier in reversed(self.decisions[:at]):
            if earlier.step != decision.step or earlier.bit is not None:
                break
            found.insert(0, earlier)
        return found

    def steps(self) -> list[tuple[str, list[Decision]]]:
        """Decisions by step, in the order in which they were taken."""
        found: list[tuple[str, list[Decision]]] = []
        for decision in self.decisions:
            if not found or found[-1][0] != decision.step:
                found.append((decision.step, []))
            found[-1][1].append(decision)
        return found

    def setters(self, register: int) -> dict[Bit, Decision]:
        """The bits that are set, each with the first decision that set it; in the order of the register."""
        found: dict[Bit, Decision] = {}
        for decision in self.decisions:
            if decision.bit is not None and decision.bit.register == register:
                found.setdefault(decision.bit, decision)
        return dict(sorted(found.items(), key=lambda item: (item[0].byte, -item[0].number)))

    def value(self, register: int) -> bytes:
        octets = bytearray(LENGTHS[register])
        for bit in self.setters(register):
            octets[bit.byte - 1] |= 1 << bit.number - 1
        return bytes(octets)


def explain(trace: bytes) -> Explanation:
    """`trace` is what ReaderClient.trace gives. Raises BadTrace."""
    try:
        told = cbor2.loads(trace)
        exchanges = read([_apdu(*apdu) for apdu in told["apdus"]])
        decisions = tuple(_decision(len(exchanges), *row) for row in told["decisions"])
        objects = dict(_object(*row) for row in told.get("objects", ()))
    except (cbor2.CBORDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadTrace(type(error).__name__) from None
    return Explanation(exchanges, decisions, objects)


def _latest(exchanges: tuple[Exchange, ...], tag: int) -> Input | None:
    """The card's last answer that holds the object."""
    for exchange in reversed(exchanges):
        for node in flat(exchange.data):
            if node.tag == tag:
                return Input(node, exchange.index)
    return None


def _apdu(command: bytes, response: bytes, milliseconds: int) -> tuple[bytes, bytes, int]:
    if not (_are(bytes, command, response) and _are(int, milliseconds)) or len(command) < 4 or len(response) < 2:
        raise ValueError("no APDU")
    return command, response, milliseconds


def _decision(exchanges: int, step: str, rule: str, bit: int, tags: list[int], apdu: int) -> Decision:
    if not (_are(str, step, rule) and _are(int, bit, apdu, *tags)):
        raise ValueError("no decision")
    return Decision(step, rule, _bit(bit), tuple(tags), apdu if 0 <= apdu < exchanges else None)


def _object(tag: int, value: bytes) -> tuple[int, bytes]:
    if not (_are(int, tag) and _are(bytes, value)):
        raise ValueError("no object")
    return tag, value


def _are(kind: type, *values: object) -> bool:
    return all(isinstance(value, kind) for value in values)


def _bit(code: int) -> Bit | None:
    """0x950240 is register 95, byte 2, bit 7. None for none, or for one of another object."""
    register, byte, mask = code >> 16, code >> 8 & 0xFF, code & 0xFF
    known = register in LENGTHS and 1 <= byte <= LENGTHS[register] and mask != 0
    return Bit(register, byte, len(f"{mask:b}")) if known else None
