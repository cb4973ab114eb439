"""Kernel 3 after the card is read: restrictions, fDDA, cardholder verification, outcome (Book C-3, 5.4 to 5.8).

On the way the reader may come to require going online, or declining; what is left in the end is the outcome. A check
gives None to go on, "online", or an outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.errors import CardFault, NotAuthentic
from emv.kernel import brand_consistency, exception_file, processing_restrictions

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_AMOUNT_AUTHORISED = const(0x9F02)
_APPLICATION_CRYPTOGRAM = const(0x9F26)
_APPLICATION_EXPIRATION_DATE = const(0x5F24)
_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)
_APPLICATION_TRANSACTION_COUNTER = const(0x9F36)
_APPLICATION_USAGE_CONTROL = const(0x9F07)
_CARD_AUTHENTICATION_RELATED_DATA = const(0x9F69)
_CARD_TRANSACTION_QUALIFIERS = const(0x9F6C)
_CRYPTOGRAM_INFORMATION_DATA = const(0x9F27)
_FORM_FACTOR_INDICATOR = const(0x9F6E)
_ICC_DYNAMIC_NUMBER = const(0x9F4C)
_ISSUER_APPLICATION_DATA = const(0x9F10)
_ISSUER_COUNTRY_CODE = const(0x5F28)
_SIGNED_DYNAMIC_APPLICATION_DATA = const(0x9F4B)
_TERMINAL_COUNTRY_CODE = const(0x9F1A)
_TERMINAL_TRANSACTION_QUALIFIERS = const(0x9F66)
_TRACK_2_EQUIVALENT_DATA = const(0x57)
_TRANSACTION_CURRENCY_CODE = const(0x5F2A)
_UNPREDICTABLE_NUMBER = const(0x9F37)

_TVR_DDA_FAILED = const(0x950108)
_TVR_NOT_PERFORMED = const(0x950180)

AAC = const(0x00)
_TC = const(0x40)
_ARQC = const(0x80)

_CASH = (0x01, 0x17)
_CASHBACK = const(0x09)


def decide(transaction: Transaction, _reply: Any) -> str:
    kind = cryptogram_type(transaction)
    if kind == AAC:
        return "declined"
    check_complete(transaction)
    online = kind == _ARQC or _terminal(transaction, 2, 0x80)
    for check in (_restrict, _authenticate):
        result = check(transaction, kind, online)
        if result == "online":
            online = True
        elif result is not None:
            return result
    if not verify_cardholder(transaction, kind):
        return "declined"
    if not online and transaction.cvm != "online_pin":
        transaction.note("offline_accepted", (_CRYPTOGRAM_INFORMATION_DATA,))
        return "approved"
    return go_online(transaction)


def check_complete(transaction: Transaction) -> None:
    """5.4.2: what must be there, one account number on one card, and of the scheme (policy C-09)."""
    data = transaction.data
    for tag in (
        _APPLICATION_CRYPTOGRAM,
        _APPLICATION_INTERCHANGE_PROFILE,
        _APPLICATION_TRANSACTION_COUNTER,
        _ISSUER_APPLICATION_DATA,
        _TRACK_2_EQUIVALENT_DATA,
    ):
        if tag not in data:
            raise CardFault("mandatory_object_missing", (tag,))
    _check_account_number(transaction)
    brand_consistency.check(transaction)


def _check_account_number(transaction: Transaction) -> None:
    """Annex A: 5A, where the card has it, is the number in 57; where not, it is taken from there."""
    data = transaction.data
    pan = data[_TRACK_2_EQUIVALENT_DATA].hex().split("d")[0]
    if not pan.isdigit() or not 8 <= len(pan) <= 19:
        raise CardFault("account_number_malformed")
    if _APPLICATION_PRIMARY_ACCOUNT_NUMBER not in data:
        transaction.put(_APPLICATION_PRIMARY_ACCOUNT_NUMBER, bytes.fromhex(pan + "f" * (len(pan) % 2)))
    elif data[_APPLICATION_PRIMARY_ACCOUNT_NUMBER].hex().rstrip("f") != pan:
        raise CardFault("account_numbers_differ")


def cryptogram_type(transaction: Transaction) -> int:
    """5.4.3: tag 9F27, or the card's verification results in tag 9F10 where it has none. What is no type declines."""
    data = transaction.data
    if _CRYPTOGRAM_INFORMATION_DATA not in data:
        issuer_data = data.get(_ISSUER_APPLICATION_DATA, b"")
        if len(issuer_data) < 5:
            raise CardFault("cryptogram_missing", (_ISSUER_APPLICATION_DATA,))
        transaction.put(_CRYPTOGRAM_INFORMATION_DATA, bytes(((issuer_data[4] & 0x30) << 2,)))
    transaction.cid_first = data[_CRYPTOGRAM_INFORMATION_DATA][0]
    kind = transaction.cid_first & 0xC0
    rule = {_TC: "card_approves", _ARQC: "card_asks_issuer"}.get(kind, "card_declines")
    transaction.note(rule, (_CRYPTOGRAM_INFORMATION_DATA,))
    return AAC if rule == "card_declines" else kind


def _card(transaction: Transaction, byte: int, mask: int) -> bool:
    return transaction.has_bit(_CARD_TRANSACTION_QUALIFIERS, byte, mask)


def _terminal(transaction: Transaction, byte: int, mask: int) -> bool:
    return transaction.has_bit(_TERMINAL_TRANSACTION_QUALIFIERS, byte, mask)


def _restrict(transaction: Transaction, _kind: int, online: bool) -> str | None:
    """5.5.1: "online", an outcome, or None to go on. For what would be approved here: of the rest the issuer judges."""
    if online:
        return None
    if _APPLICATION_EXPIRATION_DATE not in transaction.data or processing_restrictions.expired(transaction.data):
        transaction.note("expired", (_APPLICATION_EXPIRATION_DATE,))
        online = _card(transaction, 1, 0x08) and not _terminal(transaction, 1, 0x08)
        if not online:
            return "declined"
    if exception_file.holds(transaction):
        transaction.note("on_exception_file", (_APPLICATION_PRIMARY_ACCOUNT_NUMBER,))
        return "declined"
    return refuse_cash(transaction) or ("online" if online else None)


def refuse_cash(transaction: Transaction) -> str | None:
    """5.5.1.3, 5.5.1.4: cash and cashback are for cards that say so; one may ask to be inserted for it.

    One that does not tell its country is declined; one without CTQ has not asked not to be inserted.
    """
    kind = transaction.request.transaction_type
    if kind in _CASH:
        usage_byte, switch = 1, 0x04
    elif kind == _CASHBACK:
        usage_byte, switch = 2, 0x02
    else:
        return None
    country = transaction.data.get(_ISSUER_COUNTRY_CODE)
    domestic = country == transaction.data.get(_TERMINAL_COUNTRY_CODE)
    if country is not None and transaction.has_bit(_APPLICATION_USAGE_CONTROL, usage_byte, 0x80 if domestic else 0x40):
        return None
    transaction.note("service_not_allowed", (_APPLICATION_USAGE_CONTROL, _ISSUER_COUNTRY_CODE))
    by_chip = _CARD_TRANSACTION_QUALIFIERS not in transaction.data or _card(transaction, 1, switch)
    return "another_interface" if country is not None and by_chip else "declined"


def _authenticate(transaction: Transaction, kind: int, online: bool) -> str | None:
    """5.6.1: an offline approval stands on fDDA alone; a card may ask for another way where it fails.

    A reader that authenticates online transactions too (TTQ byte 1 bit 1) tells the issuer what came of it.
    """
    if online and not (kind == _ARQC and _terminal(transaction, 1, 0x01)):
        return None
    if not online or transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 1, 0x20):
        transaction.oda = "fdda"
    else:
        transaction.note("authentication_not_performed", (_APPLICATION_INTERCHANGE_PROFILE,), _TVR_NOT_PERFORMED)
        return None
    try:
        _check_signature(transaction)
        transaction.note("dynamic_data_authentic", (_SIGNED_DYNAMIC_APPLICATION_DATA,))
        return None
    except NotAuthentic as fault:
        transaction.note(fault.why, (_SIGNED_DYNAMIC_APPLICATION_DATA,))
    if "C-10" in transaction.profile.policies:
        # An attacker who can break the signature must gain nothing by it: the card's wish does not count.
        transaction.note("policy_authentication_failed")
        return "declined"
    if online:
        transaction.note("authentication_failed", (_SIGNED_DYNAMIC_APPLICATION_DATA,), _TVR_DDA_FAILED)
        return None
    transaction.note("authentication_failed", (_CARD_TRANSACTION_QUALIFIERS,))
    return _after_failure(transaction)


def _after_failure(transaction: Transaction) -> str:
    if _card(transaction, 1, 0x20) and not _terminal(transaction, 1, 0x08):
        return "online"
    if _card(transaction, 1, 0x10) and _terminal(transaction, 1, 0x10):
        transaction.messages = ("1D",)
        return "another_interface"
    return "declined"


def _check_signature(transaction: Transaction) -> None:
    """C-3 annex C: the signature is over our number, the amount, its currency and tag 9F69 of version 01."""
    # Here and not above: a reader that is online only never needs them, and never pays the memory.
    from emv.certificates import keys, recovery

    data = transaction.data
    if not transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 1, 0x20):
        raise NotAuthentic("dda_not_supported")
    needed = (_SIGNED_DYNAMIC_APPLICATION_DATA, _CARD_AUTHENTICATION_RELATED_DATA)
    key = keys.card_key(transaction, needed)
    related = data[_CARD_AUTHENTICATION_RELATED_DATA]
    if related[0] != 0x01:
        raise NotAuthentic("fdda_version")
    # A card that did not ask for our number has signed none.
    signed = data.get(_UNPREDICTABLE_NUMBER, b"") + data[_AMOUNT_AUTHORISED]
    signed += data.get(_TRANSACTION_CURRENCY_CODE, b"") + related
    dynamic_data = recovery.dynamic_signature(key, data[_SIGNED_DYNAMIC_APPLICATION_DATA], signed)
    transaction.put(_ICC_DYNAMIC_NUMBER, recovery.dynamic_number(dynamic_data))


def verify_cardholder(transaction: Transaction, kind: int) -> bool:
    """5.7.1: settles the method; False is to decline."""
    if _settle_method(transaction, kind):
        return True
    transaction.note("verification_failed", (_CARD_TRANSACTION_QUALIFIERS, _TERMINAL_TRANSACTION_QUALIFIERS))
    return False


def _settle_method(transaction: Transaction, kind: int) -> bool:
    required = _terminal(transaction, 2, 0x40)
    online_pin = _terminal(transaction, 1, 0x04)
    signature = _terminal(transaction, 1, 0x02)
    if _CARD_TRANSACTION_QUALIFIERS not in transaction.data:
        if not required:
            return _settle(transaction, "none")
        if signature:
            return _settle(transaction, "signature")
        return online_pin and _settle(transaction, "online_pin")
    if online_pin and _card(transaction, 1, 0x80):
        return _settle(transaction, "online_pin")
    if _card(transaction, 2, 0x80):
        return _accept_on_device(transaction, kind, required, online_pin)
    if signature and _card(transaction, 1, 0x40):
        return _settle(transaction, "signature")
    return not required and _settle(transaction, "none")


def _accept_on_device(transaction: Transaction, kind: int, required: bool, online_pin: bool) -> bool:
    """The card says that its holder was verified on the device itself: true of a signed CTQ, or for the issuer to see.

    Policy C-07: above the limit a card's bare word is not enough. Unless the signature covers the CTQ, or it is a
    device that can verify anyone (9F6E byte 1: not a card), the PIN is asked for.
    """
    related = transaction.data.get(_CARD_AUTHENTICATION_RELATED_DATA)
    if related is not None:
        if related[5:7] != transaction.data[_CARD_TRANSACTION_QUALIFIERS]:
            transaction.note("qualifiers_differ", (_CARD_AUTHENTICATION_RELATED_DATA, _CARD_TRANSACTION_QUALIFIERS))
            return False
    elif kind != _ARQC:
        return False
    if required and "C-07" in transaction.profile.policies and not _is_credible(transaction):
        transaction.note("policy_on_device_not_credible", (_CARD_TRANSACTION_QUALIFIERS, _FORM_FACTOR_INDICATOR))
        return online_pin and _settle(transaction, "online_pin")
    return _settle(transaction, "on_device")


def _is_credible(transaction: Transaction) -> bool:
    signed = _ICC_DYNAMIC_NUMBER in transaction.data and _ICC_DYNAMIC_NUMBER not in transaction.origin
    return signed or transaction.has_bit(_FORM_FACTOR_INDICATOR, 1, 0x1F)


def _settle(transaction: Transaction, cvm: str) -> bool:
    transaction.cvm = cvm
    transaction.note("cvm_" + cvm, (_CARD_TRANSACTION_QUALIFIERS, _TERMINAL_TRANSACTION_QUALIFIERS))
    return True


def go_online(transaction: Transaction) -> str:
    transaction.note("online_wanted", (_CRYPTOGRAM_INFORMATION_DATA,))
    if _terminal(transaction, 3, 0x80) and _card(transaction, 2, 0x40):
        # 5.8.1.2: the issuer may have an update for the card, which is then presented again.
        transaction.start = "B"
        transaction.restart_messages = ("21",)
    return "online"
