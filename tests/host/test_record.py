"""Cards written down: redacted or signed anew, each transcript replays, on both runtimes, and gives nobody away."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from emv.certificates.ca_keys import CaKey
from firmware.flows import trace
from host.money import Money
from host.payment import trace_file
from host.payment.explanation import explain
from host.payment.model import Payment
from tests.support.leak import pan_traces, pin_traces, recover_pan_from_rsa
from tests.support.simulated_payment import Counter
from tools.micropython import interpreter
from tools.record.command import checked, of_card, of_file, record, text
from tools.record.errors import RecordingFailed
from tools.record.redaction import stand_in
from tools.record.terminal import Wanted
from tools.replay import runner
from tools.simulators import personalisation, scheme
from tools.simulators.card import SimulatedCard
from tools.simulators.issuer import Issuer

ROOT = Path(__file__).parent.parent.parent
CARDS = ROOT / "tests" / "cards"
CLOCK = datetime(2026, 11, 21, 14, 5, 9)
SIDES = [
    (name, interface, t0)
    for name in personalisation.names()
    for interface in ("contact", "contactless")
    for t0 in ((False, True) if interface == "contact" else (False,))
    if getattr(personalisation.load(name), interface)
]
every_card = pytest.mark.parametrize(("name", "interface", "t0"), SIDES)


def ca_keys() -> list[CaKey]:
    return [CaKey(key.rid, key.index, key.modulus, key.exponent) for key in (s.ca_public_key for s in scheme.schemes())]


def recorded(name: str, interface: str, t0: bool, keys: list[CaKey], resign: bool) -> dict:
    person = personalisation.load(name)
    wanted = Wanted(interface, 1250, CLOCK, pin=person.pin or None, issuer="approves")
    return of_card(SimulatedCard(person, t0), wanted, keys, resign)


def gives_nobody_away(file: dict, name: str) -> None:
    person = personalisation.load(name)
    written = text(file).encode()
    raw = b"".join(bytes.fromhex(cell) for row in file["exchange"] for cell in row[:2])
    for data in (written, raw):
        assert pan_traces(data, person.pan) == []
        assert not person.pin or pin_traces(data, person.pin) == []
    assert recover_pan_from_rsa(raw) == []
    assert not person.holder or person.holder.encode() not in raw
    assert not person.pin or person.pin != file.get("cardholder", {}).get("pin")


@every_card
def test_a_redacted_recording_replays(name: str, interface: str, t0: bool) -> None:
    file = recorded(name, interface, t0, ca_keys(), resign=False)
    assert file["redacted"] is True
    assert "taken from expect.oda" in checked(file)
    gives_nobody_away(file, name)


@every_card
def test_without_the_schemes_keys_it_is_recorded_too(name: str, interface: str, t0: bool) -> None:
    file = recorded(name, interface, t0, [], resign=False)
    assert checked(file)
    gives_nobody_away(file, name)


@every_card
def test_signed_anew_authentication_holds_without_the_schemes_keys(name: str, interface: str, t0: bool) -> None:
    file = recorded(name, interface, t0, [], resign=True)
    assert checked(file) == "replays" and "redacted" not in file
    assert interface == "contactless" or int(file["expect"]["tvr"][:2], 16) & 0xCC == 0, "authentication failed"
    gives_nobody_away(file, name)


@pytest.mark.parametrize("resign", [False, True])
def test_both_runtimes_replay_what_was_recorded(tmp_path: Path, resign: bool) -> None:
    for name, interface in (
        ("mastercard_credit", "contact"),
        ("visa_credit", "contact"),
        ("phone_wallet", "contactless"),
    ):
        (tmp_path / f"{name}.json").write_text(text(recorded(name, interface, False, ca_keys(), resign)))
    files = [str(path) for path in sorted(tmp_path.glob("*.json"))]
    for runtime in ("cpython", "micropython") if interpreter() else ("cpython",):
        command = [sys.executable, "-m", "tools.replay", *files, "--runtime", runtime]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout
        assert done.stdout.count("pass ") == 3


@pytest.mark.parametrize("resign", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "contact_cb_dda_offline_pin_approved",
        "contact_cda_with_scripts",
        "contact_dda_offline_approved",
        "contact_sda_online_declined",
        "contact_wrong_pin_then_right_t0",
        "contactless_fdda_offline_approved",
        "contactless_visa_online_pin",
    ],
)
def test_a_transcript_is_redacted_and_signed_anew(name: str, resign: bool) -> None:
    file = runner.load(str(CARDS / f"{name}.json"))
    changed = of_file(file, resign)
    assert checked(changed)
    for key in ("outcome", "oda", "tvr", "cid"):
        assert changed["expect"].get(key, "") == file["expect"].get(key, changed["expect"].get(key, "")), key
    assert [row[0][:8] for row in changed["exchange"]] == [row[0][:8] for row in file["exchange"]]
    assert [len(row[1]) for row in changed["exchange"]] == [len(row[1]) for row in file["exchange"]]


def test_a_signature_of_a_recording_covers_the_transaction() -> None:
    """Signed anew is signed: one byte of a signed record changed, and authentication fails."""
    file = recorded("visa_credit", "contact", False, [], resign=True)
    row = next(row for row in file["exchange"] if "5F2403491231" in row[1])
    row[1] = row[1].replace("5F2403491231", "5F2403501231")
    file["expect"] = {"commands": "prefix", "tvr_first": file["expect"]["tvr_first"]}
    with pytest.raises(RecordingFailed, match="does not replay"):
        checked(file)


@every_card
def test_a_trace_of_the_reader_becomes_a_transcript(name: str, interface: str, t0: bool) -> None:
    card = SimulatedCard(personalisation.load(name), t0)
    paid = Counter(Issuer(lambda: CLOCK.date()), card.pin).pay(card, interface)
    exchange = paid.transaction.exchange
    told = SimpleNamespace(transaction=paid.transaction, card=paid.transaction, times_ms=[1] * len(exchange))
    explanation = explain(b"".join(bytes(part) for part in trace.encode(told)))
    payment = Payment(bytes(8), "order", Money(1250), CLOCK, transaction_id=bytes(16), interface=interface)
    file = of_file(json.loads(trace_file.text(payment, explanation)))
    assert "taken from expect.oda" in checked(file)
    assert file["expect"]["outcome"] == paid.outcome.name
    assert file["expect"]["tvr"] == paid.transaction.data[0x95].hex().upper()
    gives_nobody_away(file, name)


def test_a_trace_has_nothing_to_sign() -> None:
    with pytest.raises(RecordingFailed, match="nothing could be signed"):
        of_file({"zinc_trace": 1}, resign=True)


def test_numbers_that_stand_in_have_their_check_digit() -> None:
    assert stand_in("4970", 16) == "4970000000000000"[:15] + stand_in("4970", 16)[-1]
    for length in (13, 16, 19):
        digits = [int(digit) for digit in stand_in("541333", length)]
        doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits[::-1])]
        assert len(digits) == length and sum(doubled) % 10 == 0


def test_what_cannot_be_recorded_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.json"
    wanted = Wanted("contact", 1250, CLOCK)
    broken = tmp_path / "broken.json"
    file = runner.load(str(CARDS / "contact_dda_offline_approved.json"))
    file["exchange"][0][0] = "00A4040007A000000003101000"
    broken.write_text(json.dumps(file))
    assert record(out, broken, "", wanted, None, False) == 1
    assert "not recorded: the file does not replay: command 0 is" in capsys.readouterr().err
    assert not out.exists()
