"""The catalogue of all words that the reader can show (terminal/T-D4): the host may name a prompt, never bring a text.

One module a language, each with TEXTS: a line `id=words` for each prompt. One long string, because a dict of them would
cost four times the heap. kinds/ has what is said otherwise where it is no plain purchase, and what is rarely asked: a
line `kind.id=words`; loyalty/ has what is said after a payment.
"""

from __future__ import annotations

LANGUAGES = ("fr", "en", "nl", "de", "es", "it")
DEFAULT = "fr"
KINDS = ("refund", "cancellation", "verification", "preauthorisation", "cash_back", "signature", "tip", "merchant")


class Prompts:
    """The words of one language, of LANGUAGES, for one kind of transaction; what is none of KINDS is a purchase."""

    def __init__(self, language: str = DEFAULT, kind: str = "purchase") -> None:
        self.language = language
        self.kind = kind
        self._texts = _texts(language)
        folder = "kinds." if kind in KINDS else "loyalty." if kind == "loyalty" else ""
        self._of_kind = _texts(folder + language) if folder else ""

    def __getitem__(self, prompt: str) -> str:
        words = _find(self._of_kind, self.kind + "." + prompt) or _find(self._texts, prompt)
        if words is None:
            raise KeyError(prompt)
        return words

    def __contains__(self, prompt: str) -> bool:
        return _find(self._of_kind, self.kind + "." + prompt) is not None or _find(self._texts, prompt) is not None


def _texts(name: str) -> str:
    return __import__("firmware.screens.prompts." + name, None, None, ("TEXTS",)).TEXTS


def _find(texts: str, prompt: str) -> str | None:
    start = texts.find("\n" + prompt + "=")
    if start < 0:
        return None
    start += len(prompt) + 2
    return texts[start : texts.find("\n", start)]


def preferred(language_preference: bytes | None) -> str:
    """The first language of tag 5F2D (two letters each, Book 4 11.1) that the catalogue has, else the default."""
    codes = bytes(language_preference or b"").lower()
    for i in range(0, len(codes) - 1, 2):
        for language in LANGUAGES:
            if codes[i : i + 2] == language.encode():
                return language
    return DEFAULT
