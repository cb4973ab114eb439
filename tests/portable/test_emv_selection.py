"""Application selection on contact (Book 1, 12): directory, list of AIDs, blocked, co-badged, chosen by hand."""

from __future__ import annotations

from emv.action import ChooseApplication
from emv.profile import Application, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.support.emv_bench import CLOCK, TERMINAL, TableCard, rules, run

CB, VISA, MASTERCARD = "A0000000421010", "A0000000031010", "A0000000041010"
PSE = "00A404000E315041592E5359532E4444463031"
PSE_FCI = "6F15840E315041592E5359532E4444463031A503880101" + "9000"

COVERS = {
    "test_the_cardholder_overrides_the_merchant": ["terminal/LAW-1"],
    "test_blocked_card_ends_the_session": ["attacks/C-16"],
    "test_blocked_application_is_passed_over": ["attacks/C-16"],
}


def sized(tag: str, value: str) -> str:
    return tag + f"{len(value) // 2:02X}" + value


def entry(name: str, priority: str = "", label: str = "") -> str:
    more = sized("50", label.encode().hex()) if label else ""
    return sized("61", sized("4F", name) + more + (sized("87", priority) if priority else ""))


def fci(name: str, sw: str = "9000") -> str:
    return sized("6F", sized("84", name) + sized("A5", sized("50", "58"))) + sw


def select(name: str, following: bool = False) -> str:
    return "00A404" + ("02" if following else "00") + sized("", name)


def card(*entries: str, **answers: str) -> TableCard:
    """A card with these entries in its directory; each application selects, and refuses to go on (6985)."""
    table = {PSE: PSE_FCI, "00B2010C": sized("70", "".join(entries)) + "9000", "00B2020C": "6A83", "80A8": "6985"}
    for name in (CB, VISA, MASTERCARD):
        table[select(name)] = fci(name)
    for command, answer in answers.items():
        table[command] = answer
    return TableCard(table)


def terminal(aids: tuple = (CB, VISA, MASTERCARD), partial: bool = True, **more: object) -> Profile:
    applications = [Application(bytes.fromhex(aid), b"\x00\x02", partial, None, Parameters()) for aid in aids]
    return Profile("test", dict(TERMINAL), applications, **more)


def tried(scripted: TableCard, profile: Profile = None, replies: tuple = (), **more: object) -> list[str]:
    """The names selected in the end, in their order: each refuses the transaction, so the next comes."""
    transaction = Transaction(profile or terminal(), Request(1250, CLOCK, **more), bytes)
    outcome = run(transaction, scripted, replies)
    scripted.transaction = transaction
    scripted.outcome = outcome
    selects = [command[10:-2] for command in scripted.commands if command.startswith("00A40400")]
    return [name for name in selects if name in (CB, VISA, MASTERCARD)]


def test_priority_decides() -> None:
    scripted = card(entry(CB, "02"), entry(VISA, "01"))
    assert tried(scripted) == [VISA, CB]
    assert scripted.outcome.name == "end_application"
    assert scripted.outcome.why == "no_application_left"


def test_without_priority_the_order_of_the_card_decides_and_comes_last() -> None:
    assert tried(card(entry(VISA), entry(CB))) == [VISA, CB]
    assert tried(card(entry(VISA), entry(CB, "00"), entry(MASTERCARD, "05"))) == [MASTERCARD, VISA, CB]


def test_the_merchant_prefers() -> None:
    profile = terminal(preference=(bytes.fromhex(CB),))
    assert tried(card(entry(VISA, "01"), entry(CB, "02")), profile) == [CB, VISA]


def test_the_cardholder_overrides_the_merchant() -> None:
    profile = terminal(preference=(bytes.fromhex(CB),))
    both = (entry(VISA, "01", "VISA"), entry(CB, "02", "CB"))
    scripted = card(*both)
    assert tried(scripted, profile, (0,), preferred_aid=bytes.fromhex(VISA)) == [VISA, CB]
    # Chosen beforehand: the question is for what is left, since the choice itself was refused.
    assert [each.candidates for each in scripted.transaction.asked] == [[(bytes.fromhex(CB), "CB")]]
    scripted = card(*both)
    assert tried(scripted, profile, (1, 0), choose=True) == [VISA, CB]
    asked = scripted.transaction.asked
    assert isinstance(asked[0], ChooseApplication)
    assert asked[0].candidates == [(bytes.fromhex(CB), "CB"), (bytes.fromhex(VISA), "VISA")]


def test_the_cardholder_chooses_none() -> None:
    scripted = card(entry(VISA, "01"), entry(CB, "02"))
    assert tried(scripted, None, (None,), choose=True) == []
    assert scripted.outcome.why == "application_not_chosen"


def test_confirmation_is_asked_or_the_application_left_out() -> None:
    assert tried(card(entry(VISA, "81"), entry(CB, "02"))) == [CB]
    scripted = card(entry(VISA, "81"))
    assert tried(scripted, terminal(ask_cardholder=True), (0,)) == [VISA]
    assert len(scripted.transaction.asked) == 1


def test_nothing_is_taken_in_place_of_what_the_cardholder_chose() -> None:
    scripted = card(entry(VISA, "01"), entry(CB, "02"), **{select(VISA): fci(VISA, "6283")})
    assert tried(scripted, None, (0, None), choose=True) == [VISA]
    assert (scripted.outcome.name, scripted.outcome.why) == ("end_application", "application_not_chosen")


def test_a_choice_made_beforehand_is_a_confirmation() -> None:
    assert tried(card(entry(VISA, "81"), entry(CB, "02")), None, (None,), preferred_aid=bytes.fromhex(VISA)) == [VISA]


def test_titles() -> None:
    """The preferred name needs a code table that the terminal has; no label at all leaves the bare name."""
    preferred = sized("9F12", "4352C94449540A")
    for directory, more, title in (
        ("", sized("50", "56495341"), "VISA"),
        ("", sized("50", "56495341") + preferred, "VISA"),
        ("9F110101", sized("50", "56495341") + preferred, "CR\u00c9DIT"),
        ("9F110105", sized("50", "56495341") + preferred, "VISA"),
        ("", preferred, VISA),
        ("", "", VISA),
        ("", sized("50", "1B0A"), VISA),
    ):
        found = sized("6F", sized("84", PSE[10:]) + sized("A5", "880101" + directory)) + "9000"
        scripted = card(sized("61", sized("4F", VISA) + more), entry(CB), **{PSE: found})
        tried(scripted, None, (None,), choose=True)
        assert scripted.transaction.asked[0].candidates[0][1] == title, (directory, more)


def test_language_preference_of_application_and_of_directory() -> None:
    found = sized("6F", sized("84", PSE[10:]) + sized("A5", "880101" + "5F2D046E6C6672")) + "9000"
    own = sized("6F", sized("84", CB) + sized("A5", "5F2D026672")) + "9000"
    for answer, language in ((fci(CB), b"nlfr"), (own, b"fr")):
        scripted = card(entry(CB), **{PSE: found, select(CB): answer})
        tried(scripted)
        assert scripted.transaction.data[0x5F2D] == language


def test_a_directory_of_several_records_and_of_entries_that_are_none() -> None:
    """An entry for a directory (9D) is of books before 4.2; one without a name, or with a long one, is none."""
    others = (sized("61", sized("9D", VISA)), sized("61", "8701" + "01"), entry(VISA + "00" * 10), sized("73", "00"))
    second = sized("70", entry(VISA, "01")) + "9000"
    scripted = card(entry(CB, "02"), *others, **{"00B2020C": second, "00B2030C": "6A83"})
    assert tried(scripted) == [VISA, CB]


def test_labels_are_printable() -> None:
    scripted = card(sized("61", sized("4F", VISA) + "5012" + "1B" * 2 + "41" * 16), entry(CB))
    tried(scripted, None, (0, 0), choose=True)
    assert scripted.transaction.asked[0].candidates[0][1] == "A" * 14


def test_partial_names() -> None:
    longer = VISA + "0001"
    scripted = card(entry(longer, "01"), **{select(longer): fci(longer)})
    tried(scripted)
    assert select(longer) + "00" in scripted.commands
    scripted = card(entry(longer, "01"), **{select(longer): fci(longer)})
    tried(scripted, terminal(partial=False))
    assert select(longer) + "00" not in scripted.commands


def test_blocked_card_ends_the_session() -> None:
    for answers in ({PSE: "6A81"}, {PSE: "6A82", select(CB): "6A81"}):
        scripted = card(**answers)
        tried(scripted)
        assert (scripted.outcome.name, scripted.outcome.why) == ("end_application", "card_blocked")


def test_list_when_the_directory_is_missing_blocked_or_broken() -> None:
    for answers in (
        {PSE: "6A82"},
        {PSE: "6283"},
        {PSE: "6F00" + "9000"},
        {PSE: PSE_FCI, "00B2010C": "6A82"},
        {PSE: PSE_FCI, "00B2010C": "61000000" + "9000"},
        {PSE: PSE_FCI, "00B2010C": "6A83"},
    ):
        scripted = card(**answers)
        # One SELECT for each AID of the list, then the final selection of each.
        assert tried(scripted) == [CB, VISA, MASTERCARD, CB, VISA, MASTERCARD], answers


def test_blocked_application_is_passed_over() -> None:
    scripted = card(**{PSE: "6A82", select(CB): fci(CB, "6283")})
    assert tried(scripted) == [CB, VISA, MASTERCARD, VISA, MASTERCARD]
    assert "application_blocked" in rules(scripted.transaction)


def test_list_with_partial_names_asks_for_the_next() -> None:
    first, second = VISA + "01", VISA + "02"
    answers = {
        PSE: "6A82",
        select(VISA): fci(first),
        select(VISA, following=True): fci(second),
        select(first): fci(first),
        select(second): fci(second),
    }
    scripted = card(**answers)
    following = [fci(second), "6A82"]
    plain = scripted.transmit

    def transmit(command: bytes) -> tuple:
        if command.hex().upper().startswith(select(VISA, following=True)):
            scripted.answers[select(VISA, following=True)] = following.pop(0)
        return plain(command)

    scripted.transmit = transmit
    tried(scripted, terminal((VISA,)))
    selects = [command[6:8] + command[10:-2] for command in scripted.commands if command.startswith("00A404")]
    assert selects[1:] == ["00" + VISA, "02" + VISA, "02" + VISA, "00" + first, "00" + second]


def test_a_card_that_knows_no_next_is_not_asked_for_ever() -> None:
    longer = VISA + "01"
    for following in (fci(longer), fci(CB), "6A82", "6283", "9000"):
        scripted = card(
            **{PSE: "6A82", select(VISA): fci(longer), select(VISA, True): following, select(longer): fci(longer)}
        )
        tried(scripted, terminal((VISA, CB)))
        assert len(scripted.commands) < 10, following
        assert select(longer) + "00" in scripted.commands


def test_a_blocked_occurrence_is_passed_over_and_the_next_asked_for() -> None:
    longer = VISA + "01"
    answers = [fci(VISA + "02", "6283"), "6285", fci(longer), "6A82"]
    scripted = card(**{PSE: "6A82", select(VISA): fci(VISA + "03", "6283"), select(longer): fci(longer)})
    plain = scripted.transmit

    def transmit(command: bytes) -> tuple:
        if command[3] == 2:
            scripted.answers[select(VISA, True)] = answers.pop(0)
        return plain(command)

    scripted.transmit = transmit
    tried(scripted, terminal((VISA,)))
    assert answers == [] and scripted.commands[-2] == select(longer) + "00"


def test_exact_names_only_pass_over_longer_ones() -> None:
    """Book 1, 12.3.3, step 6: the next of the list is asked for, not the next of that name."""
    longer = VISA + "01"
    scripted = card(**{PSE: "6A82", select(VISA): fci(longer), select(VISA, True): fci(VISA)})
    assert tried(scripted, terminal((VISA, CB), partial=False)) == [VISA, CB, CB]
    assert not [command for command in scripted.commands if command.startswith(select(VISA, True))]


def test_only_the_first_of_the_list_tells_of_a_blocked_card() -> None:
    """Book 1, 12.3.3, step 2, and figure 4."""
    scripted = card(**{PSE: "6A82", select(VISA): "6A81"})
    assert tried(scripted) == [CB, VISA, MASTERCARD, CB, MASTERCARD]


def test_the_name_in_the_end_is_the_one_asked_for() -> None:
    """Book 1, 12.4: exactly that, not a longer one."""
    scripted = card(entry(VISA, "01"), entry(CB, "02"), **{select(VISA): fci(VISA + "01")})
    assert tried(scripted) == [VISA, CB]
    assert rules(scripted.transaction).count("application_not_selected") == 1


def test_a_name_that_is_not_the_one_asked_for_is_not_selected() -> None:
    scripted = card(entry(VISA, "01"), entry(CB, "02"), **{select(VISA): fci(CB)})
    assert tried(scripted) == [VISA, CB]
    assert rules(scripted.transaction).count("application_not_selected") == 1


def test_no_application_in_common() -> None:
    scripted = card(entry("A000000333010101", "01"))
    tried(scripted)
    assert (scripted.outcome.name, scripted.outcome.why) == ("end_application", "no_application_left")


def test_nothing_stays_of_an_application_that_refused() -> None:
    named = sized("6F", sized("84", VISA) + sized("A5", sized("9F12", "5A"))) + "9000"
    scripted = card(entry(VISA, "01"), entry(CB, "02"), **{select(VISA): named})
    tried(scripted)
    assert 0x9F12 not in scripted.transaction.data
