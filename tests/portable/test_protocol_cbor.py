"""CBOR against the examples of RFC 8949, appendix A, and against what a hostile peer might send."""

from __future__ import annotations

from protocol import cbor
from protocol.errors import MalformedCbor

# RFC 8949, appendix A
EXAMPLES = (
    (0, "00"),
    (1, "01"),
    (10, "0a"),
    (23, "17"),
    (24, "1818"),
    (25, "1819"),
    (100, "1864"),
    (1000, "1903e8"),
    (1000000, "1a000f4240"),
    (1000000000000, "1b000000e8d4a51000"),
    (18446744073709551615, "1bffffffffffffffff"),
    (-18446744073709551616, "3bffffffffffffffff"),
    (-1, "20"),
    (-10, "29"),
    (-100, "3863"),
    (-1000, "3903e7"),
    (False, "f4"),
    (True, "f5"),
    (None, "f6"),
    (b"", "40"),
    (b"\x01\x02\x03\x04", "4401020304"),
    ("", "60"),
    ("IETF", "6449455446"),
    ("\u00fc", "62c3bc"),
    ("\u6c34", "63e6b0b4"),
    ([], "80"),
    ([1, 2, 3], "83010203"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    (list(range(1, 26)), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
    ({}, "a0"),
    ({1: 2, 3: 4}, "a201020304"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    (["a", {"b": "c"}], "826161a161626163"),
)

REFUSED = (
    ("", "nothing"),
    ("1817", "23 in two bytes"),
    ("190018", "24 in three bytes"),
    ("1a00000100", "256 in five bytes"),
    ("1b0000000000000001", "1 in nine bytes"),
    ("5801ff", "a length in two bytes"),
    ("1c", "reserved additional information"),
    ("19ff", "an argument cut short"),
    ("42ff", "a byte string cut short"),
    ("5b7fffffffffffffff00", "a length that no memory has"),
    ("9b7fffffffffffffff00", "an array that no memory has"),
    ("bb7fffffffffffffff00", "a map that no memory has"),
    ("8201", "an array cut short"),
    ("a101", "a map cut short"),
    ("a203010102", "keys out of order"),
    ("a201010102", "a key twice"),
    ("a1410101", "a byte string as a key"),
    ("a1f501", "a boolean as a key"),
    ("a18001", "an array as a key"),
    ("5f4101ff", "an indefinite byte string"),
    ("9f01ff", "an indefinite array"),
    ("bf0101ff", "an indefinite map"),
    ("ff", "a break out of nowhere"),
    ("f7", "undefined"),
    ("e0", "a simple value"),
    ("f90000", "a half float"),
    ("fb3ff199999999999a", "a double"),
    ("c11a514b67b0", "a tag"),
    ("61ff", "text that is not UTF-8"),
    ("0000", "two values"),
    ("81" * 9 + "00", "nine arrays in each other"),
    ("81" * 1000 + "00", "a thousand arrays in each other"),
)


def refused(data: bytes) -> bool:
    try:
        cbor.decode(data)
    except MalformedCbor:
        return True
    return False


def test_examples_of_the_rfc_both_ways() -> None:
    for value, encoded in EXAMPLES:
        assert cbor.encode(value).hex() == encoded, encoded
        assert cbor.decode(bytes.fromhex(encoded)) == value, encoded


def test_hostile_input_is_refused() -> None:
    for encoded, why in REFUSED:
        assert refused(bytes.fromhex(encoded)), why


def test_every_cut_of_a_value_is_refused() -> None:
    whole = cbor.encode({1: [b"abc", "text"], 2: {300: -5}})
    for length in range(len(whole)):
        assert refused(whole[:length]), length


def test_keys_are_written_in_the_order_of_their_bytes() -> None:
    # RFC 8949, section 4.2.1, the keys of its example that are allowed here
    written = cbor.encode({"aa": 0, -1: 0, 100: 0, "z": 0, 10: 0}).hex()
    assert written == "a5" + "0a00" + "186400" + "2000" + "617a00" + "62616100"


def test_eight_arrays_in_each_other_pass() -> None:
    assert not refused(bytes.fromhex("81" * 8 + "00"))


def test_what_cbor_cannot_say_is_our_error() -> None:
    for value, error in ((2**64, OverflowError), (-(2**64) - 1, OverflowError), (1.5, TypeError)):
        try:
            cbor.encode(value)
        except error:
            continue
        raise AssertionError(value)
