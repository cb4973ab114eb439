"""The database: what a connection promises, and a schema that history and declarations agree on."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import host.app
import host.jobs.shards
import host.loyalty.tables  # noqa: F401
from host.database import MIGRATIONS, Database, hold, metadata, newest_revision
from host.jobs.timers import TimerTable, timers
from host.payment.states import State
from host.payment.store import PaymentStore

COLUMNS = "request_id, order_reference, amount_minor, currency, requested_at, state, asked, icc_data"
VALUES = "x'01', 'C1-1', 1250, 'EUR', '2026-11-21 09:30:15.000000', 'in_progress', 'not_asked', x''"


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'till.db'}")
    database.migrate()
    yield database
    database.close()


def test_sqlite_is_set_up_to_keep_what_it_was_told(sqlite: Database) -> None:
    with sqlite.transaction() as work:
        pragmas = [work.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
        assert pragmas == ["wal", 2, 1]
        assert work.scalar(text("PRAGMA busy_timeout")) == 5000


@pytest.mark.covers("services/SC-5")
def test_the_migrations_make_what_the_stores_declare(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_who_only_looks_waits_for_no_writer_nor_a_writer_for_it(database: Database) -> None:
    count = text("SELECT count(*) FROM loyalty_programme")
    with database.reading() as look, database.transaction() as work:
        work.execute(text("INSERT INTO loyalty_programme VALUES (1, '{}', :at, :at)"), {"at": datetime.now(UTC)})
        with database.reading() as other:
            assert (work.scalar(count), other.scalar(count), look.scalar(count)) == (1, 0, 0)
    with database.reading() as look:
        assert look.scalar(count) == 1


def test_the_newest_revision_is_the_one_that_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [newest_revision()]


def test_a_payment_of_the_first_till_is_kept(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text(f"INSERT INTO payment ({COLUMNS}) VALUES ({VALUES})"))
    database.migrate()
    with database.transaction() as work:
        (payment,) = PaymentStore(database).unfinished(work)
    assert (payment.order_reference, payment.reader, payment.state) == ("C1-1", None, State.IN_PROGRESS)
    database.close()


def test_a_database_at_its_newest_revision_needs_no_alembic(sqlite: Database, tmp_path: Path) -> None:
    script = (
        f"from host.database import Database; Database('sqlite:///{tmp_path / 'till.db'}').migrate();"
        "import sys; sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    def fails_half_way() -> None:
        with database.transaction() as work:
            work.execute(text("INSERT INTO article VALUES (1, 'Café', 'Boissons', 180, 'EUR', 1000)"))
            raise KeyError

    with pytest.raises(KeyError):
        fails_half_way()
    with database.transaction() as work:
        assert work.scalar(text("SELECT count(*) FROM article")) == 0


def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.transaction() as work:
        work.execute(text("INSERT INTO ledger_posting VALUES (1, 77, 'sales', 1, 'EUR')"))


def test_a_moment_comes_back_in_utc(database: Database) -> None:
    paris = datetime(2026, 11, 21, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    with database.transaction() as work:
        TimerTable(database).set(work, "reversal", "1", paris)
        stored = work.scalar(timers.select().with_only_columns(timers.c.due_at))
    assert stored == paris
    assert stored.tzinfo is UTC


@pytest.mark.covers("services/SC-5")
def test_a_name_is_held_by_one_transaction_at_a_time(database: Database) -> None:
    """Two that read, then write: the second one reads what the first one wrote."""
    first_holds, done = threading.Event(), []

    def second() -> None:
        assert first_holds.wait(10)
        with database.transaction() as work:
            hold(work, "C1-1")
            done.append(work.scalar(text("SELECT count(*) FROM article")))

    thread = threading.Thread(target=second)
    thread.start()
    with database.transaction() as work:
        hold(work, "C1-1")
        first_holds.set()
        thread.join(0.1)  # it would have read by now
        assert not done
        work.execute(text("INSERT INTO article VALUES (1, 'Café', 'Boissons', 180, 'EUR', 1000)"))
    thread.join(10)
    assert done == [1]
