"""Where loyalty keeps what it must not forget, and forgets what it must; a method's `work` is one open transaction."""

from __future__ import annotations

from contextlib import AbstractContextManager

from host.database import Database, Work
from host.loyalty.client_store import ClientStore
from host.loyalty.point_store import PointStore
from host.loyalty.programme_store import ConsentStore, ProgrammeStore
from host.loyalty.visit_store import VisitStore


class LoyaltyStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.clients = ClientStore()
        self.points = PointStore()
        self.visits = VisitStore()
        self.programmes = ProgrammeStore()
        self.consents = ConsentStore()

    def transaction(self) -> AbstractContextManager[Work]:
        return self._database.transaction()

    def scrub(self) -> bool:
        """What was deleted leaves the files, too. False: somebody reads the old pages still."""
        return self._database.scrub("identity", "loyalty_code", "loyalty_card")
