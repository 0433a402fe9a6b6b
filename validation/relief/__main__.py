"""Command line: `python -m validation.relief FILE`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from steadyrest.policy import load_library
from validation.relief.compare import mistakes
from validation.report import Report, read_cases

OVERLAY = Path(__file__).resolve().parents[1] / "overlays" / "relief_vectors"
"""Confirms the recalled clauses on which some vectors rest, so that they can be tested at all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every case of a file; exit code 1 when one fails or cannot run."""
    parser = argparse.ArgumentParser(prog="validation.relief", description=__doc__)
    parser.add_argument("file", type=Path, help="dated cases, as relief_vectors.json")
    options = parser.parse_args(arguments)
    library = load_library([OVERLAY])
    report = Report()
    content = read_cases(options.file, report)
    for case in content["cases"] if content else ():
        try:
            found = mistakes(case, library)
        except Exception as fault:  # a case that cannot run is a failed case, and the next one still counts
            found = [f"{type(fault).__name__}: {fault}"]
        report.check(case["id"], not found, "; ".join(found))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
