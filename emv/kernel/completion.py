"""Completion: the second GENERATE AC (Book 3, 10.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.kernel import application_cryptogram

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Send
    from emv.transaction import Transaction

_CDOL2 = const(0x8D)
_CRYPTOGRAM_INFORMATION_DATA = const(0x9F27)

_TC = const(0x40)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    if reply is None:
        return application_cryptogram.ask(transaction, _CDOL2)
    kind = application_cryptogram.accept(transaction, reply[0], reply[1])
    if kind == _TC:
        transaction.final = "approved"
        transaction.note("card_completes", (_CRYPTOGRAM_INFORMATION_DATA,))
    else:
        transaction.final = "declined"
        transaction.note("card_declines", (_CRYPTOGRAM_INFORMATION_DATA,))
    return "completed"
