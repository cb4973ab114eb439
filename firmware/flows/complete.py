"""A pre-authorisation is completed, once, at the amount that is due; or given up (terminal/T-R11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware import contract
from firmware.errors import ReaderFault
from firmware.flows.change_kept import change_kept, void_kept
from firmware.flows.kept import kept_result
from firmware.flows.void import refusal

if TYPE_CHECKING:
    from firmware.secure.vault import Vault
    from firmware.terminal import Terminal

_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def complete(terminal: Terminal, message: dict) -> None:
    """Repeated: the same result; at another amount it is out of order."""
    transaction_id, amount_minor = message["transaction_id"], message["amount_minor"]
    kept = kept_result(terminal, transaction_id)
    if kept is not None and _is_done(kept):
        if amount_minor == (0 if kept["outcome"] == "voided" else kept["amount_minor"]):
            terminal.link.post(kept)
            return
        code = "out_of_order"
    else:
        code = _refusal(terminal, kept, message)
    if kept is None or code:
        terminal.link.post({"type": "error", "code": code, "transaction_id": transaction_id})
    elif amount_minor:
        _complete(terminal, kept, amount_minor)
    else:
        void_kept(terminal, kept)


def is_expired(kept: dict, today: tuple, validity_days: int) -> bool:
    """`today`: of the clock. One that went back makes nothing older, nor younger than it is (faults/R-13)."""
    taken = kept["taken_at"]
    taken_on = day_number(int(taken[:4]), int(taken[4:6]), int(taken[6:8]))
    return day_number(*today[:3]) - taken_on > validity_days


def day_number(year: int, month: int, day: int) -> int:
    """Days of the Gregorian calendar, from a day long ago."""
    leap_years = year - (month < 3)
    return 365 * year + leap_years // 4 - leap_years // 100 + leap_years // 400 + _DAYS_BEFORE_MONTH[month - 1] + day


def _is_done(kept: dict) -> bool:
    return kept.get("kind") == "preauthorisation" and (kept["why"] == "completed" or kept["outcome"] == "voided")


def _refusal(terminal: Terminal, kept: dict | None, message: dict) -> str:
    code = refusal(terminal, message["transaction_id"], kept)
    if kept is None or code:
        return code
    if kept.get("kind") != "preauthorisation":
        return "not_approved"
    if not message["amount_minor"]:
        return ""
    terms = contract.load(terminal.drivers.storage)
    if message["amount_minor"] * 100 > kept["amount_minor"] * (100 + terms.completion_percent):
        return "amount_above_limit"
    expired = is_expired(kept, terminal.drivers.clock.now(), terms.preauthorisation_days)
    return "preauthorisation_expired" if expired else ""


def _complete(terminal: Terminal, kept: dict, amount_minor: int) -> None:
    from firmware.local_time import taken_at

    completed = dict(kept)
    completed["why"] = "completed"
    completed["amount_minor"] = amount_minor
    completed["authorised_minor"] = kept["amount_minor"]
    completed["taken_at"] = taken_at(terminal.drivers.clock)
    try:
        _seal(terminal.vault, completed)
    except ReaderFault:
        terminal.link.post({"type": "error", "code": "reader_fault", "transaction_id": kept["transaction_id"]})
        return
    change_kept(terminal, terminal.journal.complete, completed)


def _seal(vault: Vault, completed: dict) -> None:
    """The MAC of a counter spent for it: the keys of the authorisation are wiped. Raises ReaderFault."""
    keys = vault.open_transaction()
    try:
        completed["mac_ksn"] = keys.ksn
        completed["mac"] = keys.capture_mac(completed)
    finally:
        keys.wipe()
