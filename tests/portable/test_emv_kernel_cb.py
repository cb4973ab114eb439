"""Kernel CB: what France does with CB and its two brands (docs/kernel-cb.md)."""

from __future__ import annotations

from emv.profile import Application, ContactlessLimits, Parameters, Profile
from tests.support.emv_bench import TERMINAL, TableCard, rules
from tests.support.tap import (
    AAC,
    CB,
    PPSE,
    TC,
    VISA,
    card,
    directory,
    entry,
    options,
    selected,
    sized,
    tapped,
    told,
)
from tools.profiles import france

COVERS = {
    "test_kernel_cb_approves_nothing_offline": ["attacks/C-11"],
}


def cb(*aids: str, **more: str) -> TableCard:
    """A co-badged card of which CB comes first, as published logs have it."""
    listed = directory(*[entry(aid, f"0{place + 1}", sized("9F2A", "03" + "00" * 7)) for place, aid in enumerate(aids)])
    answers = {"00A4040007" + aid: selected(aid) for aid in aids}
    answers.update({PPSE: listed})
    gpo = more.pop("gpo", options())
    answers.update(more)
    return card(gpo, **answers)


def test_france_takes_cb_with_its_kernel_on_both_sides_of_50_euro() -> None:
    for aid in (CB, "A0000000422010"):
        below = tapped(cb(aid, VISA), france(), 5000)
        assert told(below) == ("online", "none", "none", ("1B",))
        assert below.transaction.application.kernel == 66
        assert below.transaction.data[0x84].hex().upper() == aid
        assert below.transaction.data[0x9F66].hex() == "34804000"
        assert told(tapped(cb(aid, gpo=options(qualifiers="8000")), france(), 5001))[:2] == ("online", "online_pin")
        assert told(tapped(cb(aid, gpo=options()), france(), 5001))[:2] == ("declined", "none")
        phone = options(qualifiers="0080", more="9F6E0423700000")
        assert told(tapped(cb(aid, gpo=phone), france(), 5001))[:2] == ("online", "on_device")


def test_kernel_cb_approves_nothing_offline() -> None:
    """Not where the profile would let it, not with a good date, not expired: the issuer decides."""
    limits = Parameters(limits=ContactlessLimits(), data={0x9F66: bytes.fromhex("36004000")})
    profile = Profile("test", dict(TERMINAL), [Application(bytes.fromhex(CB), b"\x00\x00", True, 66, limits)])
    for date in ("491231", "200101"):
        outcome = tapped(cb(CB, gpo=options(TC, more="5F2403" + date)), profile, 100)
        assert (outcome.name, outcome.transaction.oda) == ("online", "none")
    assert tapped(cb(CB, gpo=options(AAC)), profile, 100).name == "declined"


def test_kernel_cb_refuses_what_kernel_3_does() -> None:
    assert told(tapped(cb(CB, gpo="6984"), france())) == ("another_interface", "none", "none", ("1D",))
    assert told(tapped(cb(CB, gpo="6986"), france())) == ("try_again", "none", "B", ("20",))
    mixed_up = tapped(cb(CB, gpo=options().replace("4970101234567810D", "3470101234567810D")), france())
    assert (mixed_up.name, mixed_up.why) == ("another_card", "brand_mixed_up")
    listed = france()
    listed.exceptions = [(bytes.fromhex("4970101234567810"), None)]
    assert (tapped(cb(CB), listed).name, tapped(cb(CB), listed).why) == ("declined", "on_exception_file")


def test_a_cb_application_that_does_not_ask_for_qualifiers_leaves_it_to_the_next() -> None:
    """Beside Mastercard: no PDOL. The test takes Visa for the other brand, which the France profile has for sure."""
    outcome = tapped(cb(CB, VISA, **{"00A4040007" + CB: selected(CB, "")}), france())
    assert outcome.name == "online"
    assert outcome.transaction.data[0x84].hex().upper() == VISA
    assert "qualifiers_not_asked" in rules(outcome.transaction)


def test_a_cb_application_beside_mastercard_speaks_kernel_2_where_the_profile_has_it() -> None:
    data = dict(TERMINAL)
    data[0x9F66] = bytes.fromhex("34004000")
    name = bytes.fromhex(CB)
    profile = Profile("test", data, [Application(name, b"\x00\x00", True, kernel, Parameters()) for kernel in (66, 2)])
    listed = {PPSE: directory(entry(CB, "01", "9F2803400200"))}
    listed["00A4040007" + CB] = selected(CB, "")
    outcome = tapped(card("77128202198094081001010118010100" + "9000", **listed), profile)
    assert outcome.transaction.application.kernel == 2
    listed["00A4040007" + CB] = selected(CB)
    assert tapped(card(options(), **listed), profile).transaction.application.kernel == 66
