"""Kernel 3: GET PROCESSING OPTIONS, whose answer already holds the cryptogram (Book C-3, 5.2 and 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.kernel import initiate_processing

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Send
    from emv.transaction import Transaction


def decide(transaction: Transaction, reply: Any) -> Send | str:
    if reply is None:
        return initiate_processing.ask(transaction)
    data, sw = reply
    if sw == 0x9000:
        initiate_processing.accept(transaction, data)
        transaction.note("processing_initiated", (0x82, 0x94))
        return "initiated"
    # 5.2.2.2
    if sw == 0x6984:
        transaction.note("card_asks_other_interface")
        transaction.messages = ("1D",)
        return "another_interface"
    if sw == 0x6985:
        transaction.note("conditions_not_satisfied")
        return "select_next"
    if sw == 0x6986:
        transaction.note("see_phone")
        transaction.messages = ("20",)
        transaction.restart_messages = ()
        transaction.field_off_ms = 1300
        return "try_again"
    transaction.note("processing_options_refused")
    return "end_application"
