"""Memory runs out at each load of code, each driver call and each write of a payment: it ends by name (faults/R-14).

A MemoryError is raised at the n-th of them, n = 1..N, before its effect and, of a write, after it too. What the heap
itself refuses between two of them is the bench's: tools/bench/heap.py, with ever smaller heaps.
"""

from __future__ import annotations

import asyncio
import builtins
import sys

from emv.action import EnterPin, GoOnline, Send
from firmware.flows.waiting import first_of
from firmware.screens.canvas import Canvas
from firmware.secure import pin_entry
from tests.support.deadlines import Shorter
from tests.support.fake_drivers import DEADLINE_S
from tests.support.power import Mains, fresh_files
from tests.support.sale_bench import (
    APPROVED,
    CARD,
    GENERATE_AC,
    SECOND_GENERATE_AC,
    SELECT,
    TAP,
    TAP_ONLINE,
    SaleBench,
    card_data,
)

COVERS = {
    "test_memory_runs_out_at_the_next_steps": ["faults/R-14"],
    "test_memory_runs_out_at_the_steps_between": ["faults/R-14"],
    "test_memory_runs_out_at_each_step_of_a_payment": ["faults/R-14"],
}

SCRIPT = [Send(SELECT), card_data, EnterPin("online", None), Send(GENERATE_AC), GoOnline()]
SCRIPT += [Send(SECOND_GENERATE_AC), APPROVED]
ENDS = ("approved", "declined", "not_completed", "idle")


class Scarcity:
    """Raises at the n-th step of what it was put into, while it is on."""

    def __init__(self, fails_at: int) -> None:
        self.fails_at = fails_at
        self.steps = 0
        self.on = False

    def step(self) -> None:
        if self.on:
            self.steps += 1
            if self.steps == self.fails_at:
                raise MemoryError

    def put_into(self, owner: object, name: str, after: bool = False) -> None:
        real = getattr(owner, name)

        def scarce(*given: object) -> object:
            self.step()
            answer = real(*given)
            if after:
                self.step()
            return answer

        setattr(owner, name, scarce)

    def loader(self, real: object) -> object:
        def load(name: str, *given: object) -> object:
            if name.startswith(("firmware.", "emv.")) and name not in sys.modules:
                self.step()
            return real(name, *given)

        return load


class Pins:
    """Every PIN that was typed."""

    typed: list = []

    class Kept(pin_entry.Pin):
        def __init__(self) -> None:
            self.digits = bytearray()
            Pins.typed.append(self)


async def pay(bench: SaleBench) -> dict | None:
    """The result, None when the reader said that it cannot."""
    await bench.ask_for(1250)
    while True:
        message = await bench.hear_any()
        if message["type"] in ("result", "error"):
            return message if message["type"] == "result" else None
        if message["type"] == "online_request":
            await bench.answer(message["transaction_id"], b"00")


async def hold_card(bench: SaleBench) -> None:
    display = bench.board.display
    await display.until("present_card")
    bench.board.card_reader.put("contact", CARD)
    await display.until("enter_pin")
    bench.board.keypad.press("1", "2", "3", "4", "OK")
    await asyncio.Event().wait()


async def fail_at(number: int, files: dict) -> int:
    """How many steps there were."""
    scarcity = Scarcity(number)
    storage = Mains(files)
    async with SaleBench([SCRIPT], storage) as bench:
        terminal, board = bench.terminal, bench.board
        for owner, name in ((board.card_reader, "transmit"), (board.display, "show"), (board.secure_element, "random")):
            scarcity.put_into(owner, name)
        scarcity.put_into(board.clock, "now")
        scarcity.put_into(storage, "append", after=True)
        scarcity.put_into(storage, "replace", after=True)
        payments = []
        start = terminal.start
        terminal.start = lambda payment: (payments.append(payment), start(payment))
        scarcity.on = True
        with Shorter(builtins, "__import__", scarcity.loader(builtins.__import__)):
            index, result = await first_of([pay(bench), hold_card(bench)], DEADLINE_S * 1000)
        scarcity.on = False
        assert index == 0, "neither a result nor a refusal"
        await bench.looks()
        check(bench, payments, result)
        board.card_reader.pull()
        bench.kernel._tries = [list(TAP_ONLINE)]
        assert (await bench.sell("contactless", TAP, request_id=b"request2"))["outcome"] == "approved"
    return scarcity.steps


def check(bench: SaleBench, payments: list, result: dict | None) -> None:
    assert bench.terminal.payment is None, "the reader is free"
    assert bench.board.display.shown[-1] in ENDS, bench.board.display.shown
    for payment in payments:
        assert not payment.pin and None in payment.keys._spent, "keys and PIN are wiped"
    for pin in Pins.typed:
        assert not any(pin.digits)
    assert bench.terminal.journal.unfinished() is None
    if result is not None:
        assert result["outcome"] in ("approved", "declined") and result["why"] != "result_not_kept"


def every_third(first: int) -> None:
    async def all_of_them() -> None:
        files = fresh_files()
        Pins.typed = []
        steps = await fail_at(0, files)  # never
        assert steps > 40, steps  # more where no other test has loaded code before
        for number in range(first, steps + 1, 3):
            Pins.typed = []
            await fail_at(number, files)

    with Shorter(Canvas, "_glyph", lambda *_: None), Shorter(pin_entry, "Pin", Pins.Kept):
        asyncio.run(all_of_them())


def test_memory_runs_out_at_each_step_of_a_payment() -> None:
    every_third(1)


def test_memory_runs_out_at_the_next_steps() -> None:
    every_third(2)


def test_memory_runs_out_at_the_steps_between() -> None:
    every_third(3)
