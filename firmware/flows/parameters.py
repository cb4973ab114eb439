"""The acquirer's parameters, carried by the host: signed, never older, whole, between two payments (terminal/T-R26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware import contract
from firmware.errors import ContractRefused

if TYPE_CHECKING:
    from firmware.terminal import Terminal


def parameters(terminal: Terminal, message: dict) -> None:
    """While a payment runs they are refused as `busy`; the host brings them again. The same ones again are as good."""
    if terminal.payment is not None:
        error = {"type": "error", "code": "busy"}
        error.update(terminal.payment.pending())
        terminal.link.post(error)
        return
    try:
        version = _apply(terminal, message["contract"], message["signature"])
    except ContractRefused as refusal:
        terminal.link.post({"type": "error", "code": refusal.why})
    except OSError:
        terminal.link.post({"type": "error", "code": "reader_fault"})
    else:
        terminal.parameters_version = version
        terminal.link.post({"type": "parameters_applied", "parameters_version": version})


def _apply(terminal: Terminal, signed: bytes, signature: bytes) -> int:
    """Gives the version in force. Raises ContractRefused, and OSError when storage is full: the old one stays."""
    storage = terminal.drivers.storage
    offered, present = contract.opened(storage, signed, signature), contract.load(storage)
    if offered.currency != terminal.profile.currency:
        raise ContractRefused("not_allowed")
    if contract.is_kept(storage, signed, signature):
        return present.version
    if offered.version <= present.version:
        raise ContractRefused("old_version")
    contract.keep(storage, signed, signature)
    return offered.version
