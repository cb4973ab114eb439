"""The vault: a counter is stored before its key is used, keys are bound to one usage, the MACs cover what is agreed."""

from __future__ import annotations

from firmware.checked import checked
from firmware.errors import ReaderFault
from firmware.secure import dukpt
from firmware.secure.cmac import cmac
from firmware.secure.hmac import hmac_sha256
from firmware.secure.vault import TEST_KEYS, Vault

COVERS = {
    "test_no_counter_in_5000_is_used_twice": ["attacks/P-05"],
    "test_a_counter_that_the_file_system_brought_back_is_passed_over": ["attacks/P-05"],
    "test_keys_that_have_rotted_are_none": ["faults/R-12"],
    "test_a_mark_that_has_rotted_skips_no_keys": ["faults/R-12"],
    "test_each_key_serves_one_usage_once": ["attacks/P-06"],
    "test_the_same_pin_gives_another_block_each_time": ["attacks/P-04"],
    "test_the_token_is_stable_and_versioned": ["terminal/LAW-7"],
}

KEY_ID = b"ZINCTEST"
PAN = "4970101234567890"
REQUEST = {
    "transaction_id": bytes(range(16)),
    "amount_minor": 1250,
    "currency": 978,
    "icc_data": bytes.fromhex("9F2608A1A2A3A4A5A6A7A8"),
    "sealed_card": bytes(32),
}


class PowerCut(Exception):
    pass


class MemoryStorage:
    """Durable files; `cut_after` lets the power fail right after the next replace is on the flash."""

    def __init__(self):
        registers = b"".join(dukpt.derive(bytes(16), dukpt.KEY_DERIVATION, KEY_ID, 1 << bit) for bit in range(32))
        self.files = {"dukpt": checked(KEY_ID + b"\0\0\0\1" + registers), "keys": TEST_KEYS + b"\x07" + bytes(32)}
        self.cut_after = False
        self.full = False

    def read(self, name):
        return self.files.get(name)

    def replace(self, name, content):
        if self.full:
            raise OSError(28)
        self.files[name] = content
        if self.cut_after:
            self.cut_after = False
            raise PowerCut


def counting_random():
    state = [0]

    def random(length):
        state[0] += 1
        return state[0].to_bytes(length, "big")

    return random


def refused(why, call, *arguments):
    try:
        call(*arguments)
    except ReaderFault as fault:
        return fault.why == why
    return False


def test_no_counter_in_5000_is_used_twice():
    storage = MemoryStorage()
    last = 0
    for turn in range(5000):
        vault = Vault(storage, counting_random())  # each turn is a restart
        storage.cut_after = turn % 3 == 0
        try:
            keys = vault.open_transaction()
        except PowerCut:
            continue
        counter = int.from_bytes(keys.ksn[8:], "big")
        assert counter > last
        last = counter
        assert bytes(keys._key) not in storage.files["dukpt"]
    assert last == 5000


def test_each_key_serves_one_usage_once():
    keys = Vault(MemoryStorage(), counting_random()).open_transaction()
    block = keys.pin_block(bytearray((1, 2, 3, 4)), PAN)
    sealed = keys.seal_card(bytes(16))
    assert len(block) == 16 and len(sealed) == 32
    assert refused("key_used_twice", keys.pin_block, bytearray((1, 2, 3, 4)), PAN)
    assert refused("key_used_twice", keys.seal_card, bytes(16))
    keys.wipe()
    assert refused("keys_wiped", keys.request_mac, REQUEST)


def test_the_same_pin_gives_another_block_each_time():
    vault = Vault(MemoryStorage(), counting_random())
    blocks = {vault.open_transaction().pin_block(bytearray((1, 2, 3, 4)), PAN) for _ in range(50)}
    assert len(blocks) == 50


def test_the_request_mac_covers_what_is_agreed():
    storage = MemoryStorage()
    key = dukpt.take(bytearray(storage.files["dukpt"]))[1]
    keys = Vault(storage, counting_random()).open_transaction()
    content = (
        bytes(range(16)) + bytes.fromhex("000000000012500000000000000978000B9F2608A1A2A3A4A5A6A7A80020") + bytes(32)
    )
    mac_key = dukpt.derive(key, dukpt.MAC_GENERATION, KEY_ID, 1)
    assert keys.request_mac(REQUEST) == cmac(mac_key, content)[:8]
    with_pin = dict(REQUEST)
    with_pin["pin_block"] = bytes(16)
    assert keys.request_mac(with_pin) == cmac(mac_key, content + bytes(16))[:8]


def test_only_the_acquirers_answer_to_this_request_is_good():
    storage = MemoryStorage()
    key = dukpt.take(bytearray(storage.files["dukpt"]))[1]
    keys = Vault(storage, counting_random()).open_transaction()
    content = bytes(16) + b"00" + b"\x06A1B2C3" + b"\x00\x02" + b"\x91\x00"
    mac = cmac(dukpt.derive(key, dukpt.MAC_VERIFICATION, KEY_ID, 1), content)[:8]
    answer = {"response_code": b"00", "authorisation_code": "A1B2C3", "icc_data": b"\x91\x00", "mac": mac}
    assert keys.answer_mac_is_good(bytes(16), answer)
    assert not keys.answer_mac_is_good(bytes(15) + b"\x01", answer)
    for field, value in (("response_code", b"05"), ("authorisation_code", "A1B2C4"), ("icc_data", b""), ("mac", b"")):
        forged = dict(answer)
        forged[field] = value
        assert not keys.answer_mac_is_good(bytes(16), forged)
        del forged[field]
        assert not keys.answer_mac_is_good(bytes(16), forged)


def test_the_token_is_stable_and_versioned():
    vault = Vault(MemoryStorage(), counting_random())
    assert vault.token(PAN.encode()) == (hmac_sha256(bytes(32), PAN.encode()), 7)


def test_a_reader_without_keys_says_so():
    storage = MemoryStorage()
    storage.files = {}
    vault = Vault(storage, counting_random())
    assert refused("keys_missing", vault.open_transaction)
    assert refused("keys_missing", vault.token, PAN)
    storage.files = {"dukpt": bytes(20)}
    assert refused("keys_missing", vault.open_transaction)


def test_keys_that_have_rotted_are_none():
    """Wherever a bit turns in what the reader stored."""
    storage = MemoryStorage()
    vault = Vault(storage, counting_random())
    vault.open_transaction()
    stored = storage.files["dukpt"]
    assert len(stored) == dukpt.STATE_LENGTH + 4
    for place in range(0, len(stored), 7):
        storage.files["dukpt"] = flipped(stored, 8 * place + 4)
        assert refused("keys_missing", vault.open_transaction)
    storage.files["dukpt"] = stored
    assert vault.open_transaction().ksn[8:] == b"\0\0\0\2"


def test_a_mark_that_has_rotted_skips_no_keys() -> None:
    """Believed, it would have the reader look for the next of its keys for hours."""
    storage = MemoryStorage()
    vault = Vault(storage, counting_random())
    vault.open_transaction()
    sound = storage.files["mark/dukpt"]
    for bit in range(8 * len(sound)):
        storage.files["mark/dukpt"] = flipped(sound, bit)
        spent = vault.open_transaction().ksn
        assert spent == KEY_ID + (bit + 2).to_bytes(4, "big")


def flipped(content: bytes, bit: int) -> bytes:
    turned = bytearray(content)
    turned[bit >> 3] ^= 1 << (bit & 7)
    return bytes(turned)


def test_a_full_storage_spends_no_counter():
    storage = MemoryStorage()
    storage.full = True
    vault = Vault(storage, counting_random())
    assert refused("storage_full", vault.open_transaction)
    storage.full = False
    assert vault.open_transaction().ksn[8:] == b"\0\0\0\1"


def test_a_counter_that_the_file_system_brought_back_is_passed_over() -> None:
    storage = MemoryStorage()
    vault = Vault(storage, counting_random())
    spent = [vault.open_transaction().ksn for _ in range(5)]
    before = storage.files["dukpt"]
    spent += [vault.open_transaction().ksn for _ in range(3)]
    storage.files["dukpt"] = before
    assert vault.open_transaction().ksn == KEY_ID + b"\0\0\0\x09"
    assert KEY_ID + b"\0\0\0\x09" not in spent
    other = b"ZINCNEXT"  # new keys begin anew
    storage.files["dukpt"] = checked(other + b"\0\0\0\1" + before[12:-4])
    assert vault.open_transaction().ksn == other + b"\0\0\0\1"
