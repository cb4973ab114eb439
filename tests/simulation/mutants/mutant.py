"""A mutant: a small fault of the product, and a copy of the tree to run the simulation on with it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulation.simulate import ROOT, simulate

HERE = Path(__file__).parent
PARTS = ("data", "emv", "protocol", "firmware", "boards", "host", "tools")
_HEAD = re.compile(r"(I[1-7]), ([a-z]+): (.+)")
_FAILURE = re.compile(r"seed (\d+): ((?:lost|double|orphan): .+)")
_ONE_S = 60.0  # longer than a story takes, and its process to begin


@dataclass(frozen=True)
class Mutant:
    """`what` is wrong with it. invariant: of I1 to I7, the one it breaks. family: of the faults by which that shows."""

    name: str
    invariant: str
    family: str
    what: str

    @property
    def patch(self) -> Path:
        return HERE / f"{self.name}.patch"


@dataclass(frozen=True)
class Found:
    """A seed whose story fails, and what is said of it first."""

    seed: int
    said: str


def mutants() -> list[Mutant]:
    """By invariant, then by name. Their patches begin with a line that says what they are."""
    found = []
    for patch in HERE.glob("*.patch"):
        head = _HEAD.fullmatch(patch.read_text().partition("\n")[0])
        assert head, f"{patch.name} does not begin with its invariant, family and fault"
        found.append(Mutant(patch.stem, *head.groups()))
    return sorted(found, key=lambda mutant: (mutant.invariant, mutant.name))


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of this tree, with its times: what a patch leaves alone is not compiled again."""
    with TemporaryDirectory(prefix="zinc-mutants-") as folder:
        for part in PARTS:
            shutil.copytree(ROOT / part, Path(folder) / part)
        yield Path(folder)


@contextmanager
def applied(mutant: Mutant, tree: Path) -> Iterator[None]:
    """Raises CalledProcessError when the patch does not apply."""
    environment = dict(os.environ, GIT_CEILING_DIRECTORIES=str(tree.parent))
    for options in ([], ["--reverse"]):
        command = ["git", "apply", *options, str(mutant.patch)]
        subprocess.run(command, cwd=tree, check=True, env=environment, timeout=30)
        if not options:
            yield


def search(tree: Path, seeds: range) -> Found | None:
    """The first of these stories that fails on that tree."""
    options = ("--seeds", str(len(seeds)), "--first-seed", str(seeds.start), "--workers", "1", "--stop")
    _, said = simulate(*options, tree=tree, deadline_s=_ONE_S + 5.0 * len(seeds))
    failure = _FAILURE.search(said)
    return Found(int(failure[1]), failure[2]) if failure else None
