"""Offline PIN: its key, the tries left, the card's challenge and answer (Book 3, 10.5.1; Book 2, 7; Book 4, 6.3.4.1).

Each function gives an action, or True where the card verified the PIN, or False where the method has failed. The PIN
itself is its owner's: it is never here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu
from emv.action import EnterPin, Send, VerifyPin
from emv.constant import const
from emv.errors import CardFault, NotAuthentic
from emv.kernel import card_counter

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Action, PinEntry
    from emv.transaction import Transaction

_ICC_PUBLIC_KEY_CERTIFICATE = const(0x9F46)
_ICC_PIN_ENCIPHERMENT_PUBLIC_KEY_CERTIFICATE = const(0x9F2D)
_PIN_TRY_COUNTER = const(0x9F17)

_TVR_PIN_TRY_LIMIT_EXCEEDED = const(0x950320)
_TVR_PIN_PAD_NOT_WORKING = const(0x950310)
_TVR_PIN_NOT_ENTERED = const(0x950308)

# Book 2, table 25: header, PIN block and challenge beside the padding.
_BESIDE_PADDING = const(17)


def begin(transaction: Transaction, enciphered: bool) -> Send:
    progress = transaction.progress
    progress["method"] = "offline_enciphered" if enciphered else "offline_plaintext"
    progress["awaiting"] = "tries"
    return Send(apdu.get_data(_PIN_TRY_COUNTER))


def go_on(transaction: Transaction, reply: Any) -> Action | bool:
    awaiting = transaction.progress["awaiting"]
    if awaiting == "tries":
        return _tries_read(transaction, reply[0], reply[1])
    if awaiting == "challenge":
        return _challenged(transaction, reply[0], reply[1])
    if not entered(transaction, reply):
        return False
    if awaiting == "pin" and transaction.progress["method"] == "offline_enciphered":
        transaction.progress["awaiting"] = "challenge"
        return Send(apdu.get_challenge())
    return _verified(transaction, reply.sw1 << 8 | reply.sw2)


def entered(transaction: Transaction, entry: PinEntry) -> bool:
    """Was a PIN entered at all? An online one is asked the same way."""
    if entry.status == "entered":
        return True
    if entry.status == "unavailable":
        transaction.note("pin_pad_not_working", (), _TVR_PIN_PAD_NOT_WORKING)
    else:
        transaction.progress["bypassed"] = True
        transaction.note("pin_bypassed", (), _TVR_PIN_NOT_ENTERED)
    return False


def _recover_key(transaction: Transaction) -> bool:
    """Before anybody types: a PIN that cannot be enciphered is not asked for."""
    # Here and not above: a plaintext PIN needs no keys, and never pays the memory.
    from emv.certificates import keys

    try:
        transaction.progress["key"] = keys.pin_key(transaction)
    except NotAuthentic as fault:
        transaction.note(fault.why, fault.tags)
        transaction.note("pin_key_not_recovered")
        return False
    own = _ICC_PIN_ENCIPHERMENT_PUBLIC_KEY_CERTIFICATE in transaction.data
    transaction.note(
        "pin_key_recovered", (_ICC_PIN_ENCIPHERMENT_PUBLIC_KEY_CERTIFICATE if own else _ICC_PUBLIC_KEY_CERTIFICATE,)
    )
    return True


def _tries_read(transaction: Transaction, data: bytes, sw: int) -> EnterPin | bool:
    progress = transaction.progress
    left = progress.get("tries")  # after the PINs that an earlier rule asked for
    tries = left
    if sw == 0x9000:
        card_counter.bring(transaction, data, _PIN_TRY_COUNTER)
        counter = transaction.data.get(_PIN_TRY_COUNTER)
        tries = counter[0] if counter else left
    if tries == 0:
        transaction.note("pin_try_limit_exceeded", (_PIN_TRY_COUNTER,), _TVR_PIN_TRY_LIMIT_EXCEEDED)
        return False
    if left is not None and tries > left:
        return _not_believed(transaction)
    if progress["method"] == "offline_enciphered" and not _recover_key(transaction):
        return False
    return _ask(transaction, tries)


def _ask(transaction: Transaction, tries: int | None) -> EnterPin:
    progress = transaction.progress
    progress["awaiting"] = "pin"
    progress["tries"] = tries
    return EnterPin(progress["method"], tries)


def _challenged(transaction: Transaction, data: bytes, sw: int) -> VerifyPin | bool:
    """Book 2, 7.2: anything but 8 bytes and 9000 is a method that has failed."""
    if sw != 0x9000 or len(data) != 8:
        transaction.note("pin_challenge_refused")
        return False
    progress = transaction.progress
    progress["awaiting"] = "verify"
    return VerifyPin(progress["key"], data, transaction.draw(len(progress["key"][0]) - _BESIDE_PADDING))


def _verified(transaction: Transaction, sw: int) -> EnterPin | bool:
    """The card's answer to VERIFY. The exchange keeps that it was asked, never what was in it."""
    progress = transaction.progress
    command = b"\x00\x20\x00\x88" if progress["method"] == "offline_enciphered" else b"\x00\x20\x00\x80"
    transaction.exchange.append((command, bytes((sw >> 8, sw & 0xFF))))
    if sw == 0x9000:
        return True
    if sw in (0x63C0, 0x6983, 0x6984):
        transaction.note("pin_try_limit_exceeded", (), _TVR_PIN_TRY_LIMIT_EXCEEDED)
        return False
    if sw & 0xFFF0 != 0x63C0:
        raise CardFault("verify_refused")  # Book 3, 8.1 and figure 11
    before = progress["tries"]
    tries = sw & 0x0F
    if before is not None and tries >= before:
        progress["tries"] = before - 1
        return _not_believed(transaction)
    transaction.note("pin_wrong")
    return _ask(transaction, tries)


def _not_believed(transaction: Transaction) -> bool:
    """A card whose count does not go down is not asked for ever, by no rule of its list (attacks/C-17)."""
    transaction.note("pin_not_verified", (_PIN_TRY_COUNTER,))
    return False
