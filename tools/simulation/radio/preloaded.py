"""Everything that a life of the till imports, for the process that lives are forked from."""

import alembic.command  # noqa: F401
import dbos  # noqa: F401
import httpcore  # noqa: F401

import tools.simulation.radio.host_life  # noqa: F401
