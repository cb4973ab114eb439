"""Entry point and kernel 3 (Book B, 3.1 to 3.3; Book C-3, 5): limits, directory, refusals, verification, policies."""

from __future__ import annotations

from emv.kernel import flow
from emv.profile import Application, ContactlessLimits, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.support.emv_bench import CLOCK, TERMINAL, TableCard, rules, run
from tools.profiles import france

CB, VISA = "A0000000421010", "A0000000031010"
PPSE = "00A404000E325041592E5359532E4444463031"
PDOL = "9F3818" + "9F6604" + "9F0206" + "9F0306" + "9F1A02" + "5F2A02" + "9A03" + "9C01" + "9F3704"
PDOL = "9F38" + f"{(len(PDOL) - 6) // 2:02X}" + PDOL[6:]
TRACK_2 = "5711" + "4970101234567810D49122010000012300"
ARQC, TC, AAC = "80", "40", "00"

COVERS = {
    "test_a_pin_is_never_sent_over_the_air": ["attacks/C-23"],
    "test_on_device_verification_needs_a_device_above_the_limit": ["attacks/C-07", "attacks/C-08"],
    "test_authentication_that_fails_gains_nothing": ["attacks/C-10"],
    "test_no_offline_approval_without_a_signature": ["attacks/C-11"],
    "test_france_never_approves_a_tap_offline": ["attacks/C-11"],
    "test_kernel_cb_approves_nothing_offline": ["attacks/C-11"],
    "test_a_number_that_the_card_claims_is_no_proof_of_its_signature": ["attacks/C-07"],
    "test_the_reader_keeps_its_own_qualifiers": ["attacks/C-08"],
    "test_a_shop_is_no_turnstile": ["attacks/C-12"],
    "test_limits_are_in_the_currency_of_the_contract": ["attacks/C-14"],
    "test_two_account_numbers_on_one_card": ["attacks/C-21"],
    "test_the_same_object_twice": ["attacks/C-21"],
}


def sized(tag: str, value: str) -> str:
    length = len(value) // 2
    return tag + (f"{length:02X}" if length < 0x80 else f"81{length:02X}") + value


def entry(name: str, priority: str = "01", more: str = "") -> str:
    return sized("61", sized("4F", name) + sized("87", priority) + more)


def directory(*entries: str) -> str:
    inside = sized("BF0C", "".join(entries))
    return sized("6F", sized("84", "325041592E5359532E4444463031") + sized("A5", inside)) + "9000"


def selected(name: str, pdol: str = PDOL) -> str:
    return sized("6F", sized("84", name) + sized("A5", pdol)) + "9000"


def options(kind: str = ARQC, qualifiers: str = "0000", more: str = "", aip: str = "2000") -> str:
    data = TRACK_2 + "8202" + aip + "9F100706011203A00000" + "9F2608" + "11" * 8 + "9F36020007"
    data += "9F2701" + kind if kind else ""
    data += sized("9F6C", qualifiers) if qualifiers else ""
    return sized("77", data + more) + "9000"


def card(gpo: str, **more: str) -> TableCard:
    table = {PPSE: directory(entry(VISA)), "00A4040007" + VISA: selected(VISA), "80A8": gpo}
    for command, answer in more.items():
        table[command] = answer
    return TableCard(table)


def terminal(ttq: str = "36004000", policies: tuple = (), **limits: object) -> Profile:
    data = dict(TERMINAL)
    data[0x9F66] = bytes.fromhex(ttq)
    parameters = Parameters(limits=ContactlessLimits(**limits))
    applications = [Application(bytes.fromhex(aid), b"\x00\x00", True, 3, parameters) for aid in (VISA, CB)]
    return Profile("test", data, applications, policies=policies)


def tapped(scripted: TableCard, profile: Profile = None, amount: int = 1250) -> object:
    transaction = Transaction(profile or terminal(), Request(amount, CLOCK), bytes)
    outcome = run(transaction, scripted, contactless=True)
    outcome.transaction = transaction
    return outcome


def told(outcome: object) -> tuple:
    return outcome.name, outcome.cvm, outcome.start, outcome.ui


def qualifiers(amount: int, ttq: str = "36004000", **limits: object) -> str:
    outcome = tapped(card(options()), terminal(ttq, **limits), amount)
    return outcome.transaction.data[0x9F66].hex()


def test_online() -> None:
    assert told(tapped(card(options()))) == ("online", "none", "none", ("1B",))


def test_declined_by_the_card() -> None:
    assert told(tapped(card(options(AAC)))) == ("declined", "none", "none", ("07",))


def test_the_kind_of_cryptogram_may_be_in_the_issuer_data() -> None:
    """9F10 byte 5 bits 6-5: here 10, an ARQC."""
    outcome = tapped(card(options(kind="")))
    assert outcome.name == "online"
    assert outcome.transaction.data[0x9F27] == b"\x80"


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


def test_refusals_of_processing() -> None:
    assert told(tapped(card("6984"))) == ("another_interface", "none", "none", ("1D",))
    assert told(tapped(card("6986"))) == ("try_again", "none", "B", ("20",))
    assert told(tapped(card("6A81"))) == ("another_card", "none", "none", ("1C",))


def test_a_visa_card_that_does_not_ask_for_qualifiers() -> None:
    assert tapped(card(options(), **{"00A4040007" + VISA: selected(VISA, "")})).name == "another_card"


def test_missing_objects() -> None:
    for missing in (TRACK_2, "82022000", "9F100706011203A00000", "9F2608" + "11" * 8, "9F36020007"):
        whole = options()
        body = whole[6 if whole[2:4] == "81" else 4 : -4].replace(missing, "")
        outcome = tapped(card(sized("77", body) + "9000"))
        assert (outcome.name, outcome.why) == ("another_card", "mandatory_object_missing"), missing


def test_a_card_that_declines_need_not_say_more() -> None:
    """5.4.2.1 is for what is not declined already."""
    whole = options(AAC)
    body = whole[4:-4].replace(TRACK_2, "")
    assert told(tapped(card(sized("77", body) + "9000"))) == ("declined", "none", "none", ("07",))


def test_restrictions_are_for_what_is_approved_here() -> None:
    """5.5.1: what goes online, by the card or by us, the issuer judges."""
    expired = "5F2403200101"
    assert tapped(card(options(ARQC, more=expired))).name == "online"
    assert tapped(card(options(TC, more=expired)), terminal(floor_minor=0)).name == "online"


def test_two_account_numbers_on_one_card() -> None:
    outcome = tapped(card(options(more="5A084970101234567811")))
    assert (outcome.name, outcome.why) == ("another_card", "account_numbers_differ")
    assert tapped(card(options(more="5A084970101234567810"))).name == "online"


def test_the_same_object_twice() -> None:
    outcome = tapped(card(options(more=TRACK_2)))
    assert (outcome.name, outcome.why) == ("another_card", "duplicate_object")
    record = {"00B2010C": sized("70", TRACK_2) + "9000"}
    outcome = tapped(card(options(more="940408010100"), **record))
    assert (outcome.name, outcome.why) == ("another_card", "duplicate_object")


def verified(
    qualifiers_hex: str, ttq: str = "36004000", kind: str = ARQC, amount: int = 5001, more: str = "", **keywords: object
) -> tuple:
    outcome = tapped(card(options(kind, qualifiers_hex, more)), terminal(ttq, cvm_minor=5001, **keywords), amount)
    return outcome.name, outcome.cvm


def test_verification_above_the_limit() -> None:
    assert verified("8000") == ("online", "online_pin")
    assert verified("8000", "32004000") == ("declined", "none")
    assert verified("4000") == ("online", "signature")
    assert verified("C000", "32004000") == ("online", "signature")
    assert verified("0080") == ("online", "on_device")
    assert verified("0000") == ("declined", "none")


def test_verification_without_qualifiers() -> None:
    assert verified("") == ("online", "signature")
    assert verified("", "34004000") == ("online", "online_pin")
    assert verified("", "30004000") == ("declined", "none")
    assert verified("", "30004000", amount=5000) == ("online", "none")


def test_what_the_card_asks_for_below_the_limit_is_done_too() -> None:
    assert verified("8000", amount=100) == ("online", "online_pin")


def test_signed_qualifiers_that_differ() -> None:
    assert verified("0080", more="9F69070100000000" + "0080") == ("online", "on_device")
    assert verified("0080", more="9F69070100000000" + "0000") == ("declined", "none")


def test_on_device_verification_needs_a_device_above_the_limit() -> None:
    policy = {"policies": ("C-07",)}
    assert verified("0080", **policy) == ("online", "online_pin")
    assert verified("0080", "32004000", **policy) == ("declined", "none")
    assert verified("0080", more="9F6E0420700000", **policy) == ("online", "online_pin")
    assert verified("0080", more="9F6E0423700000", **policy) == ("online", "on_device")
    assert verified("0080", amount=100, **policy) == ("online", "on_device")


def offline(qualifiers_hex: str, more: str = "", ttq: str = "36004000", policies: tuple = ()) -> tuple:
    outcome = tapped(card(options(TC, qualifiers_hex, "5F2403491231" + more)), terminal(ttq, policies))
    return outcome.name, outcome.ui, outcome.transaction.oda


def test_no_offline_approval_without_a_signature() -> None:
    assert offline("0000") == ("declined", ("07",), "fdda")
    assert offline("") == ("declined", ("07",), "fdda")


def test_a_card_may_ask_for_another_way_when_authentication_fails() -> None:
    assert offline("2000") == ("online", ("1B",), "fdda")
    assert offline("2000", ttq="3E004000") == ("declined", ("07",), "fdda")
    assert offline("1000") == ("another_interface", ("1D",), "fdda")
    assert offline("1000", ttq="26004000") == ("declined", ("07",), "fdda")


def test_authentication_that_fails_gains_nothing() -> None:
    for wish in ("2000", "1000", "3000", "0000"):
        assert offline(wish, policies=("C-10",))[0] == "declined", wish


def test_expired_card_offline() -> None:
    for qualifiers_hex, name in (("0000", "declined"), ("0800", "online")):
        expired = options(TC, qualifiers_hex, "5F2403200101")
        assert tapped(card(expired)).name == name
    assert tapped(card(options(TC, "0000"))).name == "declined"


def test_an_approval_where_we_require_online_goes_online() -> None:
    assert tapped(card(options(TC, more="5F2403491231")), terminal(floor_minor=0)).name == "online"


def test_france_never_approves_a_tap_offline() -> None:
    assert tapped(card(options(TC, more="5F2403491231")), france(), 100).name == "online"


def test_update_of_the_card() -> None:
    assert told(tapped(card(options(qualifiers="0040")), terminal("3600C000"))) == ("online", "none", "B", ("1B",))


def test_a_pin_is_never_sent_over_the_air() -> None:
    """Whatever the card's list says, there is no GET DATA and no VERIFY."""
    scripted = card(options(more="8E0C" + "00" * 8 + "41034103" + "9F170103"))
    assert tapped(scripted, amount=9000).transaction.asked == []
    assert [command[2:4] for command in scripted.commands] == ["A4", "A4", "A8"]


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


def test_a_phone_that_asks_to_be_looked_at_is_given_time() -> None:
    """Book C-3 5.2.2.2: message 20, the field off for 1.3 seconds, no message on restart."""
    outcome = tapped(card("6986"))
    assert (outcome.restart_ui, outcome.field_off_ms) == ((), 1300)


def test_a_card_that_is_gone_is_presented_again() -> None:
    transaction = Transaction(terminal(), Request(1250, CLOCK), bytes)
    flow.begin_contactless(transaction)
    outcome = flow.advance(transaction, None).outcome
    assert told(outcome) == ("try_again", "none", "B", ())
    assert outcome.restart_ui == ("21",)


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


def cash(kind: int, control: str, country: str = "5F28020250", qualifiers_hex: str = "2000", answer: str = TC) -> tuple:
    """A card that approves, and where its signature fails wants to go online."""
    more = (sized("9F07", control) if control else "") + country + "5F2403491231"
    scripted = card(options(answer, qualifiers_hex, more))
    transaction = Transaction(terminal(), Request(1250, CLOCK, 1000, kind), bytes)
    outcome = run(transaction, scripted, contactless=True)
    return outcome.name, outcome.ui


def test_cash_and_cashback_are_for_cards_that_say_so() -> None:
    for kind, domestic, international, switch in (
        (0x01, "8000", "4000", "2400"),
        (0x17, "8000", "4000", "2400"),
        (0x09, "0080", "0040", "2200"),
    ):
        assert cash(kind, domestic) == ("online", ("1B",))
        assert cash(kind, international) == ("declined", ("07",))
        assert cash(kind, international, "5F28020056") == ("online", ("1B",))
        assert cash(kind, domestic, "5F28020056") == ("declined", ("07",))
        assert cash(kind, domestic, "") == ("declined", ("07",))
        assert cash(kind, "", qualifiers_hex=switch) == ("another_interface", ("18",))
        assert cash(kind, "", qualifiers_hex="") == ("another_interface", ("18",))
        assert cash(kind, domestic, "", qualifiers_hex=switch) == ("declined", ("07",))
        assert cash(kind, "", answer=ARQC) == ("online", ("1B",))
    assert cash(0x00, "0000") == ("online", ("1B",))


def test_authentication_of_an_online_transaction_is_told() -> None:
    """TTQ byte 1 bit 1. The card offers DDA and signs nothing; or offers none."""
    outcome = tapped(card(options()), terminal("37004000"))
    assert (outcome.name, outcome.transaction.oda) == ("online", "fdda")
    assert outcome.transaction.data[0x95].hex() == "0800000000"
    outcome = tapped(card(options(aip="0000")), terminal("37004000"))
    assert (outcome.name, outcome.transaction.oda) == ("online", "none")
    assert outcome.transaction.data[0x95].hex() == "8000000000"
    assert tapped(card(options()), terminal("37004000", ("C-10",))).name == "declined"
    assert tapped(card(options())).transaction.data[0x95].hex() == "0000000000"


def test_a_number_that_the_card_claims_is_no_proof_of_its_signature() -> None:
    """9F4C is what a good signature leaves behind; a card that simply sends one has signed nothing."""
    claimed = "9F69070100000000" + "0080" + "9F4C080102030405060708"
    assert verified("0080", more=claimed, policies=("C-07",)) == ("online", "online_pin")


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
