"""The commands of EMV (Book 1, 11.3; Book 3, 6.5). Cases 2 and 4 end in Le = 00; EXTERNAL AUTHENTICATE has no Le."""

from __future__ import annotations


def select(name: bytes, following: bool = False) -> bytes:
    """SELECT by name; `following` asks for the next application of the same partial name."""
    return _case4(b"\x00\xa4\x04\x02" if following else b"\x00\xa4\x04\x00", name)


def read_record(number: int, sfi: int) -> bytes:
    return bytes((0x00, 0xB2, number, sfi << 3 | 4, 0x00))


def get_processing_options(data: bytes) -> bytes:
    """`data` is the PDOL's, without its template 83."""
    length = len(data)
    template = bytes((0x83, length)) if length < 0x80 else bytes((0x83, 0x81, length))
    return _case4(b"\x80\xa8\x00\x00", template + data)


def internal_authenticate(data: bytes) -> bytes:
    return _case4(b"\x00\x88\x00\x00", data)


def external_authenticate(data: bytes) -> bytes:
    return b"\x00\x82\x00\x00" + bytes((len(data),)) + data


def get_data(tag: int) -> bytes:
    return bytes((0x80, 0xCA, tag >> 8, tag & 0xFF, 0x00))


def get_challenge() -> bytes:
    return b"\x00\x84\x00\x00\x00"


def generate_ac(reference: int, data: bytes) -> bytes:
    """`reference` is P1: what is asked for, and whether it is to be signed (CDA)."""
    return _case4(bytes((0x80, 0xAE, reference, 0x00)), data)


def recover_ac(data: bytes) -> bytes:
    """The answer to a GENERATE AC that was torn, once more (Book C-2, 5.8)."""
    return _case4(b"\x80\xd0\x00\x00", data)


def exchange_relay_resistance_data(entropy: bytes) -> bytes:
    return _case4(b"\x80\xea\x00\x00", entropy)


def get_response(length: int) -> bytes:
    return bytes((0x00, 0xC0, 0x00, 0x00, length))


def has_length(command: bytes) -> bool:
    """Does it end in Le (case 2 or 4)?"""
    return len(command) == 5 or (len(command) > 5 and len(command) == 6 + command[4])


def with_length(command: bytes, length: int) -> bytes:
    """The same command with the Le that the card asked for by 6Cxx."""
    return command[:-1] + bytes((length,))


def _case4(head: bytes, data: bytes) -> bytes:
    return head + bytes((len(data),)) + data + b"\x00"
