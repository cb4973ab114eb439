"""Contracts, their readers, and the parameters that the acquirer has signed for them."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import Row, bindparam, select

from host.acquirer.model import Parameters
from host.database import Work
from host.money import CURRENCIES
from host.telecollection.errors import UnknownContract
from host.telecollection.model import Contract
from host.telecollection.tables import contracts, parameters, readers

# Made once: to make a statement costs as much as to run it.
GET = select(contracts).where(contracts.c.id == bindparam("wanted"))
READERS = select(readers.c.reader).where(readers.c.contract == bindparam("wanted")).order_by(readers.c.reader)
OF_READER = select(readers).where(readers.c.reader == bindparam("wanted"))


class ContractStore:
    def add(self, work: Work, contract: Contract) -> None:
        work.execute(contracts.insert().values(_row(contract)))
        for reader in contract.readers:
            self.add_reader(work, contract.id, reader)

    def add_reader(self, work: Work, contract_id: str, reader: str) -> None:
        work.execute(readers.insert().values(reader=reader, contract=contract_id, parameters_version=0))

    def save(self, work: Work, contract: Contract) -> None:
        work.execute(contracts.update().where(contracts.c.id == contract.id).values(_row(contract)))

    def get(self, work: Work, contract_id: str) -> Contract:
        """Raises UnknownContract."""
        row = work.execute(GET, {"wanted": contract_id}).first()
        if row is None:
            raise UnknownContract(contract_id)
        return self._contract(work, row)

    def every(self, work: Work) -> list[Contract]:
        return [self._contract(work, row) for row in work.execute(select(contracts).order_by(contracts.c.id)).all()]

    def contract_of(self, work: Work, reader: str) -> Contract:
        """Raises UnknownContract."""
        row = self._reader(work, reader)
        return self.get(work, row.contract if row else f"of {reader}")

    def seen(self, work: Work, reader: str, at: datetime, parameters_version: int) -> None:
        """It answers, with parameters of that version. One that was lost is found again."""
        facts = {"seen_at": at, "parameters_version": parameters_version, "lost_at": None}
        work.execute(readers.update().where(readers.c.reader == reader).values(facts))

    def lose(self, work: Work, reader: str, at: datetime) -> None:
        work.execute(readers.update().where(readers.c.reader == reader).values(lost_at=at))

    def lost(self, work: Work, reader: str) -> bool:
        row = self._reader(work, reader)
        return row is not None and row.lost_at is not None

    def version_of(self, work: Work, reader: str) -> int:
        """Of the parameters that the reader said it has."""
        row = self._reader(work, reader)
        return row.parameters_version if row else 0

    def keep_parameters(self, work: Work, contract_id: str, fetched: Parameters, at: datetime) -> None:
        if self._has(work, contract_id, fetched.version):
            return
        facts = {"contract": contract_id, "version": fetched.version, "document": fetched.contract}
        work.execute(parameters.insert().values(facts | {"signature": fetched.signature, "fetched_at": at}))

    def newest_parameters(self, work: Work, contract_id: str) -> Parameters | None:
        mine = select(parameters).where(parameters.c.contract == contract_id)
        row = work.execute(mine.order_by(parameters.c.version.desc()).limit(1)).first()
        return Parameters(row.version, row.document, row.signature) if row else None

    def last_notice(self, work: Work, contract_id: str) -> str:
        """Of the acquirer's settlement notices, the id of the latest that was read."""
        return work.scalar(select(contracts.c.last_notice).where(contracts.c.id == contract_id)) or ""

    def notice_seen(self, work: Work, contract_id: str, notice: str) -> None:
        work.execute(contracts.update().where(contracts.c.id == contract_id).values(last_notice=notice[:64]))

    def _has(self, work: Work, contract_id: str, version: int) -> bool:
        same = (parameters.c.contract == contract_id) & (parameters.c.version == version)
        return work.scalar(select(parameters.c.version).where(same)) is not None

    def _reader(self, work: Work, reader: str) -> Row | None:
        return work.execute(OF_READER, {"wanted": reader}).first()

    def _contract(self, work: Work, row: Row) -> Contract:
        return Contract(
            row.id,
            row.merchant,
            row.acquirer_id,
            time.fromisoformat(row.cut_off),
            row.zone,
            tuple(work.scalars(READERS, {"wanted": row.id})),
            CURRENCIES[row.currency],
            row.active,
            row.parameters_version,
        )


def _row(contract: Contract) -> dict[str, object]:
    return {
        "id": contract.id,
        "merchant": contract.merchant,
        "acquirer_id": contract.acquirer_id,
        "cut_off": f"{contract.cut_off:%H:%M}",
        "zone": contract.zone,
        "currency": contract.currency.code,
        "active": contract.active,
        "parameters_version": contract.parameters_version,
    }
