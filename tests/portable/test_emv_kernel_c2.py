"""Kernel 2 until the cryptogram (Book C-2): mode, records, limits, cardholder verification."""

from __future__ import annotations

from emv.profile import ContactlessLimits
from tests.support.emv_bench import decide, rules, run, tvr
from tests.support.mchip_tap import (
    AID,
    CDOL1,
    PAN,
    RECORD,
    TC,
    TERMINAL,
    card,
    cryptogram,
    entered,
    tapped,
    tlv,
    transaction,
)

COVERS = {
    "test_no_offline_pin_is_ever_asked_of_a_tapped_card": ["attacks/C-23"],
}


def test_a_tap_from_end_to_end() -> None:
    outcome, made = tapped(card())
    assert (outcome.name, outcome.ui, outcome.start, outcome.cvm) == ("approved", ("03",), "none", "none")
    assert tvr(made) == "8000000000"
    assert made.data[0x9F33].hex() == "200808"


def test_the_reader_tells_a_pdol_what_it_can_do_but_for_verification() -> None:
    to = card()
    to.answers["00A4040007"] = (
        tlv("6F", tlv("84", AID) + tlv("A5", tlv("9F38", "9F3303" + "9F3403" + "9F7E01"))) + "9000"
    )
    tapped(to)
    assert to.commands[2] == "80A80000098307" + "200008" + "000000" + "01" + "00"


def test_capabilities_are_the_terminals_where_nothing_else_is_said() -> None:
    own = {tag: TERMINAL[tag] for tag in (0x9F33, 0x9F35, 0x9F1A, 0x5F2A)}
    made = transaction()
    made.profile.data = {tag: bytes.fromhex(value) for tag, value in own.items()}
    made.data = dict(made.profile.data)
    made._put_request()
    run(made, card(), contactless=True)
    assert made.data[0x9F33].hex() == "6040c8"


def test_whatever_is_wrong_with_the_options_another_application_is_looked_for() -> None:
    for status in ("6984", "6985", "6986", "6A81"):
        outcome, made = tapped(card(_80A8=status))
        assert (outcome.name, outcome.why) == ("another_card", "no_application_left")
        assert "processing_options_refused" in rules(made)


def test_options_that_lack_something_end() -> None:
    for answer in (tlv("77", tlv("82", "1080")), tlv("77", tlv("94", "10010100")), tlv("80", "1080"), "7702", "8000"):
        outcome, _ = tapped(card(_80A8=answer + "9000"))
        assert (outcome.name, outcome.ui) == ("another_card", ("1C",)), answer


def test_there_is_no_mag_stripe_mode() -> None:
    for configuration in ("20", "A0"):
        outcome, made = tapped(card(aip="1000"), data={0xDF811B: configuration})
        assert (outcome.name, outcome.why) == ("another_card", "emv_mode_not_supported")
        assert len(made.exchange) == 3


def test_the_record_of_mag_stripe_mode_is_read_only_by_a_reader_without_it() -> None:
    first = {"_00B2010C": tlv("70", "9F6C020001") + "9000"}
    to = card(afl="0801010010010100", **first)
    tapped(to, data={0xDF811B: "20"})
    assert [command[:8] for command in to.commands[3:5]] == ["00B20114", "80AE4000"]
    to = card(afl="0801010010010100", **first)
    tapped(to, data={0xDF811B: "A0"})
    assert [command[:8] for command in to.commands[3:5]] == ["00B2010C", "00B20114"]


def test_no_record_at_all_ends() -> None:
    assert tapped(card(afl="08010100"), data={0xDF811B: "20"})[0].why == "afl_malformed"


def test_a_record_must_not_repeat_what_the_options_said() -> None:
    outcome, _ = tapped(card(record=RECORD + "82021980"))
    assert (outcome.name, outcome.why) == ("another_card", "duplicate_object")


def test_what_is_mandatory_must_be_there() -> None:
    for tag in ("5A08" + PAN, "5F2403491231", "8C08" + CDOL1):
        assert tapped(card(record=RECORD.replace(tag, "")))[0].why == "mandatory_object_missing"


def test_an_object_that_is_not_the_cards_to_give_ends_the_application() -> None:
    """4.1: an update condition without RA. The reader's own value stays."""
    for given in ("DF811B0120", "DF81260100", "DF8132020000", "95050000000000", "9F3403010002", "9F0206000000000001"):
        outcome, made = tapped(card(record=RECORD + given))
        assert (outcome.name, outcome.why, outcome.ui) == ("another_card", "terminal_object_from_card", ("1C",)), given
        assert made.data[0xDF811B] == b"\xa0"
        assert 0xDF8132 not in made.data


def test_an_object_may_come_once_but_an_empty_one_has_not_come() -> None:
    """4.1: stored where it is absent or empty; else the application ends, also where the directory had it before."""
    outcome, _ = tapped(card(record=RECORD + "50024D43"))
    assert (outcome.name, outcome.why) == ("another_card", "duplicate_object")
    outcome, made = tapped(card(record="9F4200" + RECORD + "9F42020978"))
    assert (outcome.name, made.data[0x9F42]) == ("approved", b"\x09\x78")


def test_an_object_of_another_length_than_its_own_ends_the_application() -> None:
    """4.1, annex A."""
    for record in (RECORD.replace("5F2403491231", "5F24024912"), RECORD + "9F420109", RECORD + "9F070100"):
        outcome, _ = tapped(card(record=record))
        assert (outcome.name, outcome.why) == ("another_card", "object_length"), record
    for answer in ("9F27024000" + "9F36020007" + "9F2608" + "11" * 8, "9F270140" + "9F36020007" + "9F2607" + "11" * 7):
        outcome, _ = tapped(card(answer=tlv("77", answer) + "9000"))
        assert (outcome.name, outcome.why) == ("another_card", "object_length"), answer


# With 5F34, 9F07, 5F28: all that is wanted of a card, but for certificates.
ALL = RECORD + "5F340101" + "9F0702FF00" + "5F28020250"


def read(aip: str, configuration: str, record: str = ALL, security: str = "08") -> list:
    to = card(aip=aip, afl="10010100" + "18010200", record=record, _00B2011C="7000" + "9000", _00B2021C="7000" + "9000")
    tapped(to, data={0xDF811B: configuration, 0xDF811F: security})
    return [command[4:8] for command in to.commands if command[:4] == "00B2"]


def test_every_record_is_read_whether_signed_or_not() -> None:
    """S4, as with DF811B bit 3 (docs/contactless.md)."""
    for aip, security in (("1080", "08"), ("1180", "00"), ("1180", "08")):
        assert read(aip, "A0", security=security) == ["0114", "011C", "021C"]


def test_a_card_without_issuer_codes_is_asked_to_approve_what_was_measured() -> None:
    """7.8: absent codes for online and default are FFFFFFFFFC: relay resistance performed is no failure."""
    answers = {"_80EA": "800A" + "A1A2A3A4" + "0000" + "0100" + "0018" + "9000", "_80AE": cryptogram(TC)}
    record = RECORD.split("9F0D05")[0]
    for aip, verification in (("1081", "8000000002"), ("1080", "8000000001")):
        _, made = tapped(card(aip=aip, record=record, **answers), data={0xDF811B: "B4"})
        assert tvr(made) == verification
        assert made.requested == 0x80
    made = entered("kernel_c2", {}, tac_denial=bytes(5))
    made.step = "kernel.terminal_action_analysis"
    for verification, requested in (("0000000001", 0x40), ("0000000002", 0x40), ("0000000004", 0x80)):
        made.put(0x95, bytes.fromhex(verification))
        decide(made)
        assert made.requested == requested, verification


def test_cash_is_withdrawn_or_disbursed() -> None:
    """7.7, PRE.15."""
    for kind in (0x01, 0x17):
        record = RECORD + "5F28020250" + "9F0702"
        assert tvr(tapped(card(record=record + "FF00"), kind=kind)[1]) == "8000000000"
        assert tvr(tapped(card(record=record + "7F00"), kind=kind)[1]) == "8010000000"


def test_each_limit_is_kept_at_the_amount_and_exceeded_above() -> None:
    assert tapped(card(), 10000)[0].name == "approved"
    outcome, made = tapped(card(), 10001)
    assert (outcome.name, made.trace[-2][1]) == ("another_card", "transaction_limit_exceeded")
    assert tvr(tapped(card(), 2000)[1]) == "8000000000"
    assert tvr(tapped(card(), 2001)[1]) == "8000008000"
    assert tapped(card(), 5000)[1].data[0x9F33].hex() == "200808"
    assert tapped(card(), 5001)[1].data[0x9F33].hex() == "204008"


def test_a_device_that_verifies_its_holder_has_its_own_limit() -> None:
    assert tapped(card(aip="1280"), 20000)[0].name == "approved"
    assert tapped(card(aip="1280"), 20001)[0].name == "another_card"
    assert tapped(card(aip="1280"), 10001, data={0xDF811B: "80"})[0].name == "another_card"


def test_without_limits_anything_goes() -> None:
    outcome, made = tapped(card(), 99999999, limits=ContactlessLimits())
    assert (outcome.name, tvr(made)) == ("approved", "8000000000")


AMOUNTS = "00001388" + "00002710"


def verified(cvm_list: str, amount: int = 6000, aip: str = "1080", **more) -> tuple:
    """(9F34, TVR byte 3, what is left to do)"""
    data = {0x82: aip, 0x8E: AMOUNTS + cvm_list, 0x9F42: "0978"}
    made = entered("kernel_c2_cardholder_verification", data, amount=amount, **more)
    made.put(0x9F33, bytes.fromhex(more.get("can", "204008") if "can" in more else "204008"))
    assert decide(made) == "done"
    return made.data[0x9F34].hex().upper(), made.data[0x95].hex()[4:6], made.cvm


def test_the_first_rule_that_can_be_met() -> None:
    assert verified("42031F03") == ("420300", "04", "online_pin")
    assert verified("5E0342031F03") == ("420300", "04", "online_pin")
    assert verified("1F03") == ("3F0001", "80", "none")
    assert verified("1F00") == ("3F0001", "80", "none")


def test_rules_end_at_one_that_fails_for_good() -> None:
    assert verified("1E004203") == ("3F0001", "80", "none")
    assert verified("00004203") == ("000001", "80", "none")
    assert verified("40004203") == ("420300", "04", "online_pin")
    assert verified("4000") == ("400001", "80", "none")
    assert verified("07004203") == ("3F0001", "c0", "none")
    assert verified("47004203") == ("420300", "44", "online_pin")
    assert verified("") == ("3F0000", "00", "none")


def test_no_offline_pin_is_ever_asked_of_a_tapped_card() -> None:
    for method in ("41", "43", "44", "45"):
        assert verified(method + "00" + "4203") == ("420300", "04", "online_pin")
        assert verified(method + "03" + "4203") == ("420300", "04", "online_pin")


def test_conditions_of_amount_and_kind() -> None:
    for condition, met in (("06", False), ("07", True), ("08", True), ("09", False)):
        assert (verified("02" + condition)[2] == "online_pin") is met, condition
    assert verified("0206", amount=4999)[2] == "online_pin"
    for condition, kinds in (("01", ()), ("02", (0x00, 0x20)), ("04", (0x01, 0x17)), ("05", (0x09,)), ("0A", ())):
        for kind in (0x00, 0x01, 0x09, 0x17, 0x20):
            assert (verified("02" + condition, kind=kind)[2] == "online_pin") is (kind in kinds), (condition, kind)


def test_the_device_or_nobody() -> None:
    assert verified("4203", aip="1280") == ("010002", "00", "on_device")
    assert verified("4203", aip="1280", amount=5000) == ("3F0002", "00", "none")
    assert verified("4203", aip="0080") == ("3F0000", "00", "none")
