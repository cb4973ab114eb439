"""The same stories on MicroPython, the emulated radio, the engine, and processes that are killed: docs/simulation.md."""
