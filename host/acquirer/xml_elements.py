"""Dataclasses as XML elements, and back: a field names its element, and its type says what stands in it.

Elements are written in the order of the fields, as a sequence of XML Schema has them, all in one namespace. Reading is
strict: an element that the class does not have, that comes twice, or that holds something else, is a ValueError.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  it has no stubs

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}  # XML Schema Part 2, 3.3.2

# By type, how a value is written and read
VALUES: dict[type, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    str: (str, str),
    int: (str, int),
    bool: (lambda value: "true" if value else "false", lambda text: _BOOLEANS[text.strip()]),
    Decimal: (lambda value: f"{value:f}", Decimal),
    bytes: (lambda value: b64encode(value).decode(), lambda text: b64decode(text, validate=True)),
    datetime: (datetime.isoformat, datetime.fromisoformat),
}


def element(name: str) -> Any:
    """A child element that may be absent."""
    return field(default=None, metadata={"name": name})


def elements(name: str) -> Any:
    return field(default_factory=list, metadata={"name": name})


@dataclass(frozen=True)
class Child:
    """`kind`: a dataclass, or one of VALUES, which `values` are then."""

    tag: str
    attribute: str
    kind: type
    many: bool
    values: tuple[Callable[[Any], str], Callable[[str], Any]] | None


def write(kind: type, tag: str, value: Any, namespace: str) -> etree._Element:
    root = etree.Element(f"{{{namespace}}}{tag}", nsmap={None: namespace})
    _fill(root, value, kind, namespace)
    return root


def read(kind: type, data: bytes, tag: str, namespace: str) -> Any:
    """Raises ValueError, LookupError or ArithmeticError of what is in it, and SyntaxError of what is no XML."""
    root = etree.fromstring(data, _PARSER)
    if root.tag != f"{{{namespace}}}{tag}":
        raise ValueError("root element")
    return _read(root, kind, namespace)


@cache
def _children(kind: type, namespace: str) -> dict[str, Child]:
    """By tag, in their order."""
    hints = get_type_hints(kind)
    rows = [_child(each.metadata["name"], each.name, hints[each.name], namespace) for each in fields(kind)]
    return {row.tag: row for row in rows}


def _child(name: str, attribute: str, hint: Any, namespace: str) -> Child:
    many = get_origin(hint) is list
    (kind,) = [each for each in get_args(hint) if each is not NoneType]
    return Child(f"{{{namespace}}}{name}", attribute, kind, many, VALUES.get(kind))


def _fill(parent: etree._Element, value: Any, kind: type, namespace: str) -> None:
    for child in _children(kind, namespace).values():
        content = getattr(value, child.attribute)
        if content is None:
            continue
        for each in content if child.many else (content,):
            below = etree.SubElement(parent, child.tag)
            if child.values is None:
                _fill(below, each, child.kind, namespace)
            else:
                below.text = child.values[0](each)


def _read(parent: etree._Element, kind: type, namespace: str) -> Any:
    known = _children(kind, namespace)
    found: dict[str, Any] = {}
    for below in parent:
        child = known[below.tag]
        value = _value(below, child, namespace)
        if child.many:
            found.setdefault(child.attribute, []).append(value)
        elif child.attribute in found:
            raise ValueError("an element twice")
        else:
            found[child.attribute] = value
    return kind(**found)


def _value(below: etree._Element, child: Child, namespace: str) -> Any:
    if child.values is None:
        return _read(below, child.kind, namespace)
    if len(below):
        raise ValueError("elements in a value")
    return child.values[1](below.text or "")
