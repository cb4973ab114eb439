"""How far each remittance is, for whoever watches: this process's own runs by the step, others' by their row."""

from __future__ import annotations

from collections.abc import Callable

from host.telecollection.model import Phase, Progress, Remittance
from host.telecollection.states import State

Watch = Callable[[int, Progress], None]  # remittance id

PHASES = {
    State.OPEN: Phase.CLOSING,
    State.SEALED: Phase.SENDING,
    State.SENT: Phase.SENDING,
    State.UNKNOWN: Phase.SENDING,
    State.ACKED: Phase.ENDED,
    State.PARTLY_REJECTED: Phase.ENDED,
    State.REJECTED: Phase.ENDED,
    State.OUT_OF_BALANCE: Phase.RECONCILING,
    State.FUNDED: Phase.ENDED,
}


class Watched:
    def __init__(self) -> None:
        self._progress: dict[int, Progress] = {}
        self._watchers: list[Watch] = []

    def watch(self, watcher: Watch) -> Callable[[], None]:
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def of(self, remittance: Remittance) -> Progress:
        return self._progress.get(remittance.id) or Progress(PHASES[remittance.state])

    def say(self, remittance_id: int, phase: Phase, done: int, of: int) -> None:
        progress = Progress(phase, done, of)
        if phase is Phase.ENDED:
            self._progress.pop(remittance_id, None)
        else:
            self._progress[remittance_id] = progress
        for watcher in list(self._watchers):
            watcher(remittance_id, progress)
