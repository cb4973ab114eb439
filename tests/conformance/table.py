"""A conformance case and how it runs: a simulated card in a terminal, with one thing changed; or a transcript."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from emv import cap
from emv.action import Action
from emv.kernel import refund
from emv.outcome import Outcome
from emv.transaction import Transaction
from tests.cards import write
from tests.cards.scenarios import Scenario, file
from tools.replay import runner, transcript
from tools.replay.expectation import difference, observed

ROOT = Path(__file__).resolve().parent.parent.parent
_NUMBERS = ["00000001", "00000002", "00000003", "00000004"]
_APPROVING = {"online": True, "8A": "3030", "91": "computed"}
_OF_CARD = ("application", "keys", "answers", "times", "t0", "schemes")


@dataclass(frozen=True)
class Case:
    """The card, terminal or issuer does `behaviour` in `method` of a step. `setting` is how: a scenario, or the name of
    a transcript (and the title of its twin), which says itself what comes out. `expect`: keys of a transcript's;
    `rule` of data/rules.csv must be in the trace. `kind`: what is begun, "payment", "refund" or "cap"."""

    method: str
    behaviour: str
    paragraph: str
    setting: Scenario | tuple[str, str]
    expect: dict[str, Any]
    rule: str
    kind: str
    step: str = ""

    @property
    def name(self) -> str:
        return f"{self.step}: {self.method}: {self.behaviour}"


@dataclass(frozen=True)
class Result:
    """`file`: the transcript of it, `got` in the keys of its `expect`, `rules` those of the trace in
    their order, `cvm` as in emv/outcome.py."""

    file: dict[str, Any]
    got: dict[str, Any]
    rules: list[str]
    cvm: str


def case(
    method: str,
    behaviour: str,
    paragraph: str,
    setting: Scenario,
    outcome: str,
    rule: str = "",
    kind: str = "payment",
    **expect: Any,
) -> Case:
    return Case(method, behaviour, paragraph, setting, {"outcome": outcome, **expect}, rule, kind)


def known(method: str, behaviour: str, paragraph: str, name: str, twin: str = "", rule: str = "") -> Case:
    """A case that tests/cards has a transcript of."""
    expect = {title: expect for title, _, expect in runner.runs(_transcript(name))}[twin]
    return Case(method, behaviour, paragraph, (name, twin), expect, rule, "payment")


def step(name: str, *cases: Case) -> list[Case]:
    return [replace(each, step=name) for each in cases]


def setting(interface: str, amount: int = 1250, card: str = "cb_visa_debit", **more: Any) -> Scenario:
    """A simulated card in a terminal. Of the card: `application`, `keys`, `answers`, `times`, `t0`, `schemes` whose
    keys the terminal has; of the transaction: `kind` (9C in hex), `other`; the rest is the file's."""
    of_card = {name: more.pop(name) for name in _OF_CARD if name in more}
    transaction = {"amount": amount, "amount_other": more.pop("other", 0), "type": more.pop("kind", "00")}
    more.setdefault("random", _NUMBERS)
    if interface == "contact":
        more.setdefault("issuer", _APPROVING)
    written = file("", interface, amount, {}, **more)
    written["transaction"] = transaction
    return Scenario("", card, written, **of_card)


def run(case: Case) -> Result:
    if isinstance(case.setting, Scenario):
        return _result(case, *write.perform(case.setting, _BEGIN[case.kind]))
    name, twin = case.setting
    written = _transcript(name)
    rows = {title: rows for title, rows, _ in runner.runs(written)}[twin]
    transaction, outcome, _, why = runner.play(written, rows)
    assert outcome is not None, why
    return _result(case, written | {"exchange": rows}, transaction, outcome)


def fault(case: Case, result: Result) -> str | None:
    """What came out otherwise than the table says, in words."""
    if case.rule and case.rule not in result.rules:
        return f"rule {case.rule} is not among {result.rules}"
    return difference(case.expect, result.got)


def replayable(case: Case, result: Result) -> dict[str, Any] | None:
    """The case as a transcript, for the other runtime; None for what no transcript can be: no payment, or one that is
    replayed as such already."""
    if case.kind != "payment" or isinstance(case.setting, tuple):
        return None
    return result.file | {"title": case.name, "expect": {**case.expect, "commands": "exact"}}


def _transcript(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "tests" / "cards" / f"{name}.json").read_text())


def _result(case: Case, written: dict, transaction: Transaction, outcome: Outcome) -> Result:
    rules = [decision[1] for decision in transaction.trace]
    return Result(written, observed(transaction, outcome, case.expect), rules, outcome.cvm)


def _refund(written: dict, draws: transcript.Draws) -> tuple[Transaction, Action]:
    transaction = Transaction(transcript.profile(written), transcript.request(written), draws)
    return transaction, refund.begin(transaction)


def _cap(written: dict, _: transcript.Draws) -> tuple[Transaction, Action]:
    transaction = cap.CapTransaction(transcript.profile(written).applications, "1234", written["transaction"]["amount"])
    return transaction, cap.begin(transaction)


_BEGIN = {"payment": runner.begin, "refund": _refund, "cap": _cap}
