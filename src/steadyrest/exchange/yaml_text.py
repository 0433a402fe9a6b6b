"""Strict YAML for mappings and checks: text, integers, true/false, null and ISO days; every value knows its line.

A repeated key, an anchor, a float or a number with a leading zero is refused: a code that looks like a number must be
quoted. Errors are `InputError` with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import NoReturn

import yaml

from steadyrest.errors import InputError

_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:int", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MAX_BYTES = 1 << 20
MAX_DEPTH = 24
# The parser written in C where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """One value and where it stands: a mapping, a list, or a scalar."""

    value: object
    file: str
    line: int

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"

    def wrong(self, expected: str) -> NoReturn:
        """Refuse the value: it is not what stands to be expected here."""
        raise InputError("input.mapping_value", place=self.place, expected=expected)

    def mapping(self, known: Collection[str] | None = None, needed: Collection[str] = ()) -> Mapping[str, Node]:
        """The value as a mapping; a key that is not `known` is refused with the nearest right one."""
        if not isinstance(self.value, dict):
            self.wrong("key: value")
        for name, node in self.value.items():
            if known is not None and name not in known:
                raise InputError("input.mapping_key", place=node.place, name=name, nearest=nearest(name, known))
        for name in needed:
            if name not in self.value:
                raise InputError("input.mapping_missing", place=self.place, name=name)
        return self.value

    def items(self) -> tuple[Node, ...]:
        """The value as a list."""
        if not isinstance(self.value, list):
            self.wrong("[...]")
        return tuple(self.value)

    def text(self) -> str:
        """The value as text."""
        if not isinstance(self.value, str):
            self.wrong('"..."')
        return self.value

    def texts(self) -> tuple[str, ...]:
        """One text, or a list of texts."""
        return tuple(node.text() for node in self.items()) if isinstance(self.value, list) else (self.text(),)

    def number(self) -> int:
        """The value as a whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.wrong("1")
        return self.value

    def flag(self) -> bool:
        """The value as true or false."""
        if not isinstance(self.value, bool):
            self.wrong("true | false")
        return self.value

    def day(self) -> date:
        """The value as an ISO day."""
        if not isinstance(self.value, date):
            self.wrong("2022-07-31")
        return self.value


def nearest(name: str, known: Collection[str]) -> str:
    """The most similar known name, or a dash when nothing is known."""
    found = get_close_matches(name, sorted(known), n=1, cutoff=0.0)
    return found[0] if found else "-"


def read_yaml(text: str, file: str) -> Node:
    """Parse one document. Raises `InputError` with file and line for everything the language does not know."""
    if len(text.encode()) > MAX_BYTES:
        raise InputError("input.mapping_syntax", place=f"{file}:1", detail="> 1 MiB")
    try:
        _refuse_extras(text, file)
        root = yaml.compose(text, _LOADER)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        detail = str(getattr(error, "problem", None) or type(error).__name__)
        raise InputError(
            "input.mapping_syntax", place=f"{file}:{mark.line + 1 if mark else 1}", detail=detail
        ) from None
    if root is None:
        raise InputError("input.mapping_syntax", place=f"{file}:1", detail="empty")
    return _node(root, file)


def _refuse_extras(text: str, file: str) -> None:
    """Aliases and deep nesting, found before anything is built."""
    depth = 0
    for event in yaml.parse(text, _LOADER):
        place = f"{file}:{event.start_mark.line + 1 if event.start_mark else 1}"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise InputError("input.mapping_syntax", place=place, detail="*alias")
        if depth > MAX_DEPTH:
            raise InputError("input.mapping_syntax", place=place, detail=f"> {MAX_DEPTH} [[[")


def _node(raw: yaml.Node, file: str) -> Node:
    line = raw.start_mark.line + 1
    if isinstance(raw, yaml.MappingNode):
        found: dict[str, Node] = {}
        for key, value in raw.value:
            name = _node(key, file)
            if not isinstance(name.value, str):
                raise InputError("input.mapping_value", place=name.place, expected='"key"')
            if name.value in found:
                raise InputError("input.mapping_repeated", place=name.place, name=name.value)
            found[name.value] = _node(value, file)
        return Node(found, file, line)
    if isinstance(raw, yaml.SequenceNode):
        return Node([_node(item, file) for item in raw.value], file, line)
    return Node(_scalar(raw, file, line), file, line)


def _scalar(raw: yaml.Node, file: str, line: int) -> object:
    word = str(raw.value)
    if getattr(raw, "style", None):  # quoted; the parser in C says "" for plain
        return word
    if raw.tag == "tag:yaml.org,2002:timestamp" and _DAY.fullmatch(word):
        try:
            return date.fromisoformat(word)
        except ValueError:
            raise InputError("input.mapping_value", place=f"{file}:{line}", expected="2022-07-31") from None
    if raw.tag not in _TAGS or (raw.tag.endswith(":int") and not _INTEGER.fullmatch(word)):
        raise InputError("input.mapping_value", place=f"{file}:{line}", expected=f'"{word}"')
    if raw.tag.endswith(":int"):
        return int(word)
    if raw.tag.endswith(":bool"):
        if word not in ("true", "false"):
            raise InputError("input.mapping_value", place=f"{file}:{line}", expected=f'"{word}"')
        return word == "true"
    return None if raw.tag.endswith(":null") else word
