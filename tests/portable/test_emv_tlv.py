"""BER-TLV as EMV uses it: bounds, depth, padding (Book 3, annex B)."""

from __future__ import annotations

from emv import tlv
from emv.errors import CardFault

COVERS = {"test_what_does_not_fit_is_refused": ["attacks/C-18"], "test_depth_is_limited": ["attacks/C-18"]}


def refused(data: bytes) -> str:
    try:
        tlv.objects(data)
    except CardFault as fault:
        return fault.why
    return ""


def test_objects_inside_templates_come_in_order() -> None:
    data = bytes.fromhex("6F0E8407A0000000041010A50350014D")
    assert tlv.objects(data) == [(0x84, bytes.fromhex("A0000000041010")), (0x50, b"M")]


def test_tags_of_one_two_and_three_bytes() -> None:
    data = bytes.fromhex("5A0112" + "9F270140" + "DF81290200FF")
    assert tlv.objects(data) == [(0x5A, b"\x12"), (0x9F27, b"\x40"), (0xDF8129, b"\x00\xff")]


def test_lengths_of_one_two_and_three_bytes() -> None:
    for length in (0, 0x7F, 0x80, 0xFF, 0x100):
        assert tlv.objects(tlv.encode(0x9F46, bytes(length))) == [(0x9F46, bytes(length))]


def test_zeros_between_objects_are_padding() -> None:
    assert tlv.objects(bytes.fromhex("00 5A0112 0000 5F340101 00".replace(" ", ""))) == [
        (0x5A, b"\x12"),
        (0x5F34, b"\x01"),
    ]


def test_what_does_not_fit_is_refused() -> None:
    for malformed in ("5A", "9F", "9F27", "5A02AA", "5A84FFFFFFFF", "5A80", "5A8201", "70035A02AA", "9F818181 01"):
        assert refused(bytes.fromhex(malformed.replace(" ", ""))) == "tlv_malformed", malformed


def test_a_child_may_not_reach_beyond_its_parent() -> None:
    assert refused(bytes.fromhex("70045A03AABB" + "5F3401")) == "tlv_malformed"


def test_depth_is_limited() -> None:
    data = b""
    for _ in range(1000):
        data = b"\x70" + bytes((len(data),)) + data if len(data) < 0x80 else data
    assert refused(data) == "tlv_too_deep"


def test_only_refuses_a_neighbour() -> None:
    assert tlv.only(bytes.fromhex("70025000"), 0x70) == (2, 4)
    assert tlv.only(bytes.fromhex("700250000000"), 0x70) == (2, 4)
    for data in ("7002500050", "70025000" + "0050", "77025000", ""):
        try:
            tlv.only(bytes.fromhex(data), 0x70)
        except CardFault:
            continue
        raise AssertionError(data)


def test_children_stay_side_by_side() -> None:
    data = bytes.fromhex("6103500141" + "6103500142")
    assert tlv.children(data) == [(0x61, 2, 5), (0x61, 7, 10)]
