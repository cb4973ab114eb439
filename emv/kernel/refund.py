"""Refund and cancellation: the card is read and asked for an AAC, since nobody approves money that comes back.

The books say nothing of it (9C = 20, or 02 for a cancellation); this is what acquirers ask for. No PIN and no risk:
the card only names the account, and its AAC proves that it was there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import dol
from emv.constant import const
from emv.kernel import application_cryptogram, flow

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Action, Send
    from emv.transaction import Transaction

TABLE = {
    "kernel.application_selection": {"selected": "kernel.initiate_processing", "none_left": "end_application"},
    "kernel.initiate_processing": {
        "initiated": "kernel.read_application_data",
        "not_satisfied": "kernel.application_selection",
    },
    "kernel.read_application_data": {"read": "kernel.refund"},
    "kernel.refund": {"taken": "approved"},
}

_CDOL1 = const(0x8C)
_CRYPTOGRAM_INFORMATION_DATA = const(0x9F27)
_CVM_RESULTS = const(0x9F34)
_UNPREDICTABLE_NUMBER = const(0x9F37)

_TVR_NOT_AUTHENTICATED = const(0x950180)

_AAC = const(0x00)


def begin(transaction: Transaction) -> Action:
    """Go on with flow.advance. "approved": the card gave its AAC, and the refund may be booked."""
    return flow.begin(transaction, TABLE)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    if reply is None:
        transaction.note("refund_asks_for_no_approval", (), _TVR_NOT_AUTHENTICATED)
        transaction.put(_CVM_RESULTS, b"\x3f\x00\x00")
        if dol.asks_for(transaction.data[_CDOL1], _UNPREDICTABLE_NUMBER):
            transaction.draw_unpredictable_number()
        transaction.requested = _AAC
        return application_cryptogram.ask(transaction, _CDOL1)
    application_cryptogram.accept(transaction, reply[0], reply[1])
    transaction.note("refund_taken", (_CRYPTOGRAM_INFORMATION_DATA,))
    return "taken"
