"""What can go wrong when a payment is asked for. What goes wrong *in* a payment is its state and `why`, not an error.

PaymentError
|- Refused              the till did wrong, or came too late: `code` is a key of host/terminal/words.py
|  |- InvalidAmount       zero, negative, or above twelve digits
|  |- RefundBeyond        what was refunded and this exceed the sale; or there is no such sale
|  |- NotVoidable         it is not kept, not captured, or partly refunded
|  |- TooLate             the day is closed: what cannot be cancelled any more can be refunded
|  |- NotAuthorised       there is no pre-authorisation to complete
|  `- CompletionRefused   the reader does not complete it: too much, or expired
|- AmountChanged        the till did wrong: the order is being paid, or is paid, at another amount
|- UnknownPayment       the till did wrong: no payment of that id
|- TransactionIdTaken   the reader did wrong: another payment has that id; nothing was stored
|- CaptureDiffers       the reader did wrong: two capture records of one transaction; nothing was stored
`- IllegalMove          we did wrong: the table of states does not know the move
"""

from __future__ import annotations


class PaymentError(Exception):
    """Base of all; never holds data of a card."""


class Refused(PaymentError):
    """Nothing was changed. `code` is a key of host/terminal/words.py."""

    code = "payment_refused"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}")


class InvalidAmount(Refused):
    def __init__(self, amount_minor: int) -> None:
        self.code = "amount_above_limit" if amount_minor > 0 else "amount_zero"
        super().__init__(str(amount_minor))


class RefundBeyond(Refused):
    code = "refund_beyond"


class NotVoidable(Refused):
    code = "not_voidable"


class TooLate(Refused):
    code = "day_closed"


class NotAuthorised(Refused):
    code = "not_approved"


class CompletionRefused(Refused):
    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()


class AmountChanged(PaymentError):
    pass


class UnknownPayment(PaymentError):
    pass


class TransactionIdTaken(PaymentError):
    pass


class CaptureDiffers(PaymentError):
    pass


class IllegalMove(PaymentError):
    pass
