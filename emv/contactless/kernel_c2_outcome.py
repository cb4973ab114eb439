"""Kernel 2: what the card's cryptogram is worth, and the outcome (Book C-2, S9.18 on and S910)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.certificates import keys
from emv.constant import const
from emv.errors import CardFault, NotAuthentic
from emv.kernel import application_cryptogram

if TYPE_CHECKING:
    from emv.transaction import Transaction

_APPLICATION_CRYPTOGRAM = const(0x9F26)
_CA_PUBLIC_KEY_INDEX = const(0x8F)
_CRYPTOGRAM_INFORMATION_DATA = const(0x9F27)
_DEVICE_ENTROPY = const(0xDF8302)
_MEASURED_TIME = const(0xDF8306)
_PHONE_MESSAGE_TABLE = const(0xDF8131)
_POS_CARDHOLDER_INTERACTION_INFORMATION = const(0xDF4B)
_RRP_COUNTER = const(0xDF8307)
_SIGNED_DYNAMIC_APPLICATION_DATA = const(0x9F4B)
_TERMINAL_CAPABILITIES = const(0x9F33)
_TERMINAL_VERIFICATION_RESULTS = const(0x95)
_FORM_FACTOR_INDICATOR = const(0x9F6E)
_TRACK_2_EQUIVALENT_DATA = const(0x57)

_TVR_CDA_FAILED = const(0x950104)
_FAILED = const(0x4C)  # SDA, DDA or CDA, TVR byte 1
_RELAY_RESISTANCE_PERFORMED = const(0x02)  # TVR byte 5

_AAC = const(0x00)
_TC = const(0x40)
_ARQC = const(0x80)

_PURCHASES = (0x00, 0x01, 0x09, 0x17)  # of money, too
# Terminal entropy, card's entropy, minimum, maximum and transmission time.
_RELAY_RESISTANCE_DATA = (0xDF8301, 0xDF8302, 0xDF8303, 0xDF8304, 0xDF8305)
# Annex A, the default: mask, value, message, status.
_MESSAGES = (
    b"\x00\x00\x01\x00\x00\x01\x20\x00\x00\x08\x00\x00\x08\x00\x20\x00\x00\x04\x00\x00\x04\x00\x20\x00"
    b"\x00\x01\x00\x00\x01\x00\x20\x00\x00\x02\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x07\x00"
)


def judge(transaction: Transaction, data: bytes, signed: bool) -> str:
    """`signed`: a signature was asked for. Raises CardFault."""
    more = (_POS_CARDHOLDER_INTERACTION_INFORMATION,)
    kind = application_cryptogram.store(transaction, data, more)
    if _SIGNED_DYNAMIC_APPLICATION_DATA in transaction.data:
        if not _is_authentic(transaction, data):
            return "declined"
    elif _APPLICATION_CRYPTOGRAM not in transaction.data:
        raise CardFault("cryptogram_missing")
    elif signed and (kind != _AAC or transaction.requested == _AAC):
        raise CardFault("signature_missing")
    elif kind != _AAC and transaction.has_bit(_TERMINAL_VERIFICATION_RESULTS, 5, _RELAY_RESISTANCE_PERFORMED):
        _tell_issuer_of_relay_resistance(transaction)
    return _second_tap(transaction) or _outcome(transaction, kind)


def _is_authentic(transaction: Transaction, data: bytes) -> bool:
    """S910.1 to S910.7: the card has gone, there is time to recover its key."""
    try:
        keys.card_key(transaction)
        rest = application_cryptogram.check_signature(transaction, data)
        if transaction.has_bit(_TERMINAL_VERIFICATION_RESULTS, 5, _RELAY_RESISTANCE_PERFORMED):
            _check_relay_resistance(transaction, rest)
    except NotAuthentic as fault:
        transaction.note(fault.why, fault.tags)
        transaction.note("authentication_failed", (_SIGNED_DYNAMIC_APPLICATION_DATA,), _TVR_CDA_FAILED)
        return False
    transaction.note("cryptogram_authentic", (_SIGNED_DYNAMIC_APPLICATION_DATA,))
    return True


def _check_relay_resistance(transaction: Transaction, signed: bytes) -> None:
    """S910.4: what was said while time was taken is signed behind the transaction data hash."""
    said = b""
    for tag in _RELAY_RESISTANCE_DATA:
        said += transaction.data[tag]
    if signed[: len(said)] != said:
        raise NotAuthentic("relay_resistance_differs", _RELAY_RESISTANCE_DATA)


def _tell_issuer_of_relay_resistance(transaction: Transaction) -> None:
    """S910.39: unsigned, it goes to the issuer in the discretionary data of track 2, which checks the cryptogram."""
    data = transaction.data
    pan, separator, rest = data.get(_TRACK_2_EQUIVALENT_DATA, b"").hex().partition("d")
    if not separator:
        return
    entropy = data[_DEVICE_ENTROPY]
    index = data.get(_CA_PUBLIC_KEY_INDEX, b"\x00")[0]
    told = "%d%d%05d" % (index if index < 10 else 0, data[_RRP_COUNTER][0], entropy[2] << 8 | entropy[3])
    if len(pan) <= 16:
        told += "%03d" % entropy[1]
    told += "%03d" % min(int.from_bytes(data[_MEASURED_TIME], "big") // 10, 999)
    track = pan + separator + rest[:7] + told
    transaction.put(_TRACK_2_EQUIVALENT_DATA, bytes.fromhex(track + "f" * (len(track) % 2)))


def _second_tap(transaction: Transaction) -> str | None:
    """S910.71 to 73: the device asks its holder for something first, and says what."""
    asked = transaction.data.get(_POS_CARDHOLDER_INTERACTION_INFORMATION, b"")
    if len(asked) != 3 or not (asked[1] & 0x03 or asked[2] & 0x0F):
        return None
    table = transaction.data.get(_PHONE_MESSAGE_TABLE, _MESSAGES)
    for at in range(0, len(table) - 7, 8):
        if all(asked[i] & table[at + i] == table[at + 3 + i] for i in range(3)):
            transaction.messages = ("%02X" % table[at + 6],)
            break
    transaction.note("see_phone", (_POS_CARDHOLDER_INTERACTION_INFORMATION,))
    return "try_again"


def _outcome(transaction: Transaction, kind: int) -> str:
    """S910.74 and 75."""
    tags = (_CRYPTOGRAM_INFORMATION_DATA,)
    if kind == _TC:
        transaction.note("card_approves", tags)
        return "approved"
    if kind == _ARQC:
        transaction.note("card_asks_issuer", tags)
        return "online"
    transaction.note("card_declines", tags)
    if transaction.request.transaction_type not in _PURCHASES:
        transaction.messages = ("1E",)
        return "end_application"
    if "C-10" in transaction.profile.policies and transaction.has_bit(_TERMINAL_VERIFICATION_RESULTS, 1, _FAILED):
        # Who can make data authentication fail must not be led to another way to pay.
        transaction.note("policy_authentication_failed", (_TERMINAL_VERIFICATION_RESULTS,))
        return "declined"
    if _is_device(transaction) or not transaction.has_bit(_TERMINAL_CAPABILITIES, 1, 0x20):
        return "declined"
    transaction.messages = ("1D",)
    return "another_interface"


def _is_device(transaction: Transaction) -> bool:
    """Third party data: a device type behind the unique identifier, not a card's: there is no chip to insert."""
    third_party = transaction.data.get(_FORM_FACTOR_INDICATOR, b"")
    return len(third_party) >= 6 and not third_party[2] & 0x80 and third_party[4:6] != b"00"
