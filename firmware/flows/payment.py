"""One sale, from request to result: what the steps of take_payment know of each other."""

from __future__ import annotations

import asyncio
from struct import pack, unpack_from
from typing import TYPE_CHECKING

from firmware.errors import ReaderFault
from protocol.generated.messages import ENUMERATIONS, FIELDS

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction
    from firmware.journal.journal import Begun
    from firmware.secure.transaction_keys import TransactionKeys

APPROVAL = b"00"  # the only response code (tag 8A) by which the acquirer approves the whole amount
PARTIAL = b"10"  # and a part of it
PURCHASE = "purchase"
GIVES_BACK = ("refund", "cancellation")
ALWAYS_ONLINE = ("verification", "preauthorisation")  # a card knows nothing of its account, nor what is reserved on it
KINDS = ENUMERATIONS[FIELDS.index("kind")]
_REQUEST = ">8sQHBQ16s"  # in the journal: request id, amount, currency, kind, other amount, original or zeros
_NONE = bytes(25)  # of the latter three an entry of version 0.1.0 has none: it was a purchase
_AMOUNT = ">QQ"  # in the journal, what the cardholder confirmed in its place: amount, of which tip


class Known:
    """What the journal knows of a payment from its beginning; no card has been asked for.

    asked_minor: of the request; amount_minor: what is paid, once a tip is added or a part is approved.
    authorised_minor: what the acquirer reserved, where that is another amount.
    """

    interface = ""
    apdus = 0
    cvm = ""
    transaction: Transaction | None = None
    answer: dict | None = None
    chosen = b""
    first_brand = ""
    kind = PURCHASE
    amount_other_minor = 0  # of a cash back, the cash
    tip_minor = 0  # part of the amount
    authorised_minor = 0
    original = b""  # of a refund, the sale's transaction id
    ended = False
    challenge = ""  # digits, of what only signs
    is_over = False  # the host has heard its end, or has had its time to

    def __init__(self, transaction_id: bytes, request_id: bytes, amount_minor: int, currency: int) -> None:
        self.transaction_id = transaction_id
        self.request_id = request_id
        self.asked_minor = self.amount_minor = amount_minor
        self.currency = currency

    @property
    def response_code(self) -> bytes | None:
        """Tag 8A as the acquirer gave it, authenticated."""
        return self.answer.get("response_code") if self.answer else None

    @property
    def issuer_approved(self) -> bool:
        return self.response_code in (APPROVAL, PARTIAL)

    def pending(self) -> dict:
        """What busy and welcome tell of it."""
        return {
            "transaction_id": self.transaction_id,
            "request_id": self.request_id,
            "amount_minor": self.amount_minor,
        }

    def told(self) -> dict:
        """Fields of a message that say what it is; of a plain purchase there are none."""
        fields: dict[str, Any] = {} if self.kind == PURCHASE else {"kind": self.kind}
        for field in ("amount_other_minor", "tip_minor", "original"):
            value = getattr(self, field)
            if value:
                fields[field] = value
        return fields

    def wanted(self) -> tuple:
        """What a repeated request must say again: the rest of it is how, not what."""
        return (self.asked_minor, self.currency, self.kind, self.amount_other_minor, self.original)

    def request(self) -> bytes:
        """For the journal; `remembered` reads it."""
        kind, other = KINDS.index(self.kind), self.amount_other_minor
        return pack(_REQUEST, self.request_id, self.asked_minor, self.currency, kind, other, self.original)

    def confirmed(self) -> bytes:
        """For the journal, when the amount is another than the one asked for; `remembered` reads it."""
        return pack(_AMOUNT, self.amount_minor, self.tip_minor)


def remembered(begun: Begun) -> Known:
    request_id, asked_minor, currency, kind, other, original = unpack_from(_REQUEST, begun.request + _NONE, 0)
    known = Known(begun.transaction_id, request_id, asked_minor, currency)
    known.kind = KINDS[kind]
    known.amount_other_minor = other
    known.original = b"" if original == bytes(len(original)) else original
    if begun.amount:
        known.amount_minor, known.tip_minor = unpack_from(_AMOUNT, begun.amount, 0)
    return known


class Payment(Known):
    """The one in progress.

    apdus: commands sent to cards, over all tries. Of the latest try: transaction, the kernel's; times_ms, of each of
    its exchanges.
    program: the module of firmware/flows that runs it.
    committed: a command was sent by which the card makes a cryptogram, so it is too late to cancel.
    cvm: as in emv/outcome.py, "" before an outcome.
    asked: the acquirer was; answer: its online_answer, None when none came. answer_is_false: its MAC was not good.
    ended: its result is kept, or was about to be; shown: it was. pin: digits, from their entry to the VERIFY that
    enciphers them.
    tips: percentages that the cardholder is offered. offline_minor: up to here the card may approve without its issuer.
    default_brand: what the till wants first, of flows/brands.py or "none"; "" leaves it to the profile.
    first_brand: what the merchant has go first, till or profile. chosen: how the application begins that the cardholder
    chose, in place of it. by_chip: the issuer wants no tap.
    """

    program = "run_payment"

    def __init__(
        self, transaction_id: bytes, request_id: bytes, amount_minor: int, currency: int, keys: TransactionKeys | None
    ) -> None:
        super().__init__(transaction_id, request_id, amount_minor, currency)
        self._keys = keys
        self.times_ms: list[int] = []
        self.committed = False
        self.cancelled = asyncio.Event()
        self.pin_block: bytes | None = None
        self.pin = bytearray()
        self.asked = False
        self.shown = False
        self.tips: list[int] = []
        self.offline_minor = 0
        self.default_brand = ""
        self.by_chip = False
        self.answer_is_false = False

    @property
    def keys(self) -> TransactionKeys:
        """Raises ReaderFault where there are none: what only signs spends none."""
        if self._keys is None:
            raise ReaderFault("keys_missing")
        return self._keys

    @property
    def card(self) -> Transaction:
        """The kernel's transaction with the card that was presented. Raises ReaderFault before one was."""
        if self.transaction is None:
            raise ReaderFault("reader_fault")
        return self.transaction

    def begin_try(self, transaction: Transaction | None) -> None:
        """Forget the card before; None forgets all cards."""
        self.transaction = transaction
        self.times_ms = []

    def wipe(self) -> None:
        if self._keys is not None:
            self._keys.wipe()

    def forget_pin(self) -> None:
        self.pin[:] = bytes(len(self.pin))
        self.pin = bytearray()
