"""Kernel 2: the relay resistance protocol (Book C-2, SR1). A card far away, behind two telephones, answers too late.

All times are in units of 100 microseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu, tlv
from emv.action import Send
from emv.constant import const
from emv.errors import CardFault

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_ACCURACY_THRESHOLD = const(0xDF8136)
_DEVICE_ENTROPY = const(0xDF8302)
_DEVICE_TRANSMISSION_TIME = const(0xDF8305)
_EXPECTED_TIME_OF_COMMAND = const(0xDF8134)
_EXPECTED_TIME_OF_RESPONSE = const(0xDF8135)
_FORMAT_1 = const(0x80)
_MAXIMUM_GRACE_PERIOD = const(0xDF8133)
_MAXIMUM_TIME = const(0xDF8304)
_MEASURED_TIME = const(0xDF8306)
_MINIMUM_GRACE_PERIOD = const(0xDF8132)
_MINIMUM_TIME = const(0xDF8303)
_MISMATCH_THRESHOLD = const(0xDF8137)
_RRP_COUNTER = const(0xDF8307)
_TERMINAL_ENTROPY = const(0xDF8301)

_TVR_THRESHOLD_EXCEEDED = const(0x950508)
_TVR_TIME_LIMITS_EXCEEDED = const(0x950504)
_TVR_PERFORMED = const(0x950502)

_MOST_REPEATS = const(2)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    """progress: how often it was repeated."""
    if reply is None:
        transaction.progress = 0
        return _ask(transaction)
    data, sw = reply
    if sw != 0x9000:
        raise CardFault("relay_resistance_refused")
    _store(transaction, data)
    measured = _measure(transaction)
    least = _number(transaction, _MINIMUM_TIME) - _setting(transaction, _MINIMUM_GRACE_PERIOD, 20)
    if measured < least:
        raise CardFault("relay_resistance_too_fast", (_MEASURED_TIME, _MINIMUM_TIME))
    tags = (_MEASURED_TIME, _MAXIMUM_TIME)
    if measured > _number(transaction, _MAXIMUM_TIME) + _setting(transaction, _MAXIMUM_GRACE_PERIOD, 50):
        if transaction.progress < _MOST_REPEATS:
            transaction.note("relay_resistance_repeated", tags)
            transaction.progress += 1
            return _ask(transaction)
        transaction.note("relay_resistance_too_slow", tags, _TVR_TIME_LIMITS_EXCEEDED)
    if _mismatch(transaction) or measured - _number(transaction, _MINIMUM_TIME) > _setting(
        transaction, _ACCURACY_THRESHOLD, 300
    ):
        tags = (_MEASURED_TIME, _MINIMUM_TIME, _DEVICE_TRANSMISSION_TIME)
        transaction.note("relay_resistance_inaccurate", tags, _TVR_THRESHOLD_EXCEEDED)
    transaction.note("relay_resistance_performed", (_MEASURED_TIME,), _TVR_PERFORMED)
    return "measured"


def _ask(transaction: Transaction) -> Send:
    entropy = transaction.draw(4)
    transaction.put(_TERMINAL_ENTROPY, entropy)
    transaction.put(_RRP_COUNTER, bytes((transaction.progress,)))
    return Send(apdu.exchange_relay_resistance_data(entropy))


def _store(transaction: Transaction, data: bytes) -> None:
    """SR1.14: entropy of the card, its minimum and maximum time, the time that its answer is under way."""
    start, end = tlv.only(data, _FORMAT_1)
    if end - start != 10:
        raise CardFault("template_unexpected")
    at = start + 4
    transaction.put(_DEVICE_ENTROPY, data[start:at])
    for tag in (_MINIMUM_TIME, _MAXIMUM_TIME, _DEVICE_TRANSMISSION_TIME):
        transaction.put(tag, data[at : at + 2])
        at += 2


def _measure(transaction: Transaction) -> int:
    """SR1.18: what remains of the time when command and response are taken off."""
    response = min(
        _number(transaction, _DEVICE_TRANSMISSION_TIME), _setting(transaction, _EXPECTED_TIME_OF_RESPONSE, 24)
    )
    measured = max(0, transaction.elapsed - _setting(transaction, _EXPECTED_TIME_OF_COMMAND, 18) - response)
    transaction.put(_MEASURED_TIME, min(measured, 0xFFFF).to_bytes(2, "big"))
    return measured


def _mismatch(transaction: Transaction) -> bool:
    """SR1.27: card and reader must agree on how long the answer is under way: the threshold is in percent."""
    card = _number(transaction, _DEVICE_TRANSMISSION_TIME)
    reader = _setting(transaction, _EXPECTED_TIME_OF_RESPONSE, 24)
    threshold = _setting(transaction, _MISMATCH_THRESHOLD, 50)
    return card != 0 and reader != 0 and (card * 100 // reader < threshold or reader * 100 // card < threshold)


def _number(transaction: Transaction, tag: int) -> int:
    return int.from_bytes(transaction.data[tag], "big")


def _setting(transaction: Transaction, tag: int, default: int) -> int:
    """Of the reader; annex A has the defaults."""
    value = transaction.data.get(tag)
    return default if value is None else int.from_bytes(value, "big")
