"""The simulated acquirer beside a test of the host, with an issuer that the test can tell what to answer; databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from host.database import Database
from tests.host.acquirer_thread import ApprovesAll, acquirer
from tests.support.postgresql import PostgreSQL
from tools.simulators.acquirer.server import AcquirerServer


@pytest.fixture
def issuer() -> ApprovesAll:
    return ApprovesAll()


@pytest.fixture
def server(tmp_path: Path, issuer: ApprovesAll) -> Iterator[AcquirerServer]:
    with acquirer(tmp_path, issuer) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One server for all tests of the session."""
    with PostgreSQL() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database of the test's own, with every table in it; the test runs once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'till.db'}"
        return
    server = request.getfixturevalue("postgresql")
    url = server.new_database()
    yield url
    server.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def either_engine(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever host the test builds, its database is of that engine."""
    opened = []

    class Noted(Database):
        def __init__(self, url: str) -> None:
            super().__init__(url)
            opened.append(self)

    monkeypatch.setenv("ZINC_DATABASE_URL", database_url)
    monkeypatch.setattr("host.app.Database", Noted)
    yield
    for database in opened:
        database.close()
