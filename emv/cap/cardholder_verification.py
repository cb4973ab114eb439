"""EMV-CAP takes a plaintext offline PIN and nothing else, whatever the card's rules for payments say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.kernel import offline_pin

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Action
    from emv.transaction import Transaction

_CVM_RESULTS = const(0x9F34)

_PLAINTEXT_PIN_SUCCESSFUL = b"\x01\x00\x02"


def decide(transaction: Transaction, reply: Any) -> Action | str:
    """progress: as offline_pin keeps it."""
    if transaction.progress is None:
        transaction.progress = {"bypassed": False}
        result = offline_pin.begin(transaction, False)
    else:
        result = offline_pin.go_on(transaction, reply)
    if not isinstance(result, bool):
        return result
    if not result:
        transaction.note("verification_failed")
        return "failed"
    transaction.cvm = "offline_pin"
    transaction.put(_CVM_RESULTS, _PLAINTEXT_PIN_SUCCESSFUL)
    transaction.note("cvm_offline_pin")
    return "verified"
