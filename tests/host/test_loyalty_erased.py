"""What a member is erased of: every byte of number, address and card, in every file beside the till's database."""

from __future__ import annotations

import asyncio
import gzip
import logging
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from host.app import App
from host.jobs.dbos_jobs import DbosJobs
from host.loyalty.errors import UnknownMember
from host.loyalty.export import neutral
from host.loyalty.model import Enrolment, Subject
from host.loyalty.parts import PROOF_KEPT
from tests.host.loyalty_bench import E164, NUMBER, PROGRAMME
from tests.host.stand_ins import TOKEN, till

DIGITS = E164.removeprefix("+33")
EMAIL = "camille.durand@exemple.example"
BIRTHDAY = "08-17"


def found(folder: Path, *texts: str) -> list[tuple[str, str]]:
    """(file, text) of each that is in a file of the folder, as text or in UTF-16, compressed or not."""
    hits = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        data += gzip.decompress(data) if data[:2] == b"\x1f\x8b" else b""
        hits += [(path.name, each) for each in texts if each.encode() in data or each.encode("utf-16-le") in data]
    return hits


def signed_in(app: App, number: str = NUMBER) -> str:
    with app.database.transaction() as work:
        events = list(work.exec_driver_sql("SELECT event_id FROM loyalty_code ORDER BY valid_until").scalars())
    return app.loyalty.joining.sign_in(number, app.messages.code(events[-1]))


@pytest.mark.covers("terminal/LAW-8", "terminal/LAW-10", "services/L-12")
def test_nothing_of_who_was_erased_is_in_any_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        asyncio.run(_lived_and_erased(tmp_path))
    assert DIGITS not in caplog.text and EMAIL not in caplog.text


async def _lived_and_erased(folder: Path) -> None:
    """A member with a profile, messages, visits; beside an engine that keeps what its workflows were given."""
    (folder / "till").mkdir()
    app = till(folder / "till")
    engine = DbosJobs(f"sqlite:///{folder / 'till' / 'jobs.db'}", "C1")
    await engine.launch()
    app.loyalty.programmes.publish(PROGRAMME, {})
    ticket = app.till.add_article(app.till.open_ticket().id, app.till.articles()[0].id, 5)
    await app.till.pay(ticket.id)
    app.loyalty.joining.enrol(Enrolment(ticket.order_reference, NUMBER, "2026-11", True, "fr", TOKEN))
    member = signed_in(app)
    app.loyalty.members.update(member, email=EMAIL, birthday=BIRTHDAY, language="fr")
    app.loyalty.members.consent(member, Subject.EMAIL_OFFERS, True, "page.email.1", "page", "fr")
    app.loyalty.joining.ask_code(NUMBER)
    await app.messages.run_due(app.clock.now())
    assert found(folder, DIGITS, EMAIL), "the search finds what is there"
    await asyncio.to_thread(app.loyalty.members.erase, member)
    assert found(folder, DIGITS, NUMBER, EMAIL) == []
    shutil.copytree(folder / "till", folder / "backup")
    await app.timers.run_due(app.clock.now() + timedelta(days=2))
    assert found(folder, DIGITS, NUMBER, EMAIL) == [], "nor is it in a backup that was made later"
    with pytest.raises(UnknownMember):
        app.loyalty.members.profile(member)
    assert [consent.subject for consent in app.loyalty.members.proof(E164)] == [
        Subject.CONDITIONS, Subject.SMS_OFFERS, Subject.EMAIL_OFFERS,
    ]  # fmt: skip
    await engine.close()
    app.database.close()


@pytest.mark.covers("terminal/LAW-10")
def test_a_process_that_died_after_the_commit_scrubs_the_files_when_it_starts(tmp_path: Path) -> None:
    app = till(tmp_path)
    app.loyalty.programmes.publish(PROGRAMME, {})
    app.loyalty.joining.enrol(Enrolment("", NUMBER, None, False, "fr", TOKEN))
    member = signed_in(app)
    app.loyalty.members.scrub = lambda: False  # type: ignore[method-assign]  it died before
    app.loyalty.members.erase(member)
    reader = app.database.engine.raw_connection()
    app = till(tmp_path)
    asyncio.run(app.timers.run_due(app.clock.now() + timedelta(seconds=1)))
    reader.close()
    assert found(tmp_path, DIGITS) == []


@pytest.mark.covers("terminal/LAW-8")
def test_the_proof_of_consents_has_its_own_limit(tmp_path: Path) -> None:
    app = till(tmp_path)
    app.loyalty.programmes.publish(PROGRAMME, {})
    app.loyalty.joining.enrol(Enrolment("", NUMBER, "2026-11", False, "fr", TOKEN))
    app.loyalty.members.erase(signed_in(app))
    assert len(app.loyalty.members.proof(E164)) == 2
    app.clock.moment += PROOF_KEPT  # type: ignore[attr-defined]
    app.loyalty.nights.run()
    assert app.loyalty.members.proof(E164) == []


@pytest.mark.covers("services/L-12", "terminal/LAW-8")
def test_a_member_takes_everything_along(tmp_path: Path) -> None:
    app = till(tmp_path)
    app.loyalty.programmes.publish(PROGRAMME, {})
    app.loyalty.joining.enrol(Enrolment("", NUMBER, "2026-11", False, "fr", TOKEN))
    member = signed_in(app)
    app.loyalty.members.update(member, email=EMAIL, birthday=BIRTHDAY, language="nl")
    ticket = app.till.add_article(app.till.open_ticket().id, app.till.articles()[0].id, 5)
    asyncio.run(app.till.pay(ticket.id))
    mine = app.loyalty.members.download(member)
    assert (mine["number"], mine["email"], mine["birthday"], mine["language"]) == (E164, EMAIL, BIRTHDAY, "nl")
    assert [(visit["ticket"], visit["amount_minor"]) for visit in mine["visits"]] == [("C1-1", 900)]
    assert [(entry["kind"], entry["counter"], entry["points"]) for entry in mine["points"]] == [
        ("earned", "stamps", 5), ("earned", "points", 9),
    ]  # fmt: skip
    assert [consent["answer"] for consent in mine["consents"]] == [True, False]


@pytest.mark.covers("attacks/H-08")
@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+33612345678", "-1", "@SUM(A1)", "\t=1", "\r=1", "a\x1b[31mb"])
def test_no_cell_of_an_export_is_a_formula(cell: str) -> None:
    assert neutral(cell)[0] not in "=+-@\t\r" and neutral(cell).isprintable()
