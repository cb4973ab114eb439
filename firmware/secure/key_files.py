"""How the storage file "keys" is laid out: a marker of 16 bytes, version of the token key, token key of 32."""

from __future__ import annotations

TEST_KEYS = b"ZINC TEST KEYS\x00\x00"  # the marker of keys that everybody knows
TOKEN_VERSION_AT = 16
TOKEN_KEY_AT = 17
KEYS_LENGTH = 49
