"""The same stories on MicroPython, the emulated radio and the engine, in processes that are killed."""
