"""Adding to a row of sums that may not be there yet, in one statement on either engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from host.database import Work

INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Sums:
    """Rows of `table`; what is not its key is added up. Made once: to make a statement costs as much as to run it."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._keys = [column.name for column in table.primary_key.columns]
        self._sums = [column.name for column in table.columns if column.name not in self._keys]
        self._statements = {name: self._statement(name) for name in INSERT}

    def add(self, work: Work, row: Mapping[str, Any]) -> None:
        """Sums that the row does not name stay."""
        work.execute(self._statements[work.dialect.name], dict.fromkeys(self._sums, 0) | dict(row))

    def _statement(self, dialect: str) -> Insert:
        insert = INSERT[dialect](self._table)
        added = {name: self._table.c[name] + insert.excluded[name] for name in self._sums}
        return insert.on_conflict_do_update(index_elements=self._keys, set_=added)


class Once:
    """Rows of `table` of which each comes once, whatever unique index it meets."""

    def __init__(self, table: Table) -> None:
        key = next(iter(table.primary_key.columns))  # only what was put in is told back
        self._statements = {
            name: insert(table).on_conflict_do_nothing().returning(key) for name, insert in INSERT.items()
        }

    def add(self, work: Work, row: Mapping[str, Any]) -> bool:
        """False: it was there."""
        return work.execute(self._statements[work.dialect.name], dict(row)).first() is not None
