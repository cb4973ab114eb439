"""The ways in which an acquirer can fail its callers, by name, for as many requests as told."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace

MODES = (
    "normal",
    "slow",  # answers after delay_s
    "silent",  # authorises and never answers
    "deaf",  # does not authorise, and never answers
    "late",  # authorises, keeps the answer back, and gives it to whoever asks next
    "cut",  # authorises and cuts the connection
    "error",  # says 500
    "bad_xml",  # answers with half a message
    "bad_mac",  # answers with a MAC that is wrong
    "other_transaction",  # answers with the id of another transaction
)


# What is asked: a message of caaa by its number, or a page
FUNCTIONS = ("001", "003", "005", "007", "009", "011", "settlements", "parameters")


@dataclass(frozen=True)
class Behaviour:
    """`requests`: how many it lasts; None until told otherwise. `function`: of which it is, None: of all."""

    mode: str = "normal"
    delay_s: float = 0.0
    requests: int | None = None
    function: str | None = None

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode is one of {', '.join(MODES)}")
        if self.function not in (None, *FUNCTIONS):
            raise ValueError(f"function is one of {', '.join(FUNCTIONS)}")


class Mood:
    """The behaviour in force; shared by the threads of the server."""

    def __init__(self) -> None:
        self._behaviour = Behaviour()
        self._lock = threading.Lock()

    def set(self, behaviour: Behaviour) -> None:
        with self._lock:
            self._behaviour = behaviour

    def next(self, function: str | None = None) -> Behaviour:
        """For one more request, of that function."""
        with self._lock:
            current = self._behaviour
            if current.function not in (None, function):
                return Behaviour()
            if current.requests is not None:
                left = current.requests - 1
                self._behaviour = replace(current, requests=left) if left else Behaviour()
            return current


def spoiled(answer: bytes, mode: str) -> bytes:
    """The answer as it goes out wrong, where the mode says so."""
    if mode == "bad_xml":
        return answer[: len(answer) // 2]
    if mode == "bad_mac":
        return re.sub(b"<MAC>.*</MAC>", b"<MAC>AAAAAAAAAAA=</MAC>", answer)
    if mode == "other_transaction":
        return re.sub(b"<TxRef>.*</TxRef>", b"<TxRef>" + b"0" * 32 + b"</TxRef>", answer)
    return answer
