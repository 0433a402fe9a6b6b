"""Exceptions about a call. Data never raises: a bad row becomes a finding, a refused decision a reason.

    SteadyrestError          code, bilingual text, and what to do next
    ├── UsageError           the call itself: unknown name, impossible combination of options
    ├── InputError           a file as a whole: missing, truncated, wrong type, over a limit, unknown layout
    ├── RuleError            a rule text: syntax, unknown column, wrong type, beyond the limits of the language
    ├── PackError            a policy pack: unknown key, missing citation, overlap; always with file and line
    └── RunError             a run folder: made from other inputs, incomplete, damaged

An exception carries no HTTP status. Its sentences stand in `labels/errors.toml` under `error.<code>`, with the
two keys `what` (what is wrong and where) and `todo` (what to do).
"""

from __future__ import annotations

from typing import ClassVar

from steadyrest.text import Language, Text, label


class SteadyrestError(Exception):
    """Base of all exceptions. `code` is stable; `values` fill the sentences of the label table."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(code)

    @property
    def what(self) -> Text:
        """What is wrong, and where."""
        return label(f"error.{self.code}.what", **self.values)

    @property
    def todo(self) -> Text:
        """What the caller can do about it."""
        return label(f"error.{self.code}.todo", **self.values)

    def message(self, language: Language) -> str:
        """One line for a terminal: code, what, what to do."""
        return f"{self.code}: {self.what[language]} {self.todo[language]}"

    def __str__(self) -> str:
        return self.message("en")


class UsageError(SteadyrestError):
    """The call itself is wrong."""

    exit_code = 2


class InputError(SteadyrestError):
    """A file as a whole cannot be used."""

    exit_code = 3


class RuleError(SteadyrestError):
    """A rule text is not of the language, or speaks of an unknown column."""

    exit_code = 4


class PackError(SteadyrestError):
    """A policy pack or overlay fails to load."""

    exit_code = 4


class RunError(SteadyrestError):
    """A run folder cannot be used or continued."""

    exit_code = 5
