"""Started by MicroPython in place of boards/emulator/boot.py: quick time, and a power cut at the n-th write of a block.

Words: its words, speed=TIMES, now=SECONDS (local, since 1970), and cut=N, of which a third each tears the write at its
beginning, in its middle and at its end. 0: no cut.
"""

# Checked against CPython's modules, where MicroPython's are meant
# pyright: reportAttributeAccessIssue=false, reportArgumentType=false, reportCallIssue=false
import gc
import os
import select
import sys
import time

import vfs

BLOCK = 4096
TICKS = (1 << 30) - 1
options = dict([word.split("=", 1) for word in sys.argv[1:]])
SPEED = int(options["speed"])
NOW = int(options["now"])
CUT = int(options["cut"])


class Module:
    """Stands for a module of the runtime; what it is not given, it takes from there."""

    def __init__(self, real):
        for name in dir(real):
            setattr(self, name, getattr(real, name))


def quick(ticks):
    began = ticks()
    return lambda: (began + time.ticks_diff(ticks(), began) * SPEED) & TICKS


class Poll:
    def __init__(self):
        poll = real_poll()
        self._ipoll, self._poll = poll.ipoll, poll.poll
        self.register, self.modify, self.unregister = poll.register, poll.modify, poll.unregister

    def ipoll(self, timeout=-1):
        return self._ipoll(timeout // SPEED if timeout > 0 else timeout)

    def poll(self, timeout=-1):
        return self._poll(-(-timeout // SPEED) if timeout > 0 else timeout)


def now(_=None):
    return time.gmtime(NOW + time.ticks_diff(time.ticks_ms(), BEGAN) * SPEED // 1000)


BEGAN = time.ticks_ms()
real_poll = select.poll
hurried, polls = Module(time), Module(select)
hurried.ticks_ms, hurried.ticks_us, hurried.localtime = quick(time.ticks_ms), quick(time.ticks_us), now
polls.poll = Poll
sys.modules["time"], sys.modules["select"] = hurried, polls

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
