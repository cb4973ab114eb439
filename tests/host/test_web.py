"""The shell: served on this machine alone, complete in each language, escaping by construction."""

from __future__ import annotations

import importlib
import pkgutil
import socket

import host
import tools.demo
from host.web import server
from host.web.words import LANGUAGES, in_language


def test_a_taken_port_gives_way_to_a_free_one_on_the_loopback() -> None:
    with socket.socket() as taken:
        taken.bind((server.ADDRESS, 0))
        taken.listen()
        with server.listen(taken.getsockname()[1]) as listener:
            address, port = listener.getsockname()
            assert address == "127.0.0.1" and port != taken.getsockname()[1]
            assert server.url(listener) == f"http://127.0.0.1:{port}/"


def test_every_text_of_the_screens_is_there_in_each_language() -> None:
    names = [name for package in (host, tools.demo) for name in modules(package)]
    tables = [vars(importlib.import_module(name))["TEXTS"] for name in names]
    assert len(tables) >= 5
    for language in LANGUAGES:
        assert all(all(in_language(table, language).values()) for table in tables)


def modules(package) -> list[str]:
    """Those with a table of texts."""
    found = pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    sources = [(module.name, importlib.util.find_spec(module.name)) for module in found if not module.ispkg]
    return [name for name, spec in sources if spec and "\nTEXTS: dict[str, Texts]" in spec.loader.get_source(name)]
