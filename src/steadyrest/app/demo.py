"""The whole road on a synthetic book: proposals, decisions on them, and the run that signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from steadyrest import policy, synth
from steadyrest.app.request import Progress, Request, silent
from steadyrest.app.run import run
from steadyrest.book.manifest import Manifest

_DEMO_DAY = date(2022, 7, 31)


def demo(folder: Path, loans: int, progress: Progress = silent) -> tuple[Request, Manifest]:
    """The whole road on a synthetic book below `folder`: proposals, decisions on them, and the run that signs.

    `book`, `proposals` and `decisions.csv` are kept when they are there; the finished run stands in `run`.
    """
    book, overlay, sheet = folder / "book", policy.packs_folder() / "demo_overlay", folder / "decisions.csv"
    if not (book / "synthetic.json").is_file():
        synth.write_book(book, loans=loans)
    first = Request(book=book, out=folder / "proposals", as_of=_DEMO_DAY, overlays=(overlay,), with_report=False)
    if not sheet.is_file():
        run(first, progress)
        synth.sample_decisions(first.out / "tables", first.as_of).write_csv(sheet)
    request = replace(first, out=folder / "run", decisions=sheet, with_report=True)
    return request, run(request, progress)
