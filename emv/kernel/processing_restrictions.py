"""Processing restrictions: version, usage control, dates (Book 3, 10.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.data_objects import sortable_date

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_ADDITIONAL_TERMINAL_CAPABILITIES = const(0x9F40)
_APPLICATION_EFFECTIVE_DATE = const(0x5F25)
_APPLICATION_EXPIRATION_DATE = const(0x5F24)
_APPLICATION_USAGE_CONTROL = const(0x9F07)
_APPLICATION_VERSION_NUMBER = const(0x9F08)
_APPLICATION_VERSION_NUMBER_TERMINAL = const(0x9F09)
_ISSUER_COUNTRY_CODE = const(0x5F28)
_TERMINAL_COUNTRY_CODE = const(0x9F1A)
_TERMINAL_TYPE = const(0x9F35)
_TRANSACTION_DATE = const(0x9A)
_TRANSACTION_TYPE = const(0x9C)

_TVR_DIFFERENT_VERSIONS = const(0x950280)
_TVR_EXPIRED = const(0x950240)
_TVR_NOT_YET_EFFECTIVE = const(0x950220)
_TVR_SERVICE_NOT_ALLOWED = const(0x950210)

_PURCHASE = const(0x00)
_CASH = (0x01, 0x17)  # withdrawal, disbursement
_CASHBACK = const(0x09)


def decide(transaction: Transaction, _reply: Any) -> str:
    data = transaction.data
    version = data.get(_APPLICATION_VERSION_NUMBER)
    if version is not None and version != data[_APPLICATION_VERSION_NUMBER_TERMINAL]:
        tags = (_APPLICATION_VERSION_NUMBER, _APPLICATION_VERSION_NUMBER_TERMINAL)
        transaction.note("versions_differ", tags, _TVR_DIFFERENT_VERSIONS)
    if not usage_allowed(transaction):
        tags = (_APPLICATION_USAGE_CONTROL, _ISSUER_COUNTRY_CODE, _TERMINAL_COUNTRY_CODE, _TRANSACTION_TYPE)
        transaction.note("service_not_allowed", tags, _TVR_SERVICE_NOT_ALLOWED)
    today = sortable_date(data[_TRANSACTION_DATE])
    effective = data.get(_APPLICATION_EFFECTIVE_DATE)
    if effective is not None and sortable_date(effective) > today:
        transaction.note("not_yet_effective", (_APPLICATION_EFFECTIVE_DATE, _TRANSACTION_DATE), _TVR_NOT_YET_EFFECTIVE)
    if expired(data):
        transaction.note("expired", (_APPLICATION_EXPIRATION_DATE, _TRANSACTION_DATE), _TVR_EXPIRED)
    return "done"


def expired(data: dict[int, bytes]) -> bool:
    return sortable_date(data[_APPLICATION_EXPIRATION_DATE]) < sortable_date(data[_TRANSACTION_DATE])


def usage_allowed(transaction: Transaction) -> bool:
    """10.4.2: the place (byte 1 bits 2-1), and with the issuer's country known the kind of transaction."""
    if _APPLICATION_USAGE_CONTROL not in transaction.data:
        return True
    if not transaction.has_bit(_APPLICATION_USAGE_CONTROL, 1, 0x02 if _at_atm(transaction) else 0x01):
        return False
    country = transaction.data.get(_ISSUER_COUNTRY_CODE)
    if country is None:
        return True
    # Domestic is the left bit of each pair, international the one beside it.
    shift = 0 if country == transaction.data.get(_TERMINAL_COUNTRY_CODE) else 1
    kind = transaction.request.transaction_type
    cash = kind in _CASH
    if not cash and kind not in (_PURCHASE, _CASHBACK):
        # The card says nothing of a refund or an inquiry.
        return True
    # Cash; or goods or services, which a transaction type does not tell apart.
    wanted = 0x80 if cash else 0x28
    if not transaction.has_bit(_APPLICATION_USAGE_CONTROL, 1, wanted >> shift):
        return False
    cashback = kind == _CASHBACK or transaction.request.amount_other_minor > 0
    return not cashback or transaction.has_bit(_APPLICATION_USAGE_CONTROL, 2, 0x80 >> shift)


def _at_atm(transaction: Transaction) -> bool:
    """Book 4, A1: an unattended terminal of a financial institution that gives cash."""
    return transaction.data.get(_TERMINAL_TYPE) in (b"\x14", b"\x15", b"\x16") and transaction.has_bit(
        _ADDITIONAL_TERMINAL_CAPABILITIES, 1, 0x80
    )
