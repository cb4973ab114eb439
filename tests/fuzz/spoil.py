"""Answers of cards spoiled: at the level of objects, with the lengths around them put right, or of bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import tlv
from emv.errors import CardFault
from tests.fuzz import values

if TYPE_CHECKING:
    from typing import Any

    from tests.fuzz.chance import Chance

_WORDS = (
    "9000", "6100", "6110", "61FF", "6C00", "6C05", "6CFF", "6283", "6285", "6300", "63C0", "63C2", "6581", "6700",
    "6982", "6983", "6984", "6985", "6986", "6A80", "6A81", "6A82", "6A83", "6A86", "6A88", "6D00", "6E00", "6F00",
    "0000", "6000", "FFFF",
)  # fmt: skip
STATUS_WORDS = [bytes.fromhex(word) for word in _WORDS]
_DEEPEST = 6  # that is looked into


def answer(said: bytes, chance: Chance) -> bytes:
    """`said` with one thing wrong, its status word behind it; at least two bytes."""
    kind = chance.below(20)
    if kind == 0:
        return said[:-2] + chance.choice(STATUS_WORDS)
    if kind == 1:
        return chance.choice(_MONSTERS)(chance)
    if kind == 2:
        return _bytes_changed(said[:-2], chance) + said[-2:]
    tree = _tree(said[:-2], 0)
    if not tree:
        return _bytes_changed(said[:-2], chance) + said[-2:]
    _change(tree, chance)
    return _encoded(tree) + said[-2:]


def _tree(data: bytes, depth: int) -> list[list[Any]]:
    """[tag, value or tree] of each object; [] for what is none."""
    try:
        found: list[list[Any]] = [[tag, data[start:end]] for tag, start, end in tlv.children(data)]
    except CardFault:
        return []
    for each in found:
        if tlv.is_constructed(each[0]) and depth < _DEEPEST:
            each[1] = _tree(each[1], depth + 1) or each[1]
    return found


def _encoded(tree: list[list[Any]]) -> bytes:
    coded = b""
    for tag, content in tree:
        if tag is None:  # raw bytes
            coded += content
        else:
            coded += tlv.encode(tag, _encoded(content) if isinstance(content, list) else content)
    return coded


def _places(tree: list[list[Any]]) -> list[tuple[list, int]]:
    """Where each object is: (list that holds it, index)."""
    found: list[tuple[list, int]] = []
    left = [tree]
    while left:
        siblings = left.pop()
        for at in range(len(siblings)):
            found.append((siblings, at))
            if isinstance(siblings[at][1], list):
                left.append(siblings[at][1])
    return found


def _change(tree: list[list[Any]], chance: Chance) -> None:
    siblings, at = chance.choice(_places(tree))
    tag, content = siblings[at]
    kind = chance.below(16)
    if kind == 0:
        del siblings[at]
    elif kind == 1:
        siblings.insert(at, [tag, content])
    elif kind == 2:
        siblings[at][0] = chance.choice(values.TAGS)
    elif kind == 3:
        another = chance.choice(values.TAGS)
        siblings.insert(at, [another, values.value(another, chance)])
    elif kind == 4:
        siblings[at] = [
            None,
            tlv.tag_bytes(tag) + chance.choice((b"\x84\xff\xff\xff\xff", b"\x80", b"\x83\x00", b"\xff")),
        ]
    elif kind == 5:
        coded = _encoded([[tag, content]])
        siblings[at] = [None, coded[: chance.below(len(coded) + 1)]]
    elif isinstance(content, list):
        siblings[at][1] = _bytes_changed(_encoded(content), chance)
    elif kind == 6:
        siblings[at][1] = _bytes_changed(content, chance)
    else:
        siblings[at][1] = values.value(tag, chance)


def _bytes_changed(data: bytes, chance: Chance) -> bytes:
    at = chance.below(len(data) + 1)
    kind = chance.below(4)
    if kind == 0:
        return data[:at] + chance.bytes(1) + data[at + 1 :]
    if kind == 1:
        return data[:at] + data[at + chance.between(1, 8) :]
    if kind == 2:
        return (data[:at] + chance.bytes(chance.between(1, 8)) + data[at:])[:300]
    return data[:at]


def _nested(chance: Chance) -> bytes:
    """Templates within templates, as many as 256 bytes hold; a card with 61xx goes on where this ends."""
    data = b""
    while len(data) < 250:
        data = tlv.encode(0x70, data)
    return data[:256] + b"\x90\x00"


def _directory(chance: Chance) -> bytes:
    """60 applications with short names."""
    entries = b"".join([tlv.encode(0x61, tlv.encode(0x4F, values.NAMES[0][:5] + bytes((at,)))) for at in range(60)])
    return (tlv.encode(0x6F, tlv.encode(0xA5, tlv.encode(0xBF0C, entries))))[:256] + b"\x90\x00"


_MONSTERS = (
    _nested,
    _directory,
    lambda chance: b"\x90\x00",
    lambda chance: chance.choice((b"\x61", b"\x6c")) + chance.bytes(1),
    lambda chance: bytes((0x60,)) * 255 + b"\x90\x00",
    lambda chance: bytes(256) + b"\x90\x00",
    lambda chance: b"\x70\x81\xfc" + bytes(252) + b"\x90\x00",
    lambda chance: bytes(257) + b"\x90\x00",
    lambda chance: b"\x84\xff\xff\xff\xff" + b"\x90\x00",
    lambda chance: chance.bytes(chance.below(64)) + chance.choice(STATUS_WORDS),
)
