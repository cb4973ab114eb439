"""A payment from its acceptance to its end, which has a name whatever happens. Each part makes room for the next."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from firmware.errors import ReaderError
from firmware.overlay import Overlay

if TYPE_CHECKING:
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal


async def run_payment(terminal: Terminal) -> None:
    payment = terminal.payment
    if payment is None:
        return
    terminal.trace = None
    code = Overlay()
    outcome = broken_off = ""
    try:
        outcome = await _take(terminal, payment)
    except ReaderError as error:
        broken_off = error.why
    except Exception:  # noqa: BLE001 a fault of ours, or no memory: it must end by name and leave the reader usable
        payment.begin_try(None)
        broken_off = "reader_fault"
    code.release()
    gc.collect()
    terminal.drivers.card_reader.arm(False, False)
    try:
        await _end(terminal, payment, outcome, broken_off)
        code.release()
        _keep_trace(terminal, payment)
    except MemoryError:
        payment.begin_try(None)  # what the card said makes room for the end
        code.release()
        gc.collect()
        if not payment.shown:
            await _end(terminal, payment, "", "reader_fault")


async def _take(terminal: Terminal, payment: Payment) -> str:
    from firmware.flows.take_payment import take_payment

    return await take_payment(terminal, payment)


async def _end(terminal: Terminal, payment: Payment, outcome: str, broken_off: str) -> None:
    from firmware.flows import reasons
    from firmware.flows.end_payment import end_payment

    if broken_off:
        why = reasons.broken_off(broken_off, payment.issuer_approved)
    else:
        why = reasons.of_outcome(outcome, payment)
    await end_payment(terminal, payment, why)
    payment.shown = True


def _keep_trace(terminal: Terminal, payment: Payment) -> None:
    from firmware.flows import trace

    terminal.trace = (payment.transaction_id, trace.encode(payment))
