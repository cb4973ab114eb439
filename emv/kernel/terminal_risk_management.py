"""Terminal risk management: exception file, floor limit, random selection, velocity (Book 3, 10.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu
from emv.action import Send
from emv.constant import const
from emv.kernel import card_counter, exception_file

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_AMOUNT_AUTHORISED = const(0x9F02)
_APPLICATION_PAN_SEQUENCE_NUMBER = const(0x5F34)
_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)
_APPLICATION_TRANSACTION_COUNTER = const(0x9F36)
_LAST_ONLINE_ATC_REGISTER = const(0x9F13)
_LOWER_CONSECUTIVE_OFFLINE_LIMIT = const(0x9F14)
_TERMINAL_FLOOR_LIMIT = const(0x9F1B)
_UPPER_CONSECUTIVE_OFFLINE_LIMIT = const(0x9F23)

_TVR_ICC_DATA_MISSING = const(0x950120)
_TVR_ON_EXCEPTION_FILE = const(0x950110)
_TVR_NEW_CARD = const(0x950208)
_TVR_FLOOR_LIMIT_EXCEEDED = const(0x950480)
_TVR_LOWER_LIMIT_EXCEEDED = const(0x950440)
_TVR_UPPER_LIMIT_EXCEEDED = const(0x950420)
_TVR_SELECTED_AT_RANDOM = const(0x950410)
_TVR_FORCED_ONLINE = const(0x950408)
_TSI_PERFORMED = const(0x9B0108)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    """progress: the tag that was asked for with GET DATA."""
    if reply is not None:
        return _counter(transaction, reply[0], reply[1])
    if exception_file.holds(transaction):
        tags = (_APPLICATION_PRIMARY_ACCOUNT_NUMBER, _APPLICATION_PAN_SEQUENCE_NUMBER)
        transaction.note("on_exception_file", tags, _TVR_ON_EXCEPTION_FILE)
    if transaction.request.force_online:
        transaction.note("forced_online", (), _TVR_FORCED_ONLINE)
    # Whatever the card says in AIP byte 1 bit 4 (10.6).
    transaction.note("risk_management_performed", (), _TSI_PERFORMED)
    _check_floor_limit(transaction)
    _select_at_random(transaction)
    data = transaction.data
    if _LOWER_CONSECUTIVE_OFFLINE_LIMIT in data and _UPPER_CONSECUTIVE_OFFLINE_LIMIT in data:
        return _ask(transaction, _APPLICATION_TRANSACTION_COUNTER)
    return "done"


def _check_floor_limit(transaction: Transaction) -> None:
    """10.6.1: this amount and the latest of the same card reach the limit."""
    limit = transaction.floor_limit_minor
    if limit is None:
        return
    pan = transaction.data[_APPLICATION_PRIMARY_ACCOUNT_NUMBER].hex().rstrip("f")
    earlier = 0
    for listed, amount in transaction.profile.log:
        if listed.hex().rstrip("f") == pan:
            earlier = amount
    if transaction.request.amount_minor + earlier >= limit:
        tags = (_AMOUNT_AUTHORISED, _TERMINAL_FLOOR_LIMIT)
        transaction.note("floor_limit_exceeded", tags, _TVR_FLOOR_LIMIT_EXCEEDED)


def _select_at_random(transaction: Transaction) -> None:
    """10.6.2: below the threshold at the target percentage, from there to the floor limit more often."""
    parameters = transaction.parameters
    percent = parameters.target_percent
    threshold = parameters.threshold_minor
    limit = transaction.floor_limit_minor
    amount = transaction.request.amount_minor
    if percent is None or (limit is not None and amount >= limit):
        return
    if threshold is not None and limit is not None and amount >= threshold:
        more = (parameters.max_target_percent or percent) - percent
        percent += more * (amount - threshold) // (limit - threshold)
    if int.from_bytes(transaction.draw(4), "big") % 99 + 1 <= percent:
        transaction.note("selected_at_random", (_AMOUNT_AUTHORISED,), _TVR_SELECTED_AT_RANDOM)


def _ask(transaction: Transaction, tag: int) -> Send:
    # What a record says of it is not what the card counts now.
    transaction.data.pop(tag, None)
    transaction.progress = tag
    return Send(apdu.get_data(tag))


def _counter(transaction: Transaction, data: bytes, sw: int) -> Send | str:
    asked = transaction.progress
    if sw == 0x9000:
        card_counter.bring(transaction, data, asked)
    else:
        transaction.note("counter_not_given", (), 0, transaction.latest)
    if asked == _APPLICATION_TRANSACTION_COUNTER:
        return _ask(transaction, _LAST_ONLINE_ATC_REGISTER)
    _check_velocity(transaction)
    return "done"


def _check_velocity(transaction: Transaction) -> None:
    """10.6.3: how many transactions the card did since it was last online."""
    data = transaction.data
    tags = (_APPLICATION_TRANSACTION_COUNTER, _LAST_ONLINE_ATC_REGISTER)
    last = data.get(_LAST_ONLINE_ATC_REGISTER)
    counter = data.get(_APPLICATION_TRANSACTION_COUNTER)
    if last is not None and not any(last):
        transaction.note("new_card", tags, _TVR_NEW_CARD)
    if last is None or counter is None:
        transaction.note("velocity_unknown", tags, _TVR_ICC_DATA_MISSING)  # 7.5
        transaction.note("velocity_unknown", tags, _TVR_LOWER_LIMIT_EXCEEDED)
        transaction.note("velocity_unknown", tags, _TVR_UPPER_LIMIT_EXCEEDED)
        return
    since = int.from_bytes(counter, "big") - int.from_bytes(last, "big")
    # A counter that did not move is a card that lies.
    if 0 < since <= data[_LOWER_CONSECUTIVE_OFFLINE_LIMIT][0]:
        return
    transaction.note("lower_limit_exceeded", tags + (_LOWER_CONSECUTIVE_OFFLINE_LIMIT,), _TVR_LOWER_LIMIT_EXCEEDED)
    if since <= 0 or since > data[_UPPER_CONSECUTIVE_OFFLINE_LIMIT][0]:
        transaction.note("upper_limit_exceeded", tags + (_UPPER_CONSECUTIVE_OFFLINE_LIMIT,), _TVR_UPPER_LIMIT_EXCEEDED)
