"""`zinc account`: who may sign in to the merchant's space of the till that runs on a folder, or will."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from host.app import App, build
from host.settings import Settings
from host.terminal.ble import BleLink
from host.terminal.client import ReaderClient
from host.web.sign_in.errors import InvalidAddress, KnownAddress
from host.web.words import LANGUAGES


@contextmanager
def _till(state: Path) -> Iterator[App]:
    state.mkdir(parents=True, exist_ok=True)
    app = build(Settings(database=state / "zinc.db"), ReaderClient(BleLink()))
    try:
        app.database.migrate()
        yield app
    finally:
        app.database.close()


def add(state: Path, email: str, language: str, with_link: bool) -> int:
    """0: it is there, and its e-mail leaves as soon as a till runs on the folder."""
    if language not in LANGUAGES:
        return _refused("language: " + ", ".join(LANGUAGES))
    with _till(state) as app:
        try:
            account = app.accounts.add(email, language)
        except InvalidAddress:
            return _refused("that is no e-mail address")
        except KnownAddress:
            return _refused("that address has an account already")
        print(f"{account.email}: the link to create the password leaves by e-mail when the till runs")
        if with_link:
            print(app.accounts.link(account))
        elif app.settings.mail is None:
            print(
                "no mail server is set (ZINC_MAIL__HOST): a demo has it in its inbox; --link prints it", file=sys.stderr
            )
    return 0


def show(state: Path) -> int:
    with _till(state) as app:
        for each in app.accounts.all():
            print(each.email, f"{each.made_at:%Y-%m-%d}", "password set" if each.password_hash else "no password yet")
    return 0


def remove(state: Path, email: str) -> int:
    with _till(state) as app:
        return 0 if app.accounts.remove(email) else _refused("no account has that address")


def _refused(why: str) -> int:
    print(why, file=sys.stderr)
    return 1
