"""Kernel 2 from relay resistance to the outcome (Book C-2, S9 to S11), and transactions that were torn."""

from __future__ import annotations

from emv.contactless import torn_log
from emv.transaction import Transaction
from tests.support.emv_bench import CLOCK, decide, run, tvr
from tests.support.mchip_tap import (
    AAC,
    ARQC,
    CDOL1,
    PAN,
    RECORD,
    TC,
    card,
    cryptogram,
    entered,
    raised,
    tapped,
    tlv,
    transaction,
)

COVERS = {
    "test_without_a_signature_that_was_asked_for_nothing_is_approved": ["attacks/C-11"],
    "test_the_distance_is_judged_by_the_last_of_three_answers": ["attacks/C-13"],
    "test_what_fails_authentication_is_declined_by_policy": ["attacks/C-10"],
}


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
