"""An amount as people read it, by language."""

from __future__ import annotations

SIGNS = {978: ("€", 2), 826: ("£", 2), 756: ("CHF", 2)}  # ISO 4217 numeric: sign, decimals

# language: decimal sign, between thousands, sign stands in front
HABITS = {
    "fr": (",", "\u00a0", False),
    "en": (".", ",", True),
    "nl": (",", ".", True),
    "de": (",", ".", False),
    "es": (",", ".", False),
    "it": (",", ".", False),
}


def amount_text(amount_minor: int, currency: int, language: str) -> str:
    """`1250, 978, "fr"` -> `12,50 €`."""
    sign, decimals = SIGNS.get(currency, (str(currency), 2))
    point, between, in_front = HABITS[language]
    digits = str(amount_minor)
    digits = "0" * (decimals + 1 - len(digits)) + digits
    whole, fraction = digits[:-decimals], digits[-decimals:]
    groups = ""
    while len(whole) > 3:
        groups = between + whole[-3:] + groups
        whole = whole[:-3]
    number = whole + groups + point + fraction
    if not in_front:
        return number + "\u00a0" + sign
    return sign + number if language == "en" and len(sign) == 1 else sign + "\u00a0" + number
