"""The pages of the host, put on top of its services. Import it only for a browser: NiceGUI takes most of a second."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from host.app import App
from host.payment import explain_page
from host.point_of_sale import till
from host.point_of_sale.checkout import Checkout
from host.web.shell import Panel, View, create_app


def pages(app: App, trace: explain_page.Trace, beside: Panel | None = None, styles: tuple[Path, ...] = ()) -> FastAPI:
    """`trace` asks the reader why it decided as it did (ReaderClient.trace); `beside` is shown right of the till.

    To be called once in a process, in the event loop that will serve it, after `app.start()`.
    """
    sale = till.Till(Checkout(app.till, app.payments)).build
    last = explain_page.LastTransaction(app.payments, trace)
    return create_app(
        [
            View("sale", ("Vente", "Sale", "Verkoop"), (sale, beside) if beside else (sale,), (till.STYLE, *styles)),
            View(
                "explanation",
                ("Explication", "Explanation", "Uitleg"),
                (explain_page.ExplainPage(last).build,),
                (explain_page.STYLE,),
            ),
        ]
    )
