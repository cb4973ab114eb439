"""How storage files of keys are laid out, each behind a marker of 16 bytes.

"keys": version of the token key, token key of 32. "acquirer_key": modulus of what signs contracts, 384. "dukpt" has no
marker and is `checked`.
"""

from __future__ import annotations

TEST_KEYS = b"ZINC TEST KEYS\x00\x00"  # the marker of keys that everybody knows
TOKEN_VERSION_AT = 16
TOKEN_KEY_AT = 17
KEYS_LENGTH = 49
ACQUIRER_KEY = "acquirer_key"
