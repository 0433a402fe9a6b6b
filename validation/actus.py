"""Command line: `python -m validation.actus DIR [--types PAM,ANN,...|all] [--rtol 1e-9]`.

DIR holds `actus-tests-*.json`. A case is terms, observations and the events that must follow. This file turns the case
into terms of the engine, runs the account in float64 without rounding, and compares event by event: time, type, payoff,
notional, rate and accrued interest; for guarantees the exercise amount and date instead. A number agrees when it
differs by at most rtol x max(1, |expected|). No event may be missing or extra up to `to`, or up to the last expected
one where `to` is not given. What cannot run is a failure.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

from steadyrest.contracts.account import (
    SCHEDULES,
    Event,
    Market,
    Observed,
    Real,
    TermsError,
    read_terms,
    resolve,
    run,
)
from steadyrest.contracts.account.moments import read_moment
from steadyrest.contracts.account.reader import read_fraction
from validation.report import Report, read_cases

Case = Mapping[str, Any]

DEFAULT_TYPES = ("PAM", "LAM", "NAM", "ANN", "LAX", "UMP", "CLM", "CEG")
UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, TermsError)


def market(case: Case) -> Market:
    """The observed series of a case."""
    series = case.get("dataObserved") or {}
    return Market.of(
        {
            code: [(read_moment(row["timestamp"]), read_fraction(str(row["value"]))) for row in found["data"]]
            for code, found in series.items()
        }
    )


def observed(case: Case) -> tuple[Observed, ...]:
    """The observed events of a case."""
    return tuple(
        Observed(
            read_moment(row["time"]),
            str(row["type"]),
            read_fraction(str(row.get("value") or 0)),
            str(row.get("contractId") or ""),
            str((row.get("states") or {}).get("contractPerformance") or ""),
        )
        for row in case.get("eventsObserved") or ()
    )


def last_moments(case: Case) -> tuple[datetime, datetime]:
    """The last moment that is compared, and the one at which a contract without an end is cut off: `to` itself, which
    is compared as a whole day where it has no time; else just after the last expected event.
    """
    given = str(case.get("to") or "").strip()
    if not given:
        last = max(read_moment(row["eventDate"]) for row in case["results"])
        return last, last + timedelta(seconds=1)
    end = read_moment(given)
    return (end if "T" in given else end.replace(hour=23, minute=59, second=59)), end


def computed(case: Case, last: datetime, cut: datetime) -> list[Event]:
    """The events of the engine."""
    kind = str(case["terms"]["contractType"]).strip()
    if kind not in SCHEDULES:
        raise TermsError("type_without_engine", "contract_type", value=kind, allowed=", ".join(SCHEDULES))
    terms = read_terms(case["terms"], strict=False)
    return run(resolve(terms, market(case), observed(case), cut), Real(), last)


def mistakes(case: Case, rtol: float) -> Iterator[str]:
    """What differs from the expected events, in order."""
    last, cut = last_moments(case)
    expected = [row for row in case["results"] if read_moment(row["eventDate"]) <= last]
    for number, (ours, theirs) in enumerate(zip_longest(computed(case, last, cut), expected), 1):
        if ours is None:
            yield f"event {number}: {theirs['eventType']} on {theirs['eventDate']} is missing"
        elif theirs is None:
            yield f"event {number}: {ours.kind} on {ours.time.isoformat()} is not expected"
        else:
            yield from (f"event {number}: {found}" for found in differences(ours, theirs, rtol))


def differences(ours: Event, theirs: Case, rtol: float) -> Iterator[str]:
    """What differs in one event."""
    when = read_moment(theirs["eventDate"])
    if ours.time != when or ours.kind != theirs["eventType"].strip():
        yield f"{ours.kind} on {ours.time.isoformat()}, expected {theirs['eventType']} on {when.isoformat()}"
        return
    numbers = {
        "payoff": ours.payoff,
        "notionalPrincipal": ours.notional,
        "nominalInterestRate": ours.rate,
        "accruedInterest": ours.accrued,
        "exerciseAmount": ours.exercise_amount or 0,
    }
    for name, number in numbers.items():
        if name in theirs:
            wanted = float(str(theirs[name]).strip() or 0)
            if not abs(float(number) - wanted) <= rtol * max(1.0, abs(wanted)):
                yield f"{ours.kind} on {when.isoformat()}: {name} is {float(number)!r}, expected {wanted!r}"
    if theirs.get("exerciseDate") and ours.exercise_time != read_moment(theirs["exerciseDate"]):
        yield f"{ours.kind} on {when.isoformat()}: exercised {ours.exercise_time}, expected {theirs['exerciseDate']}"


def judge(report: Report, name: str, case: Case, rtol: float) -> None:
    """One case; the first difference is printed, and how many there are."""
    try:
        found = list(mistakes(case, rtol))
    except UNREADABLE as problem:
        said = str(problem) if isinstance(problem, TermsError) else f"{type(problem).__name__}: {problem}"
        found = [f"cannot run: {said}"]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    report.check(name, not found, f"{found[0]}{more}" if found else "")


def contract_type(name: str, case: Case) -> str:
    """The type a case is about: that of its terms, else that of the file name."""
    try:
        return str(case["terms"]["contractType"]).strip().upper()
    except (KeyError, TypeError):
        return name.removeprefix("actus-tests-").upper()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases of a folder; exit code 1 when one fails or cannot run."""
    parser = argparse.ArgumentParser(prog="validation.actus", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds actus-tests-*.json")
    parser.add_argument("--types", default=",".join(DEFAULT_TYPES), help="contract types separated by commas, or all")
    parser.add_argument("--rtol", type=float, default=1e-9, help="tolerance, relative to max(1, |expected|)")
    options = parser.parse_args(arguments)
    wanted = {name.strip().upper() for name in options.types.split(",")}
    report = Report()
    files = sorted(options.folder.glob("actus-tests-*.json"))
    if not files:
        report.failed(str(options.folder), "holds no actus-tests-*.json")
    for path in files:
        before = (report.passed_count, report.failed_count)
        cases = read_cases(path, report)
        for name, case in (cases or {}).items():
            if "ALL" in wanted or contract_type(path.stem, case) in wanted:
                judge(report, name, case, options.rtol)
        passed, failed = report.passed_count - before[0], report.failed_count - before[1]
        if passed + failed:
            print(f"{path.stem}: {passed} passed, {failed} failed")
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
