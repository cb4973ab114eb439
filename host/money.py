"""Money: an integer number of minor units and its currency (ISO 4217). Arithmetic stays within one currency."""

from __future__ import annotations

from dataclasses import dataclass

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"


class CurrencyMismatch(ValueError):
    """We did wrong: two currencies met in one sum."""


@dataclass(frozen=True)
class Currency:
    code: str  # "EUR"
    numeric: int  # 978, as the reader and the card say it (tag 5F2A)
    exponent: int  # digits after the point
    symbol: str


EUR = Currency("EUR", 978, 2, "€")
CURRENCIES = {currency.code: currency for currency in (EUR,)}


@dataclass(frozen=True, order=False)
class Money:
    amount_minor: int
    currency: Currency = EUR

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError("an amount is an integer of minor units")

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.amount_minor * count, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount_minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount_minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount_minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount_minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def __str__(self) -> str:
        return self.text("en")

    def share(self, numerator: int, denominator: int) -> Money:
        """The fraction, rounded half away from zero; `denominator` is positive."""
        product = self.amount_minor * numerator
        rounded = (2 * abs(product) + denominator) // (2 * denominator)
        return Money(rounded if product >= 0 else -rounded, self.currency)

    def allocate(self, weights: list[int]) -> list[Money]:
        """Split by weight to the last cent: the biggest remainders take what rounding left over.

        `weights` are not negative and not all zero.
        """
        whole = sum(weights)
        parts = [self.amount_minor * weight // whole for weight in weights]
        remainders = [self.amount_minor * weight % whole for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
        for index in by_remainder[: self.amount_minor - sum(parts)]:
            parts[index] += 1
        return [Money(part, self.currency) for part in parts]

    def text(self, language: str = "fr") -> str:
        """As the language writes it: 1 234,50 € (fr), €1,234.50 (en), € 1.234,50 (nl)."""
        sign = "-" if self.amount_minor < 0 else ""
        whole, minor = divmod(abs(self.amount_minor), 10**self.currency.exponent)
        decimals = f"{minor:0{self.currency.exponent}d}"
        symbol = self.currency.symbol
        if language == "en":
            return f"{sign}{symbol}{whole:,}.{decimals}"
        if language == "nl":
            return f"{symbol}{NO_BREAK}{sign}{_grouped(whole, '.')},{decimals}"
        return f"{sign}{_grouped(whole, NARROW_NO_BREAK)},{decimals}{NO_BREAK}{symbol}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency.code} and {other.currency.code}")
        return other.amount_minor


def total(amounts: list[Money], currency: Currency = EUR) -> Money:
    """The sum; nothing at all is zero of `currency`."""
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result


def _grouped(whole: int, separator: str) -> str:
    return f"{whole:,}".replace(",", separator)
