"""Reader and acquirer hold the same keys, derived from opposite ends by code that shares nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firmware.secure.card_data import card_data
from firmware.secure.vault import Vault
from tests.support.fake_storage import FakeStorage
from tools.keys import load
from tools.simulators.key_host import AcquirerKeys, Unreadable, acquirer_keys
from tools.simulators.provision import reader_files

VECTORS = Path(__file__).parent.parent / "vectors"
PAN = "4970101234567810"
REQUEST = {
    "transaction_id": bytes(range(16)),
    "amount_minor": 1250,
    "currency": 978,
    "icc_data": bytes.fromhex("9F2608A1A2A3A4A5A6A7A8"),
    "sealed_card": bytes(32),
}


def loaded_vault(serial: str = "ZINC-0001") -> Vault:
    storage = FakeStorage()
    for name, content in reader_files(serial).items():
        storage.replace(name, content)
    return Vault(storage, lambda length: bytes(range(length)))


def test_keys_are_those_of_the_standard() -> None:
    expected = json.loads((VECTORS / "aes_dukpt.json").read_text())
    keys = AcquirerKeys(bytes.fromhex(expected["bdk"]), b"", b"", 0)
    assert keys.initial_key(bytes.fromhex(expected["initial_key_id"])) == bytes.fromhex(expected["initial_key"])
    for row in expected["keys"]:
        assert keys.transaction(bytes.fromhex(row["ksn"]))._key == bytes.fromhex(row["transaction_key"])


@pytest.mark.covers("attacks/P-05", "terminal/T-D10")
def test_both_ends_agree_on_5000_counters() -> None:
    vault, keys = loaded_vault(), acquirer_keys()
    for _ in range(5000):
        ours = vault.open_transaction()
        assert keys.transaction(ours.ksn)._key == bytes(ours._key)


def test_two_readers_share_no_key() -> None:
    first, second = loaded_vault("ZINC-0001").open_transaction(), loaded_vault("ZINC-0002").open_transaction()
    assert first.ksn != second.ksn
    assert first._key != second._key


def test_what_the_reader_seals_the_acquirer_opens() -> None:
    ours = loaded_vault().open_transaction()
    theirs = acquirer_keys().transaction(ours.ksn)
    card = {0x5A: bytes.fromhex(PAN), 0x5F34: b"\x01", 0x5F24: bytes.fromhex("491231")}
    assert theirs.open_card(ours.seal_card(card_data(card))) == card
    assert theirs.open_pin(ours.pin_block(bytearray((1, 2, 3, 4, 5)), PAN), PAN) == "12345"


@pytest.mark.covers("attacks/P-04")
def test_a_pin_block_is_bound_to_its_pan() -> None:
    ours = loaded_vault().open_transaction()
    block = ours.pin_block(bytearray((1, 2, 3, 4)), PAN)
    with pytest.raises(Unreadable):
        acquirer_keys().transaction(ours.ksn).open_pin(block, "5413330089601232")


def test_noise_does_not_open() -> None:
    theirs = acquirer_keys().transaction(loaded_vault().open_transaction().ksn)
    for sealed in (bytes(32), bytes(15), b"\x55" * 128):
        with pytest.raises(Unreadable):
            theirs.open_card(sealed)


def test_macs_go_both_ways() -> None:
    ours = loaded_vault().open_transaction()
    theirs = acquirer_keys().transaction(ours.ksn)
    request = REQUEST | {"mac": ours.request_mac(REQUEST)}
    assert theirs.request_mac_is_good(request)
    assert not theirs.request_mac_is_good(request | {"amount_minor": 1251})
    answer = {"response_code": b"00", "authorisation_code": "000001", "icc_data": b""}
    answer["mac"] = theirs.answer_mac(REQUEST["transaction_id"], answer)
    assert ours.answer_mac_is_good(REQUEST["transaction_id"], answer)
    assert answer["mac"] != ours.request_mac(REQUEST)


def test_what_a_request_or_an_answer_may_have_is_under_its_mac_too() -> None:
    ours = loaded_vault().open_transaction()
    theirs = acquirer_keys().transaction(ours.ksn)
    request = REQUEST | {"kind": "refund", "original": bytes(16)}
    assert not theirs.request_mac_is_good(request | {"mac": ours.request_mac(request), "original": bytes(15) + b"1"})
    answer = {"response_code": b"10", "authorised_minor": 800}
    answer["mac"] = theirs.answer_mac(REQUEST["transaction_id"], answer)
    assert ours.answer_mac_is_good(REQUEST["transaction_id"], answer)
    assert not ours.answer_mac_is_good(REQUEST["transaction_id"], answer | {"authorised_minor": 801})


CAPTURE = {
    "transaction_id": bytes(range(16)),
    "kind": "refund",
    "amount_minor": 1250,
    "currency": 978,
    "taken_at": "20261121123000",
    "icc_data": bytes.fromhex("9F2608A1A2A3A4A5A6A7A8"),
    "response_code": b"00",
    "authorisation_code": "000001",
    "sealed_card": bytes(32),
    "original": bytes(16),
}


@pytest.mark.parametrize(
    "changed",
    [
        {"amount_minor": 1251},
        {"amount_other_minor": 1},
        {"kind": "purchase"},
        {"currency": 840},
        {"taken_at": "20261121123001"},
        {"icc_data": b""},
        {"response_code": b"10"},
        {"authorisation_code": "000002"},
        {"sealed_card": bytes(48)},
        {"original": None},
        {"transaction_id": bytes(16)},
    ],
)
def test_nothing_of_a_capture_record_can_be_changed(changed: dict) -> None:
    ours = loaded_vault().open_transaction()
    theirs = acquirer_keys().transaction(ours.ksn)
    record = CAPTURE | {"mac": ours.capture_mac(CAPTURE)}
    assert theirs.capture_mac_is_good(record)
    assert not theirs.capture_mac_is_good(record | changed)


@pytest.mark.covers("terminal/LAW-5")
def test_a_capture_has_the_pan_and_no_track() -> None:
    ours = loaded_vault().open_transaction()
    theirs = acquirer_keys().transaction(ours.ksn)
    track_2 = bytes.fromhex(PAN + "d49122011000000000")
    sealed = ours.seal_capture({0x57: track_2, 0x5F34: b"\x01", 0x9F26: bytes(8)})
    assert theirs.open_capture(sealed) == {0x5A: bytes.fromhex(PAN), 0x5F34: b"\x01"}
    assert track_2 not in sealed
    with pytest.raises(Unreadable):
        theirs.open_card(sealed)


def test_a_seal_is_of_one_reader_and_one_hash() -> None:
    ours = loaded_vault().open_transaction()
    theirs = acquirer_keys().transaction(ours.ksn)
    mac = ours.seal_mac("ZINC-0001", bytes(32))
    assert theirs.seal_mac_is_good("ZINC-0001", bytes(32), mac)
    assert not theirs.seal_mac_is_good("ZINC-0002", bytes(32), mac)
    assert not theirs.seal_mac_is_good("ZINC-0001", bytes(31) + b"1", mac)


@pytest.mark.covers("attacks/P-05")
@pytest.mark.parametrize(("runtime", "kept"), [("micropython", "data.lfs"), ("cpython", "data/dukpt")])
def test_a_reader_is_loaded_once(tmp_path: Path, runtime: str, kept: str) -> None:
    assert load(tmp_path, "ZINC-0001", runtime)
    before = (tmp_path / kept).read_bytes()
    assert not load(tmp_path, "ZINC-0002", runtime)
    assert (tmp_path / kept).read_bytes() == before


@pytest.mark.covers("attacks/B-10")
def test_test_keys_say_so() -> None:
    assert reader_files("ZINC-0001")["keys"].startswith(b"ZINC TEST KEYS")
    for path in Path("tools/simulators/keys").glob("*.toml"):
        assert path.read_text().startswith("# TEST KEYS")
