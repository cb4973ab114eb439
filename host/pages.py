"""The pages of the host, put on top of its services. Import it only for a browser: NiceGUI takes most of a second."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from host.app import App
from host.ledger import ledger_page
from host.payment import explain_page
from host.point_of_sale import till
from host.point_of_sale.checkout import ENDED, Checkout
from host.web.shell import Panel, View, create_app


def pages(app: App, trace: explain_page.Trace, beside: Panel | None = None, styles: tuple[Path, ...] = ()) -> FastAPI:
    """`trace` asks the reader why it decided as it did (ReaderClient.trace); `beside` is shown right of the till.

    To be called once in a process, in the event loop that will serve it, after `app.start()`.
    """
    ledger = ledger_page.LedgerPage(app.ledger, app.database.transaction)
    app.payments.listen(lambda _, phase: ledger.follow() if phase == ENDED else None)
    last = explain_page.LastTransaction(app.payments, trace)
    sale = till.Till(Checkout(app.till, app.payments, last.settled)).build
    return create_app(
        [
            View("sale", ("Vente", "Sale", "Verkoop"), (sale, beside) if beside else (sale,), (till.STYLE, *styles)),
            View(
                "explanation",
                ("Explication", "Explanation", "Uitleg"),
                (explain_page.ExplainPage(last).build,),
                (explain_page.STYLE,),
            ),
            View("ledger", ("Journal", "Ledger", "Boekingen"), (ledger.build,), (ledger_page.STYLE,)),
        ]
    )
