"""Why a payment ended as it did: the reader's trace (emv/trace.py) as exchanges, decisions and the bits they set."""

from __future__ import annotations

from dataclasses import dataclass

import cbor2

from emv.generated.bits import BITS
from emv.generated.rules import RULES
from host.payment.card_exchange import Exchange, Node, flat, read

TVR, TSI = 0x95, 0x9B
LENGTHS = {TVR: 5, TSI: 2}


class BadTrace(ValueError):
    """They did wrong: what the reader sent is no trace."""


@dataclass(frozen=True)
class Bit:
    """One bit of TVR or TSI. `byte` counts from 1 at the left, `number` from 8 (left) to 1, as the books do."""

    register: int
    byte: int
    number: int

    @property
    def text(self) -> str:
        key = self.register << 16 | self.byte << 8 | 1 << self.number - 1
        return BITS[key][1] if key in BITS else ""

    @property
    def defined(self) -> bool:
        return self.text != ""


@dataclass(frozen=True)
class Decision:
    """`apdu` is the index of the exchange that brought the data looked at; None: the terminal's own."""

    step: str
    rule: str
    bit: Bit | None
    tags: tuple[int, ...]
    apdu: int | None

    @property
    def text(self) -> str:
        return RULES[self.rule][0] if self.rule in RULES else self.rule.replace("_", " ").capitalize()

    @property
    def paragraph(self) -> str:
        return RULES[self.rule][1] if self.rule in RULES else ""


@dataclass(frozen=True)
class Explanation:
    exchanges: tuple[Exchange, ...]
    decisions: tuple[Decision, ...]

    def looked_at(self, decision: Decision) -> list[Node]:
        """The objects that the decision was based on; a value that never crossed to or from the card is empty."""
        brought = self.exchanges[decision.apdu].data if decision.apdu is not None else ()
        crossed = [flat((*exchange.asked, *exchange.data)) for exchange in self.exchanges]
        known = {node.tag: node for nodes in reversed(crossed) for node in nodes} | {
            node.tag: node for node in flat(brought)
        }
        return [known.get(tag) or Node(tag, 0) for tag in decision.tags]

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
    except (cbor2.CBORDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadTrace(type(error).__name__) from None
    return Explanation(exchanges, decisions)


def _apdu(command: bytes, response: bytes, milliseconds: int) -> tuple[bytes, bytes, int]:
    if not (_are(bytes, command, response) and _are(int, milliseconds)) or len(command) < 4 or len(response) < 2:
        raise ValueError("no APDU")
    return command, response, milliseconds


def _decision(exchanges: int, step: str, rule: str, bit: int, tags: list[int], apdu: int) -> Decision:
    if not (_are(str, step, rule) and _are(int, bit, apdu, *tags)):
        raise ValueError("no decision")
    return Decision(step, rule, _bit(bit), tuple(tags), apdu if 0 <= apdu < exchanges else None)


def _are(kind: type, *values: object) -> bool:
    return all(isinstance(value, kind) for value in values)


def _bit(code: int) -> Bit | None:
    """0x950240 is register 95, byte 2, bit 7. None for none, or for one of another object."""
    register, byte, mask = code >> 16, code >> 8 & 0xFF, code & 0xFF
    known = register in LENGTHS and 1 <= byte <= LENGTHS[register] and mask != 0
    return Bit(register, byte, len(f"{mask:b}")) if known else None
