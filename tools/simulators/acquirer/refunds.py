"""A refund by reference gives back no more than was paid (terminal/T-R08)."""

from __future__ import annotations

from tools.simulators.acquirer.store import Store

# What was paid: captured, or held and not withdrawn
PAID = """
SELECT coalesce(
    (SELECT amount_minor FROM capture WHERE transaction_id = ?1 AND kind != 'refund'),
    (SELECT authorised_minor FROM authorisation WHERE transaction_id = ?1 AND kind != 'refund'
        AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.transaction_id = ?1)),
    0) AS paid_minor
"""
# Captured, or authorised and not withdrawn: an id counts once
REFUNDED = """
SELECT coalesce(sum(amount_minor), 0) AS refunded_minor FROM (
    SELECT transaction_id, amount_minor FROM capture WHERE original = ?1
    UNION SELECT transaction_id, authorised_minor FROM authorisation a WHERE original = ?1
        AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.transaction_id = a.transaction_id)
) WHERE transaction_id != ?2
"""


def refund_refusal(store: Store, original: str, amount_minor: int, refund: str) -> str | None:
    """Why the refund of `original`, whose own id is `refund`, is refused."""
    paid = store.one(PAID, original)["paid_minor"]
    if not paid:
        return "original_not_paid"
    refunded = store.one(REFUNDED, original, refund)["refunded_minor"]
    return "refund_above_original" if refunded + amount_minor > paid else None
