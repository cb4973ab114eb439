"""How values are coded: commands, numbers, dates, outcomes."""

from __future__ import annotations

from emv import apdu, data_objects
from emv.outcome import NAMES, contactless


def test_commands_end_in_le_except_external_authenticate() -> None:
    assert apdu.select(b"\xa0\x00").hex() == "00a4040002a00000"
    assert apdu.select(b"\xa0\x00", following=True).hex() == "00a4040202a00000"
    assert apdu.read_record(2, 1).hex() == "00b2020c00"
    assert apdu.get_processing_options(b"").hex() == "80a8000002830000"
    assert apdu.internal_authenticate(b"\x01\x02\x03\x04").hex() == "00880000040102030400"
    assert apdu.get_data(0x9F17).hex() == "80ca9f1700"
    assert apdu.generate_ac(0x90, b"\xaa").hex() == "80ae900001aa00"
    assert apdu.external_authenticate(bytes(8)).hex() == "0082000008" + "00" * 8


def test_long_processing_options_have_a_long_length() -> None:
    assert apdu.get_processing_options(bytes(0x80))[:9].hex() == "80a800008383818000"


def test_decimal_coding() -> None:
    assert data_objects.bcd(1250, 6).hex() == "000000001250"
    assert data_objects.bcd(999999999999, 6).hex() == "999999999999"


def test_years_from_50_on_are_of_the_last_century() -> None:
    days = [bytes.fromhex(day) for day in ("500101", "991231", "000101", "491231")]
    assert sorted(days, key=data_objects.sortable_date) == days


def test_every_outcome_has_start_and_messages() -> None:
    for name in NAMES:
        outcome = contactless(name, "expired")
        assert outcome.name == name and outcome.start in ("A", "B", "C", "D", "none")
    assert contactless("approved", "x", "signature").ui == ("1A",)
    assert contactless("another_interface", "x", ui=("1D",)).ui == ("1D",)
