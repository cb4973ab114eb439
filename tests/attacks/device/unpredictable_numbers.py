"""On the reader, at each cold boot: draws numbers as the kernel does, of the board's source; time stands still."""

import sys


class StillTime:
    @staticmethod
    def time():
        return 1

    @staticmethod
    def localtime(_=None):
        return (2026, 11, 21, 12, 0, 0, 5, 325)

    ticks_ms = ticks_us = ticks_cpu = time_ns = time


async def main(options):
    sys.modules["time"] = StillTime
    from boards.emulator.main import HostRandom
    from emv.profile import Profile
    from emv.transaction import Request, Transaction

    transaction = Transaction(Profile("", {}, []), Request(1250, (2026, 11, 21, 12, 0, 0)), HostRandom().random)
    for _ in range(int(options["drawn"])):
        transaction.draw_unpredictable_number()
        print(transaction.data[0x9F37].hex())
