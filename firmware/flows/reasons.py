"""Why a payment ended as it did: the names that `why` of a result can have, what each means, and what is shown.

One long string, because a dict of it would cost four times the heap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.flows.payment import APPROVAL, PARTIAL

if TYPE_CHECKING:
    from firmware.flows.payment import Payment

_TVR_TAG = const(0x95)

# why | outcome of the result message | end screen | what the cardholder may know: a prompt, or -
REASONS = """
approved_online approved approved -
approved_offline approved approved -
completed approved approved -
voided_by_merchant voided cancelled because_merchant
card_signed approved approved -
declined_by_issuer declined declined because_bank
insufficient_funds declined declined because_funds
card_expired declined declined because_expired
pin_wrong declined declined because_pin
pin_blocked declined declined because_pin_blocked
chip_and_pin_required declined not_completed because_insert
declined_by_card declined declined because_card
card_not_genuine declined declined because_card
card_not_accepted declined declined because_not_accepted
card_unreadable declined declined because_unreadable
no_answer declined declined because_no_answer
answer_not_authentic declined not_completed because_no_answer
card_removed declined not_completed because_removed
offline_not_allowed declined declined because_no_answer
card_silent declined not_completed because_unreadable
card_declined_reversal_owed declined not_completed because_not_sure
signature_refused declined declined because_merchant
signature_refused_reversal_owed declined not_completed because_not_sure
partial_refused_reversal_owed declined not_completed because_not_sure
card_removed_reversal_owed declined not_completed because_removed
reader_fault_reversal_owed declined not_completed because_not_sure
cardholder_cancelled cancelled cancelled -
merchant_cancelled cancelled cancelled because_merchant
host_gone cancelled cancelled because_fault
card_timeout cancelled cancelled because_time
card_not_removed cancelled cancelled because_time
pin_timeout cancelled cancelled because_time
choice_timeout cancelled cancelled because_time
too_many_pins cancelled cancelled -
merchant_code_wrong cancelled cancelled because_merchant
merchant_code_locked cancelled cancelled because_merchant
interrupted_before_online declined not_completed nothing_debited
interrupted_while_online declined not_completed because_not_sure
result_not_kept unknown not_completed unknown_advice
keys_missing declined not_completed because_fault
keys_exhausted declined not_completed because_fault
storage_full declined not_completed because_fault
reader_fault declined not_completed because_fault
"""

RESPONSE_CODES = {  # others are declined_by_issuer
    b"1A": "chip_and_pin_required",
    b"65": "chip_and_pin_required",
    b"51": "insufficient_funds",
    b"61": "insufficient_funds",
    b"54": "card_expired",
    b"55": "pin_wrong",
    b"75": "pin_blocked",
}

_TVR = (  # Book 3, annex C5: byte, bits, why; the first that matches
    (0, 0x4C, "card_not_genuine"),  # SDA, DDA or CDA failed
    (1, 0x40, "card_expired"),
    (2, 0x20, "pin_blocked"),  # PIN try limit exceeded
    (2, 0x80, "pin_wrong"),  # cardholder verification was not successful
)


def row(why: str) -> tuple[str, str, str, str]:
    """(why, outcome, end screen, prompt or "-"); a name that is not in the table is a reader_fault."""
    start = REASONS.find("\n" + why + " ")
    if start < 0:
        return row("reader_fault")
    why, outcome, end, prompt = REASONS[start + 1 : REASONS.find("\n", start + 1)].split(" ")
    return why, outcome, end, prompt


def of_outcome(outcome: str, payment: Payment) -> str:
    """Why a payment ended with an outcome of emv/outcome.py; "try_again" says that no card could be read."""
    if outcome == "try_again" or payment.transaction is None:
        return "card_unreadable"
    if payment.answer_is_false:
        return "answer_not_authentic"
    if outcome == "approved" or (outcome == "online" and payment.issuer_approved):
        return "approved_online" if payment.response_code is not None else _offline(payment)
    if outcome == "online":
        return declined(payment.response_code, True, b"")
    if outcome == "declined" or payment.asked:
        return declined(payment.response_code, payment.asked, payment.card.data.get(_TVR_TAG, b""))
    return "card_not_accepted" if payment.card.application is None else "card_unreadable"


def _offline(payment: Payment) -> str:
    """A chip may approve where the contract lets it; elsewhere nobody has approved anything."""
    if payment.offline_minor and payment.interface == "contact":
        return "approved_offline"
    return "no_answer" if payment.asked else "offline_not_allowed"


def declined(response_code: bytes | None, asked: bool, tvr: bytes) -> str:
    """Why the kernel's "declined" came: the issuer's word first, then no answer, then what the terminal found."""
    if response_code in (APPROVAL, PARTIAL):
        return "card_declined_reversal_owed"
    if response_code is not None:
        return RESPONSE_CODES.get(response_code, "declined_by_issuer")
    if asked:
        return "no_answer"
    for byte, bits, why in _TVR:
        if len(tvr) == 5 and tvr[byte] & bits:
            return why
    return "declined_by_card"


def broken_off(why: str, issuer_approved: bool) -> str:
    """A payment that an error ended: after an approval the money is reserved, and has to be given back."""
    if not issuer_approved:
        return row(why)[0]
    owed = why + "_reversal_owed"
    return owed if row(owed)[0] == owed else "reader_fault_reversal_owed"
