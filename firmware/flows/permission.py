"""What a request needs beyond the profile: a contract for tips and store and forward, a code to refund no sale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import ContractRefused
from firmware.flows.payment import PURCHASE

if TYPE_CHECKING:
    from firmware.terminal import Terminal


def permission(terminal: Terminal, message: dict) -> int:
    """How much a card may approve without its issuer, in minor units; 0: nothing.

    Raises ContractRefused not_allowed or offline_limit.
    """
    if message.get("kind") == "refund" and "original" not in message:
        from firmware.secure import merchant_code

        if not merchant_code.is_set(terminal.drivers.storage):
            raise ContractRefused("not_allowed")
    wants_offline = message.get("store_and_forward") == "yes"
    if not wants_offline and "tips" not in message:
        return 0
    from firmware import contract

    terms = contract.load(terminal.drivers.storage)
    if "tips" in message and not terms.tips:
        raise ContractRefused("not_allowed")
    if not wants_offline:
        return 0
    if terms.offline is None or message.get("kind", PURCHASE) != PURCHASE:
        raise ContractRefused("not_allowed")
    return _room(terminal, message["amount_minor"], terms.offline)


def _room(terminal: Terminal, amount_minor: int, limits: dict[str, int]) -> int:
    from firmware.flows import stored
    from firmware.local_time import seconds

    now_s = seconds(terminal.drivers.clock.now())
    room_minor = stored.room_minor(limits, stored.sales(terminal.journal), now_s)
    if amount_minor > room_minor:
        raise ContractRefused("offline_limit")
    return room_minor
