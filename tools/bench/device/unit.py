"""The unit of what is timed under MicroPython: a loop in the same process, so that a figure carries over to a board."""

import time


def loop() -> int:
    x = 0
    for i in range(1_000_000):
        x = (x + i * 3) & 0xFFFF
    return x


def loop_us() -> int:
    times = []
    for _ in range(5):
        started = time.ticks_us()
        loop()
        times.append(time.ticks_diff(time.ticks_us(), started))
    return sorted(times)[2]
