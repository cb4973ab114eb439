"""The reader's end of the conversation, over whichever link a host speaks on.

Bytes go ByteLink <-> Session. TLS will stand between these two as a byte channel of its own (terminal/T-D1): it takes
what the link brings and gives what the session reads, and neither of them will know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firmware.drivers.byte_link import ByteLink


class HostLink:
    """The host, for the terminal: messages in, messages out, over cuts of the link.

    The first host to say hello is the host until it is gone; another one gets `busy`. hello and welcome never get out
    of here, nor does an online_answer for which no `ask` waits.

    in_progress: the messages' fields that say what payment runs, {"transaction_id", "request_id", "amount_minor"}, or
        None. The terminal sets it; welcome and busy tell it to the host.
    """

    def __init__(self, byte_links: list[ByteLink], identity: dict) -> None:
        """identity: {"serial", "firmware", "profile"}, what welcome says of this reader."""
        self.in_progress: dict | None = None

    async def run(self) -> None:
        """Serve all links; never returns. The terminal makes it a task."""

    @property
    def connected(self) -> bool:
        """Is there a host that was welcomed?"""
        return False

    async def next_request(self, timeout_ms: int | None = None) -> dict | None:
        """The next take_payment, cancel, status_query or trace_query; None when none comes in time."""

    def post(self, message: dict) -> None:
        """Send when the host has room for it. Without a host it is forgotten: the host asks again by id. Never raises."""

    async def ask(self, message: dict, answer_type: str, timeout_ms: int) -> dict | None:
        """Send, and wait for the answer of that type and transaction id; None when none comes in time.

        Sent again to each host that says hello meanwhile.
        """
