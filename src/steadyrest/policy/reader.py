"""A strict reader of YAML: text, whole numbers, true, false, null and ISO days, each with its place in the file.

Everything else that YAML can say is refused, because it says one thing to a person and another to a program: anchors,
tags, merge keys, several documents, `yes`, `010`, `1.5`, `12:30`. A code or a number meant as text is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

import yaml

from steadyrest.errors import PackError

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 24

# The parser written in C where PyYAML was built with it: a library loads five times as fast.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Scalar: TypeAlias = "str | int | bool | date | None"

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,18})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS: Final = {"true": True, "false": False, "null": None}
_NOT_TEXT = re.compile(r"[-+.]?\d[\d_.,:eExXoObBa-fA-F+-]*|[-+]?\.(inf|nan)|~|=|<<", re.IGNORECASE)
_LOOSE = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false", "null", "none"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a file and where it stands: a scalar, a list of entries, or a mapping of entries by key."""

    value: Scalar | tuple[Entry, ...] | dict[str, Entry]
    file: str
    line: int

    @property
    def place(self) -> str:
        """`file:line`, as every complaint begins."""
        return f"{self.file}:{self.line}"


def read(path: Path, name: str) -> Entry:
    """The content of one file under the name that complaints shall use.

    Raises `PackError` with file and line for anything outside the subset, a repeated key, or a file over the limit.
    """
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise PackError("pack.too_large", place=f"{name}:1", limit=MAX_BYTES)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise PackError("pack.not_utf8", place=f"{name}:{line}") from None
    return parse_text(text, name)


def parse_text(text: str, name: str) -> Entry:
    """The content of a text, as `read` gives that of a file."""
    try:
        _refuse_extras(text, name)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PackError("pack.syntax", place=f"{name}:{line}", detail=error.problem or "") from None
    except yaml.YAMLError:
        raise PackError("pack.syntax", place=f"{name}:1", detail="") from None
    if node is None:
        raise PackError("pack.empty_file", place=f"{name}:1")
    return _entry(node, name)


def _refuse_extras(text: str, name: str) -> None:
    """Anchors, aliases, tags, second documents and deep nesting, found before anything is built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        place = f"{name}:{event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PackError("pack.anchor", place=place)
        if getattr(event, "tag", None):
            raise PackError("pack.tag", place=place)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if documents > 1:
            raise PackError("pack.documents", place=place)
        if depth > MAX_DEPTH:
            raise PackError("pack.too_deep", place=place, limit=MAX_DEPTH)


def _entry(node: yaml.Node, name: str) -> Entry:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Entry(dict(_pairs(node, name)), name, line)
    if isinstance(node, yaml.SequenceNode):
        return Entry(tuple(_entry(item, name) for item in node.value), name, line)
    assert isinstance(node, yaml.ScalarNode)
    return Entry(_scalar(node, f"{name}:{line}"), name, line)


def _pairs(node: yaml.MappingNode, name: str) -> Iterator[tuple[str, Entry]]:
    seen: dict[str, int] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        word = _scalar(key, f"{name}:{line}") if isinstance(key, yaml.ScalarNode) else None
        if not isinstance(word, str):
            raise PackError("pack.key", place=f"{name}:{line}")
        if word in seen:
            raise PackError("pack.repeated_key", place=f"{name}:{line}", key=word, first=seen[word])
        seen[word] = line
        entry = _entry(child, name)
        # A complaint about a value points at its key: a block text begins a line later than a person would look.
        yield word, Entry(entry.value, name, line)


def _scalar(node: yaml.ScalarNode, place: str) -> Scalar:
    text: str = node.value
    if node.style:  # plain is None to the Python parser and empty to the C one
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text == "":
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DAY.fullmatch(text):
        return _day(text, place)
    if text.lower() in _LOOSE or _NOT_TEXT.fullmatch(text):
        raise PackError("pack.ambiguous", place=place, found=text)
    return text


def _day(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PackError("pack.no_such_day", place=place, found=text) from None
