"""A reader's seals, as the acquirer checks them: each the next of a chain, by its key, over just these lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from struct import pack
from typing import Any

from host.acquirer.model import CaptureLine, DataSet, Totals
from host.money import CURRENCIES
from protocol.generated.messages import ENUMERATIONS, FIELDS
from tools.simulators.acquirer.store import Store
from tools.simulators.key_host import HostKeys

KINDS = ENUMERATIONS[FIELDS.index("kind")]
BRANDS = ENUMERATIONS[FIELDS.index("brand")]
FIRST_PREVIOUS = bytes(32)


class Refusal(Exception):
    """They did wrong: nothing of the data set is taken; says why."""


class Seals:
    def __init__(self, store: Store, keys_of: Callable[[bytes], HostKeys]) -> None:
        self._store = store
        self._keys_of = keys_of

    def taken_before(self, data_set: DataSet) -> Any:
        """The row of what was taken under that id, or that seal; None. Raises Refusal when the id has another seal."""
        row = self._store.one("SELECT * FROM data_set WHERE id = ?", data_set.id)
        if row is not None:
            if row["hash"] != data_set.hash or row["reader"] != data_set.reader:
                raise Refusal("other_seal_under_this_id")
            return row
        if data_set.hash is None:
            return None
        return self._store.one("SELECT * FROM data_set WHERE reader = ? AND hash = ?", data_set.reader, data_set.hash)

    def check(self, data_set: DataSet) -> None:
        """Whose it is, and that it follows. Raises Refusal."""
        if data_set.hash is None:
            return
        keys = self._keys_of(data_set.ksn or bytes(12))
        if not keys.seal_mac_is_good(data_set.reader, data_set.hash, data_set.mac or b""):
            raise Refusal("seal_mac")
        if not self._follows(data_set):
            raise Refusal("chain_broken")

    def _follows(self, data_set: DataSet) -> bool:
        """A seal follows the last one, but for days that came from the host's copies, since their reader was lost."""
        last = self._store.one(
            "SELECT number, hash FROM data_set WHERE reader = ? AND hash IS NOT NULL ORDER BY number DESC LIMIT 1",
            data_set.reader,
        )
        if last is None and data_set.previous == FIRST_PREVIOUS:
            return True
        if last is not None and data_set.previous == last["hash"]:
            return data_set.number == last["number"] + 1
        skipped = range(last["number"] + 1 if last else 1, data_set.number)
        return len(skipped) > 0 and all(self._has_copies(data_set.reader, number) for number in skipped)

    def _has_copies(self, reader: str, number: int) -> bool:
        query = "SELECT 1 FROM data_set WHERE reader = ? AND number = ? AND hash IS NULL"
        return self._store.one(query, reader, number) is not None


class Tally:
    """Counts a data set's lines against its seal and totals, as they come."""

    def __init__(self, data_set: DataSet) -> None:
        self._data_set = data_set
        self._count = 0
        self._sums: Counter[tuple[str, str]] = Counter()  # by currency, and side of the totals
        totals = totals_bytes(data_set.totals)
        self._digest = sha256(data_set.previous or b"")
        day = int(f"{data_set.business_date:%Y%m%d}")
        self._digest.update(pack(">IIHH", data_set.number, day, data_set.count, len(totals)) + totals)

    def add(self, line: CaptureLine) -> None:
        self._count += 1
        side = "credit" if line.kind == "refund" else "debit"
        self._sums[line.amount.currency.code, f"{side}_count"] += 1
        self._sums[line.amount.currency.code, f"{side}_minor"] += line.amount.amount_minor
        self._digest.update(line_bytes(line))

    def check(self) -> None:
        """Raises Refusal."""
        if self._count != self._data_set.count:
            raise Refusal("count")
        if self._data_set.hash is not None and self._digest.digest() != self._data_set.hash:
            raise Refusal("seal_hash")
        told: Counter[tuple[str, str]] = Counter()
        for row in self._data_set.totals:
            for name in ("debit_count", "debit_minor", "credit_count", "credit_minor"):
                told[row.currency, name] += getattr(row, name)
        if +told != +self._sums:
            raise Refusal("totals")


def line_bytes(line: CaptureLine) -> bytes:
    """33 bytes, as the reader sealed them."""
    kind, amount = KINDS.index(line.kind), line.amount.amount_minor.to_bytes(6, "big")
    return line.transaction_id + bytes((kind,)) + amount + pack(">H", line.amount.currency.numeric) + line.mac


def totals_bytes(totals: tuple[Totals, ...]) -> bytes:
    """As the reader sealed them: ascending."""
    return b"".join(sorted(_row(row) for row in totals))


def _row(row: Any) -> bytes:
    head = bytes((BRANDS.index(row.brand), len(row.aid))) + row.aid + pack(">H", CURRENCIES[row.currency].numeric)
    sides = ("debit", "credit", "cancellation")
    numbers = [(getattr(row, f"{side}_count"), getattr(row, f"{side}_minor")) for side in sides]
    return head + b"".join(pack(">H", count) + minor.to_bytes(6, "big") for count, minor in numbers)
