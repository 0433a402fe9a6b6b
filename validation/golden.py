"""Command line: `python -m validation.golden FILE [--desk relief,reporting]`.

FILE is a list of cases, each with `id, desk, mechanism, input, expect`. The mechanism alone decides what runs; a case
whose mechanism is not built, or whose input or expectation has a field nobody reads, is a failure.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from steadyrest.desks.relief.mechanisms.reporting import Standing, reported, repricing_on
from validation.report import Report, read_cases

Given = Mapping[str, Any]

_RATE_TYPES = {"fixed": "RF01", "floating": "RF02"}


def _day(given: Given, name: str) -> date | None:
    value = given.get(name)
    return None if value is None else date.fromisoformat(value)


def _needed(given: Given, name: str) -> date:
    return date.fromisoformat(given[name])


def _return(given: Given, legal_form: str, new_maturity: str) -> dict[str, Any]:
    """Dates and status of a receipt with an agreement of this form, as signed by the report date."""
    standing = Standing(
        maturity_on=_needed(given, "original_maturity"),
        legal_form=legal_form,
        agreed_on=_day(given, "agreed_on"),
        new_maturity_on=_day(given, new_maturity),
        overdue_from_on=_day(given, "overdue_from"),
        cured_on=_day(given, "cured_on"),
        overdue_kind=given.get("overdue_type"),
    )
    found = reported(standing, _needed(given, "report_date"))
    return {
        "maturity_date": found.maturity_on.isoformat(),
        "extended_maturity_date": found.extended_maturity_on.isoformat() if found.extended_maturity_on else None,
        "status": found.status,
        "overdue_type": found.overdue_kind,
        "days_past_due": found.past_due_days,
    }


def deferral_dates(given: Given) -> dict[str, Any]:
    """A deferral agreement: the due date is replaced."""
    return _return(given, "deferral_agreement", "deferred_to")


def extension_dates(given: Given) -> dict[str, Any]:
    """An extension contract: the due date stays and a second date is filled."""
    return _return(given, "extension_contract", "extended_to")


def repricing_date(given: Given) -> dict[str, Any]:
    """The repricing date of a fixed or floating loan, extended or not, overdue or not."""
    standing = Standing(
        _needed(given, "original_maturity"),
        overdue_from_on=_day(given, "overdue_from"),
        cured_on=_day(given, "cured_on"),
    )
    resets = [date.fromisoformat(on) for on in given.get("reset_dates", [])]
    rate_type = _RATE_TYPES[given["rate_type"]]
    on = repricing_on(rate_type, standing, _day(given, "extended_to"), resets, _needed(given, "report_date"))
    return {"repricing_date": on.isoformat()}


_STANDING = frozenset({"original_maturity", "agreed_on", "overdue_from", "cured_on", "overdue_type", "report_date"})
MECHANISMS: Mapping[str, tuple[Callable[[Given], dict[str, Any]], frozenset[str]]] = {
    "deferral_dates": (deferral_dates, _STANDING | {"deferred_to", "drawdown"}),
    "extension_dates": (extension_dates, _STANDING | {"extended_to", "drawdown"}),
    "repricing_date": (
        repricing_date,
        _STANDING - {"agreed_on", "overdue_type"} | {"rate_type", "extended_to", "reset_dates", "drawdown"},
    ),
}
"""The mechanisms that are built, each with the input fields it knows; `drawdown` changes no date of these returns."""


def mistakes(case: Given) -> list[str]:
    """What is wrong with a case: nothing, or one sentence for each field that differs."""
    if case["mechanism"] not in MECHANISMS:
        return [f"mechanism {case['mechanism']} of desk {case['desk']} is not built"]
    run, fields = MECHANISMS[case["mechanism"]]
    unread = sorted(set(case["input"]) - fields)
    if unread:
        return [f"input fields nobody reads: {', '.join(unread)}"]
    found, expected = run(case["input"]), case["expect"]
    return [
        f"{name} is {found.get(name, 'not computed')}, expected {value}"
        for name, value in expected.items()
        if name not in found or found[name] != value
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases of a file; exit code 1 when one fails or cannot run."""
    parser = argparse.ArgumentParser(prog="validation.golden", description=__doc__)
    parser.add_argument("file", type=Path, help="cases, as golden_vectors.json")
    parser.add_argument("--desk", help="only cases of these desks, separated by commas")
    options = parser.parse_args(arguments)
    desks = set(options.desk.split(",")) if options.desk else None
    report = Report()
    content = read_cases(options.file, report)
    for case in content or ():
        if desks is not None and case.get("desk") not in desks:
            continue
        try:
            found = mistakes(case)
        except (KeyError, ValueError, TypeError, AttributeError) as fault:
            found = [f"cannot run: {type(fault).__name__}: {fault}"]
        report.check(str(case.get("id")), not found, "; ".join(found))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
