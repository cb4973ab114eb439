"""GENERATE AC, first and second: what is asked, what may come back, and its signature (Book 3, 6.5.5; Book 2, 6.6)."""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING

from emv import apdu, dol, tlv
from emv.certificates import recovery
from emv.constant import const
from emv.errors import CardFault, NotAuthentic

if TYPE_CHECKING:
    from emv.action import Send
    from emv.transaction import Transaction

_APPLICATION_CRYPTOGRAM = const(0x9F26)
_APPLICATION_TRANSACTION_COUNTER = const(0x9F36)
_CRYPTOGRAM_INFORMATION_DATA = const(0x9F27)
_FORMAT_1 = const(0x80)
_FORMAT_2 = const(0x77)
_ICC_DYNAMIC_NUMBER = const(0x9F4C)
_ISSUER_APPLICATION_DATA = const(0x9F10)
_SIGNED_DYNAMIC_APPLICATION_DATA = const(0x9F4B)
_TDOL = const(0x97)
_TRANSACTION_CERTIFICATE_HASH_VALUE = const(0x98)
_UNPREDICTABLE_NUMBER = const(0x9F37)

_TVR_CDA_FAILED = const(0x950104)
_TVR_DEFAULT_TDOL_USED = const(0x950580)
_TSI_AUTHENTICATION_PERFORMED = const(0x9B0180)

_SIGNED = const(0x10)
# All that an answer may tell us; anything else in it is not heard (attacks/C-21).
_WANTED = (
    _CRYPTOGRAM_INFORMATION_DATA,
    _APPLICATION_TRANSACTION_COUNTER,
    _APPLICATION_CRYPTOGRAM,
    _ISSUER_APPLICATION_DATA,
    _SIGNED_DYNAMIC_APPLICATION_DATA,
)
_LENGTHS = ((_CRYPTOGRAM_INFORMATION_DATA, 1), (_APPLICATION_TRANSACTION_COUNTER, 2), (_APPLICATION_CRYPTOGRAM, 8))

_AAC = const(0x00)


def ask(transaction: Transaction, list_tag: int) -> Send:
    """GENERATE AC with what `list_tag` (CDOL1 or CDOL2) asks for, to be signed where CDA goes on."""
    listed = transaction.data[list_tag]
    if dol.asks_for(listed, _TRANSACTION_CERTIFICATE_HASH_VALUE):
        _hash_certificate(transaction)
    filled = dol.fill(listed, transaction.data)
    transaction.listed += filled
    reference = transaction.requested | (_SIGNED if _to_be_signed(transaction) else 0)
    return transaction.send_listed(apdu.generate_ac(reference, filled), listed)


def is_signing(transaction: Transaction) -> bool:
    """Does CDA go on? Not once the card's key could not be recovered."""
    return transaction.icc_key[0] != b"" and transaction.oda == "cda"


def _to_be_signed(transaction: Transaction) -> bool:
    return is_signing(transaction) and transaction.requested != _AAC


def _hash_certificate(transaction: Transaction) -> None:
    """Tag 98 (Book 3, 9.2.2): over the card's TDOL, or ours where it has none, or nothing."""
    tdol = transaction.data.get(_TDOL)
    if tdol is None:
        tdol = transaction.parameters.tdol
        if tdol is not None:
            transaction.note("default_tdol_used", (), _TVR_DEFAULT_TDOL_USED)
    transaction.put(_TRANSACTION_CERTIFICATE_HASH_VALUE, sha1(dol.fill(tdol or b"", transaction.data)).digest())


def accept(transaction: Transaction, data: bytes, sw: int) -> int | None:
    """The type of the card's cryptogram (AAC, TC, ARQC), or None when its signature does not hold.

    Raises CardFault when there is none, or at first one of a kind above what was asked for.
    """
    if sw != 0x9000:
        raise CardFault("cryptogram_refused")
    kind = store(transaction, data)
    if _to_be_signed(transaction) and kind != _AAC:
        try:
            check_signature(transaction, data)
        except NotAuthentic as fault:
            transaction.note(fault.why, fault.tags)
            transaction.note("authentication_failed", (), _TVR_CDA_FAILED)
            transaction.note("authentication_performed", (), _TSI_AUTHENTICATION_PERFORMED)
            return None
        transaction.note("cryptogram_authentic", (_SIGNED_DYNAMIC_APPLICATION_DATA,), _TSI_AUTHENTICATION_PERFORMED)
    elif _APPLICATION_CRYPTOGRAM not in transaction.data:
        raise CardFault("cryptogram_missing")
    return kind


# AAC, TC, ARQC by the top bits of tag 9F27: a card may answer with as much as was asked for, or less.
_RANK = (0, 2, 1)


def store(transaction: Transaction, data: bytes, more: tuple[int, ...] = ()) -> int:
    """Store the answer: what it must hold, and `more` where it holds that; gives the type of the cryptogram.

    One above what was asked for is a CardFault, and for an AAC the second time, when all is said (Book 3, 9.3).
    """
    wanted = _WANTED + more
    # What came earlier, in a record say, is no answer to this command.
    for tag in wanted:
        transaction.data.pop(tag, None)
    template, start, end = tlv.single(data)
    if template == _FORMAT_2:
        objects = [item for item in tlv.objects(data, start, end) if item[0] in wanted]
    elif template == _FORMAT_1 and 11 <= end - start <= 43:
        objects = [
            (_CRYPTOGRAM_INFORMATION_DATA, data[start : start + 1]),
            (_APPLICATION_TRANSACTION_COUNTER, data[start + 1 : start + 3]),
            (_APPLICATION_CRYPTOGRAM, data[start + 3 : start + 11]),
            (_ISSUER_APPLICATION_DATA, data[start + 11 : end]),
        ]
    else:
        raise CardFault("template_unexpected")
    transaction.bring(objects, len(transaction.exchange) - 1)
    for tag, length in _LENGTHS:
        if len(transaction.data.get(tag, bytes(length))) != length:
            raise CardFault("object_length", (tag,))
    information = transaction.data.get(_CRYPTOGRAM_INFORMATION_DATA)
    if information is None or _APPLICATION_TRANSACTION_COUNTER not in transaction.data:
        raise CardFault("cryptogram_missing")
    kind = information[0] & 0xC0
    above = kind == 0xC0 or _RANK[kind >> 6] > _RANK[transaction.requested >> 6]
    if transaction.cid_first is None:
        transaction.cid_first = information[0]
        if above:
            raise CardFault("cryptogram_above_request", (_CRYPTOGRAM_INFORMATION_DATA,))
    elif above:
        transaction.note("cryptogram_above_request", (_CRYPTOGRAM_INFORMATION_DATA,))
        return _AAC
    return kind


def check_signature(transaction: Transaction, data: bytes) -> bytes:
    """Book 2, 6.6.2: the signature covers the cryptogram, our number, and all that was asked and answered.

    Gives what else is signed, behind the hash.
    """
    tags = (_SIGNED_DYNAMIC_APPLICATION_DATA,)
    signature = transaction.data.get(_SIGNED_DYNAMIC_APPLICATION_DATA)
    number = transaction.data.get(_UNPREDICTABLE_NUMBER)
    if signature is None or data[0] != _FORMAT_2:
        raise NotAuthentic("signature_missing", tags)
    if number is None:  # a card that never asked for it has signed nothing of this transaction
        raise NotAuthentic("number_not_asked", tags)
    block = recovery.open_dynamic(transaction.icc_key, signature)
    dynamic_data = recovery.dynamic_data(block)
    dynamic_number = recovery.dynamic_number(dynamic_data)
    rest = dynamic_data[1 + len(dynamic_number) :]
    if len(rest) < 29:
        raise NotAuthentic("dynamic_data_length", tags)
    if rest[:1] != transaction.data[_CRYPTOGRAM_INFORMATION_DATA]:
        # The signed type is the one that counts from here (Book 4, 6.3.2).
        transaction.put(_CRYPTOGRAM_INFORMATION_DATA, rest[:1])
        raise NotAuthentic("signed_cryptogram_differs", tags)
    recovery.check_dynamic(block, number)
    if rest[9:29] != _transaction_hash(transaction, data):
        raise NotAuthentic("transaction_hash_differs", tags)
    transaction.put(_ICC_DYNAMIC_NUMBER, dynamic_number)
    transaction.put(_APPLICATION_CRYPTOGRAM, rest[1:9])
    return rest[29:]


def _transaction_hash(transaction: Transaction, data: bytes) -> bytes:
    digest = sha1(transaction.listed)
    _, start, end = tlv.single(data)
    at = start
    for tag, _, stop in tlv.children(data, start, end):
        if tag != _SIGNED_DYNAMIC_APPLICATION_DATA:
            digest.update(data[at:stop])
        at = stop
    return digest.digest()
