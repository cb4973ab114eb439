"""An account of the merchant's space, and which passwords are good: long ones, of whatever characters
(NIST SP 800-63B, 5.1.1.2: length, no rules of composition, no periodic change)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from host.web.sign_in.errors import InvalidAddress, WeakPassword

SHORTEST, LONGEST = 12, 128  # characters of a password
LEFT = 8  # of a password without what its address says
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True)
class Account:
    """`epoch` counts its passwords: what was given out for one of them ends with it."""

    id: str
    email: str = field(repr=False)
    language: str
    made_at: datetime
    epoch: int = 0
    password_hash: str | None = field(default=None, repr=False)


def address(typed: str) -> str:
    """As it is kept: two ways to write one address are one account. Raises InvalidAddress."""
    kept = unicodedata.normalize("NFKC", typed[: LONGEST_ADDRESS + 2]).strip().lower()
    if len(kept) > LONGEST_ADDRESS or not kept.isprintable() or not ADDRESS.fullmatch(kept):
        raise InvalidAddress
    return kept


def written(password: str) -> str:
    """As it is hashed: the same whatever keyboard wrote it; what is too long to be one is cut."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


def good_password(typed: str, email: str) -> str:
    """Written. Raises WeakPassword."""
    password = written(typed)
    if len(password) < SHORTEST:
        raise WeakPassword("too_short")
    if len(password) > LONGEST:
        raise WeakPassword("too_long")
    if len(_without(email, password.casefold())) < LEFT:
        raise WeakPassword("is_address")
    if _repeats(password):
        raise WeakPassword("repeats")
    return password


def _without(email: str, password: str) -> str:
    """What is left when the address, and its parts, are taken out."""
    for part in (email, *email.split("@"), *re.split(r"[@._+-]", email)):
        password = password.replace(part, "") if len(part) > 2 else password
    return password


def _repeats(password: str) -> bool:
    """aaaaaaaaaaaa, abcabcabcabc, 123456789012: a few characters, or a few steps from each to the next."""
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    return len(set(password)) < 5 or len(steps) < 3
