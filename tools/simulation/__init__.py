"""Reader, till and acquirer in one process on a virtual clock, with every fault there is: docs/simulation.md."""
