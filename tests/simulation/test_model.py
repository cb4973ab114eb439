"""The oracle: what it excuses when a reader is destroyed is what was at that reader, and nothing else."""

from __future__ import annotations

from tools.simulation.model import Model, TillLine, Verdict
from tools.simulators.acquirer.simulator import Entry


def captured(amount_minor: int) -> Entry:
    return Entry("00" * 16, "purchase", amount_minor, False, False, 1, amount_minor, False, 1, 0, None)


def judged(model: Model, *amounts_minor: int) -> Verdict:
    """Of these, all captured and kept by the till."""
    till = [TillLine("purchase", amount, amount, "approved") for amount in amounts_minor]
    return model.judge(map(captured, amounts_minor), (), (), till)


def test_what_nobody_saw_approved_and_is_captured_is_a_double() -> None:
    model = Model()
    model.asked("sale", 1250)
    assert judged(model, 1250).double == [(1250, "is captured, and was never shown as approved (I1)")]


def test_what_was_at_a_reader_that_was_destroyed_is_excused() -> None:
    model = Model()
    model.asked("sale", 1250)
    model.destroyed(0)
    assert judged(model, 1250).clean


def test_what_that_reader_had_ended_before_is_not() -> None:
    model = Model()
    model.asked("sale", 1100)
    model.asked("sale", 1250)
    model.sees("declined", "Paiement refusé 12,50 €")
    model.asked("sale", 1300)
    model.destroyed(0)
    assert [amount for amount, _ in judged(model, 1100, 1250, 1300).double] == [1100, 1250]


def test_what_was_at_another_reader_is_not() -> None:
    model = Model()
    model.asked("sale", 1250, counter=1)
    model.destroyed(0)
    assert [amount for amount, _ in judged(model, 1250).double] == [1250]


def test_what_the_next_reader_of_that_counter_does_not_show_is_not() -> None:
    model = Model()
    model.destroyed(0)
    model.asked("sale", 1250)
    assert not judged(model, 1250).clean
