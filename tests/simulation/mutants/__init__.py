"""Faults of the product, each a patch, by which the simulation is shown to bite: docs/mutants.md."""
