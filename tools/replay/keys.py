"""The keys of a transcript (docs/transcript.md): which must be there, and which nobody reads. Runs on both runtimes."""

from __future__ import annotations

MUST = {
    "": ("interface", "terminal", "transaction", "exchange", "expect"),
    "terminal": ("data", "applications", "clock"),
    "transaction": ("amount",),
}
MAY = {
    "": ("title", "source", "redacted", "cardholder", "issuer", "mutations"),
    "terminal": ("selection", "ca_keys", "random", "policies", "exceptions", "log"),
    "transaction": ("amount_other", "type", "9F41"),
    "cardholder": ("choose", "pin", "pin_entry"),
    "issuer": ("online", "8A", "91", "scripts"),
    "terminal.applications": (
        "aid",
        "partial",
        "kernel",
        "9F09",
        "floor_limit",
        "threshold",
        "target_percent",
        "max_target_percent",
        "tac_default",
        "tac_denial",
        "tac_online",
        "ddol",
        "tdol",
        "contactless",
    ),
}


class NotATranscript(Exception):
    """The file is not of the format; the message says where."""


def check(file: dict) -> None:
    """Is everything there that has no neutral value? Raises NotATranscript."""
    if not isinstance(file, dict):
        raise NotATranscript("no JSON object")
    for part, keys in sorted(MUST.items()):
        for key in keys:
            if key not in (file[part] if part else file):
                raise NotATranscript(_name(part, key) + " is missing")
    if file["interface"] not in ("contact", "contactless"):
        raise NotATranscript(f"interface is {file['interface']!r}")
    for at, row in enumerate(file["exchange"]):
        if not isinstance(row, list) or not 2 <= len(row) <= 3:
            raise NotATranscript(f"exchange row {at} is not [C-APDU, R-APDU] or [C-APDU, R-APDU, time]")


def unknown_keys(file: dict) -> list[str]:
    """What of the file nobody reads: misspelt, or of a later format."""
    found = []
    for part in ("", "terminal", "transaction", "cardholder", "issuer"):
        found += _unknown(part, (file.get(part) or {}) if part else file)
    for row in file["terminal"]["applications"]:
        found += _unknown("terminal.applications", row)
    return sorted(set(found))


def _unknown(part: str, table: dict) -> list[str]:
    return [_name(part, key) for key in table if key not in MUST.get(part, ()) and key not in MAY[part]]


def _name(part: str, key: str) -> str:
    return part + "." + key if part else key
