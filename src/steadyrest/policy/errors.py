"""A rule text inside a pack: the complaint of the rule language, with the file and line of the pack before it."""

from __future__ import annotations

from steadyrest.errors import PackError, RuleError
from steadyrest.text import Text


class RuleInPack(PackError):
    """What the rule language says of a predicate, at the place of the predicate."""

    def __init__(self, place: str, cause: RuleError) -> None:
        super().__init__(cause.code, place=place, **cause.values)
        self.cause = cause

    @property
    def what(self) -> Text:
        """Place, then the complaint of the rule language."""
        place = self.values["place"]
        return Text(zh=f"{place}：{self.cause.what.zh}", en=f"{place}: {self.cause.what.en}")

    @property
    def todo(self) -> Text:
        """As the rule language says."""
        return self.cause.todo


class ProblemInPack(PackError):
    """What the static checks say of the conditions of a clause."""

    def __init__(self, place: str, sentence: Text) -> None:
        super().__init__("pack.problem", place=place, zh=sentence.zh, en=sentence.en)
