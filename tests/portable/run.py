"""A test runner for MicroPython: imports the files named, calls their test_ functions in random order."""

import sys

sys.path[:] = [".", "firmware/shims", "boards/emulator", ".frozen"]

import gc  # noqa: E402  the path comes first
import os  # noqa: E402

from tests.portable import modules  # noqa: E402


def shuffled(items: list) -> list:
    order = sorted((os.urandom(4), index) for index in range(len(items)))
    return [items[index] for _, index in order]


def tests_of(path: str) -> list:
    module = __import__(path[:-3].replace("/", "."), None, None, ["*"])
    return [(path, name, getattr(module, name)) for name in sorted(dir(module)) if name.startswith("test_")]


def run(tests: list) -> list:
    failed = []
    for path, name, test in tests:
        before = modules.loaded()
        try:
            test()
        except Exception as error:  # noqa: BLE001  a runner reports whatever a test raises
            failed.append((path, name))
            print("FAILED", path, name)
            sys.print_exception(error)
        finally:
            modules.restore(before)
            gc.collect()  # else what stays is strewn over the heap, and a picture finds no room in one piece
    return failed


def main(paths: list) -> int:
    tests = []
    for path in paths:
        tests += tests_of(path)
    failed = run(shuffled(tests))
    print("passed", len(tests) - len(failed), "failed", len(failed), "on", sys.implementation.name)
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
