"""Started by MicroPython as a source file: mounts the firmware's image and the data image, then runs the board's main.

Words: firmware=IMAGE data=IMAGE main=MODULE, and what main wants.
"""

import asyncio
import gc
import os
import sys

import vfs

BLOCK = 4096


class BlockFile:
    """A block device in a file. Its methods run also when the heap is locked: they allocate nothing."""

    def __init__(self, path):
        self.file = open(path, "r+b")
        self.blocks = os.stat(path)[6] // BLOCK

    def readblocks(self, block, buffer, offset=0):
        self.file.seek(block * BLOCK + offset)
        self.file.readinto(buffer)

    def writeblocks(self, block, buffer, offset=0):
        self.file.seek(block * BLOCK + offset)
        self.file.write(buffer)

    def ioctl(self, operation, _):
        if operation == 4:  # how many blocks
            return self.blocks
        if operation == 5:  # how long is one
            return BLOCK
        return 0


gc.threshold(8192)  # collected often, what stays lies close together: room for the larger pieces is left
options = dict([word.split("=", 1) for word in sys.argv[1:]])
vfs.mount(vfs.VfsLfs2(BlockFile(options["firmware"]), readsize=64), "/flash")  # type: ignore[arg-type]
vfs.mount(vfs.VfsLfs2(BlockFile(options["data"]), readsize=64), "/data")  # type: ignore[arg-type]
sys.path[:] = [".frozen", "/flash"]  # frozen first: a file cannot take the place of a module of the runtime
module = __import__(options["main"], None, None, ("main",))
asyncio.run(module.main(options))
