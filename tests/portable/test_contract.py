"""The acquirer's contract at the reader: signed, whole, never older, between two payments."""

from __future__ import annotations

import asyncio

from firmware import contract
from firmware.errors import ContractRefused
from firmware.secure import rsa_signature
from firmware.secure.key_files import ACQUIRER_KEY, TEST_KEYS
from protocol import cbor
from tests.support.contracts import LIMITS, modulus, signed
from tests.support.fake_drivers import keyed_files
from tests.support.fake_storage import FakeStorage, PowerCut
from tests.support.sale_bench import SaleBench

COVERS = {
    "test_only_what_the_acquirer_signed_is_a_contract": ["terminal/T-R26"],
    "test_a_host_brings_contracts_and_the_version_only_rises": ["terminal/T-R26"],
    "test_a_power_cut_leaves_the_old_contract_or_the_new_one": ["terminal/T-R26"],
    "test_not_while_a_payment_runs": ["terminal/T-R26"],
    "test_store_and_forward_is_off_unless_the_contract_has_it": ["services/OP-1"],
}


def storage(kept: str = "") -> FakeStorage:
    files = keyed_files()
    if kept:
        files[contract.FILE] = cbor.encode(signed(kept))
    return FakeStorage(files)


def refused(content: bytes, signature: bytes, files: FakeStorage) -> str:
    try:
        contract.opened(files, content, signature)
    except ContractRefused as refusal:
        return refusal.why
    return ""


def test_only_what_the_acquirer_signed_is_a_contract() -> None:
    content, signature = signed("online")
    assert rsa_signature.is_good(modulus(), content, signature)
    for at in (0, len(content) // 2, len(content) - 1):
        changed = bytearray(content)
        changed[at] ^= 1
        assert refused(bytes(changed), signature, storage()) == "bad_signature"
    for at in (0, 200, 383):
        changed = bytearray(signature)
        changed[at] ^= 1
        assert refused(content, bytes(changed), storage()) == "bad_signature"
    for other in (b"", bytes(384), b"\xff" * 384, signature[1:], signature + b"\0", signed("of_dollars")[1]):
        assert refused(content, other, storage()) == "bad_signature"
    keyless = storage()
    del keyless.files[ACQUIRER_KEY]
    assert refused(content, signature, keyless) == "bad_signature"
    keyless.files[ACQUIRER_KEY] = TEST_KEYS + bytes(384)
    assert refused(content, signature, keyless) == "bad_signature"


def test_a_number_above_the_modulus_is_no_signature() -> None:
    """It would verify, and be another one for the same contract."""
    content, signature = signed("online")
    again = int.from_bytes(signature, "big") + int.from_bytes(modulus(), "big")
    if again < 1 << 8 * 384:
        assert not rsa_signature.is_good(modulus(), content, again.to_bytes(384, "big"))


def test_what_is_signed_and_is_no_contract() -> None:
    for name in ("of_no_hour", "of_no_limit", "too_generous", "of_no_version", "no_contract", "no_cbor"):
        assert refused(signed(name)[0], signed(name)[1], storage()) == "not_allowed", name
    assert refused(*signed("of_tomorrow"), storage()) == ""


def test_store_and_forward_is_off_unless_the_contract_has_it() -> None:
    none, online, offline = (
        contract.load(storage()),
        contract.load(storage("online")),
        contract.load(storage("store_and_forward")),
    )
    assert (none.version, none.offline, none.completion_percent, none.preauthorisation_days) == (0, None, 15, 30)
    assert (online.version, online.offline, online.currency, online.tips) == (1, None, 978, True)
    assert online.telecollection == ("22:30", "Europe/Paris") and online.id == "ZINC-TEST-1"
    wanted = {name: LIMITS[name] for name in LIMITS if name != "allowed"}
    assert (offline.version, offline.offline) == (2, wanted)
    assert not contract.load(storage("without_tips")).tips
    assert len(cbor.encode(signed("store_and_forward"))) < 1024


def test_what_is_stored_is_verified_each_time() -> None:
    files = storage("store_and_forward")
    whole = files.files[contract.FILE]
    for damaged in (b"", whole[:-1], whole[1:], whole[:20] + b"\x00" + whole[21:], cbor.encode(7), cbor.encode((7, 8))):
        files.files[contract.FILE] = damaged
        assert contract.load(files).offline is None


async def bring(bench: SaleBench, name: str, signature: bytes = b"") -> dict:
    content, good = signed(name)
    await bench.say({"type": "parameters", "contract": content, "signature": signature or good})
    while True:
        message = bench.host.next_message()
        if message is None:
            await bench._receive()
        elif message["type"] in ("parameters_applied", "error"):
            return message


def test_a_host_brings_contracts_and_the_version_only_rises() -> None:
    async def told() -> None:
        async with SaleBench([]) as bench:
            rows = (
                ("store_and_forward", b"", 2),
                ("store_and_forward", b"", 2),
                ("online", b"", "old_version"),
                ("without_tips", bytes(384), "bad_signature"),
                ("of_dollars", b"", "not_allowed"),
                ("too_generous", b"", "not_allowed"),
            )
            for name, signature, answer in rows:
                message = await bring(bench, name, signature)
                assert message.get("parameters_version", message.get("code")) == answer, name
                assert contract.load(bench.board.storage).version == 2
            assert (await bring(bench, "without_tips"))["parameters_version"] == 3

    asyncio.run(told())


def test_not_while_a_payment_runs() -> None:
    async def told() -> None:
        async with SaleBench([]) as bench:
            transaction_id = await bench.begun()
            message = await bring(bench, "store_and_forward")
            assert (message["code"], message["transaction_id"]) == ("busy", transaction_id)
            assert contract.load(bench.board.storage).version == 0
            bench.board.keypad.press("CANCEL")
            await bench.hear("result")
            await bench.board.display.until("cancelled")
            while bench.terminal.payment is not None:
                await asyncio.sleep(0)
            assert (await bring(bench, "store_and_forward"))["parameters_version"] == 2

    asyncio.run(told())


def test_a_power_cut_leaves_the_old_contract_or_the_new_one() -> None:
    for torn, version in ((0.0, 1), (1.0, 2)):
        files = storage("online")
        files.cut_at, files.torn = 1, torn
        try:
            contract.keep(files, *signed("store_and_forward"))
            raise AssertionError("no cut")
        except PowerCut:
            pass
        assert contract.load(files).version == version


def test_a_storage_that_is_full_keeps_the_old_one() -> None:
    async def told() -> None:
        files = storage()
        async with SaleBench([], files) as bench:
            files.capacity = 0
            assert (await bring(bench, "store_and_forward"))["code"] == "reader_fault"
            assert contract.load(files).version == 0
            files.capacity = None
            assert (await bring(bench, "online"))["parameters_version"] == 1

    asyncio.run(told())
