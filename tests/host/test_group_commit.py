"""Group commit: many tasks, one commit, and nothing is heard outside before it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import event, text

from host.database import Database
from host.group_commit import GroupBroken, GroupCommit, after_commit
from tests.support.postgresql import PostgreSQL


@pytest.fixture
def notes(postgresql: PostgreSQL) -> Iterator[Database]:
    url = postgresql.new_database()
    database = Database(url)
    with database.transaction() as work:
        work.execute(text("CREATE TABLE note (task integer, word text, UNIQUE (task, word))"))
    yield database
    database.close()
    postgresql.drop(url)


def write(database: Database, task: int, word: str) -> None:
    with database.transaction() as work:
        work.execute(text("INSERT INTO note VALUES (:task, :word)"), {"task": task, "word": word})


class Outside:
    """Sees what is durable, from a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._other = Database(database.engine.url.render_as_string(hide_password=False))
        self.heard: Counter[int] = Counter()

    async def hear(self, task: int) -> None:
        with self._other.engine.connect() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM note WHERE task = {task} AND word = 'asked'")) == 1
        self.heard[task] += 1

    def close(self) -> None:
        self._other.close()


def rows(database: Database) -> Counter[str]:
    with database.transaction() as work:
        return Counter(work.scalars(text("SELECT word FROM note")))


def commits_of(database: Database) -> list[None]:
    counted: list[None] = []
    event.listen(database.engine, "commit", lambda _: counted.append(None))
    return counted


async def exchange(database: Database, outside: Outside, task: int) -> None:
    write(database, task, "asked")
    await after_commit(outside).hear(task)
    write(database, task, "answered")


def grouped(database: Database, tasks: list[Callable]) -> list[Exception | None]:
    return asyncio.run(_grouped(database, tasks))


async def _grouped(database: Database, tasks: list[Callable]) -> list[Exception | None]:
    return await GroupCommit(database.alone).run(tasks)


@pytest.mark.covers("services/SC-1")
def test_a_hundred_tasks_have_two_commits_and_the_world_hears_of_what_is_durable(notes: Database) -> None:
    outside, commits = Outside(notes), commits_of(notes)
    tasks = [lambda task=task: exchange(notes, outside, task) for task in range(100)]
    assert grouped(notes, tasks) == [None] * 100
    assert len(commits) == 2
    outside.close()
    assert rows(notes) == {"asked": 100, "answered": 100}
    assert outside.heard.total() == 100


@pytest.mark.covers("services/TC-3")
def test_one_that_fails_in_its_transaction_takes_back_what_was_not_committed_and_the_others_are_told(
    notes: Database,
) -> None:
    outside = Outside(notes)

    async def fails() -> None:
        write(notes, 3, "asked")  # another has written that: the database refuses it

    async def fails_beside() -> None:
        raise OSError("not in a transaction")

    tasks: list[Callable] = [lambda task=task: exchange(notes, outside, task) for task in range(10)]
    outcomes = grouped(notes, [*tasks, fails])
    assert all(isinstance(outcome, GroupBroken) for outcome in outcomes)
    assert rows(notes) == {} and not outside.heard, "nobody had been told anything"
    outcomes = grouped(notes, [*tasks, fails_beside])
    outside.close()
    assert outcomes[:-1] == [None] * 10 and isinstance(outcomes[-1], OSError)
    assert rows(notes) == {"asked": 10, "answered": 10}


def test_what_is_durable_stays_when_a_later_transaction_fails(notes: Database) -> None:
    outside = Outside(notes)

    async def fails_later() -> None:
        await exchange(notes, outside, 0)
        write(notes, 0, "answered")

    outcomes = grouped(notes, [fails_later, lambda: exchange(notes, outside, 1)])
    outside.close()
    assert all(isinstance(outcome, GroupBroken) for outcome in outcomes)
    assert rows(notes) == {"asked": 2}


def test_who_writes_by_himself_in_the_same_loop_does_not_wait_for_a_row_of_the_group(notes: Database) -> None:
    write(notes, 0, "asked")

    def touch() -> None:
        with notes.transaction() as work:
            work.execute(text("SET LOCAL lock_timeout = '2s'"))
            work.execute(text("UPDATE note SET word = word"))

    async def member() -> None:
        touch()

    async def both() -> list[Exception | None]:
        group = asyncio.create_task(_grouped(notes, [member]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # the member has written, and its commit is due
        touch()
        return await group

    assert asyncio.run(both()) == [None]


def test_outside_of_a_group_a_port_is_called_at_once() -> None:
    class Port:
        name = "port"

        async def double(self, number: int) -> int:
            return 2 * number

        def triple(self, number: int) -> int:
            return 3 * number

    port = after_commit(Port())
    assert asyncio.run(port.double(2)) == 4
    assert (port.triple(2), port.name) == (6, "port")
