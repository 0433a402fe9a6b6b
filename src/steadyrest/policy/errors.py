"""Complaints about a predicate inside a pack: what the rule language says of it, after file and line."""

from __future__ import annotations

from steadyrest.errors import PackError, RuleError
from steadyrest.text import Text, label


class RuleInPack(PackError):
    """What the parser says of a predicate; code and advice are those of the rule language."""

    def __init__(self, place: str, cause: RuleError) -> None:
        super().__init__(cause.code, place=place, **cause.values)
        self.cause = cause

    @property
    def what(self) -> Text:
        """Place, then the complaint."""
        return _placed(self.values["place"], self.cause.what)

    @property
    def todo(self) -> Text:
        """As the rule language says."""
        return self.cause.todo


class ProblemInPack(PackError):
    """What the static checks say of the conditions of a clause."""

    def __init__(self, place: str, sentence: Text) -> None:
        super().__init__("pack.problem", place=place)
        self.sentence = sentence

    @property
    def what(self) -> Text:
        """Place, then what is wrong with the condition."""
        return _placed(self.values["place"], self.sentence)


def _placed(place: object, sentence: Text) -> Text:
    frame = label("error.pack.problem.what")
    return Text(
        zh=frame.zh.format(place=place, sentence=sentence.zh), en=frame.en.format(place=place, sentence=sentence.en)
    )
