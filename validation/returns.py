"""Command line: `python -m validation.returns DIR`.

DIR holds `cases/*.json`: what happened to receipts up to a report date, the row that was reported, and what follows:
fields of the row, rows of the flow and replaced-debt tables, or whether the named rule is broken. This file translates
events into those of the desk and compares; what is expected and not computed, and what cannot run, is a failure.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from steadyrest.desks.supervision import Happening, breaks, flow_rows, replaced_debt_rows, row
from steadyrest.errors import SteadyrestError
from validation.report import Report, read_cases

Case = Mapping[str, Any]
FIRST_RECEIPT = "JJ0001"
UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, SteadyrestError)


def day(text: str) -> date:
    """A day of the return."""
    return date.fromisoformat(text)


def happening(event: Case) -> Happening:
    """One event in the words of the desk."""
    known = {name: value for name, value in event.items() if name not in ("type", "date", "from", "receipt")}
    facts: dict[str, Any] = {
        "kind": event["type"],
        "on": day(event.get("date") or event["from"]),
        "to": day(known.pop("to")) if known.get("to") else known.pop("to", None),
        "is_extension_contract": bool(known.pop("extension_contract", False)),
        "overdue_kind": known.pop("kind", None),
        "maturity_on": day(known.pop("maturity")) if known.get("maturity") else None,
        "rate_type": known.pop("rate_type", None),
        "resets": tuple(day(text) for text in known.pop("reset_dates", None) or ()),
        "new_receipt": known.pop("new_receipt", ""),
        "is_sound": known.pop("borrower_in_normal_operation", True) & (not known.pop("repayment_problem", False)),
    }
    known.pop("amount_fen", None)
    if known:
        raise ValueError(f"event fields that are not understood: {', '.join(sorted(known))}")
    return Happening(**facts)


def contract_of(record: Case) -> Happening:
    """The contract that a reported row tells of."""
    return Happening(
        kind="contract",
        on=day(record["贷款发放日期"]),
        maturity_on=day(record["贷款到期日期"]),
        rate_type=record.get("利率是否固定"),
    )


def of_receipt(case: Case, receipt: str) -> list[Happening]:
    """What happened to one receipt. The contract is that of all; without one, that of the reported row."""
    found = [
        happening(event)
        for event in case["events"]
        if event["type"] == "contract" or event.get("receipt", FIRST_RECEIPT) == receipt
    ]
    record = case.get("record") or {}
    if not any(each.kind == "contract" for each in found) and record.get("贷款发放日期"):
        found.insert(0, contract_of(record))
    return found


def mistakes(case: Case) -> Iterator[str]:
    """What differs in one case."""
    report_on, expect = day(case["report_date"]), dict(case["expect"])
    told = (case.get("record") or {}).get("贷款借据编码") or FIRST_RECEIPT
    receipt = told if any(event.get("receipt", FIRST_RECEIPT) == told for event in case["events"]) else FIRST_RECEIPT
    happened = of_receipt(case, receipt)
    if "fields" in expect:
        yield from _fields(receipt, row(happened, report_on).official, expect.pop("fields"))
    for name, fields in expect.pop("fields_by_receipt", {}).items():
        yield from _fields(name, row(of_receipt(case, name), report_on).official, fields)
    for name, count in (("flow_rows", flow_rows), ("replaced_debt_rows", replaced_debt_rows)):
        if name in expect and count(happened, report_on) != (wanted := expect.pop(name)):
            yield f"{name} is {count(happened, report_on)}, expected {wanted}"
        expect.pop(name, None)
    if "findings" in expect:
        rule, wanted = case["rule"], expect.pop("findings")
        ours = [rule] if breaks(rule, case.get("record"), happened, report_on) else []
        if ours != wanted:
            yield f"findings are {ours}, expected {wanted}"
    if expect:
        yield f"expected and not computed: {', '.join(sorted(expect))}"


def _fields(receipt: str, ours: Mapping[str, str | None], theirs: Case) -> Iterator[str]:
    for name, wanted in theirs.items():
        if name not in ours:
            yield f"{receipt}: {name} is not computed"
        elif ours[name] != wanted:
            yield f"{receipt}: {name} is {ours[name]}, expected {wanted}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases of a folder; exit code 1 when one fails or cannot run."""
    parser = argparse.ArgumentParser(prog="validation.returns", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds cases/*.json")
    options = parser.parse_args(arguments)
    report = Report()
    files = sorted((options.folder / "cases").glob("*.json"))
    if not files:
        report.failed(str(options.folder), "holds no cases/*.json")
    for path in files:
        case = read_cases(path, report)
        if case is None:
            continue
        try:
            wrong = list(mistakes(case))
        except UNREADABLE as problem:
            wrong = [f"cannot run: {type(problem).__name__}: {problem}"]
        report.check(path.stem, not wrong, "; ".join(wrong))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
