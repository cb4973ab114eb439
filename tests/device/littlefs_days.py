"""Run by MicroPython: the journal on a real LittleFS, whose flash loses power in the middle of its writes and erases.

Words: cuts WHAT FROM UNTIL | count WHAT | full | rot SEED. A last line `cases N` says how many went well.
"""

import gc
import os
import random
import sys

sys.path[:] = [".", "firmware/shims", "boards/emulator", ".frozen"]

import vfs  # noqa: E402  the path comes first

from boards.parts.file_storage import FileStorage  # noqa: E402
from firmware.errors import ReaderFault  # noqa: E402
from firmware.journal.record import RECORD_SIZE  # noqa: E402
from tests.support.evening import Reader, result  # noqa: E402
from tests.support.fake_drivers import keyed_files  # noqa: E402
from tests.support.fake_storage import TEARS, PowerCut  # noqa: E402
from tests.support.shop_days import ShopDays  # noqa: E402

BLOCK = 4096
BLOCKS = 48
JOURNAL_SIZE = 8 * 10 * RECORD_SIZE  # segments of ten records
TRIES = 20  # bits of each block


class Flash:
    """`cut_at` counts writes and erases; that one is torn, and later ones are lost, until the power is back."""

    def __init__(self, data=None):
        self.data = data or bytearray(b"\xff" * (BLOCK * BLOCKS))
        self.operations = 0
        self.cut_at = 0
        self.torn = 0.0
        self.off = False

    def readblocks(self, block, buffer, offset=0):
        at = block * BLOCK + offset
        buffer[:] = memoryview(self.data)[at : at + len(buffer)]

    def writeblocks(self, block, buffer, offset=0):
        at = block * BLOCK + offset
        kept = self._kept(len(buffer))
        self.data[at : at + kept] = memoryview(buffer)[:kept]

    def ioctl(self, operation, argument):
        if operation == 4:
            return len(self.data) // BLOCK
        if operation == 5:
            return BLOCK
        if operation == 6:
            kept = self._kept(BLOCK)
            self.data[argument * BLOCK : argument * BLOCK + kept] = b"\xff" * kept
        return 0

    def _kept(self, length):
        """How many bytes of an operation are done."""
        if self.off:
            return 0
        self.operations += 1
        if self.operations != self.cut_at:
            return length
        self.off = True
        return int(length * self.torn) if isinstance(self.torn, float) else self.torn % length


def mount_point():
    return f"/flash{FlashReader.mounts}"


class FlashReader(Reader):
    """A reader whose storage is a file system; a restart mounts it anew."""

    mounts = 0

    def __init__(self, flash):
        self.flash = flash
        super().__init__(self.mounted())

    def restart(self):
        if self.flash.off:
            self.flash.off = False
            self.storage = self.mounted()
        super().restart()

    def mounted(self):
        if FlashReader.mounts > 0:
            vfs.umount(mount_point())
            FlashReader.mounts = -FlashReader.mounts  # none, should the next one fail
        FlashReader.mounts = abs(FlashReader.mounts) + 1
        folder = mount_point()
        vfs.mount(vfs.VfsLfs2(self.flash, readsize=64), folder)
        if "resources" not in os.listdir(folder):
            os.mkdir(folder + "/resources")
        return FileStorage(folder, folder + "/resources", JOURNAL_SIZE)


class FlashDays(ShopDays):
    def _once(self, act):
        return super()._once(lambda: self._watched(act))

    def _watched(self, act):
        """Without power nothing that is done or seen counts."""
        flash = self.reader.flash
        done = None
        try:
            done = act()
        except (OSError, ReaderFault):
            if not flash.off:
                raise
        if flash.off:
            raise PowerCut
        return done

    def copy(self):
        """The same shop on a flash of its own."""
        other = FlashDays(FlashReader(Flash(bytearray(self.reader.flash.data))))
        for name in ("_payments", "_hash"):
            setattr(other, name, getattr(self, name))
        for name in ("_captured", "_cancelled", "_counters"):
            setattr(other, name, list(getattr(self, name)))
        return other


def new_shop():
    flash = Flash()
    vfs.VfsLfs2.mkfs(flash, readsize=64)
    shop = FlashDays(FlashReader(flash))
    files = keyed_files()
    for name in ("dukpt", "keys"):
        shop.reader.storage.replace(name, files[name])
    return shop


def prepared():
    """The first day is over; a pre-authorisation waits from it, another one and a sale are of the second."""
    shop = new_shop()
    waiting = shop.sale("preauthorisation", 10000)
    shop.sale()
    shop.sale()
    return shop, waiting, shop.sale("purchase", 999), shop.sale("preauthorisation", 5000)


WHAT = {
    "payments": lambda shop, waiting, sale, other: (shop.sale(), shop.sale("refund", 300)),
    "changes": lambda shop, waiting, sale, other: (shop.void(sale), shop.complete(other, 4500)),
    "evening": lambda shop, waiting, sale, other: shop.evening(),
}


def count(what):
    shop, *known = prepared()
    before = shop.reader.flash.operations
    WHAT[what](shop, *known)
    if what == "evening":
        assert shop.reader.journal.first > 0  # purged
    return shop.reader.flash.operations - before


def cuts(what, first, last):
    shop, *known = prepared()
    done = 0
    for operation in range(first, last):
        for torn in TEARS:
            days = shop.copy()
            flash = days.reader.flash
            flash.cut_at, flash.torn = flash.operations + operation, torn
            WHAT[what](days, *known)
            flash.cut_at = 0
            days.complete(known[0], 9000)
            days.evening()
            days.check_at_rest()
            done += 1
            gc.collect()
    return done


def full():
    """Whatever the storage has left when a payment begins: it is refused, or it ends."""
    done = 0
    for left in range(0, 12 * BLOCK, 512):
        shop = new_shop()
        shop.sale()
        reader, folder = shop.reader, mount_point()
        fill(folder, left)
        if begins(reader, result(7)):
            fill(folder, 0)
            reader.end(result(7))
            reader.flash.off = True
            reader.restart()
            assert reader.result_of(7) == result(7)
        assert reader.result_of(1) == result(1)
        done += 1
        gc.collect()
    return done


def begins(reader, message):
    """False: refused, by name."""
    why = ""
    try:
        reader.begin(message)
    except ReaderFault as fault:
        why = fault.why
    assert why in ("", "storage_full")
    return not why


def fill(folder, left):
    """Write until there is no more, then give back so many bytes."""
    with open(folder + "/filler", "ab") as file:
        try:
            while True:
                file.write(b"\x11" * 512)
                file.flush()
        except OSError:
            pass
    size = os.stat(folder + "/filler")[6]
    if left:
        rest = max(0, size - left)
        os.remove(folder + "/filler")
        with open(folder + "/filler", "wb") as file:
            for _ in range(rest // 512):
                file.write(b"\x11" * 512)


def rot(from_seed):
    """A bit of each block: of a journal's data, of old copies, and of what LittleFS writes about its files."""
    random.seed(int(from_seed))
    shop = new_shop()
    payments = range(1, 7)
    for _ in payments:
        shop.sale()
    shop.reader.flash.off = True
    sound = bytes(shop.reader.flash.data)
    done = 0
    for block in range(BLOCKS):
        for _ in range(TRIES):
            bit = random.getrandbits(15)
            flash = shop.reader.flash
            flash.data[:] = sound
            flash.data[block * BLOCK + bit // 8] ^= 1 << bit % 8
            flash.off = True
            try:
                shop.reader.restart()
            except OSError:  # no file system: nobody takes that for a journal
                done += 1
                continue
            seen = [shop.reader.result_of(n) for n in payments]
            whole = [result(n) for n in payments]
            assert seen == whole or shop.reader.journal.damaged, (block, bit)
            assert all(seen[n] in (whole[n], None) for n in range(len(whole)))
            done += 1
    return done


words = sys.argv[1:]
if words[0] == "cuts":
    print("cases", cuts(words[1], int(words[2]), int(words[3])))
else:
    print("cases", {"count": count, "full": full, "rot": rot}[words[0]](*words[1:]))
