"""The frame of every page: header, views to switch between, language, theme, error page. All assets are local."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from nicegui import app as pages
from nicegui import ui
from nicegui.language import Language
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection

from host.web.elements import box, text
from host.web.origin import OwnPagesOnly
from host.web.public import LOCAL, PublicPaths
from host.web.words import LANGUAGES, Texts, in_language

STATIC = Path(__file__).parent / "static"
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d4b5c"/>'
    '<text x="16" y="22" font-family="Roboto,Arial,sans-serif" font-size="16" font-weight="700" fill="#fff" '
    'text-anchor="middle">Zn</text></svg>'
)
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self' ws:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)  # Vue compiles its templates in the browser and NiceGUI starts by an inline script; nothing comes from elsewhere
LOCALES: dict[str, Language] = {"fr": "fr", "en": "en-US", "nl": "nl"}
TEXTS: dict[str, Texts] = {
    "views": ("Écrans", "Screens", "Schermen"),
    "language": ("Langue", "Language", "Taal"),
    "title": ("Zinc, la caisse", "Zinc, the till", "Zinc, de kassa"),
    "not_found": ("Cette page n’existe pas.", "This page does not exist.", "Deze pagina bestaat niet."),
    "failed": (
        "Cette page n’a pas pu s’afficher.",
        "This page could not be shown.",
        "Deze pagina kon niet worden getoond.",
    ),
    "back": ("Retour à la caisse", "Back to the till", "Terug naar de kassa"),
}


Panel = Callable[[str], None]  # makes its elements in the current page, in a language


@dataclass(frozen=True)
class View:
    """One screen of the page: panels side by side. `#name` in the address shows it."""

    name: str
    titles: Texts
    panels: tuple[Panel, ...]
    styles: tuple[Path, ...] = ()
    beside: bool = False  # is what stands beside the views shown with this one?


def create_app(
    views: list[View],
    beside: Panel | None = None,
    routers: Iterable[APIRouter] = (),
    public_host: str = LOCAL[0],
    public_paths: tuple[str, ...] = (),
    is_signed_in: Callable[[HTTPConnection], bool] = lambda _: False,
    sign_in: str = "",
) -> FastAPI:
    """The application with one page: `views[0]` first, at / in French, /en and /nl in the others.

    `beside` is made once, and stands right of the views that ask for it. `routers` have what is not of that page. Asked
    for by another name than this machine's, `public_host`, it has `public_paths` alone, or all for who is signed in.
    """
    application = FastAPI(title="Zinc", docs_url=None, redoc_url=None, openapi_url=None)
    application.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL, public_host])
    application.add_middleware(OwnPagesOnly, except_below=public_paths)
    application.add_middleware(
        PublicPaths, host=public_host, paths=public_paths, is_signed_in=is_signed_in, sign_in=sign_in
    )
    application.mount("/static", StaticFiles(directory=STATIC))
    application.middleware("http")(_guarded)
    for router in routers:
        application.include_router(router)  # before NiceGUI, which takes every address that is left
    for language in LANGUAGES:
        _page(language, views, beside)
    for status, words in ((404, "not_found"), (500, "failed")):
        pages.add_exception_handler(404 if status == 404 else Exception, _error_page(status, words))
    ui.run_with(
        application, title="Zinc", favicon=MARK, tailwind=False, reconnect_timeout=10, show_welcome_message=False
    )
    return application


def address(language: str) -> str:
    return "/" if language == LANGUAGES[0] else f"/{language}"


def _page(language: str, views: list[View], beside: Panel | None) -> None:
    words = in_language(TEXTS, language)

    def build() -> None:
        ui.add_head_html('<link rel="stylesheet" href="/static/theme.css">')
        ui.add_head_html(f"<style>{_styles(views)}</style>")
        with box("shell"):
            _header(language, views, words)
            with box("views", "main"):
                for view in views:
                    with box(f"view view-{view.name}", "section", id=view.name):
                        for panel in view.panels:
                            panel(language)
                if beside:
                    with box("beside", "aside"):
                        beside(language)

    ui.page(address(language), title=words["title"], language=LOCALES[language])(build)


def _header(language: str, views: list[View], words: dict[str, str]) -> None:
    with box("header", "header"):
        with box("brand"):
            ui.html(MARK, sanitize=False).classes("mark")
            text("Zinc", "name")
        if len(views) > 1:
            with box("tabs", "nav", aria_label=words["views"]):
                for view in views:
                    text(view.titles[LANGUAGES.index(language)], "tab", "a", href=f"#{view.name}")
        with box("languages", "nav", aria_label=words["language"]):
            for other in LANGUAGES:
                current = {"aria_current": "true"} if other == language else {}
                text(other.upper(), "", "a", href=address(other), lang=other, **current)


def _styles(views: list[View]) -> str:
    """The sheets of the views, and the rules that show the view named in the address, or else the first."""
    first, *others = (view.name for view in views)
    hidden = ", ".join(f".shell:has(#{name}:target) #{first}" for name in others)
    rules = [f"#{name}:not(:target) {{ display: none }}" for name in others]
    rules += [f"{hidden} {{ display: none }}"] if others else []
    current = [f'.shell:has(#{name}:target) .tab[href="#{name}"]' for name in others]
    absent = "".join(f":not(:has(#{name}:target))" for name in others)
    current += [f'.shell{absent} .tab[href="#{first}"]']
    rules += [f"{', '.join(current)} {{ color: var(--ink); border-color: var(--accent) }}"]
    alone = ", ".join(f".shell:has(#{view.name}:target) .beside" for view in views if not view.beside)
    rules += [f"{alone} {{ display: none }}"] if alone else []
    sheets = [path.read_text() for view in views for path in view.styles]
    return "\n".join(sheets + rules)


async def _guarded(request: Request, call_next: Callable) -> Response:
    response = await call_next(request)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")  # so that forms say their origin
    return response


def _error_page(status: int, name: str) -> Callable:
    """A plain page, without script: what went wrong in the three languages, and the way back."""
    rows = "".join(
        f'<p lang="{language}">{escape(TEXTS[name][column])} '
        f'<a href="{address(language)}">{escape(TEXTS["back"][column])}</a></p>'
        for column, language in enumerate(LANGUAGES)
    )
    page = (
        '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Zinc</title>'
        f'<link rel="stylesheet" href="/static/theme.css"><body class="error-page">{MARK}<h1>{status}</h1>{rows}'
    )

    async def answer(_request: Request, _error: Exception) -> HTMLResponse:
        return HTMLResponse(page, status_code=status)

    return answer
