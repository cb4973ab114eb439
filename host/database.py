"""The host's database: SQLAlchemy Core on SQLite in WAL mode, or on PostgreSQL where more than one process writes.

Tables are declared beside their stores. On SQLite a transaction that may write is alone from its start. On PostgreSQL
(READ COMMITTED) others run beside it: what is read to decide what to write is guarded by a unique index, by a condition
in the UPDATE itself, or by `hold`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import get_ident
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    func,
    inspect,
    select,
    text,
)

from host.group_commit import commit_open, group

metadata = MetaData()
MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 5000

Work = Connection  # one open transaction


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC: SQLite itself forgets the time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """`url` is SQLAlchemy's, such as sqlite:////var/lib/zinc/till.db or postgresql://zinc@host/zinc."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, pool_pre_ping=url.startswith("postgresql"))  # the server may have restarted
        self._thread = get_ident()
        self._kept: Connection | None = None  # on SQLite: from the pool each time, it costs as much as a statement
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", prepare_sqlite)

    def transaction(self) -> AbstractContextManager[Work]:
        """Commits when left normally, or with the group that its task is of; an exception leaves nothing of it."""
        joined = group()
        if joined is not None:
            return joined.transaction()
        commit_open()
        return self.alone()

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """Of what only looks: on SQLite it waits for nobody who writes, and nobody who writes for it."""
        joined = group()
        if joined is not None:  # what it wrote is not committed yet
            with joined.transaction() as work:
                yield work
            return
        commit_open()
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Work]:
        """The same, of no group."""
        if self.engine.dialect.name != "sqlite":
            with self.engine.begin() as connection:
                yield connection
            return
        kept = self._free()
        try:
            with self.engine.connect() if kept is None else nullcontext(kept) as connection, connection.begin():
                begin_immediate(connection)
                yield connection
        except BaseException:
            if kept is not None:
                self._let_go()  # a commit that fails leaves the transaction open: the pool ends it
            raise

    def _free(self) -> Connection | None:
        """The connection that is kept, where this is its thread and nobody works with it."""
        if get_ident() != self._thread:
            return None
        if self._kept is None:
            self._kept = self.engine.connect()
        return None if self._kept.in_transaction() else self._kept

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def migrate(self) -> None:
        """Bring the schema to the newest revision; at once when it is there already (alembic takes 0.4 s to import)."""
        if _revision(self.engine) == newest_revision():
            return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.transaction() as connection:
            hold(connection, "schema")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def scrub(self, *tables: str) -> bool:
        """What was deleted from them leaves the files, too (terminal/LAW-10). False: not yet, somebody reads.

        SQLite has overwritten it (secure_delete) in its log, which is written back and emptied. On PostgreSQL the
        tables are written anew; old segments of its log go when it recycles them.
        """
        if self.engine.dialect.name == "sqlite":
            connection = self.engine.raw_connection()
            try:
                return connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
            finally:
                connection.close()
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in tables:
                connection.exec_driver_sql(f"VACUUM FULL {table}")
        return True

    def close(self) -> None:
        self._let_go()
        self.engine.dispose()


def hold(work: Work, name: str) -> None:
    """Until the end of the transaction nobody else holds that name; on SQLite nobody else writes meanwhile anyway."""
    if work.dialect.name == "postgresql":
        work.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def newest_revision() -> str:
    """Revisions are numbered, and a file of versions/ begins with its number."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """What a new connection of sqlite3 is told."""
    connection.isolation_level = None  # BEGIN is said below, not by the driver
    settings = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (*settings, f"busy_timeout={BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def begin_immediate(connection: Connection) -> None:
    """A transaction that reads first and writes later could fail as busy without waiting; this one waits at its start.

    Said to the driver, and not as an event of the engine, whose every statement would then look for listeners."""
    connection.connection.execute("BEGIN IMMEDIATE").close()
