"""Kernel 2: the records (Book C-2, S3.30 to S3.32 and S4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.errors import CardFault
from emv.kernel import read_application_data

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Send
    from emv.transaction import Transaction

_APPLICATION_FILE_LOCATOR = const(0x94)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_KERNEL_CONFIGURATION = const(0xDF811B)

_MAG_STRIPE_RECORD = b"\x08\x01\x01\x00"


def decide(transaction: Transaction, reply: Any) -> Send | str:
    if reply is not None:
        return read_application_data.decide(transaction, reply)
    locator = transaction.data[_APPLICATION_FILE_LOCATOR]
    read_application_data.check_afl(locator, False)
    at = 0
    # The record of mag-stripe mode has nothing for this one; a reader without that mode reads it as any other.
    if locator[:4] == _MAG_STRIPE_RECORD and not transaction.has_bit(_KERNEL_CONFIGURATION, 1, 0x80):
        at = 4
    if at == len(locator):
        raise CardFault("afl_malformed", (_APPLICATION_FILE_LOCATOR,))
    return read_application_data.begin(transaction, at, transaction.origin[_APPLICATION_INTERCHANGE_PROFILE])
