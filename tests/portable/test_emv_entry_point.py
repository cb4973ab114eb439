"""Entry point (Book B, 3.1 to 3.3): limits, directory, selection of a combination."""

from __future__ import annotations

from tests.support.emv_bench import rules
from tests.support.tap import (
    CB,
    PPSE,
    VISA,
    card,
    directory,
    entry,
    options,
    selected,
    sized,
    tapped,
    terminal,
    told,
)
from tools.profiles import france

COVERS = {
    "test_the_reader_keeps_its_own_qualifiers": ["attacks/C-08"],
    "test_a_shop_is_no_turnstile": ["attacks/C-12"],
    "test_limits_are_in_the_currency_of_the_contract": ["attacks/C-14"],
}


def qualifiers(amount: int, ttq: str = "36004000", **limits: object) -> str:
    outcome = tapped(card(options()), terminal(ttq, **limits), amount)
    return outcome.transaction.data[0x9F66].hex()


def test_limits_are_reached_and_the_floor_limit_exceeded() -> None:
    assert qualifiers(4999, cvm_minor=5000) == "36004000"
    assert told(tapped(card(options()), terminal(cvm_minor=5000), 5000))[0] == "declined"
    assert qualifiers(5000, floor_minor=5000) == "36004000"
    assert qualifiers(5001, floor_minor=5000) == "36804000"
    assert qualifiers(4999, transaction_minor=5000) == "36004000"
    outcome = tapped(card(options()), terminal(transaction_minor=5000), 5000)
    assert told(outcome) == ("another_interface", "none", "none", ("18",))
    assert outcome.transaction.exchange == []


def test_amount_of_zero_goes_online_or_nowhere() -> None:
    assert qualifiers(0) == "36804000"
    assert tapped(card(options()), terminal("3E004000"), 0).name == "another_interface"


def test_the_reader_keeps_its_own_qualifiers() -> None:
    """Bits that a profile or a card sets by mistake or malice are not those of this amount."""
    assert qualifiers(100, "36C04000") == "36004000"
    outcome = tapped(card(options(more="9F660400000000")), terminal(floor_minor=0))
    assert outcome.transaction.data[0x9F66].hex() == "36804000"
    assert "terminal_object_from_card" in rules(outcome.transaction)


def test_france_on_both_sides_of_50_euro() -> None:
    below = tapped(card(options()), france(), 5000)
    assert told(below)[:2] == ("online", "none")
    above = tapped(card(options(qualifiers="8000")), france(), 5001)
    assert told(above)[:2] == ("online", "online_pin")
    # A card that asks for nothing above the limit is declined.
    assert tapped(card(options()), france(), 5001).name == "declined"
    assert below.transaction.data[0x9F66].hex() == "34804000"
    assert above.transaction.data[0x9F66].hex() == "34c04000"


def test_no_directory() -> None:
    for answer in ("6A82", "6F00" + "9000", "9000", "6FFF" + "9000"):
        assert told(tapped(card(options(), **{PPSE: answer}))) == ("another_card", "none", "none", ("1C",)), answer


def test_no_application_in_common() -> None:
    assert tapped(card(options(), **{PPSE: directory(entry("A0000000041010"))})).name == "another_card"


def test_the_list_follows_a_directory_that_cannot_be_read_and_no_other() -> None:
    """Where the profile has a list at all, which Book B has not."""
    for answer, listed in (("6A82", True), ("6FFF" + "9000", True), (directory(entry("A0000000041010")), False)):
        profile = terminal()
        profile.list_after_ppse = True
        outcome = tapped(card(options(), **{PPSE: answer}), profile)
        assert outcome.name == ("online" if listed else "another_card"), answer
        assert len(outcome.transaction.exchange) == (5 if listed else 1)


def test_priority_and_preference() -> None:
    both = {PPSE: directory(entry(VISA, "01"), entry(CB, "02")), "00A4040007" + CB: selected(CB)}
    assert tapped(card(options(), **both)).transaction.data[0x84].hex().upper() == VISA
    assert tapped(card(options(), **both), france()).transaction.data[0x84].hex().upper() == CB


def test_kernel_that_the_card_asks_for() -> None:
    for identifier, taken in (
        ("03", True),
        ("00", True),
        ("02", False),
        ("80", False),
        ("800000", True),
        ("C30000", False),
    ):
        listed = {PPSE: directory(entry(VISA, "01", sized("9F2A", identifier)))}
        assert (tapped(card(options(), **listed)).name == "online") == taken, identifier


def test_select_next_takes_the_other_application() -> None:
    refusing = card("6985", **{PPSE: directory(entry(VISA, "01"), entry(CB, "02")), "00A4040007" + CB: selected(CB)})
    outcome = tapped(refusing)
    assert [command[10:24] for command in refusing.commands if "A404" in command][1:] == [VISA, CB]
    assert told(outcome) == ("another_card", "none", "none", ("1C",))


def test_a_visa_card_that_does_not_ask_for_qualifiers() -> None:
    assert tapped(card(options(), **{"00A4040007" + VISA: selected(VISA, "")})).name == "another_card"


def test_one_unit_of_currency_asks_after_the_status() -> None:
    assert qualifiers(100, status_check=True) == "36804000"
    assert qualifiers(101, status_check=True) == "36004000"
    assert qualifiers(100) == "36004000"


def test_zero_may_be_refused_by_configuration() -> None:
    outcome = tapped(card(options()), terminal(zero_amount=False), 0)
    assert told(outcome) == ("another_interface", "none", "none", ("18",))
    assert outcome.transaction.exchange == []


def test_extended_selection_where_both_know_it() -> None:
    listed = {PPSE: directory(entry(VISA, "01", sized("9F29", "0102")))}
    longer = "00A4040009" + VISA + "0102"
    listed[longer] = selected(VISA + "0102")
    known = card(options(), **listed)
    assert tapped(known, terminal(extended_selection=True)).name == "online"
    assert known.commands[1] == longer + "00"
    unknown = card(options(), **listed)
    assert tapped(unknown).name == "online"
    assert unknown.commands[1] == "00A4040007" + VISA + "00"


def test_one_name_may_be_in_the_directory_for_several_extensions() -> None:
    """Book B, 3.3.2.5: each entry is a combination of its own; the card refuses the first."""
    first, second = (entry(VISA, f"0{place}", sized("9F29", f"010{place}")) for place in (1, 2))
    listed = {PPSE: directory(first, second, second)}
    listed["00A4040009" + VISA + "0101"] = "6A82"
    listed["00A4040009" + VISA + "0102"] = selected(VISA + "0102")
    known = card(options(), **listed)
    assert tapped(known, terminal(extended_selection=True)).name == "online"
    assert [command[-6:-2] for command in known.commands[1:3]] == ["0101", "0102"]
    listed["00A4040009" + VISA + "0102"] = "6A82"
    known = card(options(), **listed)
    assert tapped(known, terminal(extended_selection=True)).name == "another_card"
    assert len(known.commands) == 3


def test_a_tap_knows_no_confirmation() -> None:
    """Book B, 3.3.3.2: of the priority indicator only the lower half counts."""
    listed = {PPSE: directory(entry(VISA, "82"), entry(CB, "03")), "00A4040007" + CB: selected(CB)}
    assert tapped(card(options(), **listed)).transaction.data[0x84].hex().upper() == VISA


def test_final_selection_that_fails_takes_the_next() -> None:
    for answer in ("6A82", "6283", "6985", "6F00" + "9000", selected(CB)):
        listed = {PPSE: directory(entry(VISA, "01"), entry(CB, "02")), "00A4040007" + CB: selected(CB)}
        listed["00A4040007" + VISA] = answer
        assert tapped(card(options(), **listed)).transaction.data[0x84].hex().upper() == CB, answer


def test_a_shop_is_no_turnstile() -> None:
    """What a relay sets to pass as one, authentication of online transactions (TTQ byte 1 bit 1), is never set here;
    a telephone that says it verified its holder is believed, and the issuer hears what it is and what it said."""
    locked = options(qualifiers="0080", more="9F6E0423700000" + "9F660435004000")
    outcome = tapped(card(locked), france(), 100000)
    data = outcome.transaction.data
    assert (outcome.name, outcome.cvm) == ("online", "on_device")
    assert (data[0x9F66].hex(), data[0x9F15].hex()) == ("34c04000", "5999")
    plastic = tapped(card(options(qualifiers="0080")), france(), 100000)
    assert (plastic.name, plastic.cvm) == ("online", "online_pin")
    for application in france().contactless_applications():
        if application.kernel != 2:
            assert not application.parameters.data[0x9F66][0] & 0x01


def test_limits_are_in_the_currency_of_the_contract() -> None:
    """A card that would pay in another currency changes nothing, up to the largest amount that 9F02 holds."""
    foreign = "5F2A020826" + "9F42020826"
    for amount in (9999, 99999999, 999999999999):
        outcome = tapped(card(options(qualifiers="8000", more=foreign)), france(), amount)
        data = outcome.transaction.data
        assert (outcome.name, outcome.cvm, data[0x5F2A].hex()) == ("online", "online_pin", "0978")
        assert data[0x9F02].hex() == f"{amount:012d}" and data[0x9F66][1] & 0x40
        assert tapped(card(options(more=foreign)), france(), amount).name == "declined"
