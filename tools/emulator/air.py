"""The air between two Bluetooth controllers, and what can go wrong in it. Works around faults of bumble 0.0.236."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

ACL_PACKET = 251  # bytes, data length extension; bumble's default of 27 is four times slower
ATT_CHANNEL = 4
NOTIFICATION = 0x1B  # ATT opcode (Core Specification, Vol 3 F 3.4.7.1)
SUPERVISION_TIMEOUT = 0x08  # HCI error code


class AirController(Controller):
    """A controller that cuts long data into packets, and that a reset brings back to its first state."""

    def __init__(self, name: str, link: LocalLink, address: str) -> None:
        super().__init__(name, link=link, public_address=address)
        self.random_address = self.public_address
        self.le_acl_data_packet_length = ACL_PACKET

    def on_link_acl_data(
        self,
        sender_address: hci.Address,
        transport: PhysicalTransport,  # noqa: ARG002 - bumble's signature
        data: bytes,
    ) -> None:
        connection = self.le_connections.get(sender_address)
        if connection is None:
            return  # the link was lost while the data was on its way
        for start in range(0, len(data), ACL_PACKET):
            piece = data[start : start + ACL_PACKET]
            boundary = 2 if start == 0 else 1
            self.send_hci_packet(hci.HCI_AclDataPacket(connection.handle, boundary, 0, len(piece), piece))

    def on_hci_reset_command(self, command: hci.HCI_Reset_Command) -> hci.HCI_StatusReturnParameters:
        self.reset()
        return super().on_hci_reset_command(command)

    def on_hci_le_create_connection_cancel_command(
        self, command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        self.pending_le_connection = None
        return super().on_hci_le_create_connection_cancel_command(command)

    def reset(self) -> None:
        """Off the air: no connection, no advertising, no scan."""
        for connection in list(self.le_connections.values()):
            connection.send_ll_control_pdu(ll.TerminateInd(SUPERVISION_TIMEOUT))
        self.le_connections.clear()
        self.le_legacy_advertiser.stop()
        for advertising_set in self.advertising_sets.values():
            advertising_set.stop()
        self.advertising_sets.clear()
        self.le_scan_enable = False
        self.pending_le_connection = None


class Air(LocalLink):
    """Carries data in order. `notified` is called for each notification that has left, dropped ones too."""

    def __init__(self, notified: Callable[[], None]) -> None:
        super().__init__()
        self._notified = notified
        self._on_the_way: deque[tuple[float, Callable[[], None]]] = deque()
        self._clear()

    def _clear(self) -> None:
        self.delay_ms = 0
        self.drop = 0  # notifications still to be lost
        self.cut: int | None = None  # bytes until the link is lost

    def disturb(self, fault: str, amount: int = 0) -> None:
        """ "delay MS", "drop N" notifications, "cut BYTES", "clear". Raises ValueError."""
        if fault == "clear":
            self._clear()
        elif fault == "delay":
            self.delay_ms = amount
        elif fault == "drop":
            self.drop = amount
        elif fault == "cut":
            self.cut = amount
        else:
            raise ValueError(fault)

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is None or receiver is None:
            return

        def arrive() -> None:
            if self._survives(data):
                receiver.on_link_acl_data(connection.self_address, transport, data)
            if _is_notification(data):
                self._notified()

        loop = asyncio.get_running_loop()
        self._on_the_way.append((loop.time() + self.delay_ms / 1000, arrive))
        if len(self._on_the_way) == 1:
            loop.call_soon(self._deliver)

    def _deliver(self) -> None:
        loop = asyncio.get_running_loop()
        while self._on_the_way:
            due, arrive = self._on_the_way[0]
            if due > loop.time():
                loop.call_at(due, self._deliver)
                return
            arrive()
            self._on_the_way.popleft()

    def _survives(self, data: bytes) -> bool:
        if self.cut is not None:
            self.cut -= len(data)
            if self.cut <= 0:
                self.cut = None
                self._lose_links()
                return False
        if self.drop and _is_notification(data):
            self.drop -= 1
            return False
        return True

    def _lose_links(self) -> None:
        for controller in self.controllers:
            for connection in list(controller.le_connections.values()):
                controller.on_le_disconnected(connection, SUPERVISION_TIMEOUT)


def _is_notification(data: bytes) -> bool:
    """`data` is an L2CAP frame: length u16, channel u16, ATT PDU (Core Specification, Vol 3 A 3.1)."""
    return int.from_bytes(data[2:4], "little") == ATT_CHANNEL and data[4] == NOTIFICATION
