"""Serves the page on this machine alone."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

ADDRESS = "127.0.0.1"
PORT = 8080


def listen(port: int = PORT) -> socket.socket:
    """A listening socket on the loopback; when `port` is taken, on any free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
    except OSError:
        listener.bind((ADDRESS, 0))
    listener.listen()
    return listener


def url(listener: socket.socket) -> str:
    return f"http://{ADDRESS}:{listener.getsockname()[1]}/"


def server(application: FastAPI) -> uvicorn.Server:
    """`await server(application).serve(sockets=[listener])` runs until it is told to stop (`should_exit`) or SIGINT."""
    import uvicorn

    return uvicorn.Server(uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1))
