"""Alembic's entry: runs the steps on the connection that host/database.py hands over."""

from __future__ import annotations

from alembic import context

from host.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
