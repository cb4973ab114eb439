"""Contracts, their readers, and the parameters that the acquirer has signed for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Row, bindparam, select

from host.acquirer.model import Parameters
from host.database import Work
from host.money import CURRENCIES
from host.telecollection.errors import UnknownContract
from host.telecollection.model import Contract
from host.telecollection.tables import contracts, parameters, readers

# Made once: to make a statement costs as much as to run it.
EVERY = select(contracts, readers.c.reader).outerjoin(readers).order_by(contracts.c.id, readers.c.reader)
GET = EVERY.where(contracts.c.id == bindparam("wanted"))
OF_READER = select(readers).where(readers.c.reader == bindparam("wanted"))
SEEN = readers.update().where(readers.c.reader == bindparam("wanted"))
NEWEST = (
    select(parameters)
    .where(parameters.c.contract == bindparam("wanted"))
    .order_by(parameters.c.version.desc())
    .limit(1)
)
OWED = (
    select(parameters)
    .join(readers, readers.c.contract == parameters.c.contract)
    .where(readers.c.reader == bindparam("wanted"), parameters.c.version > readers.c.parameters_version)
    .order_by(parameters.c.version.desc())
    .limit(1)
)
LAST_NOTICE = select(contracts.c.last_notice).where(contracts.c.id == bindparam("wanted"))


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
        rows = work.execute(GET, {"wanted": contract_id}).all()
        if not rows:
            raise UnknownContract(contract_id)
        return _contract(rows)

    def every(self, work: Work) -> list[Contract]:
        return [_contract(list(rows)) for _, rows in groupby(work.execute(EVERY), attrgetter("id"))]

    def contract_of(self, work: Work, reader: str) -> Contract:
        """Raises UnknownContract."""
        row = self._reader(work, reader)
        return self.get(work, row.contract if row else f"of {reader}")

    def seen(self, work: Work, reader: str, at: datetime, parameters_version: int) -> None:
        """It answers, with parameters of that version. One that was lost is found again."""
        facts = {"seen_at": at, "parameters_version": parameters_version, "lost_at": None}
        work.execute(SEEN, facts | {"wanted": reader})

    def lose(self, work: Work, reader: str, at: datetime) -> None:
        work.execute(readers.update().where(readers.c.reader == reader).values(lost_at=at))

    def lost(self, work: Work, reader: str) -> bool:
        row = self._reader(work, reader)
        return row is not None and row.lost_at is not None

    def keep_parameters(self, work: Work, contract_id: str, fetched: Parameters, at: datetime) -> None:
        if self._has(work, contract_id, fetched.version):
            return
        facts = {"contract": contract_id, "version": fetched.version, "document": fetched.contract}
        work.execute(parameters.insert().values(facts | {"signature": fetched.signature, "fetched_at": at}))

    def newest_parameters(self, work: Work, contract_id: str) -> Parameters | None:
        row = work.execute(NEWEST, {"wanted": contract_id}).first()
        return Parameters(row.version, row.document, row.signature) if row else None

    def owed_parameters(self, work: Work, reader: str) -> tuple[str, Parameters] | None:
        """Newer ones than the reader said it has, with its contract."""
        row = work.execute(OWED, {"wanted": reader}).first()
        return (row.contract, Parameters(row.version, row.document, row.signature)) if row else None

    def last_notice(self, work: Work, contract_id: str) -> str:
        """Of the acquirer's settlement notices, the id of the latest that was read."""
        return work.scalar(LAST_NOTICE, {"wanted": contract_id}) or ""

    def notice_seen(self, work: Work, contract_id: str, notice: str) -> None:
        work.execute(contracts.update().where(contracts.c.id == contract_id).values(last_notice=notice[:64]))

    def _has(self, work: Work, contract_id: str, version: int) -> bool:
        same = (parameters.c.contract == contract_id) & (parameters.c.version == version)
        return work.scalar(select(parameters.c.version).where(same)) is not None

    def _reader(self, work: Work, reader: str) -> Row | None:
        return work.execute(OF_READER, {"wanted": reader}).first()


def _contract(rows: Sequence[Row]) -> Contract:
    """One row for each of its readers, and one when it has none."""
    row = rows[0]
    return Contract(
        row.id,
        row.merchant,
        row.acquirer_id,
        time.fromisoformat(row.cut_off),
        row.zone,
        tuple(each.reader for each in rows if each.reader is not None),
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
