"""The catalogue of all words that the reader can show (terminal/T-D4): the host may name a prompt, never bring a text.

One module a language, each with TEXTS: a line `id=words` for each prompt. One long string, because a dict of them would
cost four times the heap.
"""

from __future__ import annotations

LANGUAGES = ("fr", "en", "nl", "de", "es", "it")
DEFAULT = "fr"


class Prompts:
    """The words of one language; `language` is one of LANGUAGES."""

    def __init__(self, language: str = DEFAULT) -> None:
        self.language = language
        self._texts = __import__("firmware.screens.prompts." + language, None, None, ("TEXTS",)).TEXTS

    def __getitem__(self, prompt: str) -> str:
        start = self._texts.find("\n" + prompt + "=")
        if start < 0:
            raise KeyError(prompt)
        start += len(prompt) + 2
        return self._texts[start : self._texts.find("\n", start)]

    def __contains__(self, prompt: str) -> bool:
        return "\n" + prompt + "=" in self._texts


def preferred(language_preference: bytes | None) -> str:
    """The first language of tag 5F2D (two letters each, Book 4 11.1) that the catalogue has, else the default."""
    codes = bytes(language_preference or b"").lower()
    for i in range(0, len(codes) - 1, 2):
        for language in LANGUAGES:
            if codes[i : i + 2] == language.encode():
                return language
    return DEFAULT
