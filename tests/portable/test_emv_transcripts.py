"""Every transcript of tests/cards, with its twins."""

from __future__ import annotations

import os

from emv.action import VerifyPin
from tools.replay import runner
from tools.replay.expectation import difference

FOLDER = "tests/cards/"


def names() -> list[str]:
    return sorted([name for name in os.listdir(FOLDER) if name.endswith(".json")])


def test_transcripts() -> None:
    replayed = {name: runner.replay(name, runner.load(FOLDER + name)) for name in names()}
    failed = {name: result["why"] for name, result in replayed.items() if not result["passed"]}
    assert not failed, failed


def test_a_command_that_is_not_due_fails_the_run() -> None:
    file = runner.load(FOLDER + "contactless_visa_online.json")
    file["mutations"] = []
    file["exchange"][1][0] = "00A4040007A000000004101000"
    result = runner.replay("x", file)
    assert not result["passed"]
    assert result["why"] == "command 1 is 00A4040007A000000003101000, due was 00A4040007A000000004101000"


def test_a_command_too_few_fails_the_run_unless_it_is_a_prefix() -> None:
    file = runner.load(FOLDER + "contactless_visa_online.json")
    file["exchange"].append(["00B2010C00", "9000"])
    assert runner.replay("x", file)["why"] == "3 commands were sent, due was 00B2010C00"
    file["expect"]["commands"] = "prefix"
    assert runner.replay("x", file)["passed"]


def test_a_command_too_many_fails_the_run() -> None:
    file = runner.load(FOLDER + "contactless_visa_online.json")
    del file["exchange"][2]
    assert runner.replay("x", file)["why"].endswith("none was due")


def test_an_unlisted_random_number_fails_the_run() -> None:
    file = runner.load(FOLDER + "contactless_visa_online.json")
    file["terminal"]["random"] = []
    assert runner.replay("x", file)["why"] == "a random number of 4 bytes was drawn, none is left"


def test_a_question_to_an_absent_issuer_fails_the_run() -> None:
    file = runner.load(FOLDER + "contact_mchip_arqc_then_declined.json")
    del file["issuer"]
    assert runner.replay("x", file)["why"] == "the kernel asks the issuer, the transcript has none"


def test_what_is_expected_and_not_got_is_told() -> None:
    file = runner.load(FOLDER + "contactless_visa_online.json")
    file["expect"] = {"data": {"9F66": "00000000"}}
    assert runner.replay("x", file)["why"] == "data 9F66 is 34804000, expected 00000000"


def test_a_redacted_file_takes_authentication_from_what_it_expects() -> None:
    file = runner.load(FOLDER + "contact_cb_dda_offline_pin_approved.json")
    file["redacted"] = True
    file["expect"]["data"]["9F4C"] = "0000000000000000"
    for row in file["exchange"]:
        if row[0].startswith("0088"):
            row[1] = row[1][:6] + "00" * (len(row[1]) // 2 - 5) + "9000"
    result = runner.replay("x", file)
    assert result["passed"], result["why"]
    assert result["why"] == "data authentication taken from expect.oda: the file is redacted"


def hidden(row: list, *tags: str) -> None:
    """Zeros for the value of each of `tags` (hex, with its length) in an answer."""
    for tag in tags:
        at = row[1].find(tag)
        if at >= 0:
            start = at + len(tag)
            length = int(tag[-2:], 16) * 2
            row[1] = row[1][:start] + "0" * length + row[1][start + length :]


def test_a_redacted_tap_and_a_redacted_cda() -> None:
    tap = runner.load(FOLDER + "contactless_visa_online.json")
    chip = runner.load(FOLDER + "contact_cardholder_chooses_visa.json")
    for file, tags in ((tap, ("5711", "5713", "5712")), (chip, ("9F4B81A0", "5A08", "5713"))):
        file["redacted"] = True
        file["mutations"] = []
        for row in file["exchange"]:
            hidden(row, *tags)
        result = runner.replay("x", file)
        assert result["passed"], result["why"]


def test_an_empty_answer_is_a_card_that_is_gone() -> None:
    file = runner.load(FOLDER + "contactless_visa_online.json")
    file["exchange"][2][1] = ""
    file["expect"] = {"outcome": "try_again", "start": "B"}
    result = runner.replay("x", file)
    assert result["passed"], result["why"]


def test_the_time_that_a_card_took_reaches_the_kernel() -> None:
    file = runner.load(FOLDER + "contactless_visa_online.json")
    file["exchange"][2].append(345)
    transaction, _, _, why = runner.play(file, file["exchange"])
    assert why is None and transaction.elapsed == 345


def test_an_enciphered_pin_is_block_challenge_and_padding() -> None:
    """With exponent 1 what is enciphered stands in the open (Book 2, table 25)."""
    modulus = b"\xff" * 24
    due = "0020008818" + "7F" + "241234FFFFFFFFFF" + "1122334455667788" + "0A0B0C0D0E0F10"
    card = runner.Card([[due, "63C2"]])
    action = VerifyPin((modulus, b"\x01"), bytes.fromhex("1122334455667788"), bytes.fromhex("0A0B0C0D0E0F10"))
    entry = runner._verify_enciphered({"cardholder": {"pin": "1234"}}, card, action)
    assert (entry.status, entry.sw1, entry.sw2) == ("entered", 0x63, 0xC2)


def test_redacted_files_fail_where_they_say_that_they_failed() -> None:
    file = runner.load(FOLDER + "contact_dda_signature_false.json")
    file["redacted"] = True
    result = runner.replay("x", file)
    assert result["passed"] and result["got"]["tvr_first"] == "0800008000", result["why"]


def test_an_end_may_be_named_as_the_kernel_or_as_the_entry_point_names_it() -> None:
    again = {"outcome": "try_again", "start": "B", "ui": ["20", "21"]}
    nothing_left = {"outcome": "another_card", "start": "none", "ui": ["1C"]}
    assert difference({"outcome": "end_application", "start": "B", "ui": ["20"]}, again) is None
    assert difference({"outcome": "select_next", "start": "C", "ui": []}, nothing_left) is None
    assert difference({"outcome": "end_application", "start": "none", "ui": ["1C"]}, nothing_left) is None
    assert difference({"outcome": "declined"}, again) == "outcome is try_again, expected declined"
    assert difference({"start": "none"}, again) == "start is B, expected none"
    assert difference({"ui": ["21"]}, again) is not None
