"""Lets `from __future__ import annotations` pass on MicroPython, where annotations are never evaluated."""

annotations = None
