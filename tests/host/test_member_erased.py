"""What the member's page leaves behind: nothing of who erased themselves there, in any file, log or address."""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest

from host.app import App
from host.loyalty.model import Enrolment
from host.messaging.model import Inbound
from host.messaging.service import STOP_KEPT_FOR
from host.pages import member_pages
from tests.host.loyalty_bench import E164, NUMBER, PROGRAMME
from tests.host.stand_ins import TOKEN, till
from tests.host.test_loyalty_erased import found
from tests.host.test_member_page import TOKEN as FORM_TOKEN
from tests.host.test_member_page import Client

EMAIL = "camille.durand@exemple.example"
DIGITS = E164.removeprefix("+33")


def last_code(app: App) -> str:
    with app.database.transaction() as work:
        events = work.exec_driver_sql("SELECT event_id FROM loyalty_code ORDER BY rowid").scalars().all()
    return app.messages.code(events[-1])


class Page:
    """The page of that app, in a browser that remembers each address that it asked for."""

    def __init__(self, app: App) -> None:
        from fastapi import FastAPI

        application = FastAPI()
        application.include_router(member_pages(app).router())
        self.client = Client(application)
        self.addresses: list[str] = []
        self.text = ""

    def get(self, path: str = "") -> str:
        answer = self.client.get(f"/fidelite{path}")
        self.addresses += [str(each.url) for each in (*answer.history, answer)]
        self.text = answer.text
        return self.text

    def post(self, path: str, **form: str) -> str:
        token = FORM_TOKEN.search(self.text)
        assert token
        answer = self.client.post(f"/fidelite{path}", data={"token": token[1], **form})
        self.addresses += [str(each.url) for each in (*answer.history, answer)]
        self.text = answer.text
        return self.text


@pytest.mark.covers("terminal/LAW-8", "terminal/LAW-10", "services/L-12")
def test_nothing_is_left_of_who_erased_themselves_on_the_page(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.FileHandler(tmp_path / "host.log")
    logging.getLogger().addHandler(log)
    try:
        with caplog.at_level(logging.DEBUG):
            addresses = _lived_and_erased(till(tmp_path), tmp_path)
    finally:
        logging.getLogger().removeHandler(log)
        log.close()
    assert found(tmp_path, DIGITS, NUMBER, EMAIL) == []
    assert DIGITS not in caplog.text and EMAIL not in caplog.text
    assert not any(re.search(r"612345678|06[ +%]|camille", address) for address in addresses)


def _lived_and_erased(app: App, folder: Path) -> list[str]:
    app.loyalty.programmes.publish(PROGRAMME, {})
    ticket = app.till.add_article(app.till.open_ticket().id, app.till.articles()[0].id, 5)
    asyncio.run(app.till.pay(ticket.id))
    app.loyalty.joining.enrol(Enrolment(ticket.order_reference, NUMBER, "2026-11", True, "fr", TOKEN))
    page = Page(app)
    page.get("/code")
    assert "points" in page.post("/session", number=NUMBER, code=last_code(app))
    page.get("/profil")
    page.post("/profil", email=EMAIL, day="17", month="8", language="fr")
    page.post("/adresse", code=last_code(app))
    page.get("/accords")
    page.post("/accords", subject="email_offers", answer="yes")
    assert E164 in page.get("/donnees.json") and EMAIL in page.get("/donnees")
    assert found(folder, DIGITS, EMAIL), "the search finds what is there"
    page.get("/effacer")
    assert "est effacé" in page.post("/effacer", sure="yes")
    asyncio.run(app.timers.run_due(app.clock.now() + timedelta(days=1)))
    assert "Recevoir un code" in page.get("/donnees")
    app.database.close()
    return page.addresses


@pytest.mark.covers("terminal/LAW-8", "attacks/H-07")
def test_stop_outlives_the_member_and_has_a_limit(tmp_path: Path) -> None:
    app = till(tmp_path)
    app.messages.receive(Inbound("1", E164, "STOP"))

    def kept() -> int:
        with app.database.transaction() as work:
            return work.exec_driver_sql("SELECT count(*) FROM sms_stop").scalar_one()

    app.messages.tidy(app.clock.now() + STOP_KEPT_FOR - timedelta(days=1))
    assert kept() == 1 and found(tmp_path, DIGITS) == []
    app.messages.tidy(app.clock.now() + STOP_KEPT_FOR + timedelta(days=1))
    assert kept() == 0
