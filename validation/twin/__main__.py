"""Command line of the twin: `python -m validation.twin DIR [--book PATH] [--jobs N] [--show N]`."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from steadyrest.errors import SteadyrestError
from validation.report import Report
from validation.twin.check import check


def main(arguments: Sequence[str] | None = None) -> int:
    """Recompute a run; exit code 1 when a cell differs or the run cannot be read."""
    parser = argparse.ArgumentParser(prog="validation.twin", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of a finished run")
    parser.add_argument("--book", type=Path, help="the book, when it no longer lies where the manifest says")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--show", type=int, default=20, help="differing cells to print")
    options = parser.parse_args(arguments)
    report = Report()
    try:
        check(options.folder, options.book, options.jobs, options.show, report)
    except (SteadyrestError, OSError, KeyError, ValueError) as fault:
        report.failed("the run cannot be read", f"{type(fault).__name__}: {fault}")
    return report.finish()


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    sys.exit(main())
