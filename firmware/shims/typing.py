"""The names that annotations need, for MicroPython, which has no typing module."""

TYPE_CHECKING = False


class Protocol:
    pass
