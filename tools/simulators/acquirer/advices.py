"""What is withdrawn: reversals and cancellations, in any order, as often as they come, also of ids never seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from host.acquirer.caaa_advice import advice_exchange_id, function, write_advice_answer
from host.acquirer.model import Advice, AdviceAnswer, AdviceKind
from tools.simulators.acquirer.authoriser import PARTIES, Issuer
from tools.simulators.acquirer.store import Store

DONE = "00"
AUTHORISED = "SELECT * FROM authorisation WHERE transaction_id = ?"
CAPTURED = "SELECT * FROM capture WHERE transaction_id = ?"


class Advices:
    """`capture_on_003`: a completion without Rvsl captures."""

    def __init__(self, store: Store, issuer: Issuer, now: Callable[[], datetime], capture_on_003: bool = False) -> None:
        self._store = store
        self._issuer = issuer
        self._now = now
        self._capture_on_003 = capture_on_003

    def answer(self, advice: Advice) -> bytes:
        """caaa.004, 006 or 008: the first one again, whenever the same is told."""
        named, number = function(advice), advice_exchange_id(advice)
        with self._store.transaction():
            before = self._store.answered(named, number)
            if before is not None:
                return before[1]
            refusal = self._apply(advice)
            reason = (refusal or DONE) if named == "CCAQ" else None
            answer = AdviceAnswer(advice.transaction_id, refusal is None, reason)
            written = write_advice_answer(answer, advice, self._now(), PARTIES)
            return self._store.keep_answer(named, number, b"", written)

    def _apply(self, advice: Advice) -> str | None:
        """Why it is refused: a cancellation that is asked for can come too late; what is told has happened."""
        if advice.kind is AdviceKind.COMPLETION:
            self._complete(advice)
            return None
        if function(advice) == "CCAQ" and self._store.one(CAPTURED, advice.transaction_id.hex()):
            return "captured"
        self._withdraw(advice)
        return None

    def _withdraw(self, advice: Advice) -> None:
        transaction_id = advice.transaction_id.hex()
        authorised = self._store.one(AUTHORISED, transaction_id)
        if authorised and authorised["authorisation_code"] and not self._store.withdrawals(transaction_id):
            self._issuer.release(authorised["authorisation_code"])
        self._store.change(
            "INSERT OR IGNORE INTO withdrawal VALUES (?, ?, ?, ?, ?)",
            transaction_id,
            advice.kind.value,
            advice.reason.value,
            advice.amount.amount_minor,
            self._now().isoformat(),
        )

    def _complete(self, advice: Advice) -> None:
        transaction_id = advice.transaction_id.hex()
        authorised = self._store.one(AUTHORISED, transaction_id)
        if not self._capture_on_003 or not authorised or not authorised["authorised_minor"]:
            return
        if self._store.withdrawals(transaction_id) or self._store.one(CAPTURED, transaction_id):
            return
        self._store.add(
            "capture",
            transaction_id=transaction_id,
            kind=authorised["kind"],
            amount_minor=advice.amount.amount_minor,
            currency=advice.amount.currency.code,
            brand="none",
            aid="",
            original=authorised["original"],
            offline=False,
            captured_at=self._now().isoformat(),
        )
