"""Command line: `python -m validation.modification FILE`.

FILE holds one case or a list of cases, each with `loan`, `relief` and `expect`: a level loan with a fee, some
instalments of which are deferred so that they and all later ones slide. Every field of `expect` is one check: rates to
ten decimals, carrying amounts and the modification gain to a hundredth of a fen, sums of interest to the fen. A field
nobody computes, or a case that cannot run, is a failure.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from steadyrest.contracts import Event, Level, LoanTerms, event_frame, project, resolve, terms_frame
from steadyrest.errors import SteadyrestError
from steadyrest.measures import carrying_amounts, effective_rates, loan_flows
from validation.report import Report, read_cases

Given = Mapping[str, Any]

_LOAN = frozenset(
    {"principal_fen", "rate_ppm", "day_count", "instalments", "start", "method", "level_fen", "upfront_fee_fen"}
)
_RELIEF = frozenset(
    {
        "effective",
        "deferred_instalments",
        "normal_interest",
        "penalty",
        "compounding",
        "deferred_interest_due",
        "original_maturity",
        "new_maturity",
    }
)
_DAY_COUNTS = {"A/360": "A360", "A/365": "A365F", "A/365F": "A365F", "30E/360": "30E360"}


def computed(case: Given) -> dict[str, Any]:
    """The figures of a case."""
    loan, relief = case["loan"], case["relief"]
    terms = LoanTerms(
        "case",
        loan["principal_fen"],
        date.fromisoformat(loan["start"]),
        date.fromisoformat(relief["original_maturity"]),
        Level(),
        nominal_rate_e7=loan["rate_ppm"] * 10,
        day_count=_DAY_COUNTS[loan["day_count"]],
    )
    frame = terms_frame([terms])
    plain = resolve(frame)
    cash = project(plain)
    effective = date.fromisoformat(relief["effective"])
    deferred = relief["deferred_instalments"]
    slide = Event(
        "case",
        1,
        effective,
        "shift",
        from_on=cash.rows["due_on"][min(deferred) - 1],
        shift_months=len(deferred),
        interest_treatment="first_resumed",
    )
    moved = resolve(frame, event_frame([slide]))
    cash_moved = project(moved)
    fee = pl.Series([loan["upfront_fee_fen"]])
    before, after = loan_flows(plain, cash, fee), loan_flows(moved, cash_moved, fee)
    rates = effective_rates(before)
    old, new = (float(carrying_amounts(flows, rates.daily, effective)[0]) for flows in (before, after))
    return {
        "eir_act365": round(float(rates.annual[0]), 10),
        "gca_before_fen": round(old, 2),
        "gca_after_fen": round(new, 2),
        "modification_gain_fen": round(new - old, 2),
        "total_interest_base_fen": cash.loans["interest_fen"][0],
        "total_interest_modified_fen": cash_moved.loans["interest_fen"][0],
        "level_fen": cash.rows["principal_due_fen"][0] + cash.rows["interest_due_fen"][0],
        "instalments": cash.rows.height,
        "deferred_interest_due": _resumed(cash_moved.rows),
        "new_maturity": cash_moved.loans["last_due_on"][0].isoformat(),
    }


def _resumed(rows: pl.DataFrame) -> str:
    """The day on which deferred interest is due."""
    days = rows.filter(pl.col("deferred_interest_fen") > 0)["due_on"]
    return ", ".join(on.isoformat() for on in days)


def mistakes(case: Given) -> dict[str, str]:
    """For each field that was to be checked what is wrong, empty where it is right."""
    loan, relief = case["loan"], case["relief"]
    unread = sorted({*(set(loan) - _LOAN), *(set(relief) - _RELIEF)})
    other = relief.get("penalty") or relief.get("compounding") or not relief.get("normal_interest", True)
    if unread or other:
        return {"input": f"not carried out: {', '.join(unread) or 'penalty, compounding or no normal interest'}"}
    wanted = dict(case["expect"])
    wanted |= {name: loan[name] for name in ("level_fen", "instalments") if name in loan}
    wanted |= {name: relief[name] for name in ("deferred_interest_due", "new_maturity") if name in relief}
    found = computed(case)
    return {
        name: "" if found.get(name) == value else f"is {found.get(name, 'not computed')}, expected {value}"
        for name, value in wanted.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases of a file; exit code 1 when one fails or cannot run."""
    parser = argparse.ArgumentParser(prog="validation.modification", description=__doc__)
    parser.add_argument("file", type=Path, help="one case or a list, as worked_modification.json")
    report = Report()
    content = read_cases(parser.parse_args(arguments).file, report)
    cases = content if isinstance(content, list) else [content] if content is not None else []
    for number, case in enumerate(cases, 1):
        try:
            for name, why in mistakes(case).items():
                report.check(f"{number} {name}", not why, why)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError, SteadyrestError) as fault:
            report.failed(str(number), f"cannot run: {type(fault).__name__}: {fault}")
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
