"""Entry point: pre-processing, the proximity payment system environment, combination selection (Book B, 3.1 to 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu, dol, tlv
from emv.action import Send
from emv.constant import const
from emv.errors import CardFault
from emv.kernel import candidate_list
from emv.kernel.flow import begin_contactless as begin

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Action
    from emv.profile import Application
    from emv.transaction import Transaction

__all__ = ["begin", "decide"]

_FCI_ISSUER_DISCRETIONARY_DATA = const(0xBF0C)
_FCI_PROPRIETARY_TEMPLATE = const(0xA5)
_FCI_TEMPLATE = const(0x6F)
_PDOL = const(0x9F38)
_TERMINAL_TRANSACTION_QUALIFIERS = const(0x9F66)
_TRANSACTION_CURRENCY_EXPONENT = const(0x5F36)
_PPSE = b"2PAY.SYS.DDF01"
# Kernel and scheme whose cards have to ask for the TTQ.
_ASK_FOR_QUALIFIERS = ((3, b"\xa0\x00\x00\x00\x03"), (0x42, b"\xa0\x00\x00\x00\x42"))

_OFFLINE_ONLY_READER = const(0x08)
_ONLINE_CRYPTOGRAM_REQUIRED = const(0x80)
_CVM_REQUIRED = const(0x40)


def decide(transaction: Transaction, reply: Any) -> Action | str:
    progress = transaction.progress
    if progress is None:
        return _begin(transaction)
    phase = progress[0]
    if phase == "ask":
        if reply is None:
            transaction.note("application_not_chosen")
            return "none_left"
        return candidate_list.select(transaction, reply)
    data, sw = reply
    if phase == "ppse":
        return _environment(transaction, data, sw)
    if phase == "list":
        return candidate_list.list_answered(transaction, allowed(transaction), data, sw) or _choose(transaction)
    return _selected(transaction, data, sw)


def _begin(transaction: Transaction) -> Action | str:
    if transaction.searched:
        # Start C: back from a kernel that said Select Next (3.3.3.1).
        return _choose(transaction)
    transaction.searched = True
    if not allowed(transaction):
        transaction.note("contactless_not_allowed", (_TERMINAL_TRANSACTION_QUALIFIERS,))
        return "not_allowed"
    if transaction.profile.selection == "aid_list":
        return _list(transaction)
    transaction.progress = ("ppse",)
    return Send(apdu.select(_PPSE))


def allowed(transaction: Transaction) -> list[Application]:
    applications = transaction.profile.contactless_applications()
    return [application for application in applications if qualifiers(transaction, application) is not None]


def qualifiers(transaction: Transaction, application: Application) -> bytes | None:
    """Pre-processing of one combination (3.1.1): its TTQ for this amount, or None where it may not be used.

    Kernel 2 has no TTQ and looks at its limits itself (Book C-2).
    """
    amount = transaction.request.amount_minor
    limits = application.parameters.limits
    ttq = application.parameters.data.get(_TERMINAL_TRANSACTION_QUALIFIERS)
    if ttq is None:
        ttq = transaction.profile.data.get(_TERMINAL_TRANSACTION_QUALIFIERS, b"")
    if amount == 0 and not limits.zero_amount:
        return None
    if application.kernel == 2:
        return ttq
    if limits.transaction_minor is not None and amount >= limits.transaction_minor:
        return None
    if len(ttq) != 4:
        return b""
    if amount == 0 and ttq[0] & _OFFLINE_ONLY_READER:
        return None
    second = ttq[1] & 0x3F
    if _must_go_online(transaction, application):
        second |= _ONLINE_CRYPTOGRAM_REQUIRED
    if limits.cvm_minor is not None and amount >= limits.cvm_minor:
        second |= _CVM_REQUIRED
    return ttq[:1] + bytes((second,)) + ttq[2:]


def _must_go_online(transaction: Transaction, application: Application) -> bool:
    """An amount of zero, a status check, or one above the floor limit: of the tap, or else of the terminal.

    Always, where the request says that the issuer is asked first.
    """
    if transaction.request.offline_minor is not None:
        return True
    amount = transaction.request.amount_minor
    parameters = application.parameters
    limits = parameters.limits
    exponent = transaction.profile.data.get(_TRANSACTION_CURRENCY_EXPONENT, b"\x02")[0]
    floor = parameters.floor_limit_minor if limits.floor_minor is None else limits.floor_minor
    return amount == 0 or (limits.status_check and amount == 10**exponent) or (floor is not None and amount > floor)


def _environment(transaction: Transaction, data: bytes, sw: int) -> Action | str:
    """3.3.2: a directory in which nothing is ours ends the tap; only one that cannot be read leads to the list."""
    if sw == 0x9000:
        try:
            _add_entries(transaction, data)
            return _choose(transaction)
        except CardFault as fault:
            transaction.note(fault.why)
            transaction.candidates = []
    if not transaction.profile.list_after_ppse:
        return _choose(transaction)
    transaction.note("environment_not_usable", (), 0, transaction.latest)
    return _list(transaction)


def _add_entries(transaction: Transaction, data: bytes) -> None:
    """The directory entries are in 6F, A5, BF0C (Book B, table 3-2)."""
    applications = allowed(transaction)
    start, end = tlv.only(data, _FCI_TEMPLATE)
    for tag, start_a5, end_a5 in tlv.children(data, start, end):
        if tag == _FCI_PROPRIETARY_TEMPLATE:
            for inner, start_bf0c, end_bf0c in tlv.children(data, start_a5, end_a5):
                if inner == _FCI_ISSUER_DISCRETIONARY_DATA:
                    candidate_list.add_entries(transaction, applications, data, start_bf0c, end_bf0c)


def _list(transaction: Transaction) -> Action | str:
    return candidate_list.try_list(transaction, allowed(transaction), 0) or _choose(transaction)


def _choose(transaction: Transaction) -> Action | str:
    return candidate_list.choose(transaction) or "none_left"


def _selected(transaction: Transaction, data: bytes, sw: int) -> Action | str:
    candidate = transaction.progress[1]
    application = candidate[1]
    if not candidate_list.selected(transaction, data, sw):
        return _choose(transaction)
    # 3.3.3.6: a Visa card that does not ask for the TTQ speaks an older protocol, which is not ours; a CB card that
    # does not is one beside a Mastercard (docs/kernel-cb.md).
    if (application.kernel, application.aid[:5]) in _ASK_FOR_QUALIFIERS and not _asks_for_qualifiers(transaction):
        transaction.note("qualifiers_not_asked", (_PDOL,))
        other = _of_kernel_2(transaction, application.aid)
        if other is None:
            return _choose(transaction)
        transaction.progress = ("final", (candidate[0], other))
        return _selected(transaction, data, sw)
    ttq = qualifiers(transaction, application)
    if ttq:
        transaction.put(_TERMINAL_TRANSACTION_QUALIFIERS, ttq)
    return "activated"


def _of_kernel_2(transaction: Transaction, aid: bytes) -> Application | None:
    """The combination of the same name with the kernel that has no TTQ."""
    for application in allowed(transaction):
        if application.aid == aid and application.kernel == 2:
            return application
    return None


def _asks_for_qualifiers(transaction: Transaction) -> bool:
    return dol.asks_for(transaction.data.get(_PDOL, b""), _TERMINAL_TRANSACTION_QUALIFIERS)
