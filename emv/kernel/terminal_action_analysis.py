"""Terminal action analysis: what the TVR means to issuer and acquirer (Book 3, 10.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.data_objects import meets

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_AMOUNT_AUTHORISED = const(0x9F02)
_CVM_RESULTS = const(0x9F34)
_IAC_DEFAULT = const(0x9F0D)
_IAC_DENIAL = const(0x9F0E)
_IAC_ONLINE = const(0x9F0F)
_TAC_DEFAULT = const(0xDF8120)
_TAC_DENIAL = const(0xDF8121)
_TAC_ONLINE = const(0xDF8122)
_TERMINAL_TYPE = const(0x9F35)
_TERMINAL_VERIFICATION_RESULTS = const(0x95)

_AAC = const(0x00)
_TC = const(0x40)
_ARQC = const(0x80)

# Book 3, annex C3, and Book 4, A4: alone or with a signature; as the card says.
_ENCIPHERED_PIN = (0x04, 0x05)
_SUCCESSFUL = const(0x02)

# SDA, DDA or CDA failed.
_AUTHENTICATION_FAILED = b"\x4c\x00\x00\x00\x00"
# What a code is that the card does not have: each failure. Byte 5 bits 2-1 tell how relay resistance went (C-2, 7.8).
_NOTHING = bytes(5)
_ANYTHING = b"\xff\xff\xff\xff\xfc"


def decide(transaction: Transaction, _reply: Any) -> str:
    transaction.requested = _analyse(transaction)
    return "done"


def _analyse(transaction: Transaction) -> int:
    tvr = transaction.data[_TERMINAL_VERIFICATION_RESULTS]
    parameters = transaction.parameters
    if "C-10" in transaction.profile.policies and meets(tvr, _AUTHENTICATION_FAILED):
        transaction.note("policy_authentication_failed", (_TERMINAL_VERIFICATION_RESULTS,))
        return _AAC
    if _calls_for(transaction, parameters.tac_denial, _IAC_DENIAL, _NOTHING):
        transaction.note("denied", (_TERMINAL_VERIFICATION_RESULTS, _TAC_DENIAL, _IAC_DENIAL))
        return _AAC
    if not online_capable(transaction):
        return by_default(transaction)
    asks_first = _online_only(transaction) or transaction.request.offline_minor is not None
    if asks_first or _calls_for(transaction, parameters.tac_online, _IAC_ONLINE, _ANYTHING):
        transaction.note("online_wanted", (_TERMINAL_VERIFICATION_RESULTS, _TAC_ONLINE, _IAC_ONLINE))
        return _ARQC
    transaction.note("offline_accepted", (_TERMINAL_VERIFICATION_RESULTS, _TAC_ONLINE, _IAC_ONLINE))
    return _TC


def by_default(transaction: Transaction) -> int:
    """The last word where the issuer cannot be asked."""
    if not _may_approve(transaction):
        transaction.note("offline_not_allowed", (_AMOUNT_AUTHORISED, _CVM_RESULTS))
        return _AAC
    if _calls_for(transaction, transaction.parameters.tac_default, _IAC_DEFAULT, _ANYTHING):
        transaction.note("default_declined", (_TERMINAL_VERIFICATION_RESULTS, _TAC_DEFAULT, _IAC_DEFAULT))
        return _AAC
    transaction.note("default_accepted", (_TERMINAL_VERIFICATION_RESULTS, _TAC_DEFAULT, _IAC_DEFAULT))
    return _TC


def _may_approve(transaction: Transaction) -> bool:
    """By the request. Of the PINs only an enciphered one: a card that never saw a plaintext one can be said to have
    (attacks/C-01), and one that the issuer was to check was checked by nobody."""
    limit = transaction.request.offline_minor
    if limit is None:
        return True
    results = transaction.data.get(_CVM_RESULTS, bytes(3))
    verified = results[0] & 0x3F in _ENCIPHERED_PIN and results[2] == _SUCCESSFUL
    return 0 < transaction.request.amount_minor <= limit and verified


def online_capable(transaction: Transaction) -> bool:
    """Book 4, A1: types x3 and x6 are offline only."""
    return transaction.data.get(_TERMINAL_TYPE, b"\x22")[0] & 0x0F not in (3, 6)


def _online_only(transaction: Transaction) -> bool:
    return transaction.data.get(_TERMINAL_TYPE, b"\x22")[0] & 0x0F in (1, 4)


def _calls_for(transaction: Transaction, tac: bytes, iac_tag: int, absent: bytes) -> bool:
    tvr = transaction.data[_TERMINAL_VERIFICATION_RESULTS]
    return meets(tvr, tac) or meets(tvr, transaction.data.get(iac_tag, absent))
