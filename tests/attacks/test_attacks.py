"""Each attack of docs/requirements/attacks.md, section 1: it bites on a weakened tree, and this one refuses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.run import modules
from tests.attacks.trees import ROOT, Run, weakened

DEADLINE_S = 90


@pytest.mark.parametrize("row", modules())
@pytest.mark.covers("attacks/ATT-1", "attacks/ATT-2")
def test_attack(row: str, tmp_path: Path, record_property: pytest.RecordProperty) -> None:
    tree = weakened(row, tmp_path / row)
    with Run(row, tree) as on_weakened, Run(row, ROOT) as on_product:  # two processors, two runs
        weak, product = on_weakened.result(DEADLINE_S), on_product.result(DEADLINE_S)
    record_property("attack", (row, weak.split(":")[0], product.split(":")[0]))
    assert weak == "succeeded", "the attack is no test: it does not bite on the weakened tree"
    assert product == "refused"
