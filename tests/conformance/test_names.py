"""The kernel's constants, rules and generated tables agree with data/*.csv."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
from pathlib import Path

from emv.generated.bits import BITS
from emv.generated.rules import RULES
from emv.generated.tags import TAGS

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = [path for path in sorted((ROOT / "emv").rglob("*.py")) if "generated" not in path.parts]
# Templates by the name of their format, not of their tag; and the two objects that the books name at length.
OTHER_NAMES = {"FORMAT_1": 0x80, "FORMAT_2": 0x77, "FCI_TEMPLATE": 0x6F, "READ_RECORD_TEMPLATE": 0x70}


def constants() -> list[tuple[str, str, int]]:
    found = []
    for path in SOURCES:
        for name, value in re.findall(r"^_([A-Z0-9_]+) = const\((0x[0-9A-F]+)\)", path.read_text(), re.MULTILINE):
            found.append((path.name, name, int(value, 16)))
    return found


def symbol(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name.upper())


def test_a_constant_named_like_a_tag_has_its_number() -> None:
    numbers = {symbol(name): tag for tag, (name, *_) in TAGS.items()} | OTHER_NAMES
    wrong = [(file, name) for file, name, value in constants() if name in numbers and numbers[name] != value]
    assert wrong == []


def test_every_constant_in_the_range_of_tags_is_one() -> None:
    """0x9F.. and 0x5F.. in the kernel is always a tag, by its name in data/tags.csv."""
    numbers = {symbol(name): tag for tag, (name, *_) in TAGS.items()}
    unknown = [
        (file, name) for file, name, value in constants() if value >> 8 in (0x9F, 0x5F, 0xBF) and name not in numbers
    ]
    assert unknown == []


def test_every_bit_is_in_the_table() -> None:
    unknown = [
        (file, name) for file, name, value in constants() if name.startswith(("TVR_", "TSI_")) and value not in BITS
    ]
    assert unknown == []


def rules_used() -> set[str]:
    """What is handed to `note`, to a fault, or to the one function that notes on behalf of others."""
    used = {"cvm_" + cvm for cvm in ("none", "online_pin", "signature", "on_device")}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args:
                used |= literals(rule_argument(node))
            elif isinstance(node, ast.For) and ast.unparse(node.target).rstrip(")").endswith(", why"):
                used |= {item.value for item in ast.walk(node.iter) if isinstance(item, ast.Constant)} & set(RULES)
    return used


def rule_argument(call: ast.Call) -> ast.expr | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("_succeed", "_conclude"):
        return call.args[1]
    return call.args[0] if name == "note" or name.endswith("Fault") or name == "NotAuthentic" else None


def literals(node: ast.expr | None) -> set[str]:
    if isinstance(node, ast.IfExp):
        return literals(node.body) | literals(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_every_rule_has_a_text_and_every_text_a_rule() -> None:
    assert rules_used() == set(RULES)


def test_generated_tables_are_up_to_date() -> None:
    done = subprocess.run([sys.executable, "-m", "tools.generate_tags", "--check"], cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stdout


def test_rules_are_in_order_and_once() -> None:
    with (ROOT / "data" / "rules.csv").open(newline="") as lines:
        names = [row["rule"] for row in csv.DictReader(lines)]
    assert names == sorted(set(names))
