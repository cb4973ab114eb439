"""What can go wrong when a payment is asked for. What goes wrong *in* a payment is its state and `why`, not an error.

PaymentError
|- InvalidAmount        the till did wrong: zero, negative, or above twelve digits
|- AmountChanged        the till did wrong: the order is being paid, or is paid, at another amount
|- UnknownPayment       the till did wrong: no payment of that id
|- TransactionIdTaken   the reader did wrong: another payment has that id; nothing was stored
`- IllegalMove          we did wrong: the table of states does not know the move
"""

from __future__ import annotations


class PaymentError(Exception):
    """Base of all; never holds data of a card."""


class InvalidAmount(PaymentError):
    """`code` is a key of host/terminal/words.py."""

    def __init__(self, amount_minor: int) -> None:
        self.code = "amount_above_limit" if amount_minor > 0 else "amount_zero"
        super().__init__(f"{self.code}: {amount_minor}")


class AmountChanged(PaymentError):
    pass


class UnknownPayment(PaymentError):
    pass


class TransactionIdTaken(PaymentError):
    pass


class IllegalMove(PaymentError):
    pass
