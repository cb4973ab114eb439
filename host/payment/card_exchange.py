"""One command and the card's answer, read for a person: names of Book 3, 6.5 and ISO 7816-4, data as a tree of tags."""

from __future__ import annotations

from dataclasses import dataclass

from emv import tlv
from emv.dol import entries
from emv.errors import CardFault
from emv.generated.tags import TAGS
from emv.trace import REDACTED, RSA_BYTES

COMMANDS = {
    0x1E: "APPLICATION BLOCK",
    0x18: "APPLICATION UNBLOCK",
    0x16: "CARD BLOCK",
    0x20: "VERIFY",
    0x24: "PIN CHANGE/UNBLOCK",
    0x2A: "COMPUTE CRYPTOGRAPHIC CHECKSUM",
    0x82: "EXTERNAL AUTHENTICATE",
    0x84: "GET CHALLENGE",
    0x88: "INTERNAL AUTHENTICATE",
    0xA4: "SELECT",
    0xA8: "GET PROCESSING OPTIONS",
    0xAE: "GENERATE AC",
    0xB2: "READ RECORD",
    0xC0: "GET RESPONSE",
    0xCA: "GET DATA",
    0xDA: "PUT DATA",
    0xDC: "UPDATE RECORD",
}
CRYPTOGRAMS = {0x00: "AAC", 0x40: "TC", 0x80: "ARQC"}  # bits 8 and 7 of P1 and of tag 9F27
FORMAT_1 = {0xA8: (0x82, 0x94), 0xAE: (0x9F27, 0x9F36, 0x9F26, 0x9F10)}  # what tag 80 holds, Book 3, 6.5
FIXED_LENGTHS = {0x82: 2, 0x9F27: 1, 0x9F36: 2, 0x9F26: 8}
PDOL, CDOL1, CDOL2, DDOL, ISSUER_AUTHENTICATION, PIN = 0x9F38, 0x8C, 0x8D, 0x9F49, 0x91, 0x99
DF_NAME = 0x84
AFL, AID, CID = 0x94, (0x4F, 0x84, 0x9F06), 0x9F27
AMOUNTS = (0x9F02, 0x9F03, 0xDF8123, 0xDF8124, 0xDF8125, 0xDF8126)
BINARY_AMOUNTS = (0x81, 0x9F04, 0x9F1B)
DATES = (0x9A, 0x5F24, 0x5F25)


@dataclass(frozen=True)
class Node:
    """A data object. `value` is empty when it is a template; `hidden`: the reader kept the value for itself."""

    tag: int
    length: int
    value: bytes = b""
    hidden: bool = False
    children: tuple[Node, ...] = ()

    @property
    def name(self) -> str:
        return tag_name(self.tag)

    @property
    def shown(self) -> str:
        """The value as hexadecimal digits, or how much is hidden."""
        return f"•••• {self.length}" if self.hidden else self.value.hex().upper()

    @property
    def meaning(self) -> str:
        """What the value says, where that is more than its digits."""
        return "" if self.hidden or self.children else meaning(self.tag, self.value)


@dataclass(frozen=True)
class Exchange:
    """`sw` is 0x9000 and the like; `asked` and `data` are empty when the bytes are no objects."""

    index: int
    command: bytes
    response: bytes
    milliseconds: int
    asked: tuple[Node, ...] = ()  # the command's data, by the list that the card gave for it

    @property
    def name(self) -> str:
        return COMMANDS.get(self.command[1], f"INS {self.command[1]:02X}")

    @property
    def sw(self) -> int:
        return int.from_bytes(self.response[-2:], "big")

    @property
    def detail(self) -> str:
        """What the command asks for."""
        ins, p1, p2 = self.command[1:4]
        if ins == 0xA4:
            return _file_name(self.command[5 : 5 + self.command[4]]) if len(self.command) > 5 else ""
        if ins == 0xB2:
            return f"SFI {p2 >> 3}, {p1}"
        if ins == 0xAE:
            return CRYPTOGRAMS.get(p1 & 0xC0, "") + (" + CDA" if p1 & 0x10 else "")
        if ins == 0xCA:
            return tag_name(p1 << 8 | p2)
        return ""

    @property
    def shown(self) -> str:
        """The command as hexadecimal digits; a PIN in it is left out."""
        hidden = any(node.hidden for node in self.asked)
        return self.command[:5].hex(" ").upper() + " ••••" if hidden else self.command.hex(" ").upper()

    @property
    def data(self) -> tuple[Node, ...]:
        body = self.response[:-2]
        try:
            found = tuple(_node(body, *place) for place in tlv.children(body))
        except CardFault:
            return ()
        if len(found) == 1 and found[0].tag == 0x80 and not found[0].hidden:
            return _format_1(self.command[1], found[0]) or found
        return found


def read(apdus: list[tuple[bytes, bytes, int]]) -> tuple[Exchange, ...]:
    """`apdus`: command, response with status word, milliseconds. Each command is read by what the card said before."""
    lists: dict[int, bytes] = {}
    found: list[Exchange] = []
    for index, (command, response, milliseconds) in enumerate(apdus):
        exchange = Exchange(index, command, response, milliseconds, _asked(command, lists))
        for node in flat(exchange.data):
            if node.tag in (PDOL, CDOL1, CDOL2, DDOL):
                lists[node.tag] = node.value
        if command[1] == 0xAE and CDOL2 in lists:
            lists[CDOL1] = lists[CDOL2]  # the second GENERATE AC follows the second list
        found.append(exchange)
    return tuple(found)


def tag_name(tag: int) -> str:
    return TAGS[tag][0] if tag in TAGS else ""


def meaning(tag: int, value: bytes) -> str:
    form = TAGS[tag][2] if tag in TAGS else ""
    if tag == CID and value:
        return CRYPTOGRAMS.get(value[0] & 0xC0, "")
    if tag in AMOUNTS:
        return f"{int(value.hex()) / 100:.2f}" if value.hex().isdecimal() else ""
    if tag in BINARY_AMOUNTS:
        return f"{int.from_bytes(value, 'big') / 100:.2f}"
    if tag in DATES and len(value) == 3:
        return f"20{value[0]:02x}-{value[1]:02x}-{value[2]:02x}"
    if tag == AFL:
        return "; ".join(f"SFI {value[at] >> 3}: {value[at + 1]}–{value[at + 2]}" for at in range(0, len(value) - 3, 4))
    if form == "dol":
        return _list_of_objects(value)
    if form in ("an", "ans", "a") or tag in AID:
        return _printable(value)
    return ""


def _asked(command: bytes, lists: dict[int, bytes]) -> tuple[Node, ...]:
    ins, data = command[1], command[5 : 5 + command[4]] if len(command) > 5 else b""
    if ins == 0x20 and data:
        return (Node(PIN, len(data), data, hidden=True),)
    if ins == 0xA4 and data:
        return (Node(DF_NAME, len(data), data),)
    if ins == 0x82 and data:
        return (Node(ISSUER_AUTHENTICATION, len(data), data),)
    if ins == 0xA8:
        return _by_list(lists.get(PDOL, b""), data[2:])
    return _by_list(lists.get({0xAE: CDOL1, 0x88: DDOL}.get(ins, 0), b""), data)


def _by_list(dol: bytes, data: bytes) -> tuple[Node, ...]:
    nodes, at = [], 0
    for tag, length in _entries(dol):
        nodes.append(Node(tag, length, data[at : at + length]))
        at += length
    return tuple(nodes) if at == len(data) else ()


def _entries(dol: bytes) -> list[tuple[int, int]]:
    try:
        return entries(dol)
    except CardFault:
        return []


def flat(nodes: tuple[Node, ...]) -> list[Node]:
    """Templates and what is in them, in one row."""
    return [inner for node in nodes for inner in (node, *flat(node.children))]


def _node(data: bytes, tag: int, start: int, end: int) -> Node:
    value = data[start:end]
    if tlv.is_constructed(tag):
        children = tuple(_node(data, *place) for place in tlv.children(data, start, end))
        return Node(tag, end - start, children=children)
    hidden = bool(value) and not any(value) and (tag in REDACTED or len(value) >= RSA_BYTES or tag == 0x80)
    return Node(tag, end - start, value, hidden)


def _format_1(ins: int, whole: Node) -> tuple[Node, ...]:
    """Tag 80 holds values without tags, in a fixed order; the last takes what is left."""
    nodes, at = [], 0
    for tag in FORMAT_1.get(ins, ()):
        value = whole.value[at : at + FIXED_LENGTHS.get(tag, len(whole.value))]
        if value:
            nodes.append(Node(tag, len(value), value))
        at += len(value)
    return tuple(nodes)


def _list_of_objects(value: bytes) -> str:
    return ", ".join(f"{tag:X} {tag_name(tag)} ({length})" for tag, length in _entries(value))


def _file_name(name: bytes) -> str:
    return _printable(name) or name.hex().upper()


def _printable(value: bytes) -> str:
    """As text when it is nothing but text."""
    return value.decode("ascii") if value and all(0x20 <= byte < 0x7F for byte in value) else ""
