"""Days of a shop whose reader loses power at a chosen write; reader and host then do what they do after a power cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.evening import Reader, check_seal, expected_lines, number, result
from tests.support.fake_storage import PowerCut

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LINES = ("purchase", "cash_back", "refund")


class ShopDays:
    """again: the power fails once more, at the first write after it came back."""

    def __init__(self, reader: Reader, again: bool = False) -> None:
        self.reader = reader
        self.cuts = 0
        self._again = again
        self._payments = 0
        self._hash = bytes(32)
        self._captured: list[dict] = []
        self._cancelled: list[dict] = []
        self._counters: list[bytes] = []

    def sale(self, kind: str = "purchase", amount_minor: int = 1250) -> dict:
        """The payment that was kept in the end; one that was interrupted is made anew under another id."""
        while True:
            self._payments += 1
            message = result(self._payments, kind, amount_minor)
            self._once(lambda message=message: self.reader.pay(message))
            if self.reader.result_of(self._payments) == message:
                break
        if kind in LINES:
            self._captured.append(message)
        return message

    def void(self, message: dict) -> None:
        self._until(lambda: self.reader.void(message), lambda: self._outcome(message) == "voided")
        if message in self._captured:
            self._captured.remove(message)
            self._cancelled.append(message)

    def complete(self, message: dict, amount_minor: int) -> None:
        completion = dict(message)
        completion["amount_minor"] = amount_minor
        identity = message["transaction_id"]
        assert self.reader.read(identity) == message
        self._until(lambda: self.reader.complete(completion), lambda: self.reader.read(identity) == completion)
        self._captured.append(completion)

    def evening(self) -> None:
        day = self.reader.journal.number
        seal: Any = None
        while seal is None:
            seal = self._once(lambda: self.reader.close(day))
        check_seal(seal, self._hash, self._captured, self._cancelled)
        assert self.reader.lines(day) == expected_lines(self._captured)
        assert seal["ksn"] not in self._counters
        while self._once(lambda: self.reader.acknowledge(day, seal["hash"])) is None:
            assert self.reader.close(day) == seal
        assert self.reader.acknowledge(day, seal["hash"])["type"] == "acknowledged"
        self._hash = seal["hash"]
        self._counters.append(seal["ksn"])
        self._captured, self._cancelled = [], []

    def check_at_rest(self) -> None:
        self.reader.restart()
        journal = self.reader.journal
        assert journal.unfinished() is None and journal.damaged == 0
        for n in range(1, self._payments + 1):  # one that can be found has an end
            assert journal.begun(number(n, 16)) is None or self.reader.result_of(n) is not None

    def _outcome(self, message: dict) -> str:
        return self.reader.read(message["transaction_id"])["outcome"]

    def _until(self, change: Callable, is_done: Callable) -> None:
        while not is_done():
            self._once(change)

    def _once(self, act: Callable) -> Any:
        """What `act` gives, or None when the power failed; then the reader is on again, and has put itself in order."""
        try:
            return act()
        except PowerCut:
            self.cuts += 1
        if self._again and self.cuts == 1:
            self.reader.storage.cut_at = self.reader.storage.writes + 1
        while True:
            try:
                return self._recover()
            except PowerCut:
                self.cuts += 1

    def _recover(self) -> None:
        sequence = self.reader.journal.sequence
        self.reader.restart()
        assert self.reader.journal.sequence >= sequence
        begun = self.reader.journal.unfinished()
        if begun is not None:
            assert not begun.damaged
            self.reader.end(result(int.from_bytes(begun.transaction_id, "big"), outcome="declined"))


def four_days(shop: ShopDays) -> None:
    """Each kind of entry, and purges while a pre-authorisation waits."""
    waiting = shop.sale("preauthorisation", 10000)
    shop.sale()
    shop.sale("refund", 300)
    shop.void(shop.sale("purchase", 999))
    shop.complete(shop.sale("preauthorisation", 5000), 4500)
    shop.evening()
    shop.sale("cash_back", 7000)
    shop.void(shop.sale("preauthorisation", 8000))  # given up
    shop.sale()
    shop.evening()
    shop.complete(waiting, 9900)
    shop.sale()
    shop.evening()
    shop.sale()
    shop.evening()
    shop.check_at_rest()
