"""Kernel 2 step by step: mode, records, limits, verification, what is asked of the card, what its answer is worth."""

from __future__ import annotations

from emv.contactless import torn_log
from emv.errors import CardFault
from emv.profile import Application, ContactlessLimits, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.support.emv_bench import CLOCK, TableCard, decide, rules, run, tvr

COVERS = {
    "test_without_a_signature_that_was_asked_for_nothing_is_approved": ["attacks/C-11"],
    "test_the_distance_is_judged_by_the_last_of_three_answers": ["attacks/C-13"],
    "test_no_offline_pin_is_ever_asked_of_a_tapped_card": ["attacks/C-23"],
    "test_what_fails_authentication_is_declined_by_policy": ["attacks/C-10"],
}

AID = "A0000000041010"
PAN = "5413330089601232"
SELECT = "00A4040007" + AID + "00"
CDOL1 = "9F0206" + "9F3704" + "9505"
# 5A, 5F24, 57, 8C, 9F51 (DRDOL 9F37, 9F02), IAC 9F0D to 9F0F
RECORD = (
    "5A08" + PAN + "5F2403491231" + "5713" + PAN + "D4912201" + "0000012300000" + "F"
    + "8E0C" + "0" * 16 + "42031F03" + "8C08" + CDOL1 + "9F5106" + "9F37049F0206"
    + "9F0D050000000000" + "9F0E050000000000" + "9F0F050000000000"
)  # fmt: skip
TERMINAL = {
    0x9F33: "6040C8",
    0x9F35: "22",
    0x9F40: "6000F0A001",
    0x9F1A: "0250",
    0x5F2A: "0978",
    0xDF8117: "20",
    0xDF8118: "40",
    0xDF8119: "08",
    0xDF811B: "A0",
    0xDF811C: "012C",
    0xDF811D: "05",
    0xDF811F: "08",
}
LIMITS = ContactlessLimits(10000, 20000, 5000, 2000)
AAC, TC, ARQC = "00", "40", "80"


def tlv(tag: str, value: str) -> str:
    length = len(value) // 2
    return tag + ("" if length < 128 else "81") + f"{length:02X}" + value


def cryptogram(kind: str, more: str = "") -> str:
    content = "9F2701" + kind + "9F36020007" + "9F2608" + "1122334455667788" + more
    return tlv("77", content) + "9000"


def card(aip: str = "1080", afl: str = "10010100", answer: str = TC, record: str = RECORD, **more: str) -> TableCard:
    """A card of format 2 with one record, `answer` a type of cryptogram; `more` replaces answers by command."""
    directory = tlv("6F", tlv("84", "325041592E5359532E4444463031") + tlv("A5", tlv("BF0C", tlv("61", tlv("4F", AID)))))
    answers = {
        "00A404000E": directory + "9000",
        "00A4040007": tlv("6F", tlv("84", AID) + tlv("A5", tlv("50", "4D43"))) + "9000",
        "80A8": tlv("77", tlv("82", aip) + tlv("94", afl)) + "9000",
        "00B20114": tlv("70", record) + "9000",
        "80AE": cryptogram(answer) if len(answer) == 2 else answer,
    }
    answers.update({key[1:]: value for key, value in more.items()})
    return TableCard(answers)


def transaction(
    amount: int = 1250, kind: int = 0, torn: list | None = None, data: dict | None = None, **more
) -> Transaction:
    limits = more.pop("limits", LIMITS)
    clock = more.pop("clock", CLOCK)
    policies = more.pop("policies", ())
    application = Application(bytes.fromhex(AID), b"\x00\x02", True, 2, Parameters(limits=limits, **more))
    terminal = dict(TERMINAL)
    terminal.update(data or {})
    values = {tag: bytes.fromhex(value) for tag, value in terminal.items()}
    profile = Profile("test", values, [application], policies=policies)
    return Transaction(profile, Request(amount, clock, transaction_type=kind), counted(), torn)


def counted():
    drawn = [0]

    def draw(length: int) -> bytes:
        drawn[0] += 1
        return drawn[0].to_bytes(length, "big")

    return draw


def tapped(to: TableCard, amount: int = 1250, **more) -> tuple:
    """(outcome, transaction)"""
    made = transaction(amount, **more)
    return run(made, to, contactless=True), made


def entered(step: str, data: dict, **more) -> Transaction:
    """Before `step` of kernel 2, with `data` (tag -> hex) from the card."""
    made = transaction(**more)
    made.enter(made.profile.applications[0])
    made.contactless = True
    made.exchange.append((b"", b"\x90\x00"))
    made.bring([(tag, bytes.fromhex(value)) for tag, value in data.items()], 1)
    made.step = "contactless." + step
    return made


def raised(made: Transaction, reply: object = None) -> str:
    try:
        decide(made, reply)
    except CardFault as fault:
        return fault.why
    return ""


# ---- mode and records


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


# With 5F34, 9F07, 5F28: all that is wanted of a card that signs nothing.
ALL = RECORD + "5F340101" + "9F0702FF00" + "5F28020250"


def read(aip: str, configuration: str, record: str = ALL, security: str = "08") -> list:
    to = card(aip=aip, afl="10010100" + "18010200", record=record, _00B2011C="7000" + "9000", _00B2021C="7000" + "9000")
    tapped(to, data={0xDF811B: configuration, 0xDF811F: security})
    return [command[4:8] for command in to.commands if command[:4] == "00B2"]


def test_without_a_signature_nobody_reads_certificates() -> None:
    """S3R1.17, S4.29, DF811B bit 3."""
    everything = ["0114", "011C", "021C"]
    assert read("1080", "A0") == ["0114"]
    assert read("1180", "A0", security="00") == ["0114"]
    assert read("1180", "A0") == everything
    assert read("1080", "A4") == everything
    assert read("1080", "A0", RECORD) == everything


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


# ---- limits


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


# ---- cardholder verification

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


# ---- what is asked, and the answer


def test_what_the_card_may_answer() -> None:
    for answer, name in ((TC, "approved"), (ARQC, "online"), (AAC, "another_interface")):
        assert tapped(card(answer=answer))[0].name == name
    assert tapped(card(answer="C0"))[0].why == "cryptogram_above_request"
    assert tapped(card(answer=TC), 2001, tac_online=b"\x00\x00\x00\x80\x00")[0].why == "cryptogram_above_request"
    assert tapped(card(answer="6985"))[0].why == "cryptogram_refused"
    assert tapped(card(answer="77099F2701409F360200079000"))[0].why == "cryptogram_missing"
    assert tapped(card(answer="800B40000711223344556677889000"))[0].name == "approved"
    assert tapped(card(answer="800A400007112233445566779000"))[0].why == "template_unexpected"


def test_a_card_that_declines_is_tried_by_chip_where_both_have_one() -> None:
    outcome, _ = tapped(card(answer=AAC))
    assert (outcome.name, outcome.ui, outcome.start) == ("another_interface", ("1D",), "none")
    assert tapped(card(answer=AAC), data={0xDF8117: "40"})[0].name == "declined"
    for third_party, name in (
        ("025000003031", "declined"),
        ("025000003030", "another_interface"),
        ("025080003031", "another_interface"),
        ("02500000", "another_interface"),
    ):
        assert tapped(card(answer=AAC, record=RECORD + tlv("9F6E", third_party)))[0].name == name, third_party


def test_a_refund_ends_without_a_word() -> None:
    outcome, _ = tapped(card(answer=AAC), kind=0x20)
    assert (outcome.name, outcome.ui) == ("end_application", ("1E",))


def test_a_device_asks_its_holder_first() -> None:
    for wish, message in (("000800", None), ("000100", "20"), ("000200", "20"), ("000001", "20"), ("000002", "07")):
        outcome, _ = tapped(card(answer=cryptogram(AAC, "DF4B03" + wish)))
        assert (outcome.name == "try_again") is (message is not None), wish
        if message:
            assert (outcome.start, outcome.ui) == ("B", (message,))


def test_without_a_signature_that_was_asked_for_nothing_is_approved() -> None:
    keys = tlv("8F", "F1") + tlv("90", "00" * 64) + "9F320103" + tlv("9F46", "00" * 64) + "9F470103" + "9F4A0182"
    made = transaction()
    made.profile.ca_key = lambda rid, index: True
    to = card(aip="1180", record=RECORD + keys)
    outcome = run(made, to, contactless=True)
    assert (outcome.name, outcome.why) == ("another_card", "signature_missing")
    assert to.commands[-1].startswith("80AE5000")


def test_what_fails_authentication_is_declined_by_policy() -> None:
    keys = tlv("8F", "F1") + "9F4A0182"
    for policies, name, asked in (((), "online", "80AE8000"), (("C-10",), "declined", "80AE0000")):
        to = card(aip="1180", record=RECORD + keys, answer=ARQC if not policies else AAC)
        outcome, made = tapped(to, policies=policies, tac_online=b"\x04\x00\x00\x00\x00")
        assert (outcome.name, tvr(made)[:2]) == (name, "24")
        assert to.commands[-1].startswith(asked)


def test_a_static_tag_list_names_the_profile_and_nothing_else() -> None:
    for listed in ("", "9F4A0195"):
        assert tapped(card(aip="1180", record=RECORD + listed))[0].why == "static_tag_list"


# ---- relay resistance


def test_the_distance_is_judged_by_the_last_of_three_answers() -> None:
    for times, bits, asked in (
        ([100], "02", 1),
        ([1093, 100], "02", 2),
        ([1092], "0a", 1),
        ([1093, 1093, 1093], "0e", 3),
        ([100000, 100000, 100000], "0e", 3),
    ):
        made = entered("kernel_c2_relay_resistance", {0x82: "1081"})
        action = decide(made)
        for took in times:
            made.elapsed = took
            action = decide(made, (bytes.fromhex("800A" + "A1A2A3A4" + "0000" + "03E8" + "0018"), 0x9000))
        assert action == "measured"
        assert tvr(made)[8:] == bits, times
        assert made.data[0xDF8307] == bytes((asked - 1,))


def test_times_under_way_must_agree() -> None:
    for under_way, bits in (
        ("0018", "02"),
        ("000C", "02"),
        ("000B", "0a"),
        ("0030", "02"),
        ("0031", "0a"),
        ("0000", "02"),
    ):
        made = entered("kernel_c2_relay_resistance", {0x82: "1081"})
        decide(made)
        made.elapsed = 100
        assert decide(made, (bytes.fromhex("800A" + "A1A2A3A4" + "0000" + "03E8" + under_way), 0x9000)) == "measured"
        assert tvr(made)[8:] == bits, under_way


def test_a_card_that_answers_too_fast_or_not_at_all_ends() -> None:
    made = entered("kernel_c2_relay_resistance", {0x82: "1081"})
    decide(made)
    made.elapsed = 42 + 79
    answer = bytes.fromhex("800A" + "A1A2A3A4" + "0064" + "03E8" + "0018")
    assert raised(made, (answer, 0x9000)) == "relay_resistance_too_fast"
    assert raised(made, (answer, 0x6985)) == "relay_resistance_refused"
    assert raised(made, (answer[:-1], 0x9000)) == "tlv_malformed"
    assert raised(made, (b"\x80\x00", 0x9000)) == "template_unexpected"


def test_unsigned_the_distance_is_told_to_the_issuer_in_track_2() -> None:
    relay = {"_80EA": "800A" + "A1A20102" + "0000" + "03E8" + "0018" + "9000"}
    _, made = tapped(card(aip="1081", answer=ARQC, record=RECORD + "8F0105", **relay), data={0xDF811B: "B0"})
    assert made.data[0x57].hex() == PAN + "d4912201" + "5" + "0" + "00258" + "162" + "000" + "f"


# ---- torn transactions


def torn_once(log: list, amount: int = 1250, **more) -> Transaction:
    from emv.action import Send
    from emv.kernel import flow

    made = transaction(amount, torn=log, **more)
    to = card()
    action = flow.begin_contactless(made)
    while isinstance(action, Send):
        gone = action.command[1] == 0xAE
        action = flow.advance(made, None if gone else to.transmit(action.command))
    assert (action.outcome.name, action.outcome.start, action.outcome.restart_ui) == ("try_again", "B", ("21",))
    return made


def test_what_was_torn_is_recovered() -> None:
    log = []
    first = torn_once(log)
    assert len(log) == 1
    to = card(answer="6985", _80D0=cryptogram(TC))
    outcome, made = tapped(to, torn=log)
    assert outcome.name == "approved"
    assert to.commands[-1] == "80D000000A" + first.data[0x9F37].hex().upper() + "000000001250" + "00"
    assert made.data[0x9F37] == first.data[0x9F37]
    assert made.listed == first.listed
    assert log == []


def test_a_card_that_has_forgotten_is_asked_anew() -> None:
    log = []
    torn_once(log)
    to = card(_80D0="6A88")
    assert tapped(to, torn=log)[0].name == "approved"
    assert [command[:4] for command in to.commands[-2:]] == ["80D0", "80AE"]
    assert log == []


def test_another_card_amount_or_day_recovers_nothing() -> None:
    other = card(record=RECORD.replace(PAN, "5413330089609999"))
    for to, amount, clock, kept in (
        (other, 1250, CLOCK, 1),
        (card(), 1251, CLOCK, 1),
        (card(), 1250, (2026, 11, 21, 14, 10, 9), 1),
        (card(), 1250, (2026, 11, 21, 14, 10, 10), 0),
        (card(), 1250, (2026, 11, 20, 14, 5, 9), 0),
    ):
        log = []
        torn_once(log)
        outcome, _ = tapped(to, amount, torn=log, clock=clock)
        recovered = to.commands[-2].startswith("80D0")
        assert recovered is (kept == 1 and to is not other and amount == 1250), (amount, clock)
        assert outcome.name == "approved"
        assert len(log) == (0 if recovered else kept)


def test_the_log_has_room_for_five_and_one_of_each_card() -> None:
    log = []
    for _ in range(3):
        torn_once(log)
    assert len(log) == 1
    for number in range(6):
        made = entered(
            "kernel_c2_cryptogram", {0x5A: f"541333008960{number:04d}", 0x9F51: "9F3704", 0x8C: CDOL1}, torn=log
        )
        torn_log.add(made, False)
    assert len(log) == 5


def test_a_reader_or_a_card_without_recovery_keeps_nothing() -> None:
    log = []
    torn_once(log, data={0xDF811D: "00"})
    assert log == []


def test_seconds_go_on_over_midnight_and_february() -> None:
    for before, after in (
        ((2026, 12, 31, 23, 59, 59), (2027, 1, 1, 0, 0, 0)),
        ((2028, 2, 28, 23, 59, 59), (2028, 2, 29, 0, 0, 0)),
        ((2028, 2, 29, 23, 59, 59), (2028, 3, 1, 0, 0, 0)),
        ((2027, 2, 28, 23, 59, 59), (2027, 3, 1, 0, 0, 0)),
    ):
        assert torn_log.seconds(after) - torn_log.seconds(before) == 1
