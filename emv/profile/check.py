"""Holds a profile file to its schema and to itself: each fault with its place, as "applications[2].tac_denial"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.kernel.flow import KERNELS
from emv.profile import schema

if TYPE_CHECKING:
    from typing import Any

    Faults = list[tuple[str, str]]

_MOST_MINOR = 999999999999  # format n 12


def faults(document: Any) -> Faults:
    """(place, what is wrong there); whether fields contradict each other is asked once each is right by itself."""
    found: Faults = []
    _table(schema.PROFILE, document, "", found)
    if not found:
        _references(document, found)
        _applications(document, found)
    return found


def merged(document: dict, entry: dict) -> dict:
    """An application with what its group says; its own fields come first."""
    fields = dict(document.get("groups", {}).get(entry.get("group"), {}))
    fields.update(entry)
    return fields


# ---- each field by itself


def _table(rows: tuple, value: Any, place: str, found: Faults) -> None:
    if not isinstance(value, dict):
        found.append((place or "profile", "an object wanted, got " + _said(value)))
        return
    known = [row[0] for row in rows]
    for name in sorted(value):
        if name not in known:
            found.append((_under(place, name), "no such field"))
    for name, kind, unit, needed, _, _, _ in rows:
        if name in value:
            _field(kind, unit, value[name], _under(place, name), found)
        elif needed:
            found.append((_under(place, name), "missing"))


def _field(kind: str, unit: str, value: Any, place: str, found: Faults) -> None:
    if kind == "data objects":
        _data_objects(value, place, found)
    elif kind == "limits":
        _table(schema.LIMITS, value, place, found)
    elif kind == "groups":
        if not isinstance(value, dict):
            found.append((place, "an object wanted, got " + _said(value)))
            return
        for name in sorted(value):
            _table(schema.GROUP, value[name], _under(place, name), found)
    elif kind in LISTS:
        _list(kind, unit, value, place, found)
    elif not FITS[kind](unit, value):
        found.append((place, WANTED[kind].format(unit) + " wanted, got " + _said(value, kind)))


def _list(kind: str, unit: str, value: Any, place: str, found: Faults) -> None:
    if not isinstance(value, list):
        found.append((place, "a list wanted, got " + _said(value)))
        return
    for index, item in enumerate(value):
        at = f"{place}[{index}]"
        if kind == "applications":
            _table(schema.APPLICATION, item, at, found)
            continue
        _field(LISTS[kind], unit, item, at, found)
        if item in value[:index]:
            found.append((at, "is there twice"))


def _data_objects(value: Any, place: str, found: Faults) -> None:
    if not isinstance(value, dict):
        found.append((place, "an object of tags wanted, got " + _said(value)))
        return
    for tag in sorted(value):
        at = _under(place, tag)
        unit = _unit_of(tag)
        if unit is None:
            found.append((at, _tag_fault(tag)))
        else:
            _field("hex", unit, value[tag], at, found)


def _unit_of(tag: str) -> str | None:
    for known, unit, _ in schema.DATA:
        if f"{known:X}" == tag.upper():
            return unit
    return None


def _tag_fault(tag: str) -> str:
    for name, _, _, _, _, known, _ in schema.PROFILE + schema.APPLICATION + schema.LIMITS:
        if known and f"{known:X}" == tag.upper():
            return "has a field of its own: " + name
    return "not a data object that a profile sets"


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _within(unit: str, size: int) -> bool:
    low, _, high = unit.split(" ")[0].partition("-")
    return int(low) <= size <= int(high or low)


def _is_hex(unit: str, value: Any) -> bool:
    if not isinstance(value, str) or len(value) % 2:
        return False
    return all(digit in "0123456789ABCDEFabcdef" for digit in value) and _within(unit, len(value) // 2)


def _is_text(unit: str, value: Any) -> bool:
    return isinstance(value, str) and all(" " <= c <= "~" for c in value) and _within(unit, len(value))


def _is_digits(unit: str, value: Any) -> bool:
    return isinstance(value, str) and all("0" <= c <= "9" for c in value) and _within(unit, len(value))


FITS = {
    "text": _is_text,
    "digits": _is_digits,
    "hex": _is_hex,
    "number": lambda unit, value: _is_number(value) and _within(unit, value),
    "amount": lambda _, value: _is_number(value) and 0 <= value <= _MOST_MINOR,
    "flag": lambda _, value: isinstance(value, bool),
    "one of": lambda unit, value: isinstance(value, str) and value in unit.split(" "),
    "kernel": lambda _, value: _is_number(value) and value in KERNELS,
}

WANTED = {
    "text": "plain text of {}",
    "digits": "{}",
    "hex": "{} in hex",
    "number": "a whole number of {}",
    "amount": "an amount in {}",
    "flag": "true or false",
    "one of": "one of {}",
    "kernel": "the number of a kernel that is there",
}

# a list -> what each of it is
LISTS = {"AIDs": "hex", "some of": "one of", "applications": "object"}


def _said(value: Any, kind: str = "") -> str:
    if isinstance(value, str):
        return str(len(value) // 2) if kind == "hex" and _is_hex("0-9999 bytes", value) else repr(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else str(value)


def _under(place: str, name: str) -> str:
    return place + "." + name if place else name


# ---- what does not hold together


def _references(document: dict, found: Faults) -> None:
    """Brands and groups are of applications that are there."""
    applications = document["applications"]
    listed = [entry["aid"].upper() for entry in applications]
    for index, aid in enumerate(document.get("brand_order", [])):
        if aid.upper() not in listed:
            found.append((f"brand_order[{index}]", "not an application of the profile"))
    used = [entry.get("group") for entry in applications]
    groups = document.get("groups", {})
    for name in sorted(groups):
        if name not in used:
            found.append(("groups." + name, "no application is of this group"))
    for index, group in enumerate(used):
        if group is not None and group not in groups:
            found.append((f"applications[{index}].group", "no such group: " + repr(group)))


def _applications(document: dict, found: Faults) -> None:
    if not document["applications"]:
        found.append(("applications", "none is taken"))
    seen = []
    for index, entry in enumerate(document["applications"]):
        place = f"applications[{index}]"
        fields = merged(document, entry)
        identity = (fields["aid"].upper(), fields.get("kernel"))
        if identity in seen:
            found.append((place, "is there twice"))
        seen.append(identity)
        _interface(fields, place, found)
        _random_selection(fields, place, found)


def _interface(fields: dict, place: str, found: Faults) -> None:
    kernel = fields.get("kernel")
    if kernel is None:
        for name in ("contactless", "transaction_qualifiers"):
            if name in fields:
                found.append((_under(place, name), "is for a tap: kernel is missing"))
        return
    if "contactless" not in fields:
        found.append((_under(place, "contactless"), f"missing: kernel {kernel} needs its limits"))
    if kernel != 2 and "transaction_qualifiers" not in fields:
        found.append((_under(place, "transaction_qualifiers"), f"missing: kernel {kernel} needs them"))


def _random_selection(fields: dict, place: str, found: Faults) -> None:
    """Book 3, 10.6.2."""
    threshold = fields.get("threshold_minor")
    floor = fields.get("floor_limit_minor")
    if threshold is not None and floor is not None and threshold > floor:
        found.append((_under(place, "threshold_minor"), "above floor_limit_minor"))
    if fields.get("max_target_percent", 99) < fields.get("target_percent", 0):
        found.append((_under(place, "max_target_percent"), "below target_percent"))
