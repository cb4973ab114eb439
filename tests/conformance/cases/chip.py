"""The chip that the cases of contact change one thing of, and how: answers, records, application, terminal."""

from __future__ import annotations

from typing import Any

from tests.cards.chips import as_it_is, instead, says, with_objects
from tests.cards.scenarios import Scenario, changed, offline_applications
from tests.conformance.table import setting

__all__ = ["as_it_is", "changed", "chip", "instead", "offline", "says", "unsigned", "with_objects"]

CB, VISA = "A0000000421010", "A0000000031010"
PSE, CB_SELECT, VISA_SELECT = "00A404000E", "00A4040007" + CB, "00A4040007" + VISA
GPO, VERIFY, GENERATE_AC, INTERNAL, EXTERNAL = "80A8", "0020", "80AE", "0088", "0082"
NAMES, RULES, ISSUER_KEY, CARD_KEY = (
    "00B2010C",
    "00B20114",
    "00B2011C",
    "00B2021C",
)  # READ RECORD of the simulated cards
NO_CODES = (bytes(5), bytes(5), bytes(5))
_PLAIN = {"interchange_profile": bytes.fromhex("3C00"), "cvm_list": bytes(8) + bytes.fromhex("1F03")}


def chip(amount: int = 1250, application: dict | None = None, **more: Any) -> Scenario:
    """DDA, EXTERNAL AUTHENTICATE, no holder to be verified; above the floor limit, the issuer approves."""
    return setting("contact", amount, application=_PLAIN | (application or {}), **more)


def unsigned(amount: int = 1250, application: dict | None = None, **more: Any) -> Scenario:
    """The same without data authentication: its records may be changed."""
    return chip(amount, {"interchange_profile": bytes.fromhex("1C00")} | (application or {}), **more)


def offline(amount: int = 1250, application: dict | None = None, signs: bool = True, **more: Any) -> Scenario:
    """A terminal without limits and codes, and a card that approves what is below 50,00 by itself."""
    of_card = {"offline_limit_minor": 5000, "action_codes": NO_CODES}
    parameters = more.pop("parameters", {})
    more.setdefault("applications", [row | parameters for row in offline_applications()])
    more.setdefault("issuer", None)
    return (chip if signs else unsigned)(amount, of_card | (application or {}), **more)
