"""The pages of the host, put on top of its services. Import it only for a browser: NiceGUI takes most of a second."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI

from host.app import App
from host.key_file import read_key
from host.ledger import ledger_page
from host.loyalty import page as loyalty_page
from host.loyalty import page_words as loyalty_words
from host.loyalty import prints
from host.loyalty.documents import Shop
from host.loyalty.portal.answers import ROOT
from host.loyalty.portal.routes import MemberPages
from host.loyalty.portal.seats import Seats
from host.loyalty.space import Space
from host.messaging import webhooks
from host.messaging.model import Channel
from host.payment import explain_page
from host.point_of_sale import payments_page, payments_words, till
from host.point_of_sale.checkout import Checkout, Wishes
from host.point_of_sale.desk import Desk
from host.point_of_sale.member_desk import MemberDesk
from host.point_of_sale.payments_page import PaymentsPage
from host.point_of_sale.turn import ENDED
from host.telecollection import page as evening_page
from host.telecollection import page_words as evening_words
from host.web.shell import Panel, View, create_app
from host.web.sign_in import pages as sign_in
from host.web.sign_in.gate import Gate
from host.web.sign_in.pages import SignInPages

PUBLIC = (ROOT, "/leave", "/messages/report", "/messages/inbound", sign_in.ROOT, "/static")


def pages(
    app: App,
    trace: explain_page.Trace,
    beside: Panel | None = None,
    styles: tuple[Path, ...] = (),
    routers: tuple[APIRouter, ...] = (),
) -> FastAPI:
    """`trace` asks the reader why it decided as it did (ReaderClient.trace); `beside` is shown right of the till;
    `routers` are served beside the page.

    To be called once in a process, in the event loop that will serve it, after `app.start()`.
    """
    ledger = ledger_page.LedgerPage(app.ledger, app.database.transaction)
    evening = evening_page.TelecollectionPage(app.telecollection, app.clock, app.journal_used)
    for each in (ledger, evening):
        app.payments.listen(lambda _, phase, each=each: each.follow() if phase == ENDED else None)
    last = explain_page.LastTransaction(app.payments, trace)
    checkout = _checkout(app, last)
    members = MemberDesk(checkout, app.till, app.loyalty)
    gate = Gate(app.accounts, app.messages.sends(Channel.EMAIL))
    space = loyalty_page.LoyaltyPage(_space(app))
    views = [
        View(
            "sale",
            ("Vente", "Sale", "Verkoop"),
            (till.Till(checkout, members).build,),
            (till.STYLE, *styles),
            beside=True,
        ),
        View(
            "payments",
            payments_words.TITLE,
            (PaymentsPage(_desk(app, last, checkout)).build,),
            (payments_page.STYLE,),
            beside=True,
        ),
        View(
            "explanation",
            ("Explication", "Explanation", "Uitleg"),
            (explain_page.ExplainPage(last).build,),
            (explain_page.STYLE,),
        ),
        View("loyalty", loyalty_words.TITLE, (gate.before(space.build),), (loyalty_page.STYLE,)),
        View("evening", evening_words.TITLE, (evening.build,), (evening_page.STYLE,)),
        View("ledger", ("Journal", "Ledger", "Boekingen"), (ledger.build,), (ledger_page.STYLE,)),
    ]
    own = (webhooks.router(app.messages, app.carriers.file), member_pages(app).router(), merchant_pages(app).router())
    served = (*own, prints.router(app.loyalty, shop(app)), *routers)
    name = urlsplit(app.settings.public_url).hostname or ""
    return create_app(views, beside, served, name, PUBLIC, gate.is_signed_in, sign_in.ROOT)


def member_pages(app: App) -> MemberPages:
    key = partial(read_key, app.settings.database.with_suffix(".key"), os.urandom)
    return MemberPages(app.loyalty, Seats(key, os.urandom), shop(app), app.clock)


def merchant_pages(app: App) -> SignInPages:
    return SignInPages(app.accounts, app.settings.merchant.name, app.clock)


def shop(app: App) -> Shop:
    merchant, page = app.settings.merchant, f"{app.settings.public_url}{ROOT}"
    zone = ZoneInfo(app.settings.evening.zone)
    return Shop(merchant.name, merchant.address, merchant.town, merchant.siret, page, app.carriers.terms.stop, zone)


def _space(app: App) -> Space:
    return Space(app.loyalty, app.messages, app.till, app.clock, ZoneInfo(app.settings.evening.zone), prints.address)


def _checkout(app: App, last: explain_page.LastTransaction) -> Checkout:
    settings = app.settings
    wishes = Wishes(tip=settings.ask_tip)
    return Checkout(app.till, app.payments, last.settled, settings.tips, wishes, app.offline_allowed)


def _desk(app: App, last: explain_page.LastTransaction, checkout: Checkout) -> Desk:
    desk = Desk(
        app.payments,
        app.book,
        app.till,
        app.clock,
        last.settled,
        app.settings.till,
        app.declined_later,
        lambda payment: last.payment is not None and last.payment.request_id == payment.request_id,
    )
    desk.listen(lambda: None if desk.phases else checkout.refresh())
    return desk
