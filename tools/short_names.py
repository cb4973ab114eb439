"""Shortens the names that a module keeps to itself: MicroPython holds every name that it reads in its heap, for ever.

Private names, and parameters that nobody names in a call, become _a, _b ... in each module anew, so that all modules
share the same few. Lines stay where they are: a traceback still tells where to look.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator
from itertools import count, product
from string import ascii_lowercase


def public_names(sources: Iterable[str]) -> set[str]:
    """What modules may say to each other: attributes, imports, keywords, and words in strings."""
    public: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Attribute):
                public.add(node.attr)
            elif isinstance(node, ast.ImportFrom | ast.Import):
                public.update(getattr(node, "module", "").split("."))
                public.update(name for alias in node.names for name in (*alias.name.split("."), alias.asname or ""))
            elif isinstance(node, ast.keyword):
                public.add(node.arg or "")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                public.add(node.value)
    return public


def shorten(source: str, public: set[str]) -> str:
    """`source` with its own names shortened; `public` is of all modules that run together."""
    tree = ast.parse(source)
    keep = _formatted(tree) | {"self"}
    own = sorted(name for name in _bound(tree) - keep if _is_private(name) or not (name in public or name.isupper()))
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    taken = {token.string for token in tokens}
    short = dict(zip(own, (name for name in _short_names() if name not in taken), strict=False))
    lines = source.splitlines(keepends=True)
    for token in reversed(tokens):
        if token.type == tokenize.NAME and token.string in short:
            row, start = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:start] + short[token.string] + line[start + len(token.string) :]
    return "".join(lines)


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _bound(tree: ast.Module) -> set[str]:
    """What the module gives a name to; of its functions and classes, the private ones."""
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_private(node.attr):
            bound.add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and _is_private(node.name):
            bound.add(node.name)
    return bound


def _formatted(tree: ast.Module) -> set[str]:
    """Names in f-strings, which are one token each."""
    names: set[str] = set()
    for string in ast.walk(tree):
        if isinstance(string, ast.JoinedStr):
            for node in ast.walk(string):
                names.add(getattr(node, "id", getattr(node, "attr", "")))
    return names


def _short_names() -> Iterator[str]:
    """_a to _z, _aa ..."""
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield "_" + "".join(letters)
