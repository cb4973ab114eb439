"""Nothing of an exchange that leaves the reader gives the PAN, the name or the PIN."""

from __future__ import annotations

from firmware.secure.card_data import card_data, pan
from firmware.secure.redaction import hide_pan, redact_exchange

COVERS = {
    "test_pan_track_and_name_are_zeroed_in_a_record": ["attacks/P-03"],
    "test_the_pin_is_hidden": ["attacks/P-03"],
    "test_what_a_card_asks_back_of_itself_is_hidden": ["attacks/P-03"],
}

READ_RECORD = bytes.fromhex("00B2010C00")


def redacted(command, response):
    shown = redact_exchange(bytes.fromhex(command), bytes.fromhex(response))
    return shown[0].hex().upper(), shown[1].hex().upper()


def test_pan_track_and_name_are_zeroed_in_a_record():
    record = "70255A0849701012345678905F200454455354570C4970101234567890D29122015F24032912319000"
    assert redacted("00B2010C00", record)[1] == (
        "70255A0800000000000000005F200400000000570C0000000000000000000000005F24032912319000"
    )


def test_rsa_blocks_are_zeroed_at_their_length_also_under_unknown_tags():
    block = "11" * 128
    for tag in ("90", "92", "93", "9F46", "9F48", "9F4B", "9F2D", "DF7F"):
        size = len(tag) // 2 + 2 + 128
        record = f"7081{size:02X}{tag}8180"
        assert redacted("00B2010C00", record + block + "9000")[1] == record + "00" * 128 + "9000"


def test_a_short_remainder_is_zeroed():
    assert redacted("00B2010C00", "70079F4804112233449000")[1] == "70079F4804000000009000"


def test_format_1_of_internal_authenticate_is_zeroed():
    assert redacted("0088000004AABBCCDD00", "8004112233449000") == ("0088000004AABBCCDD00", "8004000000009000")
    assert redacted("80A8000002830000", "80061800080101009000")[1] == "80061800080101009000"


def test_what_is_not_tlv_is_zeroed():
    for data in ("5A0849701012", "70055A0849701012", "5A84FFFFFFFF00", "9F", "5A80"):
        assert redacted("00B2010C00", data + "9000")[1] == "00" * (len(data) // 2) + "9000"


def test_padding_between_objects_is_allowed():
    assert redacted("00B2010C00", "700800005A0249700000009000".replace(" ", ""))[1].endswith("9000")
    assert "4970" not in redacted("00B2010C00", "700600005A0249709000")[1]


def test_the_pin_is_hidden():
    assert redacted("0020008008241234FFFFFFFFFF", "9000") == ("0020008008" + "00" * 8, "9000")
    assert redacted("00200080", "63C3") == ("00200080", "63C3"), "asks how many tries are left"


def test_what_a_card_asks_back_of_itself_is_hidden():
    """The list: amount, six bytes of the PAN, date, name."""
    listed = bytes.fromhex("9F0206" + "5A06" + "9A03" + "5F2004")
    data = "000000001250" + "497010123456" + "261121" + "54455354"
    command = bytes.fromhex("80AE800013" + data + "00")
    shown, _ = redact_exchange(command, b"\x90\x00", listed)
    assert shown.hex() == "80ae800013" + "000000001250" + "00" * 6 + "261121" + "00" * 4 + "00"


def test_a_piece_of_an_answer_is_zeroed():
    """What comes after 61xx may begin in the middle of a key, and look like objects."""
    assert redacted("00C0000000", "500141" + "9F360200019000")[1] == "00" * 8 + "9000"
    assert redacted("00C0000000", "70059F360200016110")[1] == "70059F360200016110"


def test_a_status_word_alone_stays():
    assert redacted("00B2010C00", "6A83")[1] == "6A83"


def test_the_pan_is_hidden_wherever_a_card_puts_it():
    digits = "4970101234567890"
    places = (
        bytes.fromhex("DF01" + digits),
        bytes.fromhex("A" + digits + "B"),
        b"x" + digits.encode() + b"y",
        bytes.fromhex(digits + digits),
    )
    for place in places:
        command, response = hide_pan([(place, place)], digits)[0]
        assert command == response and len(command) == len(place)
        assert digits not in command.hex() and digits.encode() not in command


def test_pan_from_5a_or_track_2():
    assert pan({0x5A: bytes.fromhex("4970101234567890")}) == "4970101234567890"
    assert pan({0x5A: bytes.fromhex("497010123456789F")}) == "497010123456789"
    assert pan({0x57: bytes.fromhex("4970101234567890D2912201")}) == "4970101234567890"
    assert pan({}) == ""


def test_card_data_is_tlv_in_the_agreed_order():
    data = {0x57: b"\x49\xd2", 0x5F24: b"\x29\x12\x31", 0x5A: b"\x49\x70"}
    assert card_data(data) == bytes.fromhex("5A0249705F2403291231570249D2")
