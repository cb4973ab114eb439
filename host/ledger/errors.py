"""What can go wrong in the ledger.

LedgerError
|- Unbalanced     we did wrong: the postings of an entry do not sum to zero in each currency
|- BookedOtherwise  we did wrong: the transaction is booked already, at another amount
`- NotBooked      we did wrong: what is to be taken back was never booked
"""

from __future__ import annotations


class LedgerError(Exception):
    pass


class Unbalanced(LedgerError):
    pass


class BookedOtherwise(LedgerError):
    pass


class NotBooked(LedgerError):
    pass
