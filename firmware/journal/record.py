"""One journal record: 256 bytes that prove themselves by their CRC-32, so that a torn write is seen (faults/LFS-2).

5A kind flags length | sequence u32 | transaction id 16 | payload 228, zero-padded | CRC-32
"""

from __future__ import annotations

from binascii import crc32
from struct import pack, unpack_from

from emv.constant import const

RECORD_SIZE = 256
PAYLOAD_SIZE = 228
_BODY = const(252)
_MAGIC = const(0x5A)
_ALL_ONES = const(0xFFFFFFFF)

BEGUN = 1
WENT_ONLINE = 2
ENDED = 3
AMOUNT = 4
VOIDED = 5
COMPLETED = 6
SEALED = 7
ACKNOWLEDGED = 8
RESULTS = (ENDED, VOIDED, COMPLETED)

LAST = 1  # flags: this record commits the entry;
FIRST = 2  # an entry starts anew with it;
CARRIED = 4  # it was written again by a purge


class Record:
    def __init__(self, kind: int, flags: int, sequence: int, transaction_id: bytes, payload: bytes) -> None:
        self.kind = kind
        self.flags = flags
        self.sequence = sequence
        self.transaction_id = transaction_id
        self.payload = payload


def encode(record: Record) -> bytes:
    head = pack(">BBBBI", _MAGIC, record.kind, record.flags, len(record.payload), record.sequence)
    body = head + record.transaction_id + record.payload + bytes(PAYLOAD_SIZE - len(record.payload))
    return body + pack(">I", crc32(body))


def decode(data: memoryview) -> Record | None:
    """None when the 256 bytes are not a whole record: torn or rotten."""
    magic, kind, flags, length, sequence = unpack_from(">BBBBI", data, 0)
    if magic != _MAGIC or length > PAYLOAD_SIZE or crc32(data[:_BODY]) != unpack_from(">I", data, _BODY)[0]:
        return None
    return Record(kind, flags, sequence, bytes(data[8:24]), bytes(data[24 : 24 + length]))


def closing(tail: bytes) -> bytes:
    """What makes a torn record 256 bytes long: a CRC with each bit turned, so that it is not taken for a rotten one.

    A record that lacks but the end of its CRC gets that.
    """
    body = (tail + bytes(_BODY))[:_BODY]
    good = pack(">I", crc32(body))
    begun = tail[_BODY:]
    end = good if begun and good.startswith(begun) else pack(">I", crc32(body) ^ _ALL_ONES)
    return (body + end)[len(tail) :]


def is_torn(data: memoryview) -> bool:
    """Is it one that `closing` made whole?"""
    return crc32(data[:_BODY]) ^ _ALL_ONES == unpack_from(">I", data, _BODY)[0]
