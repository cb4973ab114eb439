"""One hostile card, from its seed: card, terminal, cardholder and issuer by chance, driven to the outcome."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emv import cap
from emv.action import ChooseApplication, EnterPin, Finish, GoOnline, IssuerAnswer, PinEntry, Send, VerifyPin
from emv.cap import token
from emv.kernel import flow, refund
from emv.outcome import NAMES
from emv.trace import objects
from emv.transaction import Transaction
from firmware.secure.redaction import redact_exchange
from tests.fuzz import cards, terminals
from tests.fuzz.chance import Chance
from tests.fuzz.forger import Forger
from tests.support import forged_card

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from emv.action import Action
    from emv.profile import Profile

_MOST_ACTIONS = 400  # the kernel sends 300 commands at most
_PIN_ANSWERS = (0x9000, 0x9000, 0x9000, 0x63C2, 0x63C1, 0x63C0, 0x6983, 0x6984, 0x6A80, 0xFFFF)
_RESPONSE_CODES = (b"00", b"00", b"00", b"05", b"10", b"51", b"", b"0", b"\xff\xff", b"0000")
_SCRIPTS = (
    "710786058424000000", "720E9F18040000000186058416000000", "7206860400000000", "7200", "71038601FF", "", "71",
    "71199F180400000001860484240000860484160000860484240001", "7284FFFFFFFF", "72048602842400", "7105860384240000",
    "7181830000" + "00" * 128,
)  # fmt: skip


class Run:
    """What came of a card: one transaction, or two where it was torn from the field and came back."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.transactions: list[Transaction] = []

    def rules(self) -> list[str]:
        return [decision[1] for transaction in self.transactions for decision in transaction.trace]

    def text(self) -> str:
        """All that was said, decided and found out: the same on either runtime."""
        lines = []
        for name, transaction in zip(self.names, self.transactions):
            said = [command.hex() + ">" + response.hex() for command, response in transaction.exchange]
            data = [f"{tag:X}={transaction.data[tag].hex()}" for tag in sorted(transaction.data)]
            decisions = [" ".join([str(part) for part in decision]) for decision in transaction.trace]
            lines += [name, transaction.cvm, transaction.oda] + said + data + decisions
        return "\n".join(lines)


def run(seed: int, paths: list[str]) -> Run:
    """`paths`: transcripts of whose cards and terminals this one is made. Raises what the kernel raises."""
    chance = Chance(seed)
    with open(chance.choice(paths)) as text:
        file = json.load(text)
    exchange = _exchange(file, chance)
    terminal = terminals.profile(file, chance)
    begin = _kind(file, terminal, chance)
    request = terminals.request(file, chance)
    card_seed = chance.below(1 << 30)
    forges = chance.once_in(24)
    if forges:
        terminal.ca_keys = [forged_card.CA_KEY]
    torn: list = []
    done = Run()
    for tap in range(2):
        names = [each.aid for each in terminal.applications]
        card = Forger(Chance(card_seed), names) if forges else cards.made(exchange, names, Chance(card_seed))
        if tap:
            card.leaves_at = -1
        transaction, action = begin(terminal, request, _draws(file, chance), torn)
        done.transactions.append(transaction)
        done.names.append(_drive(transaction, action, card, file, chance))
        _tell(transaction)
        if not torn:
            break
    return done


def _exchange(file: dict, chance: Chance) -> list[list]:
    """The file's, or that of one of its twins."""
    exchange = [list(row) for row in file["exchange"]]
    if file.get("mutations") and chance.once_in(2):
        for edit in chance.choice(file["mutations"])["edits"]:
            exchange[edit["exchange"]][1] = edit["response"]
    return exchange


def _draws(file: dict, chance: Chance) -> Callable[[int], bytes]:
    """The numbers of the transcript, so that its signatures hold, then others."""
    left = [bytes.fromhex(number) for number in file["terminal"].get("random", [])]

    def draw(length: int) -> bytes:
        return left.pop(0) if left and len(left[0]) == length else chance.bytes(length)

    return draw


def _kind(file: dict, terminal: Profile, chance: Chance) -> Callable[..., tuple[Transaction, Action]]:
    """What is begun: a payment, and with some chips a refund or EMV-CAP."""
    if file["interface"] == "contactless":
        kind = flow.begin_contactless
    else:
        kind = refund.begin if chance.once_in(16) else flow.begin
        if chance.once_in(12):
            challenge = chance.choice(("", "1", "12345678"))
            amount = chance.choice((0, 1250))

            def sign(*_: Any) -> tuple[Transaction, Action]:
                signing = cap.CapTransaction(terminal.applications, challenge, amount)
                return signing, cap.begin(signing)

            return sign

    def pay(*arguments: Any) -> tuple[Transaction, Action]:
        transaction = Transaction(*arguments)
        return transaction, kind(transaction)

    return pay


def _drive(transaction: Transaction, action: Action, card: cards.Card, file: dict, chance: Chance) -> str:
    actions = 0
    while not isinstance(action, Finish):
        actions += 1
        if actions > _MOST_ACTIONS:
            raise AssertionError("it runs on and on")
        action = flow.advance(transaction, _reply(action, card, file, chance))
    outcome = action.outcome
    if outcome.name not in NAMES or not outcome.why:
        raise AssertionError("an outcome without name or reason")
    return outcome.name


def _reply(action: Action, card: cards.Card, file: dict, chance: Chance) -> Any:
    if isinstance(action, Send):
        if not 4 <= len(action.command) <= 261:
            raise AssertionError("no such command: " + action.command.hex())
        return card.transmit(action.command)
    if isinstance(action, (EnterPin, VerifyPin)):
        sw = chance.choice(_PIN_ANSWERS)
        return PinEntry(chance.choice(("entered",) * 6 + ("bypassed", "unavailable")), sw >> 8, sw & 0xFF)
    if isinstance(action, ChooseApplication):
        return None if chance.once_in(8) else chance.below(len(action.candidates))
    if isinstance(action, GoOnline):
        return _issuer(file.get("issuer", {}), chance)
    raise AssertionError("an action that nobody knows")


def _issuer(known: dict, chance: Chance) -> IssuerAnswer | None:
    """None for no answer; once in two what this issuer said, else any bytes."""
    if chance.once_in(8):
        return None
    if known.get("online") and chance.once_in(2):
        authentication = known.get("91")
        scripts = [bytes.fromhex(script) for script in known.get("scripts", [])]
        return IssuerAnswer(
            bytes.fromhex(known["8A"]), None if authentication is None else bytes.fromhex(authentication), scripts
        )
    scripts = [bytes.fromhex(chance.choice(_SCRIPTS)) for _ in range(chance.below(4))]
    if chance.once_in(4):
        scripts.append(chance.choice((b"\x71", b"\x72")) + chance.bytes(chance.below(40)))
    authentication = chance.bytes(chance.choice((0, 7, 8, 10, 16, 17))) if chance.below(3) else None
    return IssuerAnswer(chance.choice(_RESPONSE_CODES), authentication, scripts)


def _tell(transaction: Transaction) -> None:
    """What is told of it must not fail either, and hides what is to be hidden at its length."""
    objects(transaction)
    for command, response in transaction.exchange:
        shown = redact_exchange(command, response, transaction.lists.get(command[:-1], b""))
        if [len(part) for part in shown] != [len(command), len(response)]:
            raise AssertionError("redaction changed a length")
    if isinstance(transaction, cap.CapTransaction) and transaction.signed:
        int(token.response(transaction))
