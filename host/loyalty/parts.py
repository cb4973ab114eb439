"""What the parts of loyalty share: store, clock, zone, and who sends messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from host.clock import Clock
from host.jobs.port import Timers
from host.loyalty.store import LoyaltyStore
from host.messaging.ports import Messages

CODE_TRIES = 5  # attacks/H-02
CODE_VALID = timedelta(minutes=10)
CODES_A_DAY = 5  # of one purpose: more that could be guessed at there never are
CODES_AN_HOUR = 200  # for signing in, to anyone: what strangers can guess at has a bound, whatever they ask for
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
UNCONFIRMED = timedelta(days=30)  # then the number is erased
REFUSED = timedelta(days=90)  # then the card may be asked again
KEPT = timedelta(days=3 * 365)  # after the last contact (terminal/LAW-11)
STRANGER_KEPT = timedelta(days=395)  # thirteen months: nobody was asked
PROOF_KEPT = timedelta(days=3 * 365)  # after the erasure: of consents, by a keyed hash of the number


@dataclass(frozen=True)
class Parts:
    """number_hash: keyed by the installation's secret. random(length) gives bytes."""

    store: LoyaltyStore
    messages: Messages
    number_hash: Callable[[str], bytes]
    timers: Timers
    clock: Clock
    random: Callable[[int], bytes]
    zone: ZoneInfo

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return self.day(self.now())

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def hour(self, moment: datetime) -> int:
        return moment.astimezone(self.zone).hour

    def new_id(self) -> str:
        return self.random(16).hex()
