"""Terminals by chance: what a transcript's terminal is, with policies, capabilities, limits and codes of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.profile import Application, ContactlessLimits, Parameters
from emv.transaction import Request
from tests.fuzz import values
from tools.replay import transcript

if TYPE_CHECKING:
    from emv.profile import Profile
    from tests.fuzz.chance import Chance

_POLICIES = ("C-04", "C-07", "C-09", "C-10")
_CAPABILITIES = ("60F8C8", "60D8C8", "6058C8", "60C8C8", "204008", "E0B8C8", "200000", "602808")
_TYPES = ("22", "22", "21", "23", "14", "25", "26", "34")
_QUALIFIERS = ("34004000", "35004000", "3600C000", "3200C080", "2C004000", "00000000")
_KERNEL_2 = {0xDF8117: "20", 0xDF8118: "60", 0xDF8119: "08", 0xDF811B: "B0", 0xDF811D: "05", 0xDF811F: "08"}
_CODES = ("0000000000", "FC78FCF80C", "6C00000000", "0000008000", "FFFFFFFFFF", "8000000000")
_AMOUNTS = (0, 1, 100, 900, 1250, 5000, 5001, 9999, 10001, 500000, 999999999999)
_TYPES_OF_TRANSACTION = (0x00, 0x00, 0x00, 0x01, 0x09, 0x17, 0x20, 0x02, 0x33)
_CLOCKS = ((2026, 11, 21, 14, 5, 9), (2000, 2, 29, 0, 0, 0), (2049, 12, 31, 23, 59, 59))


def profile(file: dict, chance: Chance) -> Profile:
    """One in three is the file's own."""
    made = transcript.profile(file)
    made.ask_cardholder = chance.once_in(4)
    made.pin_bypass = chance.once_in(2)
    if chance.once_in(3):
        return made
    made.policies = tuple([policy for policy in _POLICIES if chance.once_in(2)])
    made.selection = chance.choice(("pse", "pse", "aid_list"))
    made.list_after_ppse = chance.once_in(2)
    made.data[0x9F35] = bytes.fromhex(chance.choice(_TYPES))
    if chance.once_in(2):
        made.data[0x9F33] = bytes.fromhex(chance.choice(_CAPABILITIES))
    if file["interface"] == "contactless":
        made.data[0x9F66] = bytes.fromhex(chance.choice(_QUALIFIERS))
        for tag in (0xDF8117, 0xDF8118, 0xDF8119, 0xDF811B, 0xDF811D, 0xDF811F):
            if chance.below(4):
                made.data[tag] = bytes.fromhex(_KERNEL_2[tag])
        made.applications += [_tapped(chance) for _ in range(chance.below(3))]
    if chance.once_in(3):
        made.exceptions = [(values.account(chance), chance.choice((None, b"\x00")))]
        made.log = [(values.account(chance), chance.choice(_AMOUNTS))]
    for application in made.applications:
        _configure(application, chance)
    return made


def _tapped(chance: Chance) -> Application:
    name = chance.choice(values.NAMES[:3])
    kernel = {0x03: 3, 0x04: 2}.get(name[4], 0x42)
    return Application(name, b"\x00\x02", chance.once_in(2), kernel, Parameters())


def _configure(application: Application, chance: Chance) -> None:
    parameters = application.parameters
    if chance.once_in(2):
        parameters.tac_default = bytes.fromhex(chance.choice(_CODES))
        parameters.tac_denial = bytes.fromhex(chance.choice(_CODES[:4]))
        parameters.tac_online = bytes.fromhex(chance.choice(_CODES))
    if chance.once_in(3):
        parameters.floor_limit_minor = chance.choice(_AMOUNTS)
        parameters.target_percent = chance.below(100)
        parameters.max_target_percent = chance.choice((None, 99))
        parameters.threshold_minor = chance.choice((None, 0, 1000, 5000))
    if chance.once_in(3):
        parameters.ddol = values.object_list(chance)
        parameters.tdol = values.object_list(chance) if chance.once_in(2) else None
    if application.kernel is not None and chance.once_in(2):
        amounts = [chance.choice((None,) + _AMOUNTS) for _ in range(4)]
        parameters.limits = ContactlessLimits(amounts[0], amounts[1], amounts[2], amounts[3])
        parameters.limits.status_check = chance.once_in(2)
        parameters.limits.zero_amount = chance.once_in(2)
        parameters.limits.extended_selection = chance.once_in(2)


def request(file: dict, chance: Chance) -> Request:
    asked = transcript.request(file)
    if chance.once_in(2):
        return asked
    return Request(
        chance.choice(_AMOUNTS),
        chance.choice(_CLOCKS),
        chance.choice((0, 0, 250)),
        chance.choice(_TYPES_OF_TRANSACTION),
        chance.choice((None, 7)),
        chance.choice((None, None, values.NAMES[1], b"\xff")),
        chance.once_in(4),
        chance.once_in(4),
    )
