"""The till's database in memory: it outlives the till's lives, and what a life has not committed is not there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from sqlite3 import Connection, connect

from host.database import Database, Work
from tools.simulation.faults import Faults
from tools.simulation.life import Killed, Life
from tools.simulation.statements import DirectConnection

Moved = Callable[[str, str, str], None]
_looks: list[Moved] = []
_FULL = 2  # PRAGMA synchronous, https://sqlite.org/pragma.html: a commit that returned outlives a power cut
_WRITTEN_BACK_S = 30.0  # after which a system writes of its own accord what nobody told it to write


@cache
def _migrated() -> tuple[Database, Connection]:
    """One database for the process, as statements are compiled for each anew; and how it is before the first sale."""
    database = Database("sqlite://")
    database.migrate()
    _watch(_raw(database))
    empty = connect(":memory:")
    _raw(database).backup(empty)
    return database, empty


def _watch(connection: Connection) -> None:
    """Each row's state, as it changes, is told to whoever looks at this moment."""
    connection.create_function("moved", 3, lambda *move: _looks[-1](*move))
    for table in ("payment", "remittance"):
        for event, before in (("INSERT", "''"), ("UPDATE OF state", "old.state")):
            connection.execute(
                f"CREATE TRIGGER moved_{table}_{event[:6]} AFTER {event} ON {table}"
                f" BEGIN SELECT moved('{table}', {before}, new.state); END"
            )


def _raw(database: Database) -> Connection:
    pooled = database.engine.raw_connection()
    try:
        return pooled.driver_connection  # pyright: ignore[reportReturnType]
    finally:
        pooled.close()


@cache
def _open(database: Database) -> DirectConnection:
    """One connection for all lives: taking one from the pool costs as much as what is asked by it."""
    return DirectConnection(database.engine)


def emptied(moved: Moved) -> Database:
    """`moved(table, from, to)` is called with each change of a state."""
    database, empty = _migrated()
    _looks[:] = [moved]
    empty.backup(_raw(database))
    return database


class Medium:
    """What is on the disk itself: all that was committed where a commit waits for the disk, else what is old enough."""

    def __init__(self, disk: Database) -> None:
        self.disk = disk
        self._raw = _raw(disk)
        (synchronous,) = self._raw.execute("PRAGMA synchronous").fetchone()
        self._written = None if synchronous >= _FULL else connect(":memory:")
        self._written_at_s = -_WRITTEN_BACK_S

    def commit_begins(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if self._written is not None and now_s >= self._written_at_s + _WRITTEN_BACK_S:
            self._raw.backup(self._written)
            self._written_at_s = now_s

    def power_was_cut(self) -> None:
        if self._written is not None:
            self._written.backup(self._raw)


class DiskDatabase(Database):
    """The Database of one life; `crash` ends the life at a commit, before or after it."""

    def __init__(self, medium: Medium, life: Life, faults: Faults, crash: Callable[[], None]) -> None:
        self.__dict__.update(medium.disk.__dict__)
        self._medium = medium
        self._life = life
        self._faults = faults
        self._crash = crash
        self._work = _open(medium.disk)
        self._raw = self._work.raw

    @contextmanager
    def alone(self) -> Iterator[Work]:
        self._life.check()
        before = self._raw.total_changes
        fault = ""
        self._medium.commit_begins()
        self._raw.execute("BEGIN IMMEDIATE")
        try:
            yield self._work
            if self._raw.total_changes != before:
                fault = self._faults.at("commit", "")
            if fault == "kill_before":
                self._die()
            self._raw.execute("COMMIT")
        except BaseException:
            self._raw.rollback()
            raise
        if fault == "kill_after":
            self._die()

    def migrate(self) -> None:
        """It is."""

    def close(self) -> None:
        """The next life goes on with it."""

    def _die(self) -> None:
        self._crash()
        raise Killed("kill -9")
