"""Read application data: every record that the AFL names (Book 3, 10.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu, tlv
from emv.action import Send
from emv.constant import const
from emv.data_objects import is_date
from emv.errors import CardFault

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_APPLICATION_EFFECTIVE_DATE = const(0x5F25)
_APPLICATION_EXPIRATION_DATE = const(0x5F24)
_APPLICATION_FILE_LOCATOR = const(0x94)
_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)
_CDOL1 = const(0x8C)
_CDOL2 = const(0x8D)
_READ_RECORD_TEMPLATE = const(0x70)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    """progress: (place in the AFL, record number, index of the GPO in the exchange: nothing since may recur)."""
    afl = transaction.data.get(_APPLICATION_FILE_LOCATOR, b"")
    if reply is None:
        check_afl(afl, transaction.contactless)
        return begin(transaction, 0, len(transaction.exchange) - 1) if afl else "read"
    at, number, first = transaction.progress
    data, sw = reply
    if sw != 0x9000:
        raise CardFault("record_not_read")
    _accept(transaction, data, afl[at] >> 3, number - afl[at + 1] < afl[at + 3], first)
    number += 1
    if number > afl[at + 2]:
        at += 4
        if at == len(afl):
            _check_complete(transaction)
            return "read"
        number = afl[at + 1]
    transaction.progress = (at, number, first)
    return Send(apdu.read_record(number, afl[at] >> 3))


def begin(transaction: Transaction, at: int, first: int) -> Send:
    """Read from the entry at `at` of the AFL on; `first` is the index of the GPO."""
    afl = transaction.data[_APPLICATION_FILE_LOCATOR]
    transaction.progress = (at, afl[at + 1], first)
    return Send(apdu.read_record(afl[at + 1], afl[at] >> 3))


def check_afl(afl: bytes, may_be_empty: bool) -> None:
    """Raises CardFault when an entry is not one: SFI 1 to 30, records from 1 up, no more signed than there are."""
    if len(afl) % 4 or not (afl or may_be_empty):
        raise CardFault("afl_malformed")
    for at in range(0, len(afl), 4):
        sfi, first, last, signed = afl[at], afl[at + 1], afl[at + 2], afl[at + 3]
        if sfi & 7 or not 1 <= sfi >> 3 <= 30 or first == 0 or last < first or signed > last - first + 1:
            raise CardFault("afl_malformed")


def _accept(transaction: Transaction, data: bytes, sfi: int, signed: bool, first: int) -> None:
    """Files 1 to 10 hold our objects; above they are the issuer's, read only to be authenticated."""
    if sfi <= 10:
        start, end = tlv.only(data, _READ_RECORD_TEMPLATE)
        transaction.bring(tlv.objects(data, start, end), first)
        if signed:
            transaction.authenticated.append((data, start))
    elif signed:
        # Authentication fails, but not the transaction, when such a record is no template (Book 3, 10.3).
        if data[:1] != b"\x70":
            transaction.authenticable = False
        transaction.authenticated.append((data, 0))


def _check_complete(transaction: Transaction) -> None:
    """Book 3, 7.2 and 7.5: what there is no contact transaction without. A contactless kernel has its own list."""
    data = transaction.data
    if transaction.contactless:
        return
    for tag in (_APPLICATION_EXPIRATION_DATE, _APPLICATION_PRIMARY_ACCOUNT_NUMBER, _CDOL1, _CDOL2):
        if tag not in data:
            raise CardFault("mandatory_object_missing", (tag,))
    for tag in (_APPLICATION_EFFECTIVE_DATE, _APPLICATION_EXPIRATION_DATE):
        if tag in data and not is_date(data[tag]):
            raise CardFault("date_malformed", (tag,))
    transaction.note("records_read", (_APPLICATION_FILE_LOCATOR,))
    if "C-09" in transaction.profile.policies:
        # Loaded here and not above: who does not have the policy never pays for it.
        from emv.kernel import brand_consistency

        brand_consistency.check(transaction)
