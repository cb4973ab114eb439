"""A profile file, as read from JSON, becomes a Profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.errors import ProfileFault
from emv.profile import Application, ContactlessLimits, Parameters, Profile, schema
from emv.profile.check import faults, merged

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from emv.certificates.ca_keys import CaKey

# What an application says of itself; who says no more shares the parameters of its group.
_IDENTITY = ("name", "aid", "group", "partial", "version")


def load(document: Any, ca_keys: Iterable[CaKey] = ()) -> Profile:
    """Raises ProfileFault with the first fault and its place."""
    found = faults(document)
    if found:
        raise ProfileFault(found[0][1], found[0][0])
    fields = _filled(schema.PROFILE, document)
    return Profile(
        fields["name"],
        _terminal_data(schema.PROFILE, fields),
        _applications(document),
        ca_keys,
        selection=fields["selection"],
        preference=tuple([bytes.fromhex(aid) for aid in fields["brand_order"]]),
        ask_cardholder=fields["ask_cardholder"],
        policies=tuple(fields["policies"]),
        amount_limit_minor=fields["amount_limit_minor"],
        currency=fields["currency"],
        pin_bypass=fields["pin_bypass"],
        velocity=(fields["velocity_minutes"], fields["velocity_taps"], fields["velocity_amount_minor"]),
    )


def _filled(rows: tuple, table: dict) -> dict:
    return {name: table.get(name, default) for name, _, _, _, default, _, _ in rows}


def _terminal_data(rows: tuple, fields: dict) -> dict[int, bytes]:
    """`data`, and the fields that are data objects."""
    data = {int(tag, 16): bytes.fromhex(value) for tag, value in fields["data"].items()}
    for name, kind, unit, _, _, tag, _ in rows:
        if tag and fields[name] is not None:
            data[tag] = _value(kind, unit, fields[name])
    return data


def _value(kind: str, unit: str, value: Any) -> bytes:
    """Numbers and digits are BCD (Book 4, 4.3)."""
    if kind == "hex":
        return bytes.fromhex(value)
    if kind == "text":
        return value.encode()
    digits = str(value)
    width = len(unit.partition("-")[2] or digits)
    return bytes.fromhex("0" * ((width + width % 2) - len(digits)) + digits)


def _applications(document: dict) -> list[Application]:
    """Many have the same parameters, name or version: each of these is there once, for the heap's sake."""
    shared: dict[str, Parameters] = {}
    values: dict[str, bytes] = {}
    return [_application(document, entry, shared, values) for entry in document["applications"]]


def _application(document: dict, entry: dict, shared: dict[str, Parameters], values: dict[str, bytes]) -> Application:
    fields = _filled(schema.APPLICATION, merged(document, entry))
    group = entry.get("group", "") if all(name in _IDENTITY for name in entry) else ""
    parameters = shared.get(group) or _parameters(fields)
    if group:
        shared[group] = parameters
    aid, version = [values.setdefault(fields[name], bytes.fromhex(fields[name])) for name in ("aid", "version")]
    return Application(aid, version, fields["partial"], fields["kernel"], parameters)


def _parameters(fields: dict) -> Parameters:
    tdol = fields["tdol"]
    data = {int(tag, 16): bytes.fromhex(value) for tag, value in fields["data"].items()}
    if fields["transaction_qualifiers"] is not None:
        data[0x9F66] = bytes.fromhex(fields["transaction_qualifiers"])
    return Parameters(
        fields["floor_limit_minor"],
        fields["threshold_minor"],
        fields["target_percent"],
        fields["max_target_percent"],
        bytes.fromhex(fields["tac_default"]),
        bytes.fromhex(fields["tac_denial"]),
        bytes.fromhex(fields["tac_online"]),
        bytes.fromhex(fields["ddol"]),
        None if tdol is None else bytes.fromhex(tdol),
        _limits(fields["contactless"] or {}, fields["kernel"]),
        data,
    )


def _limits(table: dict, kernel: int | None) -> ContactlessLimits:
    """Kernel 2 looks whether a limit is exceeded (Book C-2), Book B whether it is reached, but for the floor limit."""
    most = _filled(schema.LIMITS, table)
    step = 0 if kernel == 2 else 1
    return ContactlessLimits(
        _limit(most["transaction_limit_minor"], step),
        _limit(most["on_device_cvm_limit_minor"], step),
        _limit(most["cvm_limit_minor"], step),
        most["floor_limit_minor"],
        most["status_check"],
        most["zero_amount"],
        most["extended_selection"],
    )


def _limit(most_minor: int | None, step: int) -> int | None:
    return None if most_minor is None else most_minor + step
