"""How values are coded: commands, numbers, dates, outcomes."""

from __future__ import annotations

from emv import apdu, data_objects
from emv.outcome import NAMES, contactless
from emv.profile import Profile
from emv.transaction import Request, Transaction


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


def ended(name: str, cvm: str = "none", messages: tuple | None = None) -> object:
    transaction = Transaction(Profile("test", {}, []), Request(1250, (2026, 11, 21, 14, 5, 9)), bytes)
    transaction.cvm = cvm
    transaction.messages = messages
    return contactless(name, "expired", transaction)


def test_every_outcome_has_start_and_messages() -> None:
    for name in NAMES:
        outcome = ended(name)
        assert outcome.name == ("another_card" if name == "end_application" else name)
        assert outcome.start in ("A", "B", "C", "D", "none")
    assert ended("approved", "signature").ui == ("1A",)
    assert ended("another_interface", messages=("1D",)).ui == ("1D",)
    assert (ended("try_again").ui, ended("try_again").restart_ui) == ((), ("21",))


def test_an_end_with_another_message_keeps_its_name() -> None:
    assert ended("end_application", messages=("20",)).name == "end_application"
