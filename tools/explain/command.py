"""What `zinc explain` does."""

from __future__ import annotations

import sys
from pathlib import Path

from host.payment.explanation import Bit
from host.web.words import LANGUAGES
from tools.explain.page import Page
from tools.explain.source import NotExplainable, load


def explain(file: Path, why: str, language: str) -> int:
    """The exit code: 0 explained, 1 not explainable, 2 asked wrongly."""
    if language not in LANGUAGES:
        return _refuse(f"language {language!r} is none of {', '.join(LANGUAGES)}", 2)
    try:
        bit = Bit.named(why) if why else None
    except ValueError:
        return _refuse(f"{why!r} is no bit of TVR (95) or TSI (9B): say 95.4.8 or 'tvr 4 8'", 2)
    try:
        account = load(file)
    except NotExplainable as error:
        return _refuse(str(error), 1)
    page = Page(language)
    if bit is not None:
        page.answer(account, bit)
    else:
        page.show(account)
    return 0


def _refuse(why: str, code: int) -> int:
    print(why, file=sys.stderr)
    return code
