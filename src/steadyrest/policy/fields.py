"""The typed way into a file: each mapping says which keys it knows, each value which type it has.

Every function raises `PackError` with file and line; an unknown name comes with the nearest right one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from steadyrest.errors import PackError
from steadyrest.policy.reader import Entry
from steadyrest.rules.types import nearest
from steadyrest.text import LANGUAGES, Text

T = TypeVar("T")


class Fields:
    """One mapping whose keys are all known: `required` ones are there, `optional` ones may be absent or null."""

    def __init__(self, entry: Entry, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        self.place = entry.place
        self.entries = mapping(entry)
        known = (*required, *optional)
        for key, child in self.entries.items():
            if key not in known:
                raise PackError("pack.unknown_key", place=child.place, key=key, nearest=nearest(key, known))
        for key in required:
            if key not in self.entries:
                raise PackError("pack.missing_key", place=self.place, key=key)

    def __getitem__(self, key: str) -> Entry:
        return self.entries[key]

    def given(self, key: str) -> bool:
        """Whether an optional key is there with a value."""
        entry = self.entries.get(key)
        return entry is not None and entry.value is not None

    def maybe(self, key: str, read: Callable[[Entry], T]) -> T | None:
        """The value of an optional key, or null."""
        return read(self.entries[key]) if self.given(key) else None

    def several(self, key: str, read: Callable[[Entry], tuple[T, ...]]) -> tuple[T, ...]:
        """The values of an optional list, none where it is not given."""
        return read(self.entries[key]) if self.given(key) else ()

    def default(self, key: str, read: Callable[[Entry], T], otherwise: T) -> T:
        """The value of an optional key, or something else where it is not given."""
        return read(self.entries[key]) if self.given(key) else otherwise


def mapping(entry: Entry) -> Mapping[str, Entry]:
    """A mapping."""
    if not isinstance(entry.value, dict):
        raise PackError("pack.not_mapping", place=entry.place)
    return entry.value


def items(entry: Entry) -> tuple[Entry, ...]:
    """A list; an empty one is allowed."""
    if not isinstance(entry.value, tuple):
        raise PackError("pack.not_list", place=entry.place)
    return entry.value


def text(entry: Entry) -> str:
    """A text that says something."""
    if not isinstance(entry.value, str):
        raise PackError("pack.not_text", place=entry.place)
    if not entry.value.strip():
        raise PackError("pack.blank", place=entry.place)
    return entry.value.strip()


def quote(entry: Entry) -> str:
    """A quotation: a text that may be empty where no wording was read."""
    return "" if entry.value == "" else text(entry)


def texts(entry: Entry) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(text(item) for item in items(entry))


def both(entry: Entry) -> Text:
    """A sentence in both languages."""
    fields = Fields(entry, LANGUAGES)
    return Text(zh=text(fields["zh"]), en=text(fields["en"]))


def day(entry: Entry) -> date:
    """An ISO day."""
    if not isinstance(entry.value, date):
        raise PackError("pack.not_day", place=entry.place)
    return entry.value


def integer(entry: Entry) -> int:
    """A whole number."""
    if not isinstance(entry.value, int) or isinstance(entry.value, bool):
        raise PackError("pack.not_integer", place=entry.place)
    return entry.value


def flag(entry: Entry) -> bool:
    """true or false."""
    if not isinstance(entry.value, bool):
        raise PackError("pack.not_flag", place=entry.place)
    return entry.value


def word(entry: Entry, known: Iterable[str]) -> str:
    """One word of a closed list."""
    found, listed = text(entry), tuple(known)
    if found not in listed:
        raise PackError("pack.unknown_word", place=entry.place, found=found, nearest=nearest(found, listed))
    return found
