"""AES-128 DUKPT, the reader's side (ANSI X9.24-3:2017, 6.3 and annex B).

The reader holds no initial key. It holds one register for each of the 32 bits of the counter: the intermediate key of
the counter to come whose lowest one bit that is. Taking a counter fills the registers below it and erases its own, so a
reader that is opened gives away no key it has already used. Counters of more than 16 one bits are never used.
"""

from __future__ import annotations

from cryptolib import aes

from firmware.errors import ReaderFault

_ECB = 1
_KEY = 16
_MAX_ONE_BITS = 16
_COUNTER_BITS = 32

PIN_ENCRYPTION = 0x1000
MAC_GENERATION = 0x2000
MAC_VERIFICATION = 0x2001
DATA_ENCRYPTION = 0x3000
DATA_BOTH_WAYS = 0x3002
KEY_DERIVATION = 0x8000

STATE_LENGTH = 8 + 4 + _COUNTER_BITS * _KEY  # initial key id, next counter, registers


def derive(key: bytes, usage: int, key_id: bytes, counter: int) -> bytes:
    """The AES-128 key that `key` gives for one usage and counter (X9.24-3, 6.3.2 and 6.3.3)."""
    data = b"\x01\x01" + usage.to_bytes(2, "big") + b"\x00\x02\x00\x80" + key_id[4:] + counter.to_bytes(4, "big")
    return aes(key, _ECB).encrypt(data)


def take(state: bytearray) -> tuple[bytes, bytearray]:
    """Spend one counter: (ksn of 12 bytes, transaction key). `state` becomes the state to store before the key is used.

    Raises ReaderFault keys_exhausted.
    """
    key_id = bytes(state[:8])
    counter = int.from_bytes(state[8:12], "big")
    if not counter:
        raise ReaderFault("keys_exhausted")
    bit = _lowest_one(counter)
    at = _register(bit)
    key = state[at : at + _KEY]
    if _one_bits(counter) < _MAX_ONE_BITS:
        for lower in range(bit):
            to = _register(lower)
            state[to : to + _KEY] = derive(key, KEY_DERIVATION, key_id, counter | 1 << lower)
    state[at : at + _KEY] = bytes(_KEY)
    state[8:12] = _next(counter, bit).to_bytes(4, "big")
    return key_id + counter.to_bytes(4, "big"), key


def _next(counter: int, bit: int) -> int:
    step = 1 if _one_bits(counter) < _MAX_ONE_BITS else 1 << bit
    return (counter + step) & 0xFFFFFFFF  # past the last one comes 0: exhausted


def _register(bit: int) -> int:
    return 12 + bit * _KEY


def _lowest_one(value: int) -> int:
    bit = 0
    while not value >> bit & 1:
        bit += 1
    return bit


def _one_bits(value: int) -> int:
    count = 0
    while value:
        value &= value - 1
        count += 1
    return count
