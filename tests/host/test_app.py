"""The host put together: what it starts with, and the whole money side from till to acquirer and back."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from host.acquirer.caaa_link import CaaaLink
from host.app import ASK_AGAIN_S, App, _contract, build
from host.ledger.model import Account
from host.money import Money
from host.payment.model import Payment
from host.payment.states import State
from host.settings import Settings
from host.terminal.client import ReaderClient
from host.terminal.loyalty import LoyaltyDesk
from tests.host.acquirer_thread import ApprovesAll
from tests.host.stand_ins import Acquirer, Counter, FixedClock, Reader, chip_sale, ledger_balance
from tools.simulators.acquirer.behaviour import Behaviour
from tools.simulators.acquirer.server import AcquirerServer
from tools.simulators.issuer import IssuerAnswer


def host_of(folder: Path, port: int, random: Counter | None = None, deadline_s: float = 5) -> App:
    settings = Settings(
        database=folder / "till.db", acquirer_url=f"http://127.0.0.1:{port}/caaa", acquirer_deadline_s=deadline_s
    )
    return build(settings, Reader(online_sale), clock=FixedClock(), random=random or Counter())


async def online_sale(reader: Reader, request_id: bytes) -> dict:
    amount = f"{reader.amount_minor:012d}"
    icc_data = bytes.fromhex("9F0206" + amount + "9F03060000000000009C01009F2608A1B2C3D4E5F60718")
    answer = await reader.go_online(icc_data=icc_data, mac=b"\x33" * 8, ksn=request_id.rjust(12, b"\x00"))
    return reader.result(request_id, "approved" if answer.get("response_code") == b"00" else "declined")


async def sell(app: App, amount: Money = Money(1250)):  # noqa: B008  Money is frozen
    await app.start()
    ticket = app.till.open_ticket()
    app.till.add_amount(ticket.id, amount)
    try:
        return await app.till.pay(ticket.id)
    finally:
        await app.close()


def test_a_sale_goes_to_the_acquirer_and_into_the_ledger(tmp_path: Path, server: AcquirerServer) -> None:
    app = host_of(tmp_path, server.server_address[1])
    payment = asyncio.run(sell(app))
    assert payment.approved and payment.arqc_checked and payment.ledger_entry
    (row,) = server.simulator.store.authorisations()
    assert payment.transaction_id and row["transaction_id"] == payment.transaction_id.hex()
    assert ledger_balance(app, Account.CARD_RECEIVABLE) == Money(1250)
    app.database.close()


@pytest.mark.parametrize("mode", ["silent", "deaf", "cut", "error", "bad_xml", "other_transaction"])
def test_whatever_the_acquirer_does_nothing_is_approved_that_it_did_not_approve(
    tmp_path: Path,
    server: AcquirerServer,
    mode: str,
) -> None:
    server.mood.set(Behaviour(mode, requests=1))
    random = Counter()
    app = host_of(tmp_path, server.server_address[1], random, deadline_s=2 if mode in ("silent", "deaf") else 5)
    payment = asyncio.run(sell(app))
    assert (payment.state, payment.ledger_entry) == (State.REVERSAL_DUE, None)
    assert asyncio.run(sell(host_of(tmp_path, server.server_address[1], random))).approved


def test_a_refusal_of_the_issuer_is_a_refusal(tmp_path: Path, server: AcquirerServer, issuer: ApprovesAll) -> None:
    issuer.answer = IssuerAnswer("51", "insufficient_funds")
    payment = asyncio.run(sell(host_of(tmp_path, server.server_address[1])))
    assert payment.state is State.DECLINED


def test_a_sale_needs_no_web_no_migration_tool_and_no_pdf() -> None:
    script = (
        "import sys, host.app, host.terminal.client;"
        "sys.exit(' '.join({'nicegui', 'fastapi', 'alembic', 'reportlab', 'bumble'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_the_acquirer_of_the_settings_is_asked_unless_another_is_given(tmp_path: Path) -> None:
    app = build(Settings(database=tmp_path / "till.db"), Reader(chip_sale))
    assert isinstance(app.acquirer, CaaaLink)
    asyncio.run(app.close())


class Connected(Reader, ReaderClient):  # pyright: ignore
    """Of the till's own kind, over a line that stands."""

    busy, connected, connected_serial = False, True, "ZINC-0001"  # pyright: ignore

    def __init__(self) -> None:
        super().__init__(chip_sale)
        self.welcome = {"type": "welcome", "serial": self.serial, "number": 1}
        self.loyalty = LoyaltyDesk()


@pytest.mark.covers("faults/R-16", "terminal/T-R20")
def test_a_payment_that_outlived_its_host_is_asked_for_until_it_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        reader = Connected()
        app = build(Settings(database=tmp_path / "till.db"), reader, acquirer=Acquirer(), clock=FixedClock())
        app.database.migrate()
        payment, _ = app.payments._intent(Payment(b"", "C1-1", Money(1250), app.clock.now()))
        question = {"transaction_id": payment.request_id * 2, "amount_minor": 1250, "interface": "contact"}
        app.payments._commits.step(payment.asking(question, app.clock.now()))  # and the host dies
        now_s = 1000.0
        monkeypatch.setattr(App, "_now_s", lambda _: now_s)
        app.telecollection.add_contract(_contract(app.settings))
        status = {"type": "status", "state": "in_progress", "request_id": payment.request_id}
        reader.journal[payment.request_id] = status
        await app._meet_reader()
        assert app.payments.get(payment.request_id).state is State.UNKNOWN, "it runs yet"
        reader.amount_minor, reader.currency = 1250, 978
        reader.result(payment.request_id, "declined", why="no_answer")
        await app._meet_reader()
        assert app.payments.get(payment.request_id).state is State.UNKNOWN, "not each second"
        now_s += ASK_AGAIN_S
        await app._meet_reader()
        assert app.payments.get(payment.request_id).state is State.REVERSAL_DUE
        await app.close()

    asyncio.run(story())


def test_a_reader_that_is_gone_after_its_first_payment_is_of_the_contract(tmp_path: Path) -> None:
    """Else its copies would be in nobody's evening."""

    async def story() -> None:
        reader = Connected()
        reader.busy = True  # in that payment  # pyright: ignore
        app = build(Settings(database=tmp_path / "till.db"), reader, acquirer=Acquirer(), clock=FixedClock())
        app.database.migrate()
        app.telecollection.add_contract(_contract(app.settings))
        await app._meet_reader()
        assert app.telecollection.overview.contracts()[0].readers == (reader.serial,)
        await app.close()

    asyncio.run(story())


def test_settings_come_from_variables_and_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZINC_MERCHANT__NAME", "Chez Zoé")
    monkeypatch.setenv("ZINC_ACQUIRER_DEADLINE_S", "3.5")
    settings = Settings()
    assert (settings.merchant.name, settings.acquirer_deadline_s) == ("Chez Zoé", 3.5)
    monkeypatch.setenv("ZINC_LANGUAGE", "tlh")
    with pytest.raises(ValidationError):
        Settings()
