"""Telephone numbers as E.164 has them: + and at most 15 digits."""

from __future__ import annotations

LONGEST = 15
SHORTEST = 8
SEPARATORS = str.maketrans("", "", " .-()/\u00a0\u202f")
# Of France, what is not a mobile: landlines, and numbers that cost their caller more (ARCEP's numbering plan).
FRENCH_MOBILES = ("+336", "+337")


def e164(text: str, country: str = "33") -> str | None:
    """`text` as somebody writes a number, national ones of `country`: None when it cannot be one."""
    digits = text.translate(SEPARATORS)
    if digits.startswith("+"):
        digits = digits[1:]
    elif digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = country + digits[1:]
    elif not digits.startswith(country):
        return None
    if not (digits.isascii() and digits.isdigit() and SHORTEST <= len(digits) <= LONGEST) or digits.startswith("0"):
        return None  # no country's code begins with 0
    return f"+{digits}"


def is_mobile(number: str) -> bool:
    """Of numbers of France only is it known."""
    return not number.startswith("+33") or (number.startswith(FRENCH_MOBILES) and len(number) == len("+33612345678"))
