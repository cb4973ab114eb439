"""Everything that a life of the till imports, for the process that lives are forked from."""

import gc

import alembic.command  # noqa: F401
import anyio._backends._asyncio  # noqa: F401
import bumble.transport.tcp_client  # noqa: F401
import dbos._sys_db_sqlite  # noqa: F401
import holidays.financial.european_central_bank  # noqa: F401
import httpcore  # noqa: F401

import tools.simulation.radio.host_life  # noqa: F401

gc.disable()  # a life is short, and is not to look through what all lives share
