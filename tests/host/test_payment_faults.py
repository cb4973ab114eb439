"""Random faults on the money side, against the invariants of faults.md: reader, acquirer and books agree in the end."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host.acquirer.errors import AcquirerSilent, AcquirerUnreachable
from host.app import App
from host.ledger.model import Account
from host.money import Money
from host.payment.model import Payment
from host.payment.states import UNFINISHED, State
from host.terminal.errors import LinkLost, PaymentUnknown
from tests.host.stand_ins import Acquirer, Counter, Reader, ledger_balance, till

PRICE = 1250


class HostDies(BaseException):
    """kill -9: no handler of the host runs, nor does it store anything any more."""


@dataclass(frozen=True)
class Fault:
    """One attempt to pay. `cut`: where the host loses the reader; `dies`: it is the host itself that is gone."""

    acquirer: str  # approves, refuses, silent (and approved), unreachable
    card: str  # finishes, torn
    cut: str  # nowhere, before, accepted, online, end
    dies: bool


FAULTS = st.builds(
    Fault,
    st.sampled_from(["approves", "refuses", "silent", "unreachable"]),
    st.sampled_from(["finishes", "torn"]),
    st.sampled_from(["nowhere", "before", "accepted", "online", "end"]),
    st.booleans(),
)
ERRORS = {"silent": AcquirerSilent(), "unreachable": AcquirerUnreachable()}


class World:
    """One reader with its journal and one acquirer with its holds; hosts come and go on one database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._random = Counter()
        self.journal: dict[bytes, dict] = {}
        self.held: set[bytes] = set()  # transaction ids that the acquirer approved

    def host(self, fault: Fault) -> App:
        async def script(reader: Reader, request_id: bytes) -> dict:
            return await self._play(fault, reader, request_id)

        acquirer = Acquirer(b"05" if fault.acquirer == "refuses" else b"00", ERRORS.get(fault.acquirer))
        app = till(self._folder, script, acquirer)
        app.terminal.journal = self.journal
        app.payments._random = self._random
        return app

    @property
    def intents(self) -> int:
        """How many payments were begun; their request ids are 1, 2, 3 ..."""
        return self._random.count

    async def _play(self, fault: Fault, reader: Reader, request_id: bytes) -> dict:
        def reached(point: str) -> None:
            if fault.cut == point:
                raise HostDies if fault.dies else PaymentUnknown(request_id, None)

        if fault.cut == "before":
            raise HostDies if fault.dies else LinkLost
        reader.progress("accepted")
        # From here on the reader finishes by itself, whoever listens; its journal knows the end.
        reader.result(request_id, "declined", why="host_gone")
        reached("accepted")
        answer = await reader.go_online()
        if fault.acquirer in ("approves", "silent"):
            self.held.add(request_id * 2)
        reached("online")
        approved = answer.get("response_code") == b"00" and fault.card == "finishes"
        result = reader.result(request_id, "approved" if approved else "declined")
        reached("end")
        return result


async def pay(app: App, order: str) -> None:
    await app.start()
    try:
        await app.payments.take_payment(Money(PRICE), order)
    except HostDies:
        pass


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has its schema already: making it takes longer than a sale."""
    folder = tmp_path_factory.mktemp("empty")
    till(folder).database.close()
    return folder / "till.db"


@pytest.mark.covers("faults/I1", "faults/I2", "faults/I4", "faults/I7")
@settings(max_examples=60)
@given(faults=st.lists(FAULTS, min_size=1, max_size=4))
def test_in_the_end_books_reader_and_acquirer_agree(empty: Path, faults: list[Fault]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(empty, folder)
        world = World(Path(folder))
        for fault in faults:
            app = world.host(fault)
            asyncio.run(pay(app, "C1-1"))
            app.database.close()
        app = world.host(Fault("approves", "finishes", "nowhere", False))
        asyncio.run(pay(app, "C1-1"))  # after the faults the customer pays, unless that is done
        check(world, app, [app.payments.get(number.to_bytes(8, "big")) for number in range(1, world.intents + 1)])
        app.database.close()


def check(world: World, app: App, payments: list[Payment]) -> None:
    assert not [payment for payment in payments if payment.state in UNFINISHED]
    approved = [payment for payment in payments if payment.approved]
    assert len(approved) == 1, "the order is paid, and once"
    assert ledger_balance(app, Account.CARD_RECEIVABLE) == Money(PRICE)
    for payment in payments:
        told = world.journal.get(payment.request_id, {"outcome": "cancelled"})["outcome"]
        assert payment.outcome == told
        held = payment.request_id * 2 in world.held
        if held:
            paid_or_owed = (State.APPROVED, State.REVERSAL_DUE, State.REVERSED)
            assert payment.state in paid_or_owed, "no hold is forgotten"
