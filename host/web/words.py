"""Texts of the screens in the three languages of the till, French first."""

from __future__ import annotations

LANGUAGES = ("fr", "en", "nl")

Texts = tuple[str, str, str]  # in the order of LANGUAGES


def in_language(texts: dict[str, Texts], language: str) -> dict[str, str]:
    """One column of a table of texts. Raises ValueError for a language that is none of LANGUAGES."""
    column = LANGUAGES.index(language)
    return {name: row[column] for name, row in texts.items()}
