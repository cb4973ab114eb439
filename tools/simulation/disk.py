"""The till's database in memory: it outlives the till's lives, and what a life has not committed is not there."""

from __future__ import annotations

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


class DiskDatabase(Database):
    """The Database of one life; `crash` ends the life at a commit, before or after it."""

    def __init__(self, disk: Database, life: Life, faults: Faults, crash: Callable[[], None]) -> None:
        self.__dict__.update(disk.__dict__)
        self._life = life
        self._faults = faults
        self._crash = crash
        self._work = _open(disk)
        self._raw = self._work.raw

    @contextmanager
    def alone(self) -> Iterator[Work]:
        self._life.check()
        before = self._raw.total_changes
        fault = ""
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
