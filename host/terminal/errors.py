"""What can go wrong between the till and its reader. `code` names the words for the merchant (words.py).

TerminalError
|- ReaderNotFound     no reader answers on this link
|  `- AnotherReader     one does, but not the one that was asked: that is at another till, or nowhere
|- LinkLost           the reader is gone: the link was cut
|- ReaderTimeout      the link stands, but the reader does not answer in time
|- ReaderBroken       they did wrong: the reader broke the protocol
|- ReaderRefused      the reader will not do what was asked; `code` is the schema's error code
|  |- ReaderBusy        it has another payment in progress: whose id and amount it tells
|  |- UnknownTransaction it never had that payment, or has purged its day
|  |- DayClosed         too late to cancel or complete: the day is sealed
|  |- NotApproved       there is nothing to cancel or complete
|  |- PreauthorisationExpired
|  |- WrongSeal         another number or hash than the reader's
|  |- BadSignature      parameters that are not the acquirer's
|  `- OldVersion        parameters older than those in force
|- NotSigned          the card did not sign; `code` is the reader's why
`- PaymentUnknown     a payment was asked for, and how it ended is not known: ask again by id
"""

from __future__ import annotations


class TerminalError(Exception):
    """Base of all. `code` is a key of words.WORDS."""

    code = "terminal_error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)


class ReaderNotFound(TerminalError):
    code = "no_reader"


class AnotherReader(ReaderNotFound):
    code = "another_reader"


class LinkLost(TerminalError):
    code = "link_lost"


class ReaderTimeout(TerminalError):
    code = "reader_timeout"


class ReaderBroken(TerminalError):
    code = "reader_broken"


class ReaderRefused(TerminalError):
    """`refusal` is the error message as received."""

    def __init__(self, refusal: dict) -> None:
        self.code = refusal["code"]
        self.refusal = refusal
        super().__init__()


class ReaderBusy(ReaderRefused):
    """With the payment in progress, as far as the reader tells it."""

    def __init__(self, refusal: dict) -> None:
        super().__init__(refusal)
        self.transaction_id: bytes | None = refusal.get("transaction_id")
        self.amount_minor: int | None = refusal.get("amount_minor")


class UnknownTransaction(ReaderRefused):
    pass


class DayClosed(ReaderRefused):
    pass


class NotApproved(ReaderRefused):
    pass


class PreauthorisationExpired(ReaderRefused):
    pass


class WrongSeal(ReaderRefused):
    pass


class BadSignature(ReaderRefused):
    pass


class OldVersion(ReaderRefused):
    pass


REFUSALS: dict[str, type[ReaderRefused]] = {  # by the schema's error code; the others have no class of their own
    "busy": ReaderBusy,
    "unknown_transaction": UnknownTransaction,
    "day_closed": DayClosed,
    "not_approved": NotApproved,
    "preauthorisation_expired": PreauthorisationExpired,
    "wrong_seal": WrongSeal,
    "bad_signature": BadSignature,
    "old_version": OldVersion,
}


class NotSigned(TerminalError):
    def __init__(self, why: str) -> None:
        self.code = why
        super().__init__()


class PaymentUnknown(TerminalError):
    """The ids to ask by once the reader is back; `transaction_id` is None when the reader never said it."""

    code = "payment_unknown"

    def __init__(self, request_id: bytes, transaction_id: bytes | None) -> None:
        super().__init__(request_id.hex())
        self.request_id = request_id
        self.transaction_id = transaction_id
