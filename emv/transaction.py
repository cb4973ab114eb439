"""One transaction: its data, what was said to the card, and why each decision was taken.

This is the only writer of `data`: `put` for what the terminal computes, `bring` for what the card sends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import tlv
from emv.action import Send
from emv.constant import const
from emv.data_objects import TERMINAL, bcd
from emv.errors import CardFault, FlowFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from emv.contactless.torn_log import TornRecord
    from emv.profile import Application, Parameters, Profile

_AMOUNT_AUTHORISED = const(0x9F02)
_AMOUNT_AUTHORISED_BINARY = const(0x81)
_AMOUNT_OTHER = const(0x9F03)
_AMOUNT_OTHER_BINARY = const(0x9F04)
_APPLICATION_IDENTIFIER_TERMINAL = const(0x9F06)
_APPLICATION_VERSION_NUMBER_TERMINAL = const(0x9F09)
_KERNEL_OBJECTS = const(0xDF8101)  # from here on, tags of three bytes: what kernel 2 keeps for itself (Book C-2, A)
_TERMINAL_FLOOR_LIMIT = const(0x9F1B)
_TERMINAL_VERIFICATION_RESULTS = const(0x95)
_TRANSACTION_DATE = const(0x9A)
_TRANSACTION_SEQUENCE_COUNTER = const(0x9F41)
_TRANSACTION_STATUS_INFORMATION = const(0x9B)
_TRANSACTION_TIME = const(0x9F21)
_TRANSACTION_TYPE = const(0x9C)
_UNPREDICTABLE_NUMBER = const(0x9F37)


class Request:
    """What is to be paid: amounts in minor units, `clock` as (year, month, day, hour, minute, second), local time.

    `amount_other_minor` is the cash back, which the amount includes. `preferred_aid`: the brand that the cardholder
    chose beforehand; `choose`: the cardholder wants to be asked. `force_online`: the merchant does (Book 4, 6.3.5).
    `offline_minor`: None is by the book; else the issuer is always asked first, and where it cannot be, the card may
    approve up to this amount (0: none), its holder verified by an enciphered PIN.
    """

    def __init__(
        self,
        amount_minor: int,
        clock: tuple[int, ...],
        amount_other_minor: int = 0,
        transaction_type: int = 0,
        sequence_counter: int | None = None,
        preferred_aid: bytes | None = None,
        choose: bool = False,
        force_online: bool = False,
        offline_minor: int | None = None,
    ) -> None:
        self.amount_minor = amount_minor
        self.clock = clock
        self.amount_other_minor = amount_other_minor
        self.transaction_type = transaction_type
        self.sequence_counter = sequence_counter
        self.preferred_aid = preferred_aid
        self.choose = choose
        self.force_online = force_online
        self.offline_minor = offline_minor


class Transaction:
    """`random(length) -> bytes` is the only source of chance.

    data: tag -> value. origin: tag -> index in `exchange` of the APDU that brought it; a tag that is not in it is the
    terminal's. exchange: (command, response) with the status word. trace: see emv/trace.py.
    lists: the data object list that a command (without its Le) answers, to know later what is in it.
    candidates: applications that card and terminal have in common (kernel/candidate_list.py), where `searched`.
    directory: what the payment system environment says of all its applications. chosen: by the cardholder.
    authenticated: (response, start) of each record that data authentication covers; authenticable: may it succeed?
    listed: what PDOL, CDOL1 and CDOL2 gave so far. icc_key: what the card signs with, once recovered.
    requested: the type of cryptogram to ask for. scripts: what the issuer sent.
    final: the outcome, once the second GENERATE AC is through.
    oda: "none" "sda" "dda" "cda" "fdda". cvm: as in emv/outcome.py.
    strict: may the card give objects that are not its own, and more than once? See `bring`.
    tvr_first, cid_first: TVR before, and tag 9F27 after, the first GENERATE AC.
    torn: the log of torn transactions (contactless/torn_log.py), which the reader keeps from tap to tap.
    """

    def __init__(
        self, profile: Profile, request: Request, random: Callable[[int], bytes], torn: list[TornRecord] | None = None
    ) -> None:
        self.profile = profile
        self.request = request
        self.random = random
        self.data: dict[int, bytes] = dict(profile.data)
        self.origin: dict[int, int] = {}
        self.exchange: list[tuple[bytes, bytes]] = []
        self.trace: list[tuple] = []
        self.lists: dict[bytes, bytes] = {}
        self.candidates: list[tuple[bytes, Application, int, str, int, bytes]] = []
        self.searched = False
        self.directory: list[tuple[int, bytes]] = []
        self.chosen = False
        self.application: Application | None = None
        self.authenticated: list[tuple[bytes, int]] = []
        self.authenticable = True
        self.listed = b""
        self.icc_key: tuple[bytes, bytes] = (b"", b"")
        self.requested = 0
        self.scripts: Sequence[bytes] = ()
        self.final: str | None = None
        self.oda = "none"
        self.cvm = "none"
        self.torn = [] if torn is None else torn
        # Contactless: what the outcome says otherwise than Book A's default.
        self.start: str | None = None
        self.messages: tuple[str, ...] | None = None
        self.restart_messages: tuple[str, ...] | None = None
        self.field_off_ms = 0
        self.tvr_first: bytes | None = None
        self.cid_first: int | None = None
        # Of the flow alone: the table it follows, the step it is in, the command it waits for, and what came so far.
        self.contactless = False
        self.strict = False
        self.table: dict[str, dict[str, str]] = {}
        self.frugal = False  # code that is not needed any more goes
        self.step = ""
        self.pending: bytes | None = None
        self.received = b""
        self.repeats = 0
        self.volume = 0  # bytes that the card has said
        self.elapsed = 0  # what the card took for its last answer, in units of 100 microseconds
        # Of the step alone: where it is within itself. None when it begins.
        self.progress: Any = None
        self._put_request()

    def _put_request(self) -> None:
        request = self.request
        clock = request.clock
        data = self.data
        data[_AMOUNT_AUTHORISED] = bcd(request.amount_minor, 6)
        data[_AMOUNT_OTHER] = bcd(request.amount_other_minor, 6)
        data[_AMOUNT_AUTHORISED_BINARY] = _binary(request.amount_minor)
        data[_AMOUNT_OTHER_BINARY] = _binary(request.amount_other_minor)
        data[_TRANSACTION_DATE] = bcd(clock[0] % 100 * 10000 + clock[1] * 100 + clock[2], 3)
        data[_TRANSACTION_TIME] = bcd(clock[3] * 10000 + clock[4] * 100 + clock[5], 3)
        data[_TRANSACTION_TYPE] = bytes((request.transaction_type,))
        if request.sequence_counter is not None:
            data[_TRANSACTION_SEQUENCE_COUNTER] = bcd(request.sequence_counter, 4)

    def enter(self, application: Application) -> None:
        """Begin with an application: nothing of one tried before stays."""
        data = self.data
        for tag in self.origin:
            data.pop(tag, None)
        self.origin = {}
        self.authenticated = []
        self.authenticable = True
        self.listed = b""
        self.strict = False
        self.application = application
        data[_TERMINAL_VERIFICATION_RESULTS] = bytes(5)
        data[_TRANSACTION_STATUS_INFORMATION] = bytes(2)
        data[_APPLICATION_IDENTIFIER_TERMINAL] = application.aid
        data[_APPLICATION_VERSION_NUMBER_TERMINAL] = application.version
        floor_limit_minor = self.floor_limit_minor
        if floor_limit_minor is not None:
            data[_TERMINAL_FLOOR_LIMIT] = _binary(floor_limit_minor)
        data.update(application.parameters.data)

    @property
    def parameters(self) -> Parameters:
        """Of the application selected; only steps after selection ask."""
        if self.application is None:
            raise FlowFault("application_not_selected")
        return self.application.parameters

    @property
    def floor_limit_minor(self) -> int | None:
        """Of the application selected; what may be approved offline for once is below it (Book 3, 10.6.1)."""
        return self.request.offline_minor + 1 if self.request.offline_minor else self.parameters.floor_limit_minor

    def put(self, tag: int, value: bytes) -> None:
        """Write what the terminal has found out."""
        self.data[tag] = value

    def bring(self, objects: list[tuple[int, bytes]], first: int) -> None:
        """Store what the card's last answer holds; objects that are the terminal's are passed over.

        Raises CardFault when an object came already in this answer or any since `exchange[first]` (Book 3, 10.2). To a
        `strict` kernel since the application was selected, unless it was empty; and one of the terminal's is a fault.
        """
        origin = self.origin
        data = self.data
        index = len(self.exchange) - 1
        strict = self.strict
        for tag, value in objects:
            if (tag in origin and tag in data) if strict else origin.get(tag, -1) >= first:
                raise CardFault("duplicate_object")
            if tag in TERMINAL or tag >= _KERNEL_OBJECTS or (tag in data and tag not in origin):
                if strict:
                    raise CardFault("terminal_object_from_card", (tag,))
                self.note("terminal_object_from_card", (tag,))
                continue
            origin[tag] = index
            if value:
                data[tag] = value
            elif tag in data:
                del data[tag]

    def bring_template(self, response: bytes, start: int, end: int) -> None:
        """Store the objects inside the last answer; it must not contradict itself."""
        self.bring(tlv.objects(response, start, end), len(self.exchange) - 1)

    def send_listed(self, command: bytes, listed: bytes) -> Send:
        """Send a command whose last data are what `listed` asked for."""
        self.lists[command[:-1]] = listed
        return Send(command)

    def has_bit(self, tag: int, byte: int, mask: int) -> bool:
        """Is a bit of `byte` (counted from 1) of a stored object set? Absent and short objects have none."""
        value = self.data.get(tag)
        return value is not None and len(value) >= byte and value[byte - 1] & mask != 0

    @property
    def latest(self) -> int:
        """Place of the card's last answer in `exchange`."""
        return len(self.exchange) - 1

    def note(self, rule: str, tags: tuple[int, ...] = (), bit: int = 0, apdu: int = -1) -> None:
        """Record a decision; `bit` (0x950240 is TVR byte 2 bit 7) is the one that it sets.

        `apdu`: the exchange that it answers, where no tag shows it, such as a status word.
        """
        for tag in tags:
            apdu = max(apdu, self.origin.get(tag, -1))
        self.trace.append((self.step, rule, bit, tags, apdu))
        if bit:
            tag = bit >> 16
            value = bytearray(self.data[tag])
            value[(bit >> 8 & 0xFF) - 1] |= bit & 0xFF
            self.data[tag] = bytes(value)

    def draw(self, length: int) -> bytes:
        return self.random(length)

    def draw_unpredictable_number(self) -> None:
        self.data[_UNPREDICTABLE_NUMBER] = self.random(4)


def _binary(amount_minor: int) -> bytes:
    """Format b, 4 bytes; an amount that does not fit is all ones (Book 4, annex A gives no better)."""
    return min(amount_minor, 0xFFFFFFFF).to_bytes(4, "big")
