"""One journal record: 256 bytes that prove themselves by their CRC-32, so that a torn write is seen (faults/LFS-2).

5A kind flags length | sequence u32 | transaction id 16 | payload 228, zero-padded | CRC-32
"""

from __future__ import annotations

from binascii import crc32
from struct import pack, unpack_from

from emv.constant import const

RECORD_SIZE = 256
PAYLOAD_SIZE = 228
_MAGIC = const(0x5A)

BEGUN = 1
WENT_ONLINE = 2
ENDED = 3

FIRST = 2  # flags: an entry starts anew with this record;
LAST = 1  # this record commits the entry


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
    """None when the 256 bytes are not a whole record: torn, worn or never written."""
    magic, kind, flags, length, sequence = unpack_from(">BBBBI", data, 0)
    if magic != _MAGIC or length > PAYLOAD_SIZE or crc32(data[: RECORD_SIZE - 4]) != unpack_from(">I", data, 252)[0]:
        return None
    return Record(kind, flags, sequence, bytes(data[8:24]), bytes(data[24 : 24 + length]))
