"""The applications that card and terminal have in common (Book 1, 12.3 and 12.4; Book B, 3.3.2).

A candidate is (name, application, priority indicator, title to show, place in the order of the card or of the list,
extension of the name).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu, tlv
from emv.action import ChooseApplication, Send
from emv.constant import const
from emv.errors import CardFault

if TYPE_CHECKING:
    from emv.action import Action
    from emv.profile import Application
    from emv.transaction import Transaction

_ADDITIONAL_TERMINAL_CAPABILITIES = const(0x9F40)
_ADF_NAME = const(0x4F)
_APPLICATION_IDENTIFIER_TERMINAL = const(0x9F06)
_APPLICATION_LABEL = const(0x50)
_APPLICATION_PREFERRED_NAME = const(0x9F12)
_APPLICATION_PRIORITY_INDICATOR = const(0x87)
_APPLICATION_TEMPLATE = const(0x61)
_DEDICATED_FILE_NAME = const(0x84)
_EXTENDED_SELECTION = const(0x9F29)
_FCI_TEMPLATE = const(0x6F)
_ISSUER_CODE_TABLE_INDEX = const(0x9F11)
_KERNEL_IDENTIFIER = const(0x9F2A)

_KERNEL_CB = const(0x42)


def add_entries(transaction: Transaction, applications: list[Application], data: bytes, at: int, end: int) -> None:
    """Add what the directory entries (61) in data[at:end] have in common with the terminal."""
    for tag, start, stop in tlv.children(data, at, end):
        if tag == _APPLICATION_TEMPLATE:
            _add(transaction, applications, _ADF_NAME, tlv.objects(data, start, stop))


def _add(transaction: Transaction, applications: list[Application], name_tag: int, objects: list) -> None:
    found = dict(transaction.directory + objects)
    name = found.get(name_tag, b"")
    if not 5 <= len(name) <= 16:
        return
    for application in applications:
        if name == application.aid or (application.partial and name.startswith(application.aid)):
            if application.kernel is None or _kernel_fits(application, found.get(_KERNEL_IDENTIFIER, b"")):
                _add_candidate(transaction, name, application, found)
                return


def _add_candidate(transaction: Transaction, name: bytes, application: Application, found: dict[int, bytes]) -> None:
    """On contact a name is there once; tapped, once for each kernel and each extension that entries ask for."""
    extended = application.parameters.limits.extended_selection
    extension = found.get(_EXTENDED_SELECTION, b"") if extended else b""
    if not _is_listed(transaction, name, application.kernel, extension):
        priority = found.get(_APPLICATION_PRIORITY_INDICATOR) or b"\x00"
        title = _title(transaction, name, found)
        place = len(transaction.candidates)
        transaction.candidates.append((name, application, priority[0], title, place, extension))


def _is_listed(transaction: Transaction, name: bytes, kernel: int | None, extension: bytes = b"") -> bool:
    wanted = (name, kernel, extension)
    return any((each[0], each[1].kernel, each[5]) == wanted for each in transaction.candidates)


def _title(transaction: Transaction, name: bytes, found: dict[int, bytes]) -> str:
    """Book 4, 11.3: the preferred name where its letters are ours (ISO 8859-1), or the label, or else the bare name."""
    preferred = found.get(_APPLICATION_PREFERRED_NAME)
    latin = found.get(_ISSUER_CODE_TABLE_INDEX) == b"\x01"
    if preferred and latin and transaction.has_bit(_ADDITIONAL_TERMINAL_CAPABILITIES, 5, 0x01):
        return text(preferred, 0xFF)
    return text(found.get(_APPLICATION_LABEL, b"")) or name.hex().upper()


def _kernel_fits(application: Application, kernel: bytes) -> bool:
    """Book B, 3.3.2.5: the kernel that the card asks for, by default its scheme's; 0 is any."""
    if kernel:
        asked = kernel[0]
        if asked & 0x80:
            # An extended identifier; none of our kernels has one.
            return len(kernel) >= 3 and not asked & 0x3F
    else:
        # Book B, table 3-6.
        asked = {
            b"\xa0\x00\x00\x00\x04": 2,
            b"\xa0\x00\x00\x00\x03": 3,
            b"\xa0\x00\x00\x00\x25": 4,
            b"\xa0\x00\x00\x00\x65": 5,
            b"\xa0\x00\x00\x01\x52": 6,
            b"\xa0\x00\x00\x03\x33": 7,
        }.get(application.aid[:5], 0)
    # A CB application asks for the kernel of the scheme beside it, or for none (docs/kernel-cb.md).
    return asked in (0, application.kernel) or (application.kernel == _KERNEL_CB and asked == 3)


def try_list(
    transaction: Transaction, applications: list[Application], at: int, following: bool = False
) -> Send | None:
    """The list of AIDs (Book 1, 12.3.3), from its entry `at` on; None at its end."""
    if at == len(applications):
        return None
    transaction.progress = ("list", at, following)
    return Send(apdu.select(applications[at].aid, following))


def list_answered(transaction: Transaction, applications: list[Application], data: bytes, sw: int) -> Send | None:
    _, at, following = transaction.progress
    application = applications[at]
    if sw == 0x6A81 and at == 0 and not following:
        raise CardFault("card_blocked")
    if sw in (0x9000, 0x6283):
        objects = fci_objects(data)
        name = name_of(objects)
        if name.startswith(application.aid) and not _is_listed(transaction, name, application.kernel):
            if sw == 0x9000:
                _add(transaction, [application], _DEDICATED_FILE_NAME, objects)
            else:
                transaction.note("application_blocked", (_DEDICATED_FILE_NAME,), 0, transaction.latest)
            following = application.partial and name != application.aid
        else:
            # Not what was asked for; or a card that knows no next occurrence, and says the same again.
            following = False
    elif sw >> 8 not in (0x62, 0x63):
        following = False
    return try_list(transaction, applications, at if following else at + 1, following)


def fci_objects(data: bytes) -> list[tuple[int, bytes]]:
    """The objects of a file control information; none when it is not one."""
    try:
        start, end = tlv.only(data, _FCI_TEMPLATE)
        return tlv.objects(data, start, end)
    except CardFault:
        return []


def name_of(objects: list[tuple[int, bytes]]) -> bytes:
    for tag, value in objects:
        if tag == _DEDICATED_FILE_NAME:
            return value
    return b""


def choose(transaction: Transaction) -> Action | None:
    """Take the next candidate: a SELECT, the question to the cardholder, or None when none is left.

    The order is the cardholder's own choice, the merchant's preference, the card's priority (Book 1, 12.4). Once the
    cardholder has chosen, nothing else is taken without asking again (12.4, step 6).
    """
    asking = transaction.profile.ask_cardholder or transaction.request.choose or transaction.chosen
    candidates = transaction.candidates
    if not asking and not transaction.contactless:
        # Bit 8: not without the cardholder's confirmation, which nobody asks for here. A tap knows no such bit.
        candidates = [each for each in candidates if not each[2] & 0x80 or _wanted(transaction, each)]
        transaction.candidates = candidates
    if not candidates:
        transaction.note("no_application_left")
        return None
    candidates.sort(key=lambda candidate: _rank(transaction, candidate))
    first = candidates[0]
    if _wanted(transaction, first):
        transaction.chosen = True
    elif asking and (transaction.chosen or len(candidates) > 1 or first[2] & 0x80):
        transaction.progress = ("ask",)
        return ChooseApplication([(candidate[0], candidate[3]) for candidate in candidates])
    return select(transaction, 0)


def _wanted(transaction: Transaction, candidate: tuple) -> bool:
    preferred = transaction.request.preferred_aid
    return preferred is not None and candidate[0].startswith(preferred)


def _rank(transaction: Transaction, candidate: tuple) -> tuple[int, ...]:
    preference = transaction.profile.preference
    place = 0
    while place < len(preference) and not candidate[0].startswith(preference[place]):
        place += 1
    return (not _wanted(transaction, candidate), place, candidate[2] & 0x0F or 16, candidate[4])


def select(transaction: Transaction, at: int) -> Send:
    """Take a candidate off the list and select it."""
    candidate = transaction.candidates.pop(at)
    transaction.progress = ("final", candidate)
    return Send(apdu.select(candidate[0] + candidate[5]))


def selected(transaction: Transaction, data: bytes, sw: int) -> bool:
    """Did the final selection succeed? Then the transaction is with that application."""
    _, candidate = transaction.progress
    objects = fci_objects(data) if sw == 0x9000 else []
    name = name_of(objects)
    # On contact exactly what was asked for (Book 1, 12.4).
    if not name.startswith(candidate[0]) or (name != candidate[0] and candidate[1].kernel is None):
        rule = "application_blocked" if sw == 0x6283 else "application_not_selected"
        transaction.note(rule, (), 0, transaction.latest)
        return False
    transaction.enter(candidate[1])
    if candidate[1].kernel is None:
        # On contact the terminal's identifier becomes the name selected (Book 1, 12.4).
        transaction.put(_APPLICATION_IDENTIFIER_TERMINAL, candidate[0])
    # What the directory said twice is no fault: only records are held to that (Book 3, 10.2).
    transaction.bring(transaction.directory + objects, len(transaction.exchange))
    transaction.note("application_selected", (_DEDICATED_FILE_NAME, _APPLICATION_PRIORITY_INDICATOR))
    return True


def text(label: bytes, highest: int = 0x7E) -> str:
    """A label for people: printable letters only, at most 16, for a card may send anything."""
    return "".join([chr(byte) for byte in label[:16] if 0x20 <= byte < 0x7F or 0xA0 <= byte <= highest])
