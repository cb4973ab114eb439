"""What can go wrong at the till; each is the caller's mistake, and nothing has changed.

TillError
|- UnknownArticle, UnknownTicket, UnknownLine
|- EmptyTicket       nothing to pay: the total is not above zero
|- TicketClosed      being paid, paid or abandoned: its lines stand
|- DiscountTooHigh   more than what is left to pay
|- NoMember          nobody's points are on this ticket
|- NotReturnable     more than what was sold and did not come back; or it was not paid
`- NoReceipt         the ticket has not been through a payment
"""

from __future__ import annotations


class TillError(Exception):
    code = "ticket_closed"  # a key of till_words.REFUSALS or host/terminal/words.py


class UnknownArticle(TillError):
    pass


class UnknownTicket(TillError):
    pass


class UnknownLine(TillError):
    pass


class EmptyTicket(TillError):
    code = "amount_zero"  # a key of host/terminal/words.py


class TicketClosed(TillError):
    pass


class DiscountTooHigh(TillError):
    pass


class NoMember(TillError):
    code = "no_member"


class NotReturnable(TillError):
    code = "not_returnable"


class NoReceipt(TillError):
    pass
