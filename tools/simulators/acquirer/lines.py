"""Whether a line of a batch is captured: is it the reader's, was it approved, at that amount, and not withdrawn?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emv import tlv
from emv.errors import CardFault
from host.acquirer.model import CaptureLine, Reason
from tools.simulators.acquirer.refunds import refund_refusal
from tools.simulators.acquirer.store import Store
from tools.simulators.key_host import HostKeys

CAPTURED = ("purchase", "cash_back", "refund", "preauthorisation")
OFFLINE = ("purchase", "cash_back")
OFFLINE_APPROVALS = (None, b"Y1", b"Y3")  # tag 8A
CRYPTOGRAM_INFORMATION, TC = 0x9F27, 0x40
AID = 0x84


class Lines:
    """`completion_percent`: by so much a completion may go above what was pre-authorised.

    `issuer_declines`: the issuer does not pay what its card approved offline (faults/R-11). `rejects_every`: of
    1, each line is rejected today, of 2 every second one, of 0 none.
    """

    def __init__(self, store: Store, keys_of: Callable[[bytes], HostKeys], completion_percent: int) -> None:
        self._store = store
        self._keys_of = keys_of
        self._completion_percent = completion_percent
        self.issuer_declines = False
        self.rejects_every = 0
        self._seen = 0

    def refusal(self, line: CaptureLine) -> str | None:
        """Why it is not captured; `duplicate`: it has been."""
        transaction_id = line.transaction_id.hex()
        presented = "UPDATE capture SET presented = presented + 1 WHERE transaction_id = ?"
        if self._store.change(presented, transaction_id):
            return "duplicate"
        self._seen += 1
        if self.rejects_every and self._seen % self.rejects_every == 0:
            return "issuer_unavailable"
        if not self._keys_of(line.mac_ksn or line.ksn).capture_mac_is_good(as_message(line)):
            return "bad_mac"
        if line.kind not in CAPTURED or not line.amount:
            return "not_for_capture"
        authorised = self._store.one("SELECT * FROM authorisation WHERE transaction_id = ?", transaction_id)
        withdrawn = self._store.withdrawals(transaction_id)
        if "cancellation" in withdrawn:
            return "cancelled"
        if line.offline and self.issuer_declines:
            return "issuer_declined"
        if line.offline:
            return _offline_refusal(line, withdrawn)
        return "reversed" if withdrawn else self._online_refusal(line, authorised)

    def _online_refusal(self, line: CaptureLine, authorised: Any) -> str | None:
        if not authorised:
            return "not_authorised"
        if not authorised["authorised_minor"]:
            return "declined"
        if (authorised["kind"], authorised["currency"]) != (line.kind, line.amount.currency.code):
            return "not_as_authorised"
        if line.kind == "preauthorisation":
            most = authorised["authorised_minor"] * (100 + self._completion_percent) // 100
            return "above_preauthorisation" if line.amount.amount_minor > most else None
        if line.amount.amount_minor != authorised["authorised_minor"]:
            return "amount_differs"
        if line.kind != "refund":
            return None
        original = line.original.hex() if line.original else None
        if original != authorised["original"]:
            return "not_as_authorised"
        if original is None:
            return None
        return refund_refusal(self._store, original, line.amount.amount_minor, line.transaction_id.hex())


def _offline_refusal(line: CaptureLine, withdrawn: dict[str, str]) -> str | None:
    """The card's TC stands in for the acquirer's word, and only for one that never came."""
    if line.kind not in OFFLINE or line.response_code not in OFFLINE_APPROVALS:
        return "not_offline"
    information = objects(line).get(CRYPTOGRAM_INFORMATION, b"\x00")
    if information[0] & 0xC0 != TC:
        return "no_certificate"
    if withdrawn and withdrawn["reversal"] != Reason.NO_ANSWER.value:
        return "reversed"
    return None


def objects(line: CaptureLine) -> dict[int, bytes]:
    try:
        return dict(tlv.objects(line.icc_data))
    except CardFault:
        return {}


def as_message(line: CaptureLine) -> dict[str, Any]:
    """The result message as the reader made it."""
    return {
        "transaction_id": line.transaction_id,
        "kind": line.kind,
        "amount_minor": line.amount.amount_minor,
        "amount_other_minor": line.amount_other_minor,
        "currency": line.amount.currency.numeric,
        "taken_at": line.taken_at,
        "authorisation_code": line.authorisation_code or "",
        "response_code": line.response_code,
        "icc_data": line.icc_data,
        "sealed_card": line.sealed_card,
        "original": line.original,
        "mac": line.mac,
    }
