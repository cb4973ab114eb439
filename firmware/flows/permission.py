"""What a request needs beyond the profile: a contract for tips and store and forward, a code to refund no sale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware import contract
from firmware.errors import ContractRefused
from firmware.flows import stored
from firmware.flows.payment import PURCHASE
from firmware.local_time import seconds
from firmware.secure import merchant_code

if TYPE_CHECKING:
    from firmware.terminal import Terminal


def permission(terminal: Terminal, message: dict) -> int:
    """How much a card may approve without its issuer, in minor units; 0: nothing.

    Raises ContractRefused not_allowed or offline_limit.
    """
    kind = message.get("kind", PURCHASE)
    if kind == "refund" and "original" not in message and not merchant_code.is_set(terminal.drivers.storage):
        raise ContractRefused("not_allowed")
    wants_offline = message.get("store_and_forward") == "yes"
    if not wants_offline and "tips" not in message:
        return 0
    terms = contract.load(terminal.drivers.storage)
    if "tips" in message and not terms.tips:
        raise ContractRefused("not_allowed")
    if not wants_offline:
        return 0
    if terms.offline is None or kind != PURCHASE:
        raise ContractRefused("not_allowed")
    now_s = seconds(terminal.drivers.clock.now())
    room_minor = stored.room_minor(terms.offline, stored.sales(terminal.journal), now_s)
    if message["amount_minor"] > room_minor:
        raise ContractRefused("offline_limit")
    return room_minor
