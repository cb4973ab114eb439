"""Under MicroPython: the heap that the code of emv takes, as a reader loads it.

Arguments: the folder of compiled firmware, then the modules. Prints bytes.
"""

import sys

sys.path[:] = [sys.argv[1], ".frozen"]

import gc  # noqa: E402  the path comes first

gc.collect()
before = gc.mem_alloc()
for name in sys.argv[2:]:
    __import__(name)
gc.collect()
print(gc.mem_alloc() - before)
