"""The France profile: euro, CB first on co-badged cards, contactless online only, 50,00 without PIN.

A card whose data authentication fails is declined (attacks/C-10). Offline approval on contact is possible by data
alone: the floor limit of 0 sends every transaction online.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.profile import Application, ContactlessLimits, Parameters, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emv.certificates.ca_keys import CaKey

CURRENCY = 978
# Above: 50,00 goes without PIN, 50,01 does not. Book B's limit is reached by the amount itself.
_CVM_LIMIT_MINOR = 5001
_AMOUNT_LIMIT_MINOR = 500000

_CB = bytes.fromhex("A0000000421010")
_CB_VISA = bytes.fromhex("A0000000422010")
_VISA = bytes.fromhex("A0000000031010")
_ELECTRON = bytes.fromhex("A0000000032010")
_V_PAY = bytes.fromhex("A0000000032020")
_MASTERCARD = bytes.fromhex("A0000000041010")
_MAESTRO = bytes.fromhex("A0000000043060")

# Application version numbers (9F09) of the schemes' current specifications.
_VERSIONS = (
    (_CB, b"\x00\x02"),
    (_CB_VISA, b"\x00\x8c"),
    (_VISA, b"\x00\x8c"),
    (_V_PAY, b"\x00\x8c"),
    (_ELECTRON, b"\x00\x8c"),
    (_MASTERCARD, b"\x00\x02"),
    (_MAESTRO, b"\x00\x02"),
)

# SDA, DDA or CDA failed, ICC data missing: declined. Not performed at all: the issuer decides.
_TAC_DENIAL = bytes.fromhex("6C00000000")
_TAC_ONLINE = bytes.fromhex("FC78FCF800")
_TAC_DEFAULT = bytes.fromhex("FC78FCF800")
_DDOL = bytes.fromhex("9F3704")

_DATA = {
    0x5F2A: b"\x09\x78",
    0x5F36: b"\x02",
    0x9F1A: b"\x02\x50",
    0x9F15: b"\x59\x99",
    0x9F1C: b"ZINC0001",
    0x9F1E: b"ZINC0001",
    # Chip; plaintext offline PIN, online PIN, no CVM; SDA, DDA, CDA.
    0x9F33: bytes.fromhex("60C8C8"),
    # Attended, merchant, offline with online capability.
    0x9F35: b"\x22",
    0x9F40: bytes.fromhex("6000F0A001"),
    # qVSDC, contact chip, online PIN; verification on the device.
    0x9F66: bytes.fromhex("34004000"),
}


def profile(ca_keys: Iterable[CaKey] = ()) -> Profile:
    contact = Parameters(
        floor_limit_minor=0, tac_default=_TAC_DEFAULT, tac_denial=_TAC_DENIAL, tac_online=_TAC_ONLINE, ddol=_DDOL
    )
    contactless = Parameters(limits=ContactlessLimits(cvm_minor=_CVM_LIMIT_MINOR, floor_minor=0))
    applications = [Application(aid, version, True, None, contact) for aid, version in _VERSIONS]
    # CB cards speak kernel 3 for now: what is public of CB contactless is its names and its directory, and cards
    # carry CB beside Visa. A kernel of their own takes its place in the flow by the number here.
    for aid in (_CB, _CB_VISA, _VISA, _V_PAY, _ELECTRON):
        applications.append(Application(aid, b"\x00\x00", True, 3, contactless))
    return Profile(
        "france-1",
        dict(_DATA),
        applications,
        ca_keys,
        preference=(_CB, _CB_VISA),
        policies=("C-07", "C-09", "C-10"),
        amount_limit_minor=_AMOUNT_LIMIT_MINOR,
        currency=CURRENCY,
    )
