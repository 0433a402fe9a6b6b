"""Every sentence a person reads, in Chinese and English, kept in one label table (`labels/*.toml`).

A key is looked up once and formatted with named arguments. A missing key is a mistake of ours and raises `KeyError`.

>>> Text(zh="户", en="households")["zh"]
'户'
>>> label("unit.household")["en"]
'households'
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in both languages."""

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Fill named fields in both languages.

        >>> Text(zh="{n} 户", en="{n} households").format(n=3)
        Text(zh='3 户', en='3 households')
        """
        return Text(zh=self.zh.format(**values), en=self.en.format(**values))

    @property
    def both(self) -> str:
        """Chinese first, then English, for places that show the two together."""
        return self.zh if self.zh == self.en else f"{self.zh} / {self.en}"


@cache
def catalogue() -> Mapping[str, Text]:
    """All labels by dotted key. Two files that define one key are a mistake of ours."""
    found: dict[str, Text] = {}
    folder = resources.files("steadyrest") / "labels"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            _collect(tomllib.loads(entry.read_text("utf-8")), "", found)
    return found


def _collect(node: Mapping[str, object], prefix: str, found: dict[str, Text]) -> None:
    if node.keys() == {"zh", "en"} and all(isinstance(value, str) for value in node.values()):
        assert prefix not in found, f"label {prefix} stands twice"
        found[prefix] = Text(zh=str(node["zh"]), en=str(node["en"]))
        return
    for name, child in node.items():
        assert isinstance(child, dict), f"label {prefix}.{name} needs zh and en"
        _collect(child, f"{prefix}.{name}" if prefix else name, found)


def label(key: str, /, **values: object) -> Text:
    """The text under `key`, with its fields filled when values are given."""
    text = catalogue()[key]
    return text.format(**values) if values else text
