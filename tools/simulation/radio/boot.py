"""Started by MicroPython in place of boards/emulator/boot.py: shared time, and a power cut at the n-th write.

Words: its words, clock=FILE of the shared time, place=NUMBER in it, slow=TIMES, now=SECONDS (local, since 1970), and
cut=N, of which a third each tears the write at its beginning, in its middle and at its end. 0: no cut. A byte on
stdin wakes it.
"""

# Checked against CPython's modules, where MicroPython's are meant
# pyright: reportAttributeAccessIssue=false, reportArgumentType=false, reportCallIssue=false
import gc
import os
import select
import struct
import sys
import time

import vfs

BLOCK = 4096
NEVER = float("inf")
options = dict([word.split("=", 1) for word in sys.argv[1:]])
NOW = int(options["now"])
CUT = int(options["cut"])
CELL = 8 * int(options["place"])
SLOW = int(options["slow"])


class Module:
    """Stands for a module of the runtime; what it is not given, it takes from there."""

    def __init__(self, real):
        for name in dir(real):
            setattr(self, name, getattr(real, name))


class SharedTime:
    def __init__(self, path):
        self._file = open(path, "r+b")  # noqa: SIM115  as long as the reader lives
        self._cell = bytearray(8)
        self.look()

    def look(self):
        self._file.seek(0)
        self._file.readinto(self._cell)
        self._jumped_us = int(struct.unpack("d", self._cell)[0] * 1000000)

    def wants(self, at_s):
        struct.pack_into("d", self._cell, 0, at_s)
        self._file.seek(CELL)
        self._file.write(self._cell)

    def ticks_us(self):
        return time.ticks_us() // SLOW + self._jumped_us

    def ticks_ms(self):
        return self.ticks_us() // 1000

    def localtime(self, _=None):
        return time.gmtime(NOW + (self.ticks_ms() - BEGAN) // 1000)


class Poll:
    """Says before it waits until when."""

    def __init__(self):
        poll = real_poll()
        self._ipoll = poll.ipoll
        self.register, self.modify, self.unregister = poll.register, poll.modify, poll.unregister
        self.register(sys.stdin, select.POLLIN)

    def poll(self, timeout=-1):
        if timeout == 0:
            return self._ready(0)
        until = None if timeout < 0 else shared.ticks_ms() + timeout
        while True:
            left = -1 if until is None else max(0, until - shared.ticks_ms())
            shared.wants(NEVER if until is None else until / 1000)
            found = self._ready(left)
            shared.look()
            if found or left == 0:
                return found

    ipoll = poll

    def _ready(self, timeout):
        found = []
        for stream, events in self._ipoll(timeout * SLOW if timeout > 0 else timeout):
            if stream is sys.stdin:
                sys.stdin.buffer.read(1)
            else:
                found.append((stream, events))
        return found


shared = SharedTime(options["clock"])
BEGAN = shared.ticks_ms()
real_poll = select.poll
shared_time, polls = Module(time), Module(select)
shared_time.ticks_ms, shared_time.ticks_us, shared_time.localtime = shared.ticks_ms, shared.ticks_us, shared.localtime
polls.poll = Poll
sys.modules["time"], sys.modules["select"] = shared_time, polls

import asyncio  # noqa: E402  it takes the time that it finds


class BlockFile:
    """As in boards/emulator/boot.py, until the cut."""

    def __init__(self, path, cut):
        self.file = open(path, "r+b")  # noqa: SIM115  as long as the reader lives
        self.blocks = os.stat(path)[6] // BLOCK
        self.left = cut

    def readblocks(self, block, buffer, offset=0):
        self.file.seek(block * BLOCK + offset)
        self.file.readinto(buffer)

    def writeblocks(self, block, buffer, offset=0):
        self.file.seek(block * BLOCK + offset)
        self.left -= 1
        if self.left == 0:
            self.file.write(buffer, len(buffer) * (CUT % 3) // 2)
            os.system("kill -9 $PPID")
        self.file.write(buffer)

    def ioctl(self, operation, _):
        if operation == 4:
            return self.blocks
        if operation == 5:
            return BLOCK
        return 0


gc.threshold(8192)
vfs.mount(vfs.VfsLfs2(BlockFile(options["firmware"], 0), readsize=64), "/flash")
vfs.mount(vfs.VfsLfs2(BlockFile(options["data"], CUT), readsize=64), "/data")
sys.path[:] = [".frozen", "/flash"]
module = __import__(options["main"], None, None, ("main",))
asyncio.run(module.main(options))
