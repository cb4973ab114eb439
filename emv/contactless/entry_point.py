"""Entry point (Book B)."""

from __future__ import annotations

from emv.kernel.flow import begin_contactless as begin

__all__ = ["begin"]
