"""Draws docs/states/*.md from the tables that the code runs on; `--check` says when a drawing is stale."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from tools.generated import keep

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "states"

_NAMED = {0x42: "CB"}
_NOT_DRAWN = """Not drawn: from any step a card at fault leads to `end_application` (of a tap `another_card`), and one
that is gone to `end_application` too (of a tap `try_again`)."""

Move = tuple[str, str, str]  # from, to, on what


def drawing(title: str, source: str, moves: Iterable[Move], note: str = "") -> str:
    """A page with a Mermaid state diagram."""
    drawn = [f"Drawn from `{source}` by `tools/draw_states.py`.", *([note] if note else [])]
    lines = [f"# {title}", "", *drawn, "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {start} --> {end}" + (f": {label}" if label else "") for start, end, label in moves]
    return "\n".join([*lines, "```", ""])


def payment() -> str:
    from host.payment.states import MOVES

    moves = [(start.value, end.value, "") for start, ends in MOVES.items() for end in sorted(ends)]
    return drawing("A payment on the host", "host/payment/states.py", moves)


def remittance() -> str:
    from host.telecollection.states import MOVES

    moves = [(start.value, end.value, "") for start, ends in MOVES.items() for end in sorted(ends)]
    return drawing("A remittance", "host/telecollection/states.py", moves)


def message() -> str:
    from host.messaging.states import MOVES

    moves = [(start.value, end.value, "") for start, ends in MOVES.items() for end in sorted(ends)]
    return drawing("A message to a member", "host/messaging/states.py", moves)


def campaign() -> str:
    from host.messaging.states import CAMPAIGN_MOVES

    moves = [(start.value, end.value, "") for start, ends in CAMPAIGN_MOVES.items() for end in sorted(ends)]
    return drawing("A campaign", "host/messaging/states.py", moves)


def client() -> str:
    from host.loyalty.states import MOVES

    moves = [(start.value, end.value, "") for start, ends in MOVES.items() for end in sorted(ends)]
    return drawing("A client of the loyalty programme", "host/loyalty/states.py", moves)


def session() -> str:
    from protocol.states import ENDING, MOVES

    labels: dict[tuple[str, str], list[str]] = {}
    for start, says in MOVES.items():
        for message, end in says.items():
            labels.setdefault((start, end), []).append(message)
    labels["open", "closed"] = [f"error {code}" for code in ENDING]
    moves = [(start, end, ", ".join(said)) for (start, end), said in labels.items()]
    return drawing("A session of reader and host", "protocol/states.py", moves)


def contact() -> str:
    from emv.kernel.flow import CONTACT

    return flow("A transaction with a chip", CONTACT)


def contactless() -> str:
    from emv.kernel.flow import ENTRY_POINT, KERNELS

    entry = "contactless.entry_point"
    results = {result: end for result, end in ENTRY_POINT.items() if end}
    activated = {f"kernel {_NAMED.get(number, number)}": first for number, (first, _) in KERNELS.items()}
    return flow("A transaction by tap, up to its kernel", {entry: activated | results})


def kernel(number: int) -> str:
    from emv.kernel.flow import KERNELS

    first, table = KERNELS[number]
    return flow(f"Contactless kernel {_NAMED.get(number, number)}", {first: table[first]} | table)


def refund() -> str:
    from emv.kernel.refund import TABLE

    return flow("A refund with a chip", TABLE, "emv/kernel/refund.py")


def cap() -> str:
    from emv.cap import TABLE

    return flow("EMV-CAP: the chip signs a challenge", TABLE, "emv/cap/__init__.py")


def flow(title: str, table: dict[str, dict[str, str]], source: str = "emv/kernel/flow.py") -> str:
    """The steps by their modules, and the outcomes, which end it."""
    from emv.outcome import NAMES

    begin = next(iter(table))
    moves = [(start, end, result) for start, results in table.items() for result, end in results.items()]
    named = [(_module(start), _module(end), "" if result == end else result) for start, end, result in moves]
    ends = [(outcome, "[*]", "") for outcome in NAMES if outcome in [end for _, end, _ in named]]
    return drawing(title, source, [("[*]", _module(begin), ""), *named, *ends], _NOT_DRAWN)


def _module(step: str) -> str:
    return step.rpartition(".")[2]


DRAWINGS: dict[str, Callable[[], str]] = {
    "payment": payment,
    "remittance": remittance,
    "message": message,
    "campaign": campaign,
    "client": client,
    "session": session,
    "contact": contact,
    "refund": refund,
    "cap": cap,
    "contactless": contactless,
    "kernel_2": partial(kernel, 2),
    "kernel_3": partial(kernel, 3),
    "kernel_cb": partial(kernel, 66),
}


def main() -> int:
    return keep({FOLDER / f"{name}.md": draw() for name, draw in DRAWINGS.items()}, "python -m tools.draw_states")


if __name__ == "__main__":
    sys.exit(main())
