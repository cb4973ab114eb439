"""The acquirer as a process, with the reader's own cryptography at one end and the issuer's at the other."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from emv import tlv
from firmware.secure.transaction_keys import TransactionKeys
from firmware.secure.vault import Vault
from host.acquirer.caaa import Parties
from host.acquirer.caaa_link import CaaaLink
from host.acquirer.errors import AcquirerUnreachable, RequestRefused
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.money import Money
from tests.support.fake_storage import FakeStorage
from tools.demo.acquirer_process import AcquirerProcess
from tools.simulators import personalisation
from tools.simulators.provision import reader_files

T = TypeVar("T")
PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "Café du Zinc", "ZINC-POI-1")
ONLINE_PIN = bytes.fromhex("420300")


class CardAndReader:
    """What a chip sale sends online: the card's cryptogram, sealed by the reader."""

    def __init__(self) -> None:
        storage = FakeStorage()
        for name, content in reader_files("TEST-1").items():
            storage.replace(name, content)
        self._vault = Vault(storage, os.urandom)
        self.card = personalisation.load("cb_visa_debit")
        self._counter = 0

    def request(self, amount: Money = Money(1250), pin: str = "1234", **changes: Any) -> tuple[Any, TransactionKeys]:  # noqa: B008
        self._counter += 1
        keys = self._vault.open_transaction()
        digits = bytearray(int(digit) for digit in pin)
        message = {
            "transaction_id": os.urandom(16),
            "amount_minor": amount.amount_minor,
            "currency": amount.currency.numeric,
            "icc_data": self._icc_data(amount),
            "sealed_card": keys.seal_card(self._card_data()),
            "pin_block": keys.pin_block(digits, self.card.pan),
        }
        message["mac"] = keys.request_mac(message)
        parts = {name: message[name] for name in ("transaction_id", "icc_data", "sealed_card", "pin_block", "mac")}
        request = AuthorisationRequest(
            amount=amount, interface="contact", ksn=keys.ksn, requested_at=datetime.now(UTC), **parts
        )
        return replace(request, **changes), keys

    def _icc_data(self, amount: Money) -> bytes:
        application = self.card.contact[0]
        data = {
            0x9F02: bytes.fromhex(f"{amount.amount_minor:012d}"),
            0x9F03: bytes(6),
            0x9F1A: b"\x02\x50",
            0x95: bytes(5),
            0x5F2A: b"\x09\x78",
            0x9A: b"\x26\x11\x21",
            0x9C: b"\x00",
            0x9F37: b"\x01\x02\x03\x04",
            0x82: application.interchange_profile,
            0x9F36: self._counter.to_bytes(2, "big"),
            0x9F10: bytes.fromhex("06011203A00000"),
            0x9F34: ONLINE_PIN,
        }
        data[0x9F26] = self.card.cryptogram(application).cryptogram(data)
        return b"".join(tlv.encode(tag, value) for tag, value in data.items())

    def _card_data(self) -> bytes:
        values = {0x5A: self.card.pan, 0x5F34: self.card.sequence, 0x5F24: self.card.expiry}
        return b"".join(tlv.encode(tag, bytes.fromhex(text)) for tag, text in values.items())


def with_acquirer(folder: Path, use: Callable[[AcquirerProcess, CaaaLink], Awaitable[T]]) -> T:
    async def run() -> T:
        async with AcquirerProcess(folder) as acquirer:
            link = CaaaLink(acquirer.url + "/caaa", PARTIES, 5)
            try:
                return await use(acquirer, link)
            finally:
                await link.close()

    return asyncio.run(run())


def fields(answer: AuthorisationAnswer) -> dict[str, Any]:
    message: dict[str, Any] = {"response_code": answer.response_code, "icc_data": answer.icc_data, "mac": answer.mac}
    return message | ({"authorisation_code": answer.authorisation_code} if answer.authorisation_code else {})


def test_a_genuine_request_is_approved_and_the_reader_trusts_the_answer(tmp_path: Path) -> None:
    bench = CardAndReader()
    request, keys = bench.request()

    async def use(acquirer: AcquirerProcess, link: CaaaLink) -> tuple[AuthorisationAnswer, list[dict]]:
        answer = await link.authorise(request)
        async with httpx.AsyncClient(trust_env=False) as client:
            return answer, (await client.get(acquirer.url + "/authorisations")).json()

    answer, (row,) = with_acquirer(tmp_path, use)
    assert (answer.approved, answer.arqc_checked) == (True, True)
    assert keys.answer_mac_is_good(request.transaction_id, fields(answer))
    assert not keys.answer_mac_is_good(request.transaction_id, fields(replace(answer, response_code=b"05")))
    arpc = dict(tlv.objects(answer.icc_data))[0x91]
    arqc = dict(tlv.objects(request.icc_data))[0x9F26]
    assert bench.card.cryptogram(bench.card.contact[0]).is_authentic(arqc, b"\x00\x01", arpc)
    assert (row["mac_checked"], row["arqc_checked"], row["pin_checked"]) == (True, True, True)
    assert row["last4"] == bench.card.last4


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        ({"pin": "9999"}, b"55", "pin_wrong"),
        ({"amount": Money(200_000_000)}, b"51", "insufficient_funds"),
        ({"mac": bytes(8)}, b"05", "bad_mac"),
        ({"amount": Money(1250), "pin_block": bytes(16)}, b"05", "bad_mac"),
    ],
)
def test_what_is_refused_and_why(tmp_path: Path, options: dict, code: bytes, why: str) -> None:
    request, keys = CardAndReader().request(**options)
    answer = with_acquirer(tmp_path, lambda _, link: link.authorise(request))
    assert (answer.approved, answer.response_code) == (False, code)
    assert keys.answer_mac_is_good(request.transaction_id, fields(answer))
    with sqlite3.connect(tmp_path / "acquirer.db") as connection:
        assert connection.execute("SELECT why FROM authorisation").fetchall() == [(why,)]
    connection.close()


@pytest.mark.covers("faults/R-04")
def test_answers_outlive_the_process(tmp_path: Path) -> None:
    request, _ = CardAndReader().request()
    first = with_acquirer(tmp_path, lambda _, link: link.authorise(request))
    assert with_acquirer(tmp_path, lambda _, link: link.authorise(request)) == first
    with pytest.raises(RequestRefused):
        with_acquirer(tmp_path, lambda _, link: link.authorise(replace(request, amount=Money(1))))


def test_it_is_told_how_to_behave_and_a_dead_one_is_unreachable(tmp_path: Path) -> None:
    request, keys = CardAndReader().request()

    async def use(acquirer: AcquirerProcess, link: CaaaLink) -> AuthorisationAnswer:
        async with httpx.AsyncClient(trust_env=False) as client:
            told = await client.post(acquirer.url + "/behaviour", content=json.dumps({"mode": "bad_mac"}))
            unknown = await client.post(acquirer.url + "/behaviour", content=json.dumps({"mode": "polite"}))
        assert (told.status_code, unknown.status_code) == (200, 400)
        answer = await link.authorise(request)
        await acquirer.kill()
        with pytest.raises(AcquirerUnreachable):
            await link.authorise(request)
        return answer

    answer = with_acquirer(tmp_path, use)
    assert not keys.answer_mac_is_good(request.transaction_id, fields(answer))


@pytest.mark.covers("terminal/LAW-5")
def test_neither_number_nor_pin_is_kept(tmp_path: Path) -> None:
    bench = CardAndReader()
    request, _ = bench.request()
    with_acquirer(tmp_path, lambda _, link: link.authorise(request))
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (bench.card.pan.encode(), bytes.fromhex(bench.card.pan), request.pin_block):
        assert secret not in stored
