"""The acquirer, free of sockets: bytes in, bytes out, and its own books, which say what became of every transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

from host.acquirer.caaa_authorisation import read_request
from host.acquirer.errors import MalformedMessage
from tools.simulators.acquirer.authoriser import Authoriser, Issuer, SameIdOtherQuestion
from tools.simulators.acquirer.store import Store
from tools.simulators.key_host import HostKeys

MEMORY = Path(":memory:")


@dataclass(frozen=True)
class Contract:
    """What this acquirer does where acquirers differ."""

    capture_on_003: bool = False  # a completion without Rvsl captures, and then the batch may not
    preauthorisation_validity: timedelta = timedelta(days=30)
    completion_percent: int = 115  # of the pre-authorised amount, that may be captured


@dataclass(frozen=True)
class Entry:
    """What the acquirer holds of one transaction id (32 hexadecimal digits); amounts in minor units."""

    transaction_id: str
    kind: str
    authorised_minor: int  # 0: it never approved anything under this id
    hold: bool  # the cardholder's money is kept: neither captured nor given back
    reversed: bool
    cancelled: bool
    captured: int  # times
    captured_minor: int
    offline: bool  # captured without an authorisation: the card's TC stands in for it
    presented: int  # data sets that listed it
    refunded_minor: int  # by captured refunds of it
    authorised_at: datetime | None


class AcquirerSimulator:
    """One thread at a time. `now` is aware; `keys_of` gives the keys of a key serial number."""

    def __init__(
        self,
        keys_of: Callable[[bytes], HostKeys],
        issuer: Issuer,
        now: Callable[[], datetime],
        database: Path = MEMORY,
        contract: Contract | None = None,
    ) -> None:
        self.store = Store(database)
        self.contract = contract or Contract()
        self._now = now
        self.authoriser = Authoriser(self.store, keys_of, issuer, now)

    def handle(self, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """HTTP status and body for POST /caaa (any message), GET /settlements?after=ID, GET /parameters?version=N."""
        if path != "/caaa":
            return HTTPStatus.NOT_FOUND, b""
        try:
            return HTTPStatus.OK, self.authoriser.answer(read_request(body))
        except MalformedMessage:
            return HTTPStatus.BAD_REQUEST, b""
        except SameIdOtherQuestion:
            return HTTPStatus.CONFLICT, b""

    def ledger(self) -> dict[str, Entry]:
        """All that it knows of, by transaction id."""
        raise NotImplementedError

    def orphans(self) -> list[str]:
        """Holds that nobody captured, reversed or cancelled, but for pre-authorisations within their validity."""
        raise NotImplementedError

    def close(self) -> None:
        self.store.close()
