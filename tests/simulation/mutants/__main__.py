"""Searches a seed that finds each mutant, and writes it down: docs/mutants.md. `--check` runs each on its seed, and
says when the page is stale.

`python -m tests.simulation.mutants [NAME ...]` searches those that are named, or all: half an hour.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from tests.simulation.mutants.mutant import HERE, Found, Mutant, applied, copied, mutants, search
from tests.simulation.simulate import ROOT
from tools.generated import keep

MOST = 1000
NEARBY = 10  # a change elsewhere may make another story of a seed: these are tried after it
RECORD = HERE / "found.json"
TARGET = ROOT / "docs" / "mutants.md"
COMMAND = "python -m tests.simulation.mutants"
HEAD = """# Mutants: that the simulation bites

Written by `python -m tests.simulation.mutants` from `tests/simulation/mutants`.

A simulation that never fails proves nothing by itself. Each mutant is a small fault of the product, such as somebody
could make some day, as a patch; `zinc simulate --faults all` has to find it within 1,000 seeds. The table says by which
family of [faults](requirements/faults.md) it shows, which invariant it breaks, a seed that finds it, and what is said
of that seed first. `make test` runs the first mutant of each invariant on its seed, and `python -m
tests.simulation.mutants --check` all of them. On the tree as it is, none of these seeds fails.

A patch that no longer applies fails its test: make its change again in the new code, `git diff -U2`, under the same
first line, and take it back; then `python -m tests.simulation.mutants NAME`. A change to the product or to the
simulation can turn every story into another one: a mutant whose seed does not find it any more is searched again in the
same way.

| mutant | what is wrong | invariant | faults | seed | what is said |
|---|---|---|---|---|---|
"""


def recorded() -> dict[str, Found]:
    """By the name of the mutant."""
    return {name: Found(**found) for name, found in json.loads(RECORD.read_text()).items()} if RECORD.exists() else {}


def record(found: dict[str, Found]) -> None:
    ordered = {name: asdict(found[name]) for name in sorted(found)}
    RECORD.write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n")


def page() -> str:
    found = recorded()
    return HEAD + "".join(_row(mutant, found[mutant.name]) for mutant in mutants())


def _row(mutant: Mutant, found: Found) -> str:
    link = f"[{mutant.name}](../tests/simulation/mutants/{mutant.name}.patch)"
    cells = (link, mutant.what, mutant.invariant, mutant.family, str(found.seed), found.said)
    return f"| {' | '.join(cells)} |\n"


def searched(mutant: Mutant) -> Found | None:
    """A seed that finds it, and nothing on the tree as it is."""
    with copied() as tree:
        first = 1
        while first <= MOST:
            with applied(mutant, tree):
                found = search(tree, range(first, MOST + 1))
            if found is None or search(tree, range(found.seed, found.seed + 1)) is None:
                return found
            first = found.seed + 1
    return None


def missed(some: list[Mutant]) -> list[str]:
    """Those that are not found, on their seed or soon after it."""
    found, names = recorded(), []
    with copied() as tree:
        for mutant in some:
            seed = found[mutant.name].seed
            with applied(mutant, tree):
                if search(tree, range(seed, seed + NEARBY)) is None:
                    names.append(mutant.name)
    return names


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        names = missed(mutants())
        print("\n".join(f"{name}: not found" for name in names))
        return 1 if names else keep({TARGET: page()}, COMMAND)
    chosen = [mutant for mutant in mutants() if not arguments or mutant.name in arguments]
    found = recorded()
    with ThreadPoolExecutor(2) as pool:
        for mutant, seed in zip(chosen, pool.map(searched, chosen), strict=True):
            print(f"{mutant.name}: {seed or 'not found'}", flush=True)
            found |= {mutant.name: seed} if seed else {}
            record({name: known for name, known in found.items() if (HERE / f"{name}.patch").exists()})
    missing = [mutant.name for mutant in mutants() if mutant.name not in found]
    return 1 if missing else keep({TARGET: page()}, COMMAND)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
