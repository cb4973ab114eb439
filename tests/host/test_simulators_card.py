"""A simulated card says no where a real one does (EMV Book 3, 6.5), and keeps what a real one keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emv.certificates.rsa import recover
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard
from tools.simulators.rsa import RsaKey

CB = "00A4040007A000000042101000"
VISA = "00A4040007A000000003101000"
GPO = "80A8000002830000"
VERIFY = "0020008008241234FFFFFFFFFF"
WRONG_PIN = "0020008008249999FFFFFFFFFF"
INTERNAL_AUTHENTICATE = "00880000041122334400"
CDOL1 = "000000001250000000000000025000000080000978261121001122334422020000"
CDOL2 = "00" * 10 + "3030" + CDOL1[:58]


def card(name: str = "cb_visa_debit", interface: str = "contact", t0: bool = False) -> SimulatedCard:
    made = SimulatedCard(personalisation.load(name), t0)
    made.power_on(interface)
    return made


def send(to: SimulatedCard, *commands: str) -> str:
    """The last answer, in hex."""
    for command in commands:
        answer = to.transmit(bytes.fromhex(command)).hex().upper()
    return answer


def generate_ac(asked: int, data: str) -> str:
    return f"80AE{asked:02X}00{len(data) // 2:02X}{data}00"


@pytest.mark.parametrize("name", personalisation.names())
def test_every_card_loads_and_its_number_is_well_formed(name: str) -> None:
    made = personalisation.load(name)
    digits = [int(digit) for digit in reversed(made.pan)]
    assert sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10
    assert made.contact or made.contactless


@pytest.mark.parametrize(
    ("commands", "status"),
    [
        ([GPO], "6D00"),  # nothing selected
        (["00A4040007A000000099999900"], "6A82"),
        (["00A4000000"], "6A86"),
        (["FFA4040000"], "6E00"),
        ([CB, "00B2011400"], "6985"),  # records before GPO
        ([CB, VERIFY], "6985"),
        ([CB, generate_ac(0x80, CDOL1)], "6985"),
        ([CB, GPO, GPO], "6985"),
        ([CB, "80A80000028300"], "9000"),
        ([CB, "80A800000483020000"], "6700"),
        ([CB, GPO, "00B2091400"], "6A83"),
        ([CB, GPO, "00B2017C00"], "6A82"),
        ([CB, GPO, "00B2001400"], "6A86"),
        ([CB, GPO, "80CA9F5200"], "6A88"),
        ([CB, GPO, "00880000021122"], "6700"),
        ([CB, GPO, generate_ac(0x80, CDOL1[2:])], "6700"),
        ([CB, GPO, "00200080031234FF"], "6700"),
        ([CB, GPO, "0020008808" + "00" * 8], "6700"),  # enciphered PIN: as long as the key
        ([CB, GPO, "0020008101" + "00"], "6A86"),
        ([CB, GPO, "0082000008" + "00" * 8], "6985"),  # nothing to authenticate yet
        ([CB, GPO, generate_ac(0x00, CDOL1), generate_ac(0x00, CDOL2)], "6985"),  # over after an AAC
        ([CB, GPO, generate_ac(0x80, CDOL1), "0082000008" + "00" * 8], "6300"),
        ([CB, GPO, generate_ac(0x80, CDOL1), "0082000008" + "00" * 8, "0082000008" + "00" * 8], "6985"),
        ([CB, GPO, "80FF000000"], "6D00"),
        (["00A4"], "6700"),
        ([CB, GPO, "0020008009241234FFFF"], "6700"),
    ],
)
def test_refusals(commands: list[str], status: str) -> None:
    assert send(card(), *commands)[-4:] == status


def test_partial_name_and_next() -> None:
    both = card()
    assert "A0000000031010" in send(both, "00A4040005A00000000300")
    assert send(both, "00A4040205A00000000300") == "6A82"


def test_directory_lists_applications_by_priority() -> None:
    directory = "00A404000E" + b"1PAY.SYS.DDF01".hex() + "00"
    record = send(card(), directory, "00B2010C00")
    assert record.index("A0000000421010") < record.index("A0000000031010")


def test_wrong_pins_count_down_and_a_right_one_resets() -> None:
    made = card()
    assert send(made, CB, GPO, WRONG_PIN) == "63C2"
    assert send(made, VERIFY) == "9000"
    assert send(made, "80CA9F1700") == "9F1701039000"
    assert [send(made, WRONG_PIN) for _ in range(4)] == ["63C2", "63C1", "63C0", "6983"]
    assert send(made, VERIFY) == "6983"
    made.power_on("contact")
    assert send(made, CB, GPO, VERIFY) == "6983"
    assert send(made, "80CA9F1700") == "9F1701009000"


def enciphered(challenge: str, header: str = "7F", key: RsaKey | None = None) -> str:
    key = key or personalisation.load("cb_visa_debit").signing_key
    plain = bytes.fromhex(header + "241234FFFFFFFFFF" + challenge) + bytes(key.length - 17)
    return f"00200088{key.length:02X}" + recover(plain, key.modulus, key.exponent).hex()


def test_enciphered_pin_is_good_for_one_challenge() -> None:
    made = card()
    assert send(made, CB, GPO, enciphered("00" * 8)) == "6985"
    challenge = send(made, "0084000000")[:16]
    assert send(made, enciphered(challenge)) == "9000"
    assert send(made, enciphered(challenge)) == "6985"
    assert send(made, "0084000000", enciphered(challenge)) == "63C2"
    challenge = send(made, "0084000000")[:16]
    assert send(made, enciphered(challenge, header="6A")) == "63C1"


def test_enciphered_pin_takes_the_key_made_for_it() -> None:
    plain = personalisation.load("cb_visa_debit")
    made = SimulatedCard(replace(plain, pin_key=personalisation.load("mastercard_credit").signing_key))
    made.power_on("contact")
    challenge = send(made, CB, GPO, "0084000000")[:16]
    assert send(made, enciphered(challenge, key=made.personalisation.pin_key)) == "9000"


def test_the_counter_grows_with_each_transaction_on_either_side() -> None:
    made = card()
    for expected in ("0001", "0002"):
        assert send(made, CB, GPO, "80CA9F3600") == f"9F3602{expected}9000"
    made.power_on("contactless")
    tap = "21004000" + "000000000100" + "000000000000" + "0250" + "0000000000" + "0978" + "261121" + "00" + "11223344"
    answer = send(made, VISA, f"80A80000{len(tap) // 2 + 2:02X}83{len(tap) // 2:02X}{tap}00")
    assert "9F36020003" in answer


def test_cards_of_one_name_share_their_memory() -> None:
    first, second = SimulatedCard.load("visa_credit"), SimulatedCard.load("visa_credit")
    first.power_on("contact")
    second.power_on("contact")
    before = send(first, VISA, GPO, "80CA9F3600")
    assert send(second, VISA, GPO, "80CA9F3600") != before


def test_a_telephone_has_no_contacts_and_no_pin_command() -> None:
    with pytest.raises(ValueError, match="no contact side"):
        card("phone_wallet")
    telephone = card("phone_wallet", "contactless")
    assert send(telephone, VISA, VERIFY) == "6D00"
    assert send(telephone, "80CA9F1700") == "6D00"


@pytest.mark.parametrize(
    ("qualifiers", "answered"),
    [
        ("20004000", "9F6C020000"),
        ("24C04000", "9F6C028000"),
        ("22C04000", "9F6C024000"),
        ("20C04000", "6984"),
        ("00C04000", "6985"),
    ],
)
def test_a_plastic_card_chooses_its_verification_by_what_the_reader_can_do(qualifiers: str, answered: str) -> None:
    made = card(interface="contactless")
    tap = qualifiers + "000000009000" + "000000000000" + "0250" + "0000000000" + "0978" + "261121" + "00" + "11223344"
    assert answered in send(made, VISA, f"80A80000{len(tap) // 2 + 2:02X}83{len(tap) // 2:02X}{tap}00")


def test_t0_gives_lengths_before_data() -> None:
    made = card(t0=True)
    assert send(made, CB) == "611B"
    assert send(made, "00C0000010") == "6C1B"
    assert send(made, "00C000001B").endswith("9000")
    assert send(made, "00C000001B") == "6985"
    assert send(made, GPO) == "6110"
    assert send(made, "00B2010C00") == "6C29"
    assert len(send(made, "00B2010C29")) == 2 * 0x29 + 4
    assert send(made, VERIFY) == "9000"
