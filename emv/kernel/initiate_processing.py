"""Initiate application processing: GET PROCESSING OPTIONS (Book 3, 10.1 and 6.5.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu, dol, tlv
from emv.constant import const
from emv.errors import CardFault

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Send
    from emv.transaction import Transaction

_APPLICATION_FILE_LOCATOR = const(0x94)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_FORMAT_1 = const(0x80)
_FORMAT_2 = const(0x77)
_PDOL = const(0x9F38)
_UNPREDICTABLE_NUMBER = const(0x9F37)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    if reply is None:
        return ask(transaction)
    data, sw = reply
    if sw == 0x6985:
        transaction.note("conditions_not_satisfied", (), 0, transaction.latest)
        return "not_satisfied"
    if sw != 0x9000:
        raise CardFault("processing_options_refused")
    accept(transaction, data)
    given = transaction.data
    if _APPLICATION_FILE_LOCATOR not in given or len(given.get(_APPLICATION_INTERCHANGE_PROFILE, b"")) != 2:
        raise CardFault("processing_options_incomplete")
    transaction.note("processing_initiated", (_APPLICATION_INTERCHANGE_PROFILE, _APPLICATION_FILE_LOCATOR))
    return "initiated"


def ask(transaction: Transaction) -> Send:
    pdol = transaction.data.get(_PDOL, b"")
    if dol.asks_for(pdol, _UNPREDICTABLE_NUMBER):
        transaction.draw_unpredictable_number()
    transaction.listed = dol.fill(pdol, transaction.data)
    return transaction.send_listed(apdu.get_processing_options(transaction.listed), pdol)


def accept(transaction: Transaction, data: bytes) -> None:
    """Store an answer of either format. Raises CardFault when it is neither."""
    template, start, end = tlv.single(data)
    if template == _FORMAT_2:
        transaction.bring_template(data, start, end)
    elif template == _FORMAT_1 and end - start >= 2:
        transaction.bring(
            [
                (_APPLICATION_INTERCHANGE_PROFILE, data[start : start + 2]),
                (_APPLICATION_FILE_LOCATOR, data[start + 2 : end]),
            ],
            len(transaction.exchange),
        )
    else:
        raise CardFault("template_unexpected")
