"""Statements that a store keeps, run by SQLite itself: SQLAlchemy compiles each of them once.

What it adds to each execution (finding what it has compiled, a context, a cursor, a result) costs several times what
SQLite does. The SQL, what is bound to it and how columns are read are SQLAlchemy's; what is made anew each time, and
what fails, is its own to run.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Row, Select
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.sql.dml import UpdateBase

Parameters = dict[str, Any]


class Found:
    """As much of SQLAlchemy's Result as stores ask for."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        return self._rows

    def first(self) -> Any:
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Any:
        if len(self._rows) > 1:
            raise MultipleResultsFound
        return self.first()

    def one(self) -> Any:
        if not self._rows:
            raise NoResultFound
        return self.one_or_none()


class Prepared:
    """One statement, compiled, with parameters of these names, lists of these lengths."""

    def __init__(self, compiled: Any, parameters: Parameters) -> None:
        """Raises ValueError for what each execution has to look at anew."""
        state = compiled.construct_expanded_state(parameters)
        self.sql: str = state.statement
        given: dict[str, tuple[str, int | None]] = {name: (name, None) for name in parameters}
        for name, expanded in state.parameter_expansion.items():
            if given.pop(name, None):
                given |= {each: (name, place) for place, each in enumerate(expanded)}
        places = list(state.positiontup or ())
        if compiled.insert_prefetch or compiled.update_prefetch or not given.keys() <= set(places):
            raise ValueError(self.sql)
        bound_by = (compiled._bind_processors | state.processors).get
        self._fixed = [_through(bound_by(name), state.parameters[name]) for name in places]
        self._given = [(at, *given[name], bound_by(name)) for at, name in enumerate(places) if name in given]
        columns = compiled._result_columns
        self._reads = [column.type._cached_result_processor(compiled.dialect, None) for column in columns]
        self._metadata = SimpleResultMetaData([column.keyname for column in columns])

    def bound(self, parameters: Parameters) -> list[Any]:
        values = self._fixed.copy()
        for at, name, place, process in self._given:
            value = parameters[name] if place is None else parameters[name][place]
            values[at] = value if process is None else process(value)
        return values

    def rows(self, found: Iterable[tuple[Any, ...]]) -> list[Any]:
        metadata, reads, places = self._metadata, self._reads, self._metadata._key_to_index
        return [Row(metadata, reads, places, values) for values in found]  # pyright: ignore[reportCallIssue] C takes four

    def scalars(self, found: Iterable[tuple[Any, ...]]) -> list[Any]:
        read = self._reads[0]
        return [_through(read, values[0]) for values in found]


def _through(process: Any, value: Any) -> Any:
    return value if process is None else process(value)


class DirectConnection(Connection):
    """`raw` is what it has of the engine."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.raw: sqlite3.Connection = self.connection.driver_connection  # pyright: ignore[reportAttributeAccessIssue]
        self._kept = set(_kept_by("host"))
        self._prepared: dict[tuple[Any, ...], Prepared | None] = {}

    def execute(self, statement: Any, parameters: Any = None, **options: Any) -> Any:
        found = self._run(statement, parameters, Prepared.rows)
        return super().execute(statement, parameters, **options) if found is None else found

    def scalars(self, statement: Any, parameters: Any = None, **options: Any) -> Any:
        found = self._run(statement, parameters, Prepared.scalars)
        return super().scalars(statement, parameters, **options) if found is None else found

    def scalar(self, statement: Any, parameters: Any = None, **options: Any) -> Any:
        found = self._run(statement, parameters, Prepared.scalars)
        return super().scalar(statement, parameters, **options) if found is None else found.first()

    def _run(self, statement: Any, parameters: Any, read: Any) -> Found | None:
        """None: SQLAlchemy is to run it."""
        if statement not in self._kept:
            return None
        many = parameters if isinstance(parameters, list) else None
        one: Any = many[0] if many else parameters or {}
        prepared = self._prepare(statement, one)
        if prepared is None:
            return None
        try:
            if many:
                cursor = self.raw.executemany(prepared.sql, map(prepared.bound, many))
            else:
                cursor = self.raw.execute(prepared.sql, prepared.bound(one))
        except sqlite3.Error:
            return None  # it fails again, in words that stores know
        return Found(read(prepared, cursor) if cursor.description else [], cursor.rowcount)

    def _prepare(self, statement: Any, parameters: Parameters) -> Prepared | None:
        key = (statement, *parameters, *[len(each) for each in parameters.values() if isinstance(each, list | tuple)])
        try:
            return self._prepared[key]
        except KeyError:
            compiled = statement.compile(dialect=self.dialect, column_keys=sorted(parameters))
        try:
            self._prepared[key] = Prepared(compiled, parameters)
        except ValueError:
            self._prepared[key] = None
        return self._prepared[key]


def _kept_by(package: str) -> Iterator[Executable]:
    """What its modules hold by name."""
    for name, module in list(sys.modules.items()):
        for each in list(vars(module).values()) if name.startswith(package + ".") else ():
            for held in each.values() if isinstance(each, dict) else (each,):
                if isinstance(held, (Select, UpdateBase)):
                    yield held
