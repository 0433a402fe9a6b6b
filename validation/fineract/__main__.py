"""Command line: `python -m validation.fineract DIR`.

DIR holds product facts and cases (`*.json`). Scenarios of nothing but creation, approval, disbursement, repayment,
reschedule, re-age, re-amortisation, charge-off and their undo run through the servicing fold; due day, principal,
interest, balance and paid of every expected schedule, and the expected totals, are compared to the cent. Scenarios with
charges, chargebacks, refunds or journals are counted in the line before the last, in neither number. What cannot run
is a failure.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from steadyrest.errors import SteadyrestError
from validation.fineract.scenario import is_in_scope, mistakes
from validation.fineract.tables import calculator, schedule
from validation.report import Report, read_cases

UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError, SteadyrestError)


def found_in(case: Any, whole: Any, products: Any) -> Iterator[str]:
    """What differs in one case; its kind follows from the fields it has."""
    if "periods" in case:
        return calculator(case)
    if "rows" in case:
        return schedule(case, whole["common"], whole["columns"])
    return mistakes(case, products)


def judge(report: Report, name: str, case: Any, whole: Any, products: Any) -> None:
    """One case; the first difference is printed, and how many there are."""
    try:
        found = list(found_in(case, whole, products))
    except UNREADABLE as problem:
        found = [f"cannot run: {type(problem).__name__}: {problem}"]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    report.check(name, not found, f"{found[0]}{more}" if found else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases of a folder; exit code 1 when one fails or cannot run."""
    parser = argparse.ArgumentParser(prog="validation.fineract", description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    report = Report()
    files = {path: read_cases(path, report) for path in sorted(options.folder.glob("*.json"))}
    products: Any = next((whole["products"] for whole in files.values() if whole and "products" in whole), {})
    out_of_scope = 0
    if not any(whole and "cases" in whole for whole in files.values()):
        report.failed(str(options.folder), "holds no cases")
    for path, whole in files.items():
        for number, case in enumerate((whole or {}).get("cases", ()), 1):
            if "steps" in case and "periods" not in case and not is_in_scope(case["steps"]):
                out_of_scope += 1
            else:
                judge(report, f"{path.stem} {number} {case.get('name', '')}".strip(), case, whole, products)
    print(f"{out_of_scope} out of scope")
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
