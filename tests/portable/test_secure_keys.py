"""AES-CMAC, HMAC, AES-128 DUKPT and the PIN block against published values."""

from __future__ import annotations

import json

from firmware.errors import ReaderFault
from firmware.secure import dukpt
from firmware.secure.cmac import cmac
from firmware.secure.hmac import equal, hmac_sha256
from firmware.secure.pin_block import pin_block

COVERS = {"test_a_pin_block_is_the_standards": ["attacks/P-04"], "test_each_key_is_the_standards": ["terminal/T-D10"]}


def vectors(name):
    with open(__file__.rsplit("/", 2)[0] + "/vectors/" + name) as file:
        return json.load(file)


def loaded(initial_key, key_id, counter=1):
    """The state of a reader just loaded (X9.24-3, Load Initial Key)."""
    registers = b"".join(dukpt.derive(initial_key, dukpt.KEY_DERIVATION, key_id, 1 << bit) for bit in range(32))
    return bytearray(key_id + counter.to_bytes(4, "big") + registers)


def test_each_key_is_the_standards():
    expected = vectors("aes_dukpt.json")
    key_id = bytes.fromhex(expected["initial_key_id"])
    state = loaded(bytes.fromhex(expected["initial_key"]), key_id)
    for row in expected["keys"]:
        counter = int(row["counter"], 16)
        ksn, key = dukpt.take(state)
        assert ksn == bytes.fromhex(row["ksn"])
        assert key == bytes.fromhex(row["transaction_key"])
        assert dukpt.derive(key, dukpt.PIN_ENCRYPTION, key_id, counter) == bytes.fromhex(row["pin_key"])
        assert dukpt.derive(key, dukpt.MAC_GENERATION, key_id, counter) == bytes.fromhex(row["mac_key"])
        assert dukpt.derive(key, dukpt.DATA_ENCRYPTION, key_id, counter) == bytes.fromhex(row["data_key"])
        assert bytes(key) not in bytes(state)


def test_counters_of_more_than_16_one_bits_are_skipped():
    state = loaded(bytes(16), b"ZINCTEST", 0x0001FFFE)  # 16 one bits
    assert dukpt.take(state)[0][8:] == bytes.fromhex("0001FFFE")
    assert dukpt.take(state)[0][8:] == bytes.fromhex("00020000")


def test_the_last_counter_is_followed_by_refusal():
    state = loaded(bytes(16), b"ZINCTEST", 0xFFFF0000)
    assert dukpt.take(state)[0][8:] == bytes.fromhex("FFFF0000")
    why = None
    try:
        dukpt.take(state)
    except ReaderFault as fault:
        why = fault.why
    assert why == "keys_exhausted"


def test_a_pin_block_is_the_standards():
    for row in vectors("pin_block_format4.json")["examples"]:
        digits = bytearray(int(digit) for digit in row["pin"])
        block = pin_block(bytes.fromhex(row["key"]), digits, row["pan"], bytes.fromhex(row["fill"]))
        assert block == bytes.fromhex(row["pin_block"])


def test_cmac_is_rfc_4493s():
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    message = bytes.fromhex(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
    )
    for length, expected in (
        (0, "bb1d6929e95937287fa37d129b756746"),
        (16, "070a16b46b4d4144f79bdd9dd04a287c"),
        (40, "dfa66747de9ae63030ca32611497c827"),
        (64, "51f0bebf7e3b9d92fc49741779363cfe"),
    ):
        assert cmac(key, message[:length]) == bytes.fromhex(expected)


def test_hmac_is_rfc_4231s():
    assert hmac_sha256(b"Jefe", b"what do ya want for nothing?") == bytes.fromhex(
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    assert equal(b"same", b"same", bytes(32))
    assert not equal(b"same", b"samf", bytes(32))
