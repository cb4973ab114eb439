"""Application selection on contact: the payment system environment, then the list of AIDs (Book 1, 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu, tlv
from emv.action import Send
from emv.constant import const
from emv.errors import CardFault
from emv.kernel import candidate_list

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Action
    from emv.transaction import Transaction

_READ_RECORD_TEMPLATE = const(0x70)
_SHORT_FILE_IDENTIFIER = const(0x88)
_WORTH_KEEPING = (0x5F2D, 0x9F11)  # language preference and code table may be here, or with the application (12.2.2)
_PSE = b"1PAY.SYS.DDF01"


def decide(transaction: Transaction, reply: Any) -> Action | str:
    progress = transaction.progress
    if progress is None:
        return _begin(transaction)
    phase = progress[0]
    if phase == "ask":
        return _asked(transaction, reply)
    data, sw = reply
    if phase == "pse":
        return _environment(transaction, data, sw)
    if phase == "record":
        return _record(transaction, data, sw)
    if phase == "list":
        applications = transaction.profile.contact_applications()
        return candidate_list.list_answered(transaction, applications, data, sw) or _choose(transaction)
    return "selected" if candidate_list.selected(transaction, data, sw) else _choose(transaction)


def _begin(transaction: Transaction) -> Action | str:
    if transaction.searched:
        # Back from an application that refused the transaction: the others are still there.
        return _choose(transaction)
    transaction.searched = True
    if transaction.profile.selection == "aid_list":
        return _list(transaction)
    transaction.progress = ("pse",)
    return Send(apdu.select(_PSE))


def _environment(transaction: Transaction, data: bytes, sw: int) -> Action | str:
    """12.3.2: 6A81 ends the session; any other trouble with the environment leads to the list."""
    if sw == 0x6A81:
        raise CardFault("card_blocked")
    if sw == 0x9000:
        objects = candidate_list.fci_objects(data)
        transaction.directory = [item for item in objects if item[0] in _WORTH_KEEPING]
        for tag, value in objects:
            if tag == _SHORT_FILE_IDENTIFIER and len(value) == 1 and 1 <= value[0] <= 10:
                transaction.progress = ("record", value[0], 1)
                return Send(apdu.read_record(1, value[0]))
    transaction.note("environment_not_usable", (), 0, transaction.latest)
    return _list(transaction)


def _record(transaction: Transaction, data: bytes, sw: int) -> Action | str:
    _, sfi, number = transaction.progress
    if sw == 0x6A83:
        return _choose(transaction) if transaction.candidates else _list(transaction)
    try:
        if sw != 0x9000:
            raise CardFault("environment_not_usable")
        start, end = tlv.only(data, _READ_RECORD_TEMPLATE)
        candidate_list.add_entries(transaction, transaction.profile.contact_applications(), data, start, end)
    except CardFault:
        transaction.note("environment_not_usable", (), 0, transaction.latest)
        transaction.candidates = []
        return _list(transaction)
    if number == 255:
        return _choose(transaction)
    transaction.progress = ("record", sfi, number + 1)
    return Send(apdu.read_record(number + 1, sfi))


def _list(transaction: Transaction) -> Action | str:
    return candidate_list.try_list(transaction, transaction.profile.contact_applications(), 0) or _choose(transaction)


def _asked(transaction: Transaction, index: int | None) -> Action | str:
    if index is None:
        transaction.note("application_not_chosen")
        return "none_left"
    transaction.note("application_chosen")
    transaction.chosen = True
    return candidate_list.select(transaction, index)


def _choose(transaction: Transaction) -> Action | str:
    return candidate_list.choose(transaction) or "none_left"
