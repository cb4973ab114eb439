"""The account in the terminal, in as many columns as there are; without colours where nobody would see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from host.payment.card_exchange import Exchange, Node
from host.payment.explanation import REGISTERS, Bit, Decision, Explanation, Input
from host.payment.explanation_words import REGISTER_NAMES, TEXTS, outcome_words, status, step
from host.web.words import in_language
from tools.explain.source import Account

BASIS = 4  # columns by which what a decision looked at is set in
TAGS = 10  # of a tag, set in by the templates around it
Justify = Literal["left", "right"]
GOOD, DOUBT, QUIET, STRONG, HEAD = "green", "yellow", "dim", "bold", "bold underline"


class Page:
    """`width` None: as wide as the terminal, 80 where there is none."""

    def __init__(self, language: str, file: IO[str] | None = None, width: int | None = None) -> None:
        self._language = language
        self._words = in_language(TEXTS, language)
        self._console = Console(file=file, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)

    def show(self, account: Account) -> None:
        self._head(account)
        self._heading("exchanges")
        for exchange in account.explanation.exchanges:
            self._exchange(exchange)
        self._heading("decisions")
        for name, decisions in account.explanation.steps():
            self._print(step(name, self._language), STRONG)
            for decision in decisions:
                self._decision(decision, account.explanation)
        self._heading("registers")
        for register in REGISTERS:
            self._register(register, account.explanation)
        self._end(account)

    def answer(self, account: Account, bit: Bit) -> None:
        """Why one bit is set."""
        explanation = account.explanation
        self._print(self._bit_name(bit), STRONG)
        decision = explanation.setters(bit.register).get(bit)
        if decision is None:
            self._print(self._words["not_set"])
            return
        self._print(self._words["set_in"].format(step(decision.step, self._language)), QUIET)
        for led in (*explanation.led_to(decision), decision):
            self._decision(led, explanation, named=False)

    def _head(self, account: Account) -> None:
        if account.title:
            self._print(account.title, STRONG)
        facts = [self._words.get(fact, fact) for fact in account.facts]
        self._print(" · ".join([*facts, outcome_words(account.outcome, self._language)]).strip(" ·"))
        if account.deviation:
            self._print(f"{self._words['deviation']}: {account.deviation}", DOUBT)

    def _end(self, account: Account) -> None:
        self._heading("outcome")
        self._print(outcome_words(account.outcome, self._language) or self._words["no_outcome"], STRONG)
        if account.explanation.decisions:
            self._decision(account.explanation.decisions[-1], account.explanation)

    def _heading(self, name: str) -> None:
        self._console.print()
        self._print(self._words[name], HEAD)

    def _print(self, words: str, style: str = "") -> None:
        self._console.print(Text(words, style))

    # exchanges

    def _exchange(self, exchange: Exchange) -> None:
        good = exchange.sw == 0x9000 or exchange.sw >> 8 == 0x61
        line = _grid(_fixed(2, "right"), _share(1), _own("right"), _own("right"))
        what = Text(exchange.name, STRONG) + Text(f"  {exchange.detail}" if exchange.detail else "", QUIET)
        took = f"{exchange.milliseconds} {self._words['milliseconds']}" if exchange.milliseconds else ""
        said = Text(f"{status(exchange.sw, self._language)} {exchange.sw:04X}".strip(), GOOD if good else DOUBT)
        line.add_row(str(exchange.index + 1), what, Text(took, QUIET), said)
        self._console.print(line)
        if exchange.asked:
            self._nodes("→", exchange.asked)
        if exchange.data:
            self._nodes("←", exchange.data)
        elif len(exchange.response) > 2:
            self._console.print(Padding(Text("← " + exchange.response[:-2].hex().upper()), (0, 0, 0, BASIS)))

    def _nodes(self, arrow: str, nodes: Iterable[Node]) -> None:
        table = _grid(_fixed(1), _fixed(TAGS), _share(4), _share(5))
        for depth, node in _rows(nodes):
            value = Text("" if node.children else self._value(node), QUIET if node.hidden else "", overflow="fold")
            if node.meaning:
                value.append(f"  {node.meaning}", GOOD)
            table.add_row(arrow, Text("  " * depth + f"{node.tag:X}", "cyan"), node.name, value)
            arrow = ""
        self._console.print(Padding(table, (0, 0, 0, BASIS)))

    def _value(self, node: Node) -> str:
        return f"{node.shown} {self._words['bytes']}, {self._words['hidden']}" if node.hidden else node.shown

    # decisions

    def _decision(self, decision: Decision, explanation: Explanation, named: bool = True) -> None:
        line = _grid(_share(1), _own("right"))
        line.add_row(Text(decision.text(self._language)), Text(decision.paragraph, QUIET))
        self._console.print(Padding(line, (0, 0, 0, 2)))
        inputs = explanation.inputs(decision)
        if inputs:
            table = _grid(_fixed(6), _share(5), _share(5), _own("right"))
            for given in inputs:
                table.add_row(*self._input(given))
            self._console.print(Padding(table, (0, 0, 0, BASIS)))
        if named and decision.bit is not None:
            self._console.print(Padding(Text("⇒ " + self._bit_name(decision.bit), DOUBT), (0, 0, 0, BASIS)))

    def _input(self, given: Input) -> tuple[Text, str, Text, Text]:
        node = given.node
        value = Text(self._value(node) if node.length else self._words["absent"], QUIET if node.hidden else "")
        value.overflow = "fold"
        if node.meaning:
            value.append(f"  {node.meaning}", GOOD)
        source = self._words[f"of_{given.source}"] if given.apdu is None else f"APDU {given.apdu + 1}"
        return Text(f"{node.tag:X}", "cyan"), node.name, value, Text(source if node.length else "", QUIET)

    # bits

    def _register(self, register: int, explanation: Explanation) -> None:
        value = explanation.value(register).hex(" ").upper()
        self._console.print(
            Text(f"{REGISTERS[register]} {value}", STRONG) + Text(f"  {REGISTER_NAMES[register]}", QUIET)
        )
        setters = explanation.setters(register)
        table = _grid(_own(), _share(1), _own("right"))
        for bit, decision in setters.items():
            table.add_row(self._place(bit), bit.text(self._language), Text(decision.paragraph, QUIET))
        self._console.print(Padding(table if setters else Text(self._words["no_bits"]), (0, 0, 0, 2)))

    def _place(self, bit: Bit) -> str:
        return f"{self._words['byte']} {bit.byte} {self._words['bit']} {bit.number}"

    def _bit_name(self, bit: Bit) -> str:
        return f"{REGISTERS[bit.register]} {self._place(bit)}: {bit.text(self._language) or self._words['reserved']}"


def _grid(*columns: Column) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.columns = list(columns)
    return table


def _own(side: Justify = "left") -> Column:
    """As wide as what is in it."""
    return Column(no_wrap=True, justify=side)


def _fixed(width: int, side: Justify = "left") -> Column:
    return Column(width=width, no_wrap=True, justify=side)


def _share(ratio: int) -> Column:
    """Of what the others leave."""
    return Column(ratio=ratio, overflow="fold")


def _rows(nodes: Iterable[Node], depth: int = 0) -> Iterable[tuple[int, Node]]:
    for node in nodes:
        yield depth, node
        yield from _rows(node.children, depth + 1)
