"""The simulated acquirer beside a test of the host, with an issuer that the test can tell what to answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.acquirer_thread import ApprovesAll, acquirer
from tools.simulators.acquirer.server import AcquirerServer


@pytest.fixture
def issuer() -> ApprovesAll:
    return ApprovesAll()


@pytest.fixture
def server(tmp_path: Path, issuer: ApprovesAll) -> Iterator[AcquirerServer]:
    with acquirer(tmp_path, issuer) as server:
        yield server
