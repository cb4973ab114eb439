"""The cases of docs/conformance.md: literal tables, by step."""

from __future__ import annotations

from tests.conformance.cases import (
    authentication,
    cryptograms,
    kinds,
    mastercard_taps,
    restrictions_and_risk,
    selection,
    taps,
    verification,
)

# In the order in which a transaction comes to them.
ALL = (
    selection.CASES
    + authentication.CASES
    + restrictions_and_risk.CASES
    + verification.CASES
    + cryptograms.CASES
    + taps.CASES
    + mastercard_taps.CASES
    + kinds.CASES
)
