"""Frames on a byte stream: A5 | length u16 | sequence u8 | grant u8 | payload | CRC-32 of all before it; big-endian.

A frame without a payload only grants. No cleverness about damage: a frame is whole and the next in order, or the
stream is over; what came may then be read anew as the beginning of another session.
"""

from __future__ import annotations

from binascii import crc32

from protocol.errors import CHECKSUM, FLOOD, GAP, TOO_LARGE, RemoteProtocolError

START = 0xA5
HEADER = 5
OVERHEAD = HEADER + 4
MAX_PAYLOAD = 1024
WINDOW = 4  # frames with a payload that each side may send before the first grant, and the most it is granted
MAX_BUFFER = (WINDOW + 2) * (MAX_PAYLOAD + OVERHEAD)  # all that was granted, and room for frames that only grant


def build(sequence: int, grant: int, payload: bytes) -> bytes:
    frame = bytes((START,)) + len(payload).to_bytes(2, "big") + bytes((sequence, grant)) + payload
    return frame + crc32(frame).to_bytes(4, "big")


class FrameReader:
    """The receiving end: bytes in as they come, frames out in order.

    Until the first frame of a session is found (sequence 0), anything else is skipped: it is what another session left
    in the line. From then on every deviation is an error.
    """

    def __init__(self) -> None:
        self.buffer = bytearray()
        self._sequence = 0  # of the next frame
        self._begun = False

    def feed(self, data: bytes) -> None:
        """Raises RemoteProtocolError (flood) when more comes than was ever granted."""
        if len(self.buffer) + len(data) > MAX_BUFFER:
            raise RemoteProtocolError(FLOOD)
        self.buffer.extend(data)

    def next_frame(self) -> tuple[int, bytes] | None:
        """The grant and payload of the next frame, None when it is not all there.

        Raises RemoteProtocolError, with the offending bytes still in `buffer`.
        """
        if not self._begun:
            self._hunt()
        end = self._end(0)
        if end == 0:
            return None
        grant, payload = self.buffer[4], bytes(self.buffer[HEADER : end - 4])
        self.buffer[:end] = b""
        self._sequence = self._sequence + 1 & 0xFF
        self._begun = True
        return grant, payload

    def _hunt(self) -> None:
        """Drop what stands before the first whole frame, or when there is none, before what may become one."""
        keep = len(self.buffer)
        at = self.buffer.find(b"\xa5")
        while at >= 0:
            try:
                if self._end(at):
                    keep = at
                    break
                keep = min(keep, at)
            except RemoteProtocolError:
                pass
            at = self.buffer.find(b"\xa5", at + 1)
        self.buffer[:keep] = b""

    def _end(self, at: int) -> int:
        """Where the frame that begins at `at` ends, 0 when it is not all there. Raises RemoteProtocolError."""
        buffer = self.buffer
        if len(buffer) > at and buffer[at] != START:
            raise RemoteProtocolError(CHECKSUM, "no frame")
        if len(buffer) - at < HEADER:
            return 0
        body = at + HEADER + (buffer[at + 1] << 8 | buffer[at + 2])
        if body - at - HEADER > MAX_PAYLOAD:
            raise RemoteProtocolError(TOO_LARGE)
        if len(buffer) < body + 4:
            return 0
        if crc32(bytes(buffer[at:body])) != int.from_bytes(buffer[body : body + 4], "big"):
            raise RemoteProtocolError(CHECKSUM)
        if buffer[at + 3] != self._sequence:
            raise RemoteProtocolError(GAP)
        return body + 4
