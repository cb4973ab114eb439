"""Attacks of docs/requirements/attacks.md, all of section 1 among them: each bites on a weakened tree, and this one
refuses it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.attacks.run import modules
from tests.attacks.trees import PATCHES, ROOT, Run, weakened

DEADLINE_S = 240


@pytest.mark.parametrize("row", modules())
@pytest.mark.covers("attacks/ATT-1", "attacks/ATT-2")
@pytest.mark.covers("attacks/C-01", "attacks/C-02", "attacks/C-03", "attacks/C-04", "attacks/C-05", "attacks/C-06")
@pytest.mark.covers("attacks/C-07", "attacks/C-08", "attacks/C-09", "attacks/C-10", "attacks/C-11", "attacks/C-12")
@pytest.mark.covers("attacks/C-13", "attacks/C-14", "attacks/C-15", "attacks/C-16", "attacks/C-17", "attacks/C-18")
@pytest.mark.covers("attacks/C-19", "attacks/C-20", "attacks/C-21", "attacks/C-22", "attacks/C-23")
@pytest.mark.covers("attacks/H-07", "attacks/H-08", "attacks/P-01")
def test_attack(row: str, tmp_path: Path, record_property: pytest.RecordProperty) -> None:
    tree = weakened(row, tmp_path / row)
    with Run(row, tree) as on_weakened, Run(row, ROOT) as on_product:  # two processors, two runs
        weak, product = on_weakened.result(DEADLINE_S), on_product.result(DEADLINE_S)
    record_property("attack", (row, weak.split(":")[0], product.split(":")[0]))
    assert weak == "succeeded", "the attack is no test: it does not bite on the weakened tree"
    assert product == "refused"


def test_every_row_has_its_attack() -> None:
    rows = re.findall(r"^\| (C-\d\d) \|", (ROOT / "docs" / "requirements" / "attacks.md").read_text(), re.MULTILINE)
    assert [row for row in modules() if row.startswith("C")] == rows
    assert sorted(path.stem for path in PATCHES.glob("*.patch")) == list(modules())
