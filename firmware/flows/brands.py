"""The brands that a co-badged card may carry, and who chooses among them (IFR, regulation 2015/751, article 8(6)).

The merchant may have one go first, by the till's word or the profile's; the cardholder may always take another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emv.profile import Profile
    from firmware.flows.payment import Known, Payment

# name in the protocol, as cards show it, registered application provider identifier (ISO 7816-5)
BRANDS = (
    ("cb", "CB", b"\xa0\x00\x00\x00\x42"),
    ("visa", "Visa", b"\xa0\x00\x00\x00\x03"),
    ("mastercard", "Mastercard", b"\xa0\x00\x00\x00\x04"),
)


def brand_of(aid: bytes) -> str:
    """The name in the protocol, "" for a brand that has none."""
    for name, _, provider in BRANDS:
        if aid.startswith(provider):
            return name
    return ""


def offered(profile: Profile) -> list[tuple[str, str, bytes]]:
    """Those of BRANDS that the terminal takes, in that order; a single one leaves no choice."""
    taken = {brand_of(application.aid) for application in profile.applications}
    rows = [row for row in BRANDS if row[0] in taken]
    return rows if len(rows) > 1 else []


def default(profile: Profile, payment: Payment) -> str:
    """The brand that goes first where the cardholder says nothing; "": the merchant has none, so a list is shown."""
    if payment.default_brand:
        return "" if payment.default_brand == "none" else payment.default_brand
    return brand_of(profile.preference[0]) if profile.preference and not profile.ask_cardholder else ""


def preferred(profile: Profile, payment: Payment) -> bytes | None:
    """What an application's name begins with to go first: the cardholder's choice, else the merchant's."""
    if payment.chosen:
        return payment.chosen
    first = default(profile, payment)
    for name, _, provider in BRANDS:
        if name == first:
            return provider
    return None


def shown(profile: Profile, payment: Payment) -> tuple[list[str], int]:
    """The names to offer, and the place of the one that goes first, -1 for none."""
    rows = offered(profile)
    first = brand_of(preferred(profile, payment) or b"")
    places = [place for place, row in enumerate(rows) if row[0] == first]
    return [title for _, title, _ in rows], places[0] if places else -1


def choose(profile: Profile, payment: Payment, key: str) -> bool:
    """The cardholder pressed a key: is it that of a brand?"""
    rows = offered(profile)
    if not key.isdigit() or not 1 <= int(key) <= len(rows):
        return False
    payment.chosen = rows[int(key) - 1][2]
    return True


def used(payment: Known, aid: bytes) -> dict:
    """Fields of the result: the brand of the application that was used, and by whose word where it is somebody's."""
    brand = brand_of(aid)
    if not brand:
        return {}
    if payment.chosen and aid.startswith(payment.chosen):
        return {"brand": brand, "brand_by": "cardholder"}
    return {"brand": brand, "brand_by": "merchant"} if brand == payment.first_brand else {"brand": brand}
