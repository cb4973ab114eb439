"""Kernel CB once the card is read, of the pieces of kernel 3: docs/kernel-cb.md says what is known and what assumed.

The issuer hears of every tap, so nothing rests on fDDA, and a date is the issuer's to judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.contactless import kernel_c3_decision as kernel_3
from emv.kernel import exception_file

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)


def decide(transaction: Transaction, _reply: Any) -> str:
    kind = kernel_3.cryptogram_type(transaction)
    if kind == kernel_3.AAC:
        return "declined"
    kernel_3.check_complete(transaction)
    if exception_file.holds(transaction):
        transaction.note("on_exception_file", (_APPLICATION_PRIMARY_ACCOUNT_NUMBER,))
        return "declined"
    refused = kernel_3.refuse_cash(transaction)
    if refused is not None:
        return refused
    if not kernel_3.verify_cardholder(transaction, kind):
        return "declined"
    return kernel_3.go_online(transaction)
