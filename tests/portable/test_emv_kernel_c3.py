"""Kernel 3 (Book C-3, 5): refusals, what must be there, verification, authentication, policies."""

from __future__ import annotations

from emv.kernel import flow
from emv.transaction import Request, Transaction
from tests.support.emv_bench import CLOCK, run
from tests.support.tap import AAC, ARQC, TC, TRACK_2, card, options, sized, tapped, terminal, told
from tools.profiles import france

COVERS = {
    "test_a_pin_is_never_sent_over_the_air": ["attacks/C-23"],
    "test_on_device_verification_needs_a_device_above_the_limit": ["attacks/C-07", "attacks/C-08"],
    "test_authentication_that_fails_gains_nothing": ["attacks/C-10"],
    "test_no_offline_approval_without_a_signature": ["attacks/C-11"],
    "test_france_never_approves_a_tap_offline": ["attacks/C-11"],
    "test_a_number_that_the_card_claims_is_no_proof_of_its_signature": ["attacks/C-07"],
    "test_two_account_numbers_on_one_card": ["attacks/C-21"],
    "test_the_same_object_twice": ["attacks/C-21"],
}


def test_online() -> None:
    assert told(tapped(card(options()))) == ("online", "none", "none", ("1B",))


def test_declined_by_the_card() -> None:
    assert told(tapped(card(options(AAC)))) == ("declined", "none", "none", ("07",))


def test_the_kind_of_cryptogram_may_be_in_the_issuer_data() -> None:
    """9F10 byte 5 bits 6-5: here 10, an ARQC."""
    outcome = tapped(card(options(kind="")))
    assert outcome.name == "online"
    assert outcome.transaction.data[0x9F27] == b"\x80"


def test_refusals_of_processing() -> None:
    assert told(tapped(card("6984"))) == ("another_interface", "none", "none", ("1D",))
    assert told(tapped(card("6986"))) == ("try_again", "none", "B", ("20",))
    assert told(tapped(card("6A81"))) == ("another_card", "none", "none", ("1C",))


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
