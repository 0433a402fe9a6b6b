"""What a run is made from, who is told how far it is, and the one place that asks a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

from steadyrest import exchange
from steadyrest.exchange.values import check_day
from steadyrest.text import Text

Progress: TypeAlias = Callable[[str, int, int], None]
"""(step, done, of): how far a run is, `of` 0 where nobody knows; a step is a key under the label `run.step`."""


PART_ROWS = 500_000
WORK = ".work"
"""What a run keeps in its folder until it is finished."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is made from. Dates default to `as_of`; `book` is a file or a folder.

    Raises `UsageError` for a date outside those a file may hold.
    """

    book: Path
    out: Path
    as_of: date
    valid_on: date | None = None
    known_on: date | None = None
    mapping: str | None = None
    overlays: tuple[Path, ...] = ()
    evidence: Path | None = None
    decisions: Path | None = None
    unmask: bool = False
    with_report: bool = True
    part_rows: int = PART_ROWS

    def __post_init__(self) -> None:
        for name in ("as_of", "valid_on", "known_on"):
            check_day(name, getattr(self, name))

    @property
    def inputs(self) -> dict[str, Path]:
        """Everything that is read, by role."""
        named = {"book": self.book, "evidence": self.evidence, "decisions": self.decisions}
        named |= {f"overlay {number}": path for number, path in enumerate(self.overlays, start=1)}
        if self.mapping is not None and self.mapping not in exchange.MAPPINGS:
            named["mapping"] = Path(self.mapping)
        return {role: path for role, path in named.items() if path is not None}


def silent(step: str, done: int, of: int) -> None:
    """Tells nobody."""


class Log:
    """The only place that asks a clock: progress for a person, and one line a step in `run.log`."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self.path, self.progress = path, progress

    def note(self, text: Text) -> None:
        """A line about what was guessed."""
        self._line(f"note {text.en}")

    def step(self, step: str, done: int, of: int) -> None:
        """One step begun or gone on with."""
        self._line(f"{step} {done}/{of}")
        self.progress(step, done, of)

    def _line(self, text: str) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(f"{now} {text}\n")
