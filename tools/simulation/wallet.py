"""The cards that come into the shop: those of the simulators, and some that are made of them for what is rare."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from tools.simulation.story import PREPAID
from tools.simulators import personalisation
from tools.simulators.personalisation import IssuerAccount, Personalisation
from tools.simulators.rsa import RsaKey

_OFFLINE_MINOR = 5000
# Of 640 bits: with a key as long as a real card's, signing would be what a simulated sale costs most
_SHORT_KEY = RsaKey(
    0xE0AF6481FD0B7D7F1D44508846F04669DCAA5078CA73C3A5FB397E2293FD6FDCE90AC213D95BA0F7,
    0xD3BE4EC1BEEE1ED45D3E411C2B26D4C0BBFD894D22D8CCC780440BF91E1CDBBB9A46252075896BFB,
)
_SIGNATURE_ALONE = bytes.fromhex("1E031F03")  # CVM list


@cache
def issued() -> dict[str, Personalisation]:
    cards = {name: personalisation.load(name) for name in personalisation.names()}
    debit, credit = cards["cb_visa_debit"], cards["mastercard_credit"]
    prepaid = replace(credit, pan="5413330089601240", account=IssuerAccount(PREPAID, in_part=True))
    approves = tuple(replace(application, offline_limit_minor=_OFFLINE_MINOR) for application in debit.contact)
    signs = tuple(replace(each, cvm_list=bytes(8) + _SIGNATURE_ALONE) for each in credit.contact)
    cards |= {
        "prepaid": prepaid,
        "offline": replace(debit, pan="4970101234567828", contact=approves),
        "signs": replace(credit, pan="5413330089601257", contact=signs),
    }
    return {name: replace(card, icc_key=card.icc_key and _SHORT_KEY) for name, card in cards.items()}
