"""The head of a transcript: the terminal of a profile, as data, and the transaction that is to be done."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emv.certificates.ca_keys import CaKey
from emv.profile import Application, Profile
from tools.simulators.scheme import CaPublicKey

ENCIPHERED_PIN = 0x10  # of 9F33 byte 2

ISSUERS: dict[str, dict[str, Any]] = {
    "none": {"online": False},
    "approves": {"online": True, "8A": "3030"},
    "declines": {"online": True, "8A": "3035"},
}


@dataclass(frozen=True)
class Wanted:
    """What is to be recorded. `pin` None: its entry is bypassed, for a wrong one costs the card a try."""

    interface: str
    amount_minor: int
    clock: datetime
    kind: str = "00"  # tag 9C
    pin: str | None = field(default=None, repr=False)
    choose: str | None = None
    issuer: str = "none"


def head(profile: Profile, wanted: Wanted) -> dict[str, Any]:
    """A transcript without chance, exchange and expectation: what the recording begins with."""
    cardholder: dict[str, str] = {"pin_entry": "bypass"} if wanted.pin is None else {"pin": wanted.pin}
    if wanted.choose is not None:
        cardholder["choose"] = wanted.choose.upper()
    return {
        "title": f"Recorded {wanted.clock:%Y-%m-%d}: {wanted.interface}, {wanted.amount_minor / 100:.2f}",
        "source": "Recorded from a card by zinc record.",
        "interface": wanted.interface,
        "terminal": _terminal(profile, wanted),
        "transaction": {"amount": wanted.amount_minor, "amount_other": 0, "type": wanted.kind},
        "cardholder": cardholder,
        "issuer": dict(ISSUERS[wanted.issuer]),
    }


def _terminal(profile: Profile, wanted: Wanted) -> dict[str, Any]:
    contact = wanted.interface == "contact"
    applications = profile.contact_applications() if contact else profile.contactless_applications()
    data = dict(profile.data)
    for application in applications:  # the format has one set of terminal data
        for tag, value in application.parameters.data.items():
            data.setdefault(tag, value)
    terminal: dict[str, Any] = {
        "data": {f"{tag:X}": value.hex().upper() for tag, value in sorted(data.items())},
        "selection": profile.selection,
        "applications": [_application(application) for application in applications],
        "ca_keys": [ca_key(key) for key in profile.ca_keys],
        "clock": f"{wanted.clock:%Y-%m-%dT%H:%M:%S}",
    }
    if profile.policies:
        terminal["policies"] = list(profile.policies)
    return terminal


def without_enciphered_pin(begun: dict[str, Any]) -> dict[str, Any]:
    """A terminal that cannot encipher a PIN: what our key enciphers, the real card could not read."""
    changed = deepcopy(begun)
    capabilities = bytearray.fromhex(changed["terminal"]["data"].get("9F33", "000000"))
    capabilities[1] &= ~ENCIPHERED_PIN & 0xFF
    changed["terminal"]["data"]["9F33"] = capabilities.hex().upper()
    return changed


def ca_key(key: CaKey | CaPublicKey) -> dict[str, str]:
    return {
        "rid": key.rid.hex().upper(),
        "index": f"{key.index:02X}",
        "modulus": key.modulus.hex().upper(),
        "exponent": key.exponent.hex().upper(),
    }


def _application(application: Application) -> dict[str, Any]:
    parameters, limits = application.parameters, application.parameters.limits
    amounts = {
        "transaction_limit": limits.transaction_minor,
        "on_device_cvm_limit": limits.on_device_cvm_minor,
        "cvm_limit": limits.cvm_minor,
        "floor_limit": limits.floor_minor,
    }
    row = {
        "aid": application.aid.hex().upper(),
        "partial": application.partial,
        "kernel": application.kernel,
        "9F09": application.version.hex().upper(),
        "floor_limit": parameters.floor_limit_minor,
        "threshold": parameters.threshold_minor,
        "target_percent": parameters.target_percent,
        "max_target_percent": parameters.max_target_percent,
        "tac_default": parameters.tac_default.hex().upper(),
        "tac_denial": parameters.tac_denial.hex().upper(),
        "tac_online": parameters.tac_online.hex().upper(),
        "ddol": parameters.ddol.hex().upper() or None,
        "tdol": parameters.tdol.hex().upper() if parameters.tdol is not None else None,
        "contactless": {name: amount for name, amount in amounts.items() if amount is not None} or None,
    }
    return {name: value for name, value in row.items() if value is not None}
