"""Where telecollection keeps what it must not forget; a method's `work` is one open transaction."""

from __future__ import annotations

from contextlib import AbstractContextManager

from host.database import Database, Work
from host.telecollection.alert_store import AlertStore
from host.telecollection.closing_store import ClosingStore
from host.telecollection.contract_store import ContractStore
from host.telecollection.day_store import DayStore
from host.telecollection.funding_store import FundingStore
from host.telecollection.remittance_store import RemittanceStore


class TelecollectionStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.contracts = ContractStore()
        self.days = DayStore()
        self.closings = ClosingStore()
        self.remittances = RemittanceStore()
        self.fundings = FundingStore()
        self.alerts = AlertStore()

    def transaction(self) -> AbstractContextManager[Work]:
        return self._database.transaction()
