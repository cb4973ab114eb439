"""Contactless kernels are rows of a table: routing by identifier, one that comes from outside, what is loaded."""

from __future__ import annotations

import sys

from emv.errors import ProfileFault
from emv.kernel import flow
from emv.profile import Application, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.support import fake_kernel
from tests.support.emv_bench import CLOCK, TERMINAL, TableCard, run
from tests.support.tap import PPSE, VISA, directory, entry, options, selected, sized
from tools.profiles import france

OTHER = "A0000009999999"


def profile(*kernels: tuple) -> Profile:
    data = dict(TERMINAL)
    data[0x9F66] = bytes.fromhex("36004000")
    listed = [Application(bytes.fromhex(aid), b"\x00\x00", True, kernel, Parameters()) for aid, kernel in kernels]
    return Profile("test", data, listed)


def card(identifier: str, gpo: str, aid: str = OTHER) -> TableCard:
    asked = sized("9F2A", identifier) if identifier else ""
    listed = directory(entry(aid, "01", asked), entry(VISA, "02"))
    chosen = {"00A4040007" + name: selected(name) for name in (aid, VISA)}
    chosen.update({PPSE: listed, "80A8": options(), "80A80000028300": gpo})
    return TableCard(chosen)


def tapped(scripted: TableCard, *kernels: tuple) -> object:
    transaction = Transaction(profile(*kernels), Request(1250, CLOCK), bytes)
    outcome = run(transaction, scripted, contactless=True)
    outcome.kernel = transaction.application and transaction.application.kernel
    return outcome


def with_kernel_8(test: object) -> None:
    flow.KERNELS[fake_kernel.NUMBER] = fake_kernel.ROW
    try:
        test()
    finally:
        del flow.KERNELS[fake_kernel.NUMBER]


def test_a_kernel_from_outside_takes_the_card_that_asks_for_it() -> None:
    def test() -> None:
        for identifier in ("08", "0800000000000000", "00", ""):
            outcome = tapped(card(identifier, "9000"), (OTHER, 8), (VISA, 3))
            assert (outcome.name, outcome.kernel, outcome.ui) == ("online", 8, ("1B",)), identifier
        outcome = tapped(card("02", "9000"), (OTHER, 8), (VISA, 3))
        assert (outcome.name, outcome.kernel) == ("online", 3)

    with_kernel_8(test)


def test_a_kernel_from_outside_may_leave_it_to_the_next_candidate() -> None:
    def test() -> None:
        outcome = tapped(card("08", "6985"), (OTHER, 8), (VISA, 3))
        assert (outcome.name, outcome.kernel) == ("online", 3)

    with_kernel_8(test)


def test_the_card_says_which_of_two_kernels_an_application_takes() -> None:
    """Combinations are of name and kernel (Book B, 3.3.2.5)."""

    def test() -> None:
        for identifier, kernel in (("03", 3), ("08", 8), ("", 3)):
            outcome = tapped(card(identifier, "9000", VISA), (VISA, 3), (VISA, 8))
            assert (outcome.name, outcome.kernel) == ("online", kernel), identifier

    with_kernel_8(test)


def test_a_profile_with_a_kernel_that_is_not_there() -> None:
    why = ""
    try:
        tapped(card("08", "9000"), (OTHER, 8), (VISA, 3))
    except ProfileFault as fault:
        why = fault.why
    assert why == "profile_kernel_unknown"


def test_the_kernel_of_the_first_application_is_loaded_before_a_tap() -> None:
    flow.release()
    steps = flow.tap_steps(profile((VISA, 3), (OTHER, 66)))
    assert sorted(steps) == [
        "contactless.entry_point",
        "contactless.kernel_c3",
        "contactless.kernel_c3_decision",
        "kernel.read_application_data",
    ]
    for step in steps:
        flow.load(step)
    assert "emv.contactless.kernel_cb" not in sys.modules
    assert "contactless.kernel_cb" in flow.tap_steps(france())
    assert flow.tap_steps(profile()) == ["contactless.entry_point"]
    flow.release()


def test_every_step_of_a_kernel_is_a_module_and_every_result_leads_somewhere() -> None:
    for first, steps in flow.KERNELS.values():
        assert first in steps
        for results in steps.values():
            for following in results.values():
                known = following in steps or following in flow.NAMES or following == "contactless.entry_point"
                assert known, following


def test_once_its_kernel_is_known_a_tap_lets_go_of_the_others() -> None:
    listed = profile((VISA, 3), (OTHER, 66))
    flow.load("contactless.kernel_cb")
    transaction = Transaction(listed, Request(1250, CLOCK), bytes)
    transaction.frugal = True
    assert run(transaction, card("03", "9000", VISA), contactless=True).name == "online"
    assert "emv.contactless.kernel_c3_decision" in sys.modules
    assert "emv.contactless.kernel_cb" not in sys.modules
    assert "emv.contactless.entry_point" not in sys.modules
    flow.release()
