"""The cards that come into the shop: those of the simulators, and some that are made of them for what is rare."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from tools.simulation.story import PREPAID
from tools.simulators import personalisation
from tools.simulators.personalisation import IssuerAccount, Personalisation

_OFFLINE_MINOR = 5000
_SIGNATURE_ALONE = bytes.fromhex("1E031F03")  # CVM list


@cache
def issued() -> dict[str, Personalisation]:
    cards = {name: personalisation.load(name) for name in personalisation.names()}
    debit, credit = cards["cb_visa_debit"], cards["mastercard_credit"]
    prepaid = replace(credit, pan="5413330089601240", account=IssuerAccount(PREPAID, in_part=True))
    approves = tuple(replace(application, offline_limit_minor=_OFFLINE_MINOR) for application in debit.contact)
    signs = tuple(replace(each, cvm_list=bytes(8) + _SIGNATURE_ALONE) for each in credit.contact)
    return cards | {
        "prepaid": prepaid,
        "offline": replace(debit, pan="4970101234567828", contact=approves),
        "signs": replace(credit, pan="5413330089601257", contact=signs),
    }
