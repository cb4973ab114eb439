"""The board and its radio: the emulator started by tools/emulator, as the till's tests use it."""
