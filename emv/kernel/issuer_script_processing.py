"""Issuer scripts: template 71 before the second GENERATE AC, 72 after it (Book 3, 10.10; Book 4, 6.3.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import tlv
from emv.action import Send
from emv.constant import const
from emv.errors import CardFault

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_ISSUER_SCRIPT_COMMAND = const(0x86)
_ISSUER_SCRIPT_IDENTIFIER = const(0x9F18)
_ISSUER_SCRIPT_RESULTS = const(0x9F5B)
_TEMPLATE_1 = const(0x71)
_TEMPLATE_2 = const(0x72)

_TVR_FAILED_BEFORE = const(0x950520)
_TVR_FAILED_AFTER = const(0x950510)
_TSI_PERFORMED = const(0x9B0104)

# All scripts of one answer together (Book 3, 10.10).
_LONGEST = const(128)
_NOT_PERFORMED = const(0x00)
_FAILED = const(0x10)
_SUCCESSFUL = const(0x20)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    """progress: [scripts left, identifier, commands left, number of the command at hand]."""
    progress = transaction.progress
    if progress is None:
        wanted = _TEMPLATE_1 if transaction.final is None else _TEMPLATE_2
        scripts = [script for script in transaction.scripts if script[:1] == bytes((wanted,))]
        progress = transaction.progress = [scripts, b"", [], 0]
        if scripts and sum([len(script) for script in transaction.scripts]) > _LONGEST:
            _failed(transaction, _NOT_PERFORMED, 0)
            progress[0] = []
    elif reply[1] >> 8 in (0x90, 0x62, 0x63):
        if not progress[2]:
            _result(transaction, _SUCCESSFUL, 0)
    elif not reply[1]:
        # The card is gone: what it decided before stays.
        _failed(transaction, _FAILED, progress[3])
        return transaction.final or "torn"
    else:
        _failed(transaction, _FAILED, progress[3])
        progress[2] = []
    return _next(transaction)


def _next(transaction: Transaction) -> Send | str:
    progress = transaction.progress
    while not progress[2]:
        if not progress[0]:
            return transaction.final or "before"
        _open(transaction, progress[0].pop(0))
    progress[3] += 1
    return Send(progress[2].pop(0))


def _open(transaction: Transaction, script: bytes) -> None:
    transaction.note("script_performed", (), _TSI_PERFORMED)
    progress = transaction.progress
    progress[1] = bytes(4)
    progress[2] = []
    progress[3] = 0
    try:
        _, start, end = tlv.single(script)
        for tag, value in tlv.objects(script, start, end):
            if tag == _ISSUER_SCRIPT_IDENTIFIER:
                progress[1] = value
            elif tag == _ISSUER_SCRIPT_COMMAND:
                if len(value) < 4:
                    raise CardFault("tlv_malformed")
                progress[2].append(value)
    except CardFault:
        progress[2] = []
    if not progress[2]:
        _failed(transaction, _NOT_PERFORMED, 0)


def _failed(transaction: Transaction, result: int, number: int) -> None:
    bit = _TVR_FAILED_BEFORE if transaction.final is None else _TVR_FAILED_AFTER
    transaction.note("script_failed", (), bit, transaction.latest if number else -1)
    _result(transaction, result, number)


def _result(transaction: Transaction, result: int, number: int) -> None:
    """Book 4, A5: result and the number of the command that failed, then the script's identifier."""
    results = transaction.data.get(_ISSUER_SCRIPT_RESULTS, b"")
    entry = bytes((result | min(number, 15),)) + (transaction.progress[1] + bytes(4))[:4]
    transaction.put(_ISSUER_SCRIPT_RESULTS, results + entry)
