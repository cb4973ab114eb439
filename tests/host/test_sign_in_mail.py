"""The e-mails of signing in, which leave by the outbox of all messages; and `zinc account`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from host.app import App, build
from host.messaging.carriers import Carriers
from host.settings import Settings
from tests.host.sign_in_bench import EMAIL, PASSWORD, Clock
from tests.host.stand_ins import Acquirer, Counter, Reader, chip_sale
from tools.simulators.messages.inbox import Inbox
from tools.zinc import app as zinc

pytestmark = pytest.mark.covers("services/L-5")
LINK = re.compile(r"https://zinc\.example/commercant/mot-de-passe\?j=\S+")


class Till:
    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.inbox = Inbox(self.clock.now)
        settings = Settings(database=folder / "zinc.db", public_url="https://zinc.example")
        carriers, ends = Carriers(None, self.inbox), (Reader(chip_sale), Acquirer(), self.clock)
        self.app: App = build(settings, ends[0], acquirer=ends[1], clock=ends[2], carriers=carriers, random=Counter())
        self.app.database.migrate()

    def letter(self) -> str:
        """What is sent now; one e-mail."""
        self.inbox.arrived.clear()
        asyncio.run(self.app.messages.run_due(self.clock.now()))
        [arrived] = self.inbox.arrived
        assert arrived.letter.to == EMAIL and "Café du Zinc" in arrived.letter.subject
        return arrived.letter.text

    def token(self) -> str:
        return parse_qs(urlsplit(LINK.findall(self.letter())[0]).query)["j"][0]


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    made = Till(tmp_path)
    yield made
    made.app.database.close()


@pytest.mark.parametrize(
    ("language", "login", "days"),
    [
        ("fr", "Votre identifiant : ", "dans les 7 jours"),
        ("en", "Your login: ", "within 7 days"),
        ("nl", "Uw login: ", "binnen 7 dagen"),
    ],
)
def test_the_first_e_mail_recalls_the_login_and_holds_the_link(
    till: Till, language: str, login: str, days: str
) -> None:
    till.app.accounts.add(EMAIL, language)
    said = till.letter()
    assert login + EMAIL in said and days in said and len(LINK.findall(said)) == 1


def test_the_link_is_written_as_the_e_mail_leaves(till: Till) -> None:
    till.app.accounts.add(EMAIL)
    till.clock.passes(days=1)
    token = till.token()
    till.clock.passes(days=6, hours=23)
    till.app.accounts.set_password(token, PASSWORD)
    till.app.accounts.ask_link(EMAIL)
    assert "dans l'heure" in till.letter()


def test_the_outbox_knows_neither_address_nor_link(till: Till) -> None:
    till.app.accounts.add(EMAIL)
    link = till.token()
    with till.app.database.transaction() as work:
        rows = str(work.execute(text("SELECT * FROM message")).all())
    assert "account" in rows and EMAIL not in rows and link not in rows


def test_who_was_removed_gets_no_e_mail(till: Till) -> None:
    till.app.accounts.add(EMAIL)
    till.app.accounts.remove(EMAIL)
    asyncio.run(till.app.messages.run_due(till.clock.now()))
    assert till.inbox.arrived == []


def test_accounts_by_the_command(tmp_path: Path) -> None:
    def run(*command: str) -> tuple[int, str]:
        done = CliRunner().invoke(zinc, ["account", *command, "--state", str(tmp_path)])
        return done.exit_code, done.output

    assert run("list") == (0, "")
    done, said = run("add", EMAIL.upper(), "--link")
    assert done == 0 and EMAIL in said and "/commercant/mot-de-passe?j=" in said
    assert [run("add", each)[0] for each in (EMAIL, "no address")] == [1, 1]
    assert run("add", "autre@zinc.example", "--language", "de")[0] == 1
    assert "no password yet" in run("list")[1]
    assert [run("remove", EMAIL)[0] for _ in range(2)] == [0, 1] and run("list") == (0, "")
