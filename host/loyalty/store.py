"""Where loyalty keeps what it must not forget, and forgets what it must; a method's `work` is one open transaction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from host.database import Database, Work
from host.loyalty.client_store import ClientStore
from host.loyalty.model import Consent
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

    def reading(self) -> AbstractContextManager[Work]:
        return self._database.reading()

    def given(self, work: Work, member_ids: Sequence[str]) -> dict[str, list[Consent]]:
        """Every answer of these, in order, also under ids that were merged into them."""
        owners = self.clients.families(work, member_ids)
        found: dict[str, list[Consent]] = {member_id: [] for member_id in member_ids}
        for consent in self.consents.of(work, list(owners)):
            found[owners[consent.member_id]].append(consent)
        return found

    def scrub(self) -> bool:
        """What was deleted leaves the files, too. False: somebody reads the old pages still."""
        return self._database.scrub("identity", "loyalty_code", "loyalty_card")
