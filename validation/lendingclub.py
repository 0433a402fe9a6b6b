"""Command line: `python -m validation.lendingclub DIR`, with `loans.parquet` and `hardship_deferrals.csv` in DIR.

One case a loan: its instalment is the annuity at int_rate / 12 over the term, rounded up to the cent.
One case a deferral with a projected figure: the balance at the plan start is hardship_amount x 12 / rate; principal is
deferred for `deferral_term` months; the interest of those months is the figure, to the cent, and the loan still ends
at zero with all principal repaid. What cannot be read or projected is a failure.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from steadyrest.contracts import Event, Level, LoanTerms, event_frame, project, resolve, terms_frame
from steadyrest.units import RATE_ONE, format_fen, parse_fen, parse_rate_e7, round_fraction
from validation.report import Report

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIGURE = "orig_projected_additional_accrued_interest"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A loan, what is agreed on it, and the amount the file gives."""

    name: str
    terms: LoanTerms
    expected_fen: int
    deferred: Event | None = None
    deferral_months: int = 0


Make = Callable[[Row], Case]
Load = Callable[[Path], list[Row]]


def month(text: str) -> date:
    """The first day of a month written as `Dec-2015`."""
    name, year = text.strip().split("-")
    return date(int(year), MONTHS.index(name) + 1, 1)


def later(day: date, months: int) -> date:
    """The first of a month, `months` later."""
    position = day.year * 12 + day.month - 1 + months
    return date(position // 12, position % 12 + 1, 1)


def whole(value: object) -> int:
    """A count written as 3, 3.0, or ` 36 months`."""
    number = Fraction(str(value).split()[0])
    if number.denominator != 1:
        raise ValueError(f"{value} is not a whole number")
    return int(number)


def rate_of(row: Row) -> int:
    """The yearly rate in 1e-7; the files write it in percent, with or without the sign."""
    return parse_rate_e7(str(row["int_rate"]).strip().rstrip("%") + "%")


def level_loan(name: str, balance_fen: int, drawn: date, months: int, rate_e7: int) -> LoanTerms:
    """A loan in level monthly instalments, interest at rate / 12, the instalment rounded up to the cent."""
    return LoanTerms(
        name,
        balance_fen,
        drawn,
        later(drawn, months),
        Level(),
        rate_e7,
        day_count="30E360",
        instalment_rounding="up",
    )


def loan_case(row: Row) -> Case:
    """The instalment of one loan."""
    loan = level_loan(
        str(row["id"]),
        parse_fen(str(row["funded_amnt"])),
        month(row["issue_d"]),
        whole(row["term"]),
        rate_of(row),
    )
    return Case(f"loan {row['id']}", loan, parse_fen(str(row["installment"])))


def deferral_case(row: Row) -> Case:
    """One deferral of principal; a term that has run out by then is taken as one month more."""
    rate, start, months = rate_of(row), month(row["payment_plan_start_date"]), whole(row["deferral_term"])
    balance = round_fraction(Fraction(parse_fen(str(row["hardship_amount"])) * 12 * RATE_ONE, rate))
    issued = month(row["issue_d"])
    gone = (start.year - issued.year) * 12 + start.month - issued.month
    name = str(row["id"])
    loan = level_loan(name, balance, start, max(whole(row["term"]) - gone, 1), rate)
    shift = Event(name, 1, start, "shift", deferred_part="principal", from_on=later(start, 1), shift_months=months)
    return Case(f"deferral {name}", loan, parse_fen(str(row[FIGURE])), shift, months)


def read(report: Report, rows: list[Row], make: Make, kind: str) -> list[Case]:
    """The cases of a file; a row that cannot be read is a failure."""
    found = []
    for number, row in enumerate(rows, 1):
        try:
            found.append(make(row))
        except (ValueError, KeyError, ZeroDivisionError, AttributeError, IndexError) as problem:
            report.failed(f"{kind} {row.get('id') or f'in row {number}'}", f"cannot be read: {problem!r}")
    return found


def judge(report: Report, cases: list[Case]) -> None:
    """Project all cases at once and compare each with its figure."""
    events = event_frame(case.deferred for case in cases if case.deferred)
    flows = project(resolve(terms_frame(case.terms for case in cases), events))
    dues = flows.rows.partition_by("loan", as_dict=True)
    for number, (case, status) in enumerate(zip(cases, flows.loans["status"].to_list(), strict=True)):
        if status != "ok":
            report.failed(case.name, f"cannot be projected: {status}")
            continue
        why = difference(case, dues[(number,)])
        report.check(case.name, not why, why)


def difference(case: Case, rows: pl.DataFrame) -> str:
    """What differs from the file, or nothing."""
    if rows["principal_due_fen"].sum() != case.terms.original_principal_fen or rows["balance_after_fen"][-1] != 0:
        return "principal is not conserved"
    if case.deferral_months:
        deferred = rows.filter(pl.col("due_on") <= later(case.terms.drawn_on, case.deferral_months))
        if deferred["principal_due_fen"].sum() != 0:
            return "principal falls due inside the deferral"
        amount = int(deferred["interest_due_fen"].sum())
    else:
        amount = int(rows["principal_due_fen"][0] + rows["interest_due_fen"][0])
    return "" if amount == case.expected_fen else f"{format_fen(amount)}, the file says {format_fen(case.expected_fen)}"


def main(arguments: list[str]) -> int:
    """Run the cases of one folder; exit code 1 when something failed."""
    if len(arguments) != 1:
        print("usage: python -m validation.lendingclub DIR")
        return 2
    folder, report = Path(arguments[0]), Report()
    files: tuple[tuple[str, Make, Load, str], ...] = (
        ("loan", loan_case, all_loans, "loans.parquet"),
        ("deferral", deferral_case, with_figure, "hardship_deferrals.csv"),
    )
    for kind, make, load, name in files:
        try:
            rows = load(folder / name)
        except (OSError, pl.exceptions.PolarsError) as problem:
            report.failed(f"{kind} file", f"cannot be read: {problem}")
            continue
        judge(report, read(report, rows, make, kind))
    return report.finish()


def all_loans(path: Path) -> list[Row]:
    """Every loan."""
    return list(pl.read_parquet(path).rows(named=True))


def with_figure(path: Path) -> list[Row]:
    """The deferrals that have a projected figure, cells as text."""
    frame = pl.read_csv(path, infer_schema=False)
    return list(frame.filter(pl.col(FIGURE).is_not_null()).rows(named=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
