"""Frames: whole and in order, or the stream is over."""

from __future__ import annotations

from binascii import crc32

from protocol.errors import CHECKSUM, FLOOD, GAP, TOO_LARGE, RemoteProtocolError
from protocol.framing import MAX_BUFFER, MAX_PAYLOAD, OVERHEAD, FrameReader, build


def frames(reader: FrameReader, data: bytes = b"") -> list:
    reader.feed(data)
    found = []
    while True:
        frame = reader.next_frame()
        if frame is None:
            return found
        found.append(frame)


def reason(reader: FrameReader, data: bytes) -> str:
    try:
        frames(reader, data)
    except RemoteProtocolError as error:
        return error.reason
    raise AssertionError("accepted")


def begun() -> FrameReader:
    reader = FrameReader()
    assert frames(reader, build(0, 0, b"first")) == [(0, b"first")]
    return reader


def test_a_frame_by_the_byte() -> None:
    assert crc32(b"123456789") == 0xCBF43926  # the CRC-32 of ISO 3309, by its check value
    assert build(0, 1, b"hi").hex() == "a5" + "0002" + "00" + "01" + "6869" + "6ab722b3"


def test_whatever_the_pieces_the_frames_are_the_same() -> None:
    stream = build(0, 1, b"a") + build(1, 0, b"") + build(2, 255, b"b" * MAX_PAYLOAD) + build(3, 0, b"c")
    whole = [(1, b"a"), (0, b""), (255, b"b" * MAX_PAYLOAD), (0, b"c")]
    for size in (1, 2, 3, 7, 20, 244, len(stream)):
        reader = FrameReader()
        found = []
        for start in range(0, len(stream), size):
            found += frames(reader, stream[start : start + size])
        assert found == whole, size


def test_the_sequence_goes_round() -> None:
    reader = FrameReader()
    for number in range(600):
        assert frames(reader, build(number % 256, 0, b"x")) == [(0, b"x")]


def test_every_flipped_bit_is_found() -> None:
    frame = build(1, 2, b"payload")
    for position in range(len(frame) * 8):
        damaged = bytearray(frame)
        damaged[position // 8] ^= 1 << position % 8
        # a damaged length may wait for more: the next frame brings it to light
        assert reason(begun(), bytes(damaged) + build(2, 0, b"n" * 1000)) in (CHECKSUM, TOO_LARGE), position


def test_a_lost_a_repeated_and_a_swapped_frame_are_gaps() -> None:
    assert reason(begun(), build(2, 0, b"x")) == GAP
    assert reason(begun(), build(0, 0, b"first")) == GAP
    assert reason(begun(), build(2, 0, b"x") + build(1, 0, b"y")) == GAP


def test_too_large_is_said_before_it_is_read() -> None:
    assert reason(begun(), b"\xa5\x04\x01\x01\x00") == TOO_LARGE


def test_more_than_was_granted_is_a_flood() -> None:
    reader = begun()
    assert reason(reader, bytes(MAX_BUFFER + 1)) == FLOOD
    assert len(reader.buffer) <= MAX_BUFFER


def test_before_the_first_frame_anything_is_skipped() -> None:
    first = build(0, 0, b"first")
    for before in (
        b"noise",
        b"\xa5",
        b"\xa5\x00\x05",
        b"\xa5\xff\xff\x00\x00",
        build(7, 0, b"of another session"),
        first[:-1],
        first[:-1] + b"\x00",
        build(3, 0, b"x" * 900)[:400],
    ):
        assert frames(FrameReader(), before + first) == [(0, b"first")], before


def test_noise_alone_does_not_fill_the_memory() -> None:
    reader = FrameReader()
    for number in range(200):
        assert frames(reader, bytes([0xA5, 0x03, number] * 100)) == []
        assert len(reader.buffer) <= MAX_PAYLOAD + OVERHEAD


def test_what_was_not_read_is_kept_for_the_next_session() -> None:
    reader = begun()
    hello = build(0, 0, b"hello of another session")
    assert reason(reader, hello) == GAP
    assert frames(FrameReader(), bytes(reader.buffer)) == [(0, b"hello of another session")]
