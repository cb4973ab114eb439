"""How often and how much one card taps without a PIN: a sale that is split into taps comes to one (attacks/C-15).

What is remembered is in RAM alone: rows of a token, an amount and a time. The key of the token is one of the day
(terminal/LAW-7).
"""

from __future__ import annotations

from struct import pack, unpack_from
from typing import TYPE_CHECKING

from emv.constant import const
from firmware.secure.card_data import pan

if TYPE_CHECKING:
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal

_ROW = ">8sII"  # token, amount in minor units, time in ms
_SIZE = const(16)
_MOST_ROWS = const(64)
_MINUTE_MS = const(60_000)
_TICKS_MASK = const(0x3FFFFFFF)  # the clock wraps as time.ticks_ms does


def is_too_much(terminal: Terminal, payment: Payment) -> bool:
    """Is a tap without PIN beyond what the profile lets its card have? If not, it counts."""
    minutes, most_taps, most_minor = terminal.profile.velocity
    if not minutes:
        return False
    clock = terminal.drivers.clock
    now_ms = clock.ticks_ms()
    token = terminal.vault.velocity_token(pan(payment.card.data), clock.now()[:3])
    rows = _recent(terminal.taps, now_ms, minutes * _MINUTE_MS)
    taps, total_minor = 1, payment.amount_minor
    for at in range(0, len(rows), _SIZE):
        of, amount_minor, _ = unpack_from(_ROW, rows, at)
        if of == token:
            taps += 1
            total_minor += amount_minor
    if taps > most_taps or total_minor > most_minor:
        return True
    terminal.taps = (rows + pack(_ROW, token, payment.amount_minor, now_ms))[-_MOST_ROWS * _SIZE :]
    return False


def _recent(rows: bytes, now_ms: int, window_ms: int) -> bytes:
    """From the first that is not too old: rows are in the order of their times."""
    at = 0
    while at < len(rows) and (now_ms - unpack_from(_ROW, rows, at)[2]) & _TICKS_MASK >= window_ms:
        at += _SIZE
    return rows[at:]
