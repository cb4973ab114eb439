"""An enciphered offline PIN over the whole road: the card deciphers it, and it stands in clear nowhere else."""

from __future__ import annotations

import asyncio
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from host.money import Money
from protocol import cbor
from tests.support.leak import pan_traces, pin_traces
from tools.demo.cardholder import Cardholder
from tools.demo.stack import Stack
from tools.demo.tapped_line import TappedLine
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard
from tools.simulators.rsa import RsaKey
from tools.simulators.scheme import KEYS

PIN = "7492618503"  # long enough not to stand anywhere by chance
_PIN_KEY = RsaKey.from_table(tomllib.loads((KEYS / "longest.toml").read_text())["pin_key"])


class HeardCard(SimulatedCard):
    """Keeps what crosses its contacts."""

    def transmit(self, apdu: bytes) -> bytes:
        answer = super().transmit(apdu)
        self.heard = [*getattr(self, "heard", []), (bytes(apdu), answer)]
        return answer


async def sale(folder: Path, runtime: str, key: RsaKey | None) -> tuple[str | None, HeardCard, dict[str, bytes]]:
    """(how the holder was verified, the card, what the host saw)."""
    card = HeardCard(replace(personalisation.load("cb_visa_debit"), pin=PIN, pin_key=key))
    async with Stack(folder, runtime=runtime, tapped=True) as stack:
        cardholder = Cardholder(stack.reader).pay(card, "cb_visa_debit", "contact", PIN)
        paying = stack.app.payments.take_payment(Money(1250), "order-1")
        payment, _ = await asyncio.gather(paying, cardholder)
        assert payment.approved
        assert payment.transaction_id is not None
        assert isinstance(stack.line, TappedLine)
        trace = await stack.terminal.trace(payment.transaction_id)
        return payment.cvm, card, {"sent": stack.line.sent, "received": stack.line.received, "trace": trace}


@pytest.mark.parametrize("runtime", ["micropython", "cpython"])
@pytest.mark.parametrize("key", [None, _PIN_KEY], ids=["key of the card", "key made for it"])
def test_the_card_deciphers_the_pin_and_nobody_else_sees_it(tmp_path: Path, runtime: str, key: RsaKey | None) -> None:
    cvm, card, seen = asyncio.run(sale(tmp_path, runtime, key))
    assert cvm == "offline_pin"
    verifies = [row for row in card.heard if row[0][1] == 0x20]
    assert [(command[:4].hex(), answer.hex()) for command, answer in verifies] == [("00200088", "9000")]
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    seen |= {"contacts": b"".join(command + answer for command, answer in card.heard)}
    seen |= {str(path.relative_to(tmp_path)): path.read_bytes() for path in kept}
    for name, data in seen.items():
        assert pin_traces(bytes(data), PIN, every_form=True) == [], name
        assert name == "contacts" or pan_traces(bytes(data), card.personalisation.pan) == [], name


def test_the_trace_shows_that_a_pin_was_verified_and_not_which(tmp_path: Path) -> None:
    _, _, seen = asyncio.run(sale(tmp_path, "cpython", None))
    told = cbor.decode(seen["trace"])
    verify = next(command for command, _, _ in told["apdus"] if command[1] == 0x20)
    assert verify == bytes.fromhex("00200088")
    assert "pin_key_recovered" in [decision[1] for decision in told["decisions"]]
