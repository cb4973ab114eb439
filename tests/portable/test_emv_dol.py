"""Data object lists (Book 3, 5.4)."""

from __future__ import annotations

from emv import dol
from emv.errors import CardFault

DATA = {0x9F02: bytes.fromhex("000000001250"), 0x9F1A: b"\x02\x50", 0x5A: bytes.fromhex("49701012"), 0x9F1E: b"ZINC"}


def filled(entry: str) -> str:
    return dol.fill(bytes.fromhex(entry), DATA).hex()


def test_values_one_after_the_other() -> None:
    assert filled("9F0206" + "9F1A02") == "0000000012500250"


def test_what_is_not_known_is_zeros() -> None:
    assert filled("9F3704" + "9F1A02") == "000000000250"


def test_numbers_are_cut_and_padded_on_the_left() -> None:
    assert filled("9F0202") == "1250"
    assert filled("9F1A03") == "000250"


def test_compressed_numbers_are_padded_with_f_on_the_right() -> None:
    assert filled("5A05") == "49701012ff"
    assert filled("5A02") == "4970"


def test_the_rest_is_cut_and_padded_on_the_right() -> None:
    assert filled("9F1E06") == "5a494e430000"
    assert filled("9F1E02") == "5a49"


def refused(entry: str) -> str:
    try:
        dol.entries(bytes.fromhex(entry))
    except CardFault as fault:
        return fault.why
    return ""


def test_what_is_no_list_is_refused() -> None:
    for malformed in ("9F02", "9F", "9F02069F", "9FFFFFFF01"):
        assert refused(malformed) == "dol_malformed", malformed


def test_more_than_a_command_holds_is_refused() -> None:
    assert len(dol.fill(bytes.fromhex("9F37FC"), {})) == 252
    assert refused("9F37FD") == "dol_too_long"
