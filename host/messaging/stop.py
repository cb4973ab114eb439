"""Who writes STOP hears no offer any more. The word comes as people write it: small, dotted, with what is around it."""

from __future__ import annotations

import re
import unicodedata

# In the languages that we write in, and what gateways take as well. Who is understood wrongly loses offers only.
WORDS = frozenset({"stop", "stopsms", "stopper", "arret", "arreter", "desabonner", "desinscription", "unsubscribe"})
WORDS |= frozenset({"arretez", "stoppez", "end", "quit", "cancel", "afmelden", "uitschrijven", "stoppen"})
NOT_LETTERS = re.compile(r"[^a-z]+")


def is_stop(text: str) -> bool:
    words = NOT_LETTERS.sub(" ", _plain(text)).split()
    spelt = "".join(words)
    return bool(words) and (words[0] in WORDS or "stop" in words or spelt in WORDS)


def _plain(text: str) -> str:
    """Small letters without accents; full-width ones are their ordinary selves."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in decomposed if not unicodedata.combining(each))
