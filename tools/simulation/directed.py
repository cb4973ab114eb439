"""Stories that are written to reach what is rare: walks through the tables, each under each family of faults.

A walk is a sale and what follows it at once. A fault of the family strikes somewhere in it and is about until its end
(coverage.py); beside it strikes what a rare move needs. Walked once more for no family, its steps are not at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from tools.simulation.faults import FAMILIES, FAULTS, Aim
from tools.simulation.story import CHIPS, SHORT_SEGMENTS, TAPS, Operation, Story


@dataclass(frozen=True)
class Step:
    """`of`: the step that it is about, from 0. percent: of what is held, to complete. pause_s: before it."""

    kind: str
    of: int = -1
    percent: int = 100
    struck: tuple[Aim, ...] = ()
    pause_s: float = 0.5
    tries: int = 3
    beside_s: float = 0


def _away(message: str, number: int = 1) -> tuple[Aim, ...]:
    """The link is lost with that message, and the reader out of range."""
    return (("frame", "away", number, message),)


_ASKING: tuple[Aim, ...] = tuple(("frame", "kill", number, "reader status") for number in range(1, 7))


def _killed(message: str, number: int = 1) -> tuple[Aim, ...]:
    """With that message, and again when it asks what became of it."""
    return (("frame", "kill", number, message), *_ASKING)


def _dead_after(commit: int) -> tuple[Aim, ...]:
    return (("commit", "kill_after", commit, ""), *_ASKING)


_COLLECT = Step("collect")
_HELD = Step("preauthorise")
_TAP = Step("tap")
_REJECTS: Aim = ("batch", "rejects_some", 1, "")
_REJECTS_ALL: Aim = ("batch", "rejects_all", 1, "")
_DIFFERS: Aim = ("totals", "other_totals", 1, "")
_DIFFERS_AGAIN: Aim = ("totals", "other_totals", 2, "")
_UNHEARD: Aim = ("message", "silent", 1, "/caaa")
_UNHEARD_AGAIN: Aim = ("message", "silent", 2, "/caaa")
_SLOW: Aim = ("message", "slow", 1, "/caaa")
_NOT_SENT: Aim = ("message", "unreachable", 2, "/caaa")  # by the other till
_SLOW_TOTALS: Aim = ("message", "slow", 1, "RCLQ")
_STOPS: Aim = ("press", "stop_key", 1, "")
_OTHER_TILL: Aim = ("press", "other_till", 1, "")
_ACCEPTED_LATE: Aim = ("frame", "delay", 1, "host progress")

WALKS: tuple[tuple[Step, ...], ...] = (
    (Step("void", 0), _COLLECT),
    (_COLLECT, Step("void", 0), _COLLECT),
    (_TAP, _COLLECT, Step("void", 1)),
    (_TAP, Step("void", 1), Step("evening")),
    (Step("tipped"), _COLLECT),
    (Step("prepaid"), _COLLECT),
    (Step("refund", 0), _COLLECT, _COLLECT),
    (Step("offline"), Step("void", 1), _COLLECT),
    # the line is lost, and found again within a minute, or not
    (Step("offline", struck=_away("host progress")), _COLLECT),
    (Step("offline", struck=_away("host progress", 2)), _COLLECT),
    (Step("sale", struck=_away("reader kept")), _TAP),
    (Step("sale", struck=_away("reader take_payment")), _COLLECT),
    (Step("sale", struck=_away("host progress")), _COLLECT),
    (Step("sale", struck=(("frame", "cut", 1, "host progress"),)), _COLLECT),
    (Step("sale", struck=_away("reader online_answer")), _COLLECT),
    (Step("sale", struck=_away("host result")), _COLLECT),
    (Step("preauthorise", struck=_away("host result")), Step("complete", 1)),
    # somebody gives up
    (Step("sale", struck=(("press", "cancel", 1, ""),)), _COLLECT),
    (Step("sale", struck=(_STOPS,)), _COLLECT),
    (Step("sale", struck=(("apdu", "torn_before", 6, ""),)), _COLLECT),
    # the till dies, time and again
    (Step("sale", struck=_killed("host progress")), _COLLECT),
    (Step("offline", struck=_killed("host progress")), _COLLECT),
    (Step("offline", struck=_killed("host progress", 3)), _COLLECT),
    (Step("sale", struck=_killed("reader online_answer")), _COLLECT),
    (Step("sale", struck=_killed("host result")), _COLLECT),
    # at the other till, too
    (Step("sale", struck=(_OTHER_TILL,)),),
    (_COLLECT, Step("sale", struck=(_OTHER_TILL,))),
    (Step("sale", struck=(_OTHER_TILL,), beside_s=0.1),),
    (Step("sale", struck=(_OTHER_TILL, _ACCEPTED_LATE)),),
    (Step("sale", struck=(_OTHER_TILL, ("commit", "kill_after", 3, "")), beside_s=0.1),),
    # the reader is no more, before it shows an end
    (Step("sale", struck=(("frame", "power", 1, "host result"),)), Step("destroy"), _COLLECT),
    # held
    (_HELD, Step("complete", 1), Step("void", 1), _COLLECT),
    (_HELD, Step("complete", 1, 150), Step("complete", 1, 0)),
    (_HELD, Step("holidays")),
    # evenings
    (_COLLECT, _TAP, _COLLECT),
    (Step("collect", struck=(_UNHEARD,)), _TAP, _COLLECT),
    (_TAP, _TAP, Step("collect", struck=(_REJECTS,)), _COLLECT),
    (_TAP, _TAP, Step("collect", struck=(_REJECTS, _DIFFERS)), _COLLECT),
    (_TAP, _TAP, Step("collect", struck=(_REJECTS, _UNHEARD)), _COLLECT),
    (_TAP, Step("collect", struck=(_REJECTS_ALL,)), _COLLECT),
    (_TAP, Step("collect", struck=(_REJECTS_ALL, _UNHEARD)), _COLLECT),
    (_TAP, Step("collect", struck=(_DIFFERS, _DIFFERS_AGAIN)), _COLLECT),
    (_TAP, Step("collect", struck=(_SLOW, _NOT_SENT)), _COLLECT),
    (_TAP, _TAP, Step("collect", struck=(_SLOW, _NOT_SENT, _REJECTS)), _COLLECT),
    (_TAP, Step("collect", struck=(_SLOW, _NOT_SENT, _REJECTS_ALL)), _COLLECT),
)
# What is left when the fault is over: each step is an operation of its own, and no family strikes
TRACES: tuple[tuple[Step, ...], ...] = (
    # the till dies, again each time that it asks what became of the payment, and lives when the next operation begins
    *(
        (Step(kind, struck=_killed("host progress", number), tries=1), Step("collect", pause_s=pause_s))
        for kind in ("sale", "offline")
        for number in (1, 3)
        for pause_s in (1, 27)
    ),
    *(
        (Step("sale", struck=_dead_after(commit), tries=1), Step("collect", pause_s=pause_s))
        for commit in (2, 3)
        for pause_s in (1, 10)
    ),
    (Step("sale", struck=_killed("reader online_answer"), tries=1), _COLLECT),
    *((Step("sale", struck=(_STOPS, *_killed("host progress", number)), tries=1), _COLLECT) for number in (2, 3)),
    # nor hears of anything before the reader has approved
    *(
        (Step("offline_aside", struck=_away("host progress", number), tries=1), Step("restart", pause_s=32))
        for number in (1, 2)
    ),
    # the other till is asked meanwhile
    (Step("sale_aside", tries=1), Step("again_there"), Step("restart", pause_s=30)),
    (
        Step("sale_aside", struck=(_ACCEPTED_LATE,), tries=1),
        Step("again_there", pause_s=0.1),
        Step("restart", pause_s=30),
    ),
    # the merchant does not wait for the acquirer
    (_TAP, Step("collect_aside", struck=(_UNHEARD,)), Step("until_morning")),
    (_TAP, Step("collect_aside", struck=(_UNHEARD, _UNHEARD_AGAIN)), Step("until_morning")),
    (_TAP, Step("collect_aside", struck=(_SLOW, _NOT_SENT)), _TAP),
    (_TAP, _TAP, Step("collect_aside", struck=(_SLOW, _NOT_SENT, _REJECTS)), _TAP),
    (_TAP, Step("collect_aside", struck=(_SLOW, _NOT_SENT, _REJECTS_ALL)), _TAP),
    (_TAP, Step("collect_aside", struck=(_SLOW_TOTALS, _DIFFERS)), Step("tap", pause_s=1.5)),
    (_TAP, _TAP, Step("collect_aside", struck=(_REJECTS, _SLOW_TOTALS, _DIFFERS)), Step("tap", pause_s=1.5)),
    (_TAP, Step("collect", struck=(_DIFFERS, ("message", "late", 1, "/settlements"))), _COLLECT),
)
# how many places a step has, about, of those where a fault of a family may strike
_OF_A_SALE = {"write": 18, "frame": 20, "message": 1, "apdu": 20, "commit": 5, "press": 1, "rest": 1}
_OF_AN_EVENING = {"write": 6, "frame": 8, "message": 4, "batch": 1, "totals": 1, "commit": 15, "rest": 1}
_OF_ANOTHER = {"write": 2, "frame": 5, "message": 1, "commit": 4, "rest": 1}
_PLACES = {"collect": _OF_AN_EVENING, "collect_aside": _OF_AN_EVENING, "evening": _OF_AN_EVENING,
           "void": _OF_ANOTHER, "complete": _OF_ANOTHER, "holidays": _OF_ANOTHER}  # fmt: skip
_TURNS = [("", walk) for walk in WALKS + TRACES] + [(family, walk) for family in FAMILIES for walk in WALKS]
_THERE_AGAIN_S = 20.0
_IN_THE_SALE = 0.7  # and not in what follows


def directed(seed: int, allowed: tuple[str, ...]) -> Story:
    """Families and walks go round; all else is drawn."""
    chance = Random(f"directed {seed}")
    family, steps = _TURNS[seed % len(_TURNS)]
    walk = (Step("sale"), *steps)
    operations = [_operation(step, place, chance) for place, step in enumerate(walk)]
    if family in allowed:
        place = 0 if chance.random() < _IN_THE_SALE else chance.randrange(len(walk))
        place = place if _places(family, operations[place].kind) else 0
        aim = _aim(family, operations[place].kind, chance)
        operations[place] = replace(operations[place], struck=(*operations[place].struck, aim))
        first, *others = operations
        operations = [first, *(_at_once(each, chance) for each in others)]
    return Story(seed, tuple(operations), (), counters=chance.choice((1, 2)), segment=chance.choice(SHORT_SEGMENTS))


def _at_once(operation: Operation, chance: Random) -> Operation:
    """Or when what a fault has taken away is there again: the fault is about all the same."""
    return replace(operation, at_once=True, pause_s=chance.choice((operation.pause_s, _THERE_AGAIN_S)))


def _operation(step: Step, place: int, chance: Random) -> Operation:
    amount_minor = {"preauthorise": 10_000, "refund": 500, "tipped": 5_200}.get(step.kind, 1000) + 10 * place
    kind, card = {
        "sale": ("sale", chance.choice(CHIPS)),
        "tap": ("sale", chance.choice(TAPS)),
        "prepaid": ("sale", ("prepaid", "contact")),
        "tipped": ("tipped", chance.choice(CHIPS)),
        "preauthorise": ("preauthorise", chance.choice(CHIPS)),
        "refund": ("refund", CHIPS[0]),
        "offline": ("offline", ("offline", "contact")),
        "sale_aside": ("sale_aside", chance.choice(CHIPS)),
        "offline_aside": ("offline_aside", ("offline", "contact")),
    }.get(step.kind, (step.kind, ("", "")))
    if kind == "complete":
        amount_minor = (10_000 + 10 * step.of) * step.percent // 100
    return Operation(
        kind,
        step.pause_s,
        amount_minor,
        *card,
        of=step.of,
        struck=step.struck,
        tries=step.tries,
        beside_s=step.beside_s,
    )


def _places(family: str, kind: str) -> list[tuple[str, int]]:
    """Where the family can strike in such an operation, and how many of them there are."""
    return [(place, most) for place, most in _PLACES.get(kind, _OF_A_SALE).items() if family in FAULTS[place]]


def _aim(family: str, kind: str, chance: Random) -> Aim:
    place, most = chance.choice(_places(family, kind))
    return place, chance.choice(FAULTS[place][family][1]), chance.randint(1, most), ""
