"""Writes the transcripts that simulated cards give: `python -m tests.cards.write`, with `--check` only compares.

The card's bytes are computed by tools/simulators; what must come out is written down here, by hand and by the books.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

from emv import tlv
from emv.action import Action, Finish, GoOnline
from emv.outcome import Outcome
from emv.transaction import Transaction
from tests.cards.authentication import AUTHENTICATION
from tests.cards.books import BOOKS
from tests.cards.chips import CHIPS
from tests.cards.mastercard import MASTERCARD
from tests.cards.scenarios import SCENARIOS, Answer, Scenario
from tests.cards.taps import TAPS
from tools.generated import keep
from tools.replay import runner, transcript
from tools.simulators import personalisation, scheme
from tools.simulators.application import Memory
from tools.simulators.card import SimulatedCard
from tools.simulators.issuer import Issuer, IssuerRequest

Begin = Callable[[dict, transcript.Draws], tuple[Transaction, Action]]

FOLDER = Path(__file__).parent
ALL = (*SCENARIOS, *CHIPS, *TAPS, *AUTHENTICATION, *BOOKS, *MASTERCARD)
_FIELD_55 = (
    0x82,
    0x95,
    0x9A,
    0x9C,
    0x5F2A,
    0x9F02,
    0x9F03,
    0x9F10,
    0x9F1A,
    0x9F26,
    0x9F27,
    0x9F33,
    0x9F34,
    0x9F36,
    0x9F37,
)


class RecordedCard:
    """A simulated card whose exchange is kept; `answers` changes what it says to commands that begin so, `times` how
    long it takes."""

    def __init__(self, card: SimulatedCard, answers: dict[str, Answer], times: dict[str, list[int]]) -> None:
        self._card = card
        self._times = {bytes.fromhex(command): list(units) for command, units in times.items()}
        self._answers = {bytes.fromhex(command): answer for command, answer in answers.items()}
        self._asked = dict.fromkeys(self._answers, 0)
        self.rows: list[list] = []

    def transmit(self, command: bytes) -> tuple[bytes, int, int, int] | None:
        response = self._card.transmit(command)
        for beginning, answer in self._answers.items():
            if command.startswith(beginning):
                response = _changed(response, answer, self._asked[beginning])
                self._asked[beginning] += 1
        self.rows.append([command.hex().upper(), response.hex().upper()])
        if not response:
            return None
        return response[:-2], response[-2], response[-1], self._took(command)

    def _took(self, command: bytes) -> int:
        for beginning, units in self._times.items():
            if command.startswith(beginning):
                self.rows[-1].append(units.pop(0))
                return self.rows[-1][2]
        return 0


def _changed(response: bytes, answer: Answer, asked: int) -> bytes:
    """What the scenario makes of an answer: `asked` tells how often the command came before."""
    if isinstance(answer, list):
        return _changed(response, answer[asked], 0) if asked < len(answer) else response
    return answer(response) if callable(answer) else bytes.fromhex(answer)


def counted() -> Callable[[int], bytes]:
    """A card's random numbers, the same at each writing."""
    drawn = [0]

    def draw(length: int) -> bytes:
        drawn[0] += 1
        return drawn[0].to_bytes(length, "big")

    return draw


def ca_keys() -> list[dict]:
    keys = [each.ca_public_key for each in (*scheme.schemes(), scheme.longest())]
    return [
        {
            "rid": key.rid.hex().upper(),
            "index": f"{key.index:02X}",
            "modulus": key.modulus.hex().upper(),
            "exponent": key.exponent.hex().upper(),
        }
        for key in keys
    ]


def personalised(scenario: Scenario) -> personalisation.Personalisation:
    card = personalisation.load(scenario.card)
    changed = {
        side: tuple(replace(application, **scenario.application) for application in getattr(card, side))
        for side in ("contact", "contactless")
    }
    return replace(card, **changed, **scenario.keys)


def record(scenario: Scenario) -> dict:
    """The scenario's file with the exchange of its run."""
    return perform(scenario)[0]


def perform(scenario: Scenario, begin: Begin = runner.begin) -> tuple[dict, Transaction, Outcome]:
    """Run the card through the kernel as the scenario says, and put the exchange into its file."""
    file = deepcopy(scenario.file)
    file["terminal"].setdefault("ca_keys", [key for key in ca_keys() if key["rid"] in scenario.schemes])
    card = personalised(scenario)
    simulated = SimulatedCard(card, scenario.t0, counted(), Memory(card.pin_tries))
    simulated.power_on(file["interface"])
    recorded = RecordedCard(simulated, scenario.answers, scenario.times)
    draws = transcript.Draws(file["terminal"].get("random", []))
    transaction, action = begin(file, draws)
    while not isinstance(action, Finish):
        if isinstance(action, GoOnline) and file.get("issuer", {}).get("91") == "computed":
            file["issuer"]["91"] = authentication(card, transaction, file)
        action = runner.advance(transaction, file, recorded, action)
    file["exchange"] = recorded.rows
    for twin in file.get("mutations", []):
        for edit in twin["edits"]:
            edit["exchange"] %= len(recorded.rows)  # -1 is the last
            said = bytes.fromhex(recorded.rows[edit["exchange"]][1])
            edit["response"] = _changed(said, edit["response"], 0).hex().upper()
    return file, transaction, action.outcome


def authentication(card: personalisation.Personalisation, transaction: Transaction, file: dict) -> str:
    data = transaction.data
    icc_data = b"".join(tlv.encode(tag, data[tag]) for tag in _FIELD_55 if tag in data)
    pin = file.get("cardholder", {}).get("pin") if data[0x9F34][0] & 0x3F == 0x02 else None
    request = IssuerRequest(card.pan, card.sequence, card.expiry, file["transaction"]["amount"], 978, icc_data, pin)
    answer = Issuer(cards=[card]).authorise(request)
    assert answer.arqc_checked and answer.authentication, answer.why
    return answer.authentication.hex().upper()


def text(file: dict) -> str:
    return json.dumps(file, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    files = {FOLDER / f"{scenario.name}.json": text(record(scenario)) for scenario in ALL}
    return keep(files, "python -m tests.cards.write")


if __name__ == "__main__":
    sys.exit(main())
