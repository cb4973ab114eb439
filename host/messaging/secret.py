"""What is derived from the installation's secret of 32 bytes, so that no table has a number or a code."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import cached_property
from hashlib import sha256

DIGITS = 6


class Secret:
    """`read` gives the 32 bytes, when they are first needed."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read

    @cached_property
    def _key(self) -> bytes:
        return self._read()

    def number_hash(self, number: str) -> bytes:
        """Of an E.164 number: the same for ever, and of use to nobody without the key."""
        return self._mac("number", number)

    def code(self, event_id: str) -> str:
        """Six digits (attacks/H-02)."""
        return f"{int.from_bytes(self._mac('code', event_id)) % 10**DIGITS:0{DIGITS}d}"

    def leave_token(self, member_id: str) -> str:
        """What a link to take back the consent to e-mail proves itself by."""
        return self._mac("leave", member_id)[:16].hex()

    def is_leave_token(self, member_id: str, token: str) -> bool:
        return hmac.compare_digest(self.leave_token(member_id).encode(), token.encode())

    def _mac(self, use: str, content: str) -> bytes:
        return hmac.digest(self._key, f"{use}\0{content}".encode(), sha256)
