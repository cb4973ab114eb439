"""Kernel 2: GENERATE AC, or RECOVER AC for one that was torn (Book C-2, 7.6 GAC, S9 to S11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu, dol
from emv.action import Send
from emv.constant import const
from emv.contactless import torn_log
from emv.contactless.kernel_c2 import on_device
from emv.errors import CardFault

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_APPLICATION_CAPABILITIES_INFORMATION = const(0x9F5D)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_CDOL1 = const(0x8C)
_DRDOL = const(0x9F51)
_TERMINAL_VERIFICATION_RESULTS = const(0x95)
_UNPREDICTABLE_NUMBER = const(0x9F37)

_AAC = const(0x00)
_SIGNED = const(0x10)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    """progress: the record that is recovered, or whether a signature was asked for."""
    if reply is None:
        record = torn_log.find(transaction)
        return _generate(transaction) if record is None else _recover(transaction, record)
    data, sw = reply
    asked = transaction.progress
    recovering = not isinstance(asked, bool)
    if sw == 0:
        return _torn(transaction, None if recovering else asked)
    if recovering:
        if sw != 0x9000:  # S10.8: the card has forgotten
            transaction.note("recovery_refused", (_DRDOL,))
            transaction.torn.remove(asked)
            return _generate(transaction)
        torn_log.restore(transaction, asked)
        transaction.tvr_first = transaction.data[_TERMINAL_VERIFICATION_RESULTS]
        transaction.note("cryptogram_recovered", (_DRDOL,))
        asked = asked[5]
    if sw != 0x9000:
        raise CardFault("cryptogram_refused")
    # Here and not above: the card waits for none of it.
    from emv.contactless import kernel_c2_outcome

    return kernel_c2_outcome.judge(transaction, data, asked)


def _recover(transaction: Transaction, record: torn_log.TornRecord) -> Send:
    transaction.progress = record
    return transaction.send_listed(apdu.recover_ac(record[6]), transaction.data[_DRDOL])


def _generate(transaction: Transaction) -> Send:
    data = transaction.data
    transaction.tvr_first = data[_TERMINAL_VERIFICATION_RESULTS]
    transaction.progress = _ask_signature(transaction)
    listed = data[_CDOL1]
    if dol.asks_for(listed, _UNPREDICTABLE_NUMBER):
        transaction.draw_unpredictable_number()
    filled = dol.fill(listed, data)
    transaction.listed += filled
    reference = transaction.requested | (_SIGNED if transaction.progress else 0)
    return transaction.send_listed(apdu.generate_ac(reference, filled), listed)


def _ask_signature(transaction: Transaction) -> bool:
    """GAC.20 to 27: CDA, unless it has failed already; of an AAC only where the card says that it signs any."""
    if transaction.oda != "cda":
        return False
    if transaction.has_bit(_TERMINAL_VERIFICATION_RESULTS, 1, 0x04):
        if on_device(transaction):
            # The device's word that its holder was verified is worth nothing now.
            transaction.note("on_device_not_authentic", (_APPLICATION_INTERCHANGE_PROFILE,))
            transaction.requested = _AAC
        return False
    return transaction.requested != _AAC or transaction.has_bit(_APPLICATION_CAPABILITIES_INFORMATION, 2, 0x01)


def _torn(transaction: Transaction, signed: bool | None) -> str:
    """S9.5, S10.1, S11.11: the card left; what it was asked for is kept, unless that was to recover."""
    transaction.note("card_lost")
    if signed is not None and torn_log.applies(transaction):
        torn_log.add(transaction, signed)
        transaction.note("torn_kept", (_DRDOL,))
    transaction.messages = ("21",)
    return "torn"
