"""Command line: `python -m validation.interest FILE`.

FILE holds vectors of interest: `input`, `expect`. Which mechanism a vector is about follows from the names of its
input, never from its id or text. This file turns the input into calls of the engine and compares every expected value;
a field of the input that is not understood, or an expected one that is not computed, is a failure. Loans with a
settlement day also go through the integer kernels.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Any

from steadyrest.contracts import Bullet, LoanTerms, project, resolve, terms_frame
from steadyrest.contracts.account.daycount import year_fraction
from steadyrest.contracts.accrual import ONE_DAY, Run, Settlement, periods, runs
from steadyrest.contracts.arrears import Arrears, ArrearsTerms, Relief, Unpaid, arrears, reported_rate_e7
from steadyrest.contracts.rates import marked_up
from steadyrest.errors import SteadyrestError
from steadyrest.units import parse_rate_e7
from validation.report import Report, read_cases

Case = Mapping[str, Any]
Computed = dict[str, Any]
UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError, SteadyrestError)

DAY_COUNTS = {"A/360": "A360", "A/365": "A365F", "30E/360": "30E360"}
CYCLES = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}


def day(text: str) -> date:
    """The day a text begins with; what follows it is a remark."""
    return date.fromisoformat(text[:10])


def span(text: str) -> tuple[date, date]:
    """`FROM..TO`, both included, as first day and the day after the last."""
    first, last = text.split("..")
    return day(first), day(last) + ONE_DAY


def told_run(run: Run) -> Computed:
    """A run in the words of the vectors."""
    return {
        "from": run.since.isoformat(),
        "to_included": (run.until - ONE_DAY).isoformat(),
        "days": run.days,
        "base_fen": run.base_fen,
        "rate_e7": run.rate_e7,
        "basis": year_fraction(run.day_count, 0 + 1, 2).denominator,
        "interest_exact_fen": str(run.exact_fen),
        "interest_fen_if_rounded_here": run.fen(),
        "rate_multiplier": str(run.multiplier),
    }


def told(settlement: Settlement, settlement_day: int = 20) -> Computed:
    """A settlement in the words of the vectors."""
    last = settlement.pay_on - ONE_DAY
    return {
        "pay_on": settlement.pay_on.isoformat(),
        "days": settlement.days,
        "segments": [told_run(run) for run in settlement.runs],
        "interest_exact_fen": str(settlement.exact_fen),
        "interest_fen": settlement.fen,
        "last_day_is": "settlement day" if last.day == settlement_day else "day before maturity",
    }


def life(case: Case, expect: Case) -> Computed:
    """A loan with a settlement day: its periods, once by the day and once by the kernels."""
    cycle, on = case["settlement"].split(",")
    months, settlement_day = CYCLES[cycle.strip()], int(on.strip().rstrip("stndrh"))
    count, drawn, maturity = DAY_COUNTS[case["day_count"]], day(case["drawn"]), day(case["maturity"])
    principal, rate = case["principal_fen"], case["rate_e7"]
    found = [
        Settlement(pay_on, runs(since, pay_on, [(drawn, principal)], [(drawn, rate)], count))
        for since, pay_on in periods(drawn, maturity, months, settlement_day)
    ]
    loan = LoanTerms("loan", principal, drawn, maturity, Bullet(), rate, months, settlement_day, day_count=count)
    dues = project(resolve(terms_frame([loan]))).rows
    kernel = dict(dues.select("due_on", "interest_due_fen").iter_rows())
    by_day = {each.pay_on: each.fen for each in found}
    if kernel != by_day:
        raise ValueError(f"the kernels pay {kernel}, the days add up to {by_day}")
    return {
        "periods": [told(each, settlement_day) for each in found],
        "days_total": sum(each.days for each in found),
        "interest_fen_total": sum(each.fen for each in found),
        "interest_exact_fen_total": str(sum((each.exact_fen for each in found), Fraction(0))),
    }


def quarters(case: Case, expect: Case) -> Computed:
    """Several periods of one balance, in the order of the expected ones, and how far the first two differ."""
    found = []
    for text in case["quarters"]:
        since, until = span(text)
        run = Run(since, until, case["principal_fen"], case["rate_e7"], DAY_COUNTS[case["day_count"]])
        found.append(Settlement(until, (run,)))
    names = [name for name, value in expect.items() if isinstance(value, dict)]
    apart = found[0].fen - found[1].fen
    return dict(zip(names, map(told, found), strict=True)) | {"difference_fen": apart}


def rate_change(case: Case, expect: Case) -> Computed:
    """One period in which the rate changes: it is given by its length and payment day."""
    rates = {name: value for name, value in case.items() if name.startswith("rate_e7_")}
    pay_on = day(expect["pay_on"])
    since = pay_on - timedelta(days=expect["days"])
    begun = [(since if "_until_" in name else day(name[-10:]), value) for name, value in rates.items()]
    parts = runs(since, pay_on, [(since, case["principal_fen"])], sorted(begun), DAY_COUNTS[case["day_count"]])
    once = Settlement(pay_on, parts)
    return told(once) | {
        "round_once_fen": once.fen,
        "round_per_segment_fen": Settlement(pay_on, parts, is_per_segment=True).fen,
    }


def one_period(case: Case, expect: Case) -> Computed:
    """One period of one balance; the market moves and a fixed rate does not."""
    since, until = span(case["period"])
    return told(Settlement(until, (Run(since, until, case["principal_fen"], case["rate_e7"]),)))


def early_repayment(case: Case, expect: Case) -> Computed:
    """Principal repaid inside a period; its interest waits for the settlement, or is paid with it."""
    since, until = span(case["period"])
    on, whole, part, rate = day(case["repaid_on"]), case["principal_fen"], case["repaid_fen"], case["rate_e7"]
    kept = Settlement(until, runs(since, until, [(since, whole), (on, whole - part)], [(since, rate)]))
    with_it, rest = Run(since, on, part, rate), Run(since, until, whole - part, rate)
    products = sum(run.base_fen * run.days for run in kept.runs)
    return {
        "a_interest_kept_to_settlement": told(kept),
        "b_interest_paid_with_principal": {
            f"on_{on}": told_run(with_it),
            f"on_{until}": told_run(rest),
            "sum_fen": with_it.fen() + rest.fen(),
        },
        "products_yuan_days": str(Fraction(products, 100)),
    }


def conventions(case: Case, expect: Case) -> Computed:
    """One stretch under three day counts, the end not counted."""
    since, until = day(case["from"]), day(case["to"])

    def run(count: str) -> Run:
        return Run(since, until, case["principal_fen"], case["rate_e7"], count)

    months, odd = divmod(_days(run("M12D360")), 30)
    whole = run("M12D360")
    return {
        "whole_months": months,
        "odd_days": odd,
        "whole_months_plus_odd_days": {"interest_exact_fen": str(whole.exact_fen), "interest_fen": whole.fen()},
        "30E/360": {"days": _days(run("30E360")), "interest_fen": run("30E360").fen()},
        "A/360": {"days": _days(run("A360")), "interest_fen": run("A360").fen()},
    }


def _days(run: Run) -> int:
    """Days as the day count counts them."""
    return year_fraction(run.day_count, run.since.toordinal(), run.until.toordinal()).numerator


def penalty(case: Case, expect: Case) -> Computed:
    """Overdue principal."""
    multiplier = Fraction(case["multiplier"])
    terms = ArrearsTerms(rate_e7=case["contract_rate_e7"], penalty_multiplier=multiplier)
    found = arrears(terms, Unpaid("principal", case["overdue_principal_fen"], day(case["due"])), day(case["paid"]))
    _same(found.days_past_due, case["days_past_due"])
    return {
        "segment": told_run(_first(found)),
        "penalty_rate_e7": str(case["contract_rate_e7"] * multiplier),
        "penalty_fen": found.fen,
    }


def compound(case: Case, expect: Case) -> Computed:
    """Unpaid interest inside the term: a charge at every settlement named."""
    last = day(case["settlements"][-1]) + ONE_DAY
    found = arrears(
        ArrearsTerms(rate_e7=case["rate_e7"]), Unpaid("interest", case["unpaid_interest_fen"], day(case["due"])), last
    )
    _same([str(charge.on - ONE_DAY) for charge in found.charges], case["settlements"])
    return {
        name: told(charge.settlement)
        for name, charge in zip(expect, found.charges, strict=True)
        if charge.settlement is not None
    }


def compound_after_term(case: Case, expect: Case) -> Computed:
    """Unpaid interest after maturity: a charge up to every day named."""
    due, last = day(case["due"]), max(day(name[-10:]) for name in expect) + ONE_DAY
    terms = ArrearsTerms(
        rate_e7=case["contract_rate_e7"], penalty_multiplier=Fraction(case["penalty_multiplier"]), maturity_on=due
    )
    found = arrears(terms, Unpaid("interest", case["unpaid_interest_fen"], due), last)
    return {f"to_{charge.on - ONE_DAY}": told(charge.settlement) for charge in found.charges if charge.settlement}


def deferred_interest(case: Case, expect: Case) -> Computed:
    """Interest deferred before it is due: it bears nothing, the principal goes on bearing."""
    rate, paid = case["rate_e7"], day(case["paid_on"])
    unpaid = Unpaid("interest", case["deferred_interest_fen"], day(case["old_due"]))
    relief = Relief(day(case["signed_on"]), day(case["new_due"]))
    found = arrears(ArrearsTerms(rate_e7=rate, maturity_on=day(case["loan_maturity"])), unpaid, paid, relief=relief)
    known: dict[str, Any] = {
        "due_on_new_date_fen": unpaid.amount_fen + found.fen,
        "compound_fen": sum(charge.fen for charge in found.charges if charge.kind == "compound"),
        "penalty_fen": sum(charge.fen for charge in found.charges if charge.kind == "penalty"),
    }
    for name in expect:
        if name.startswith("contract_interest_on_principal_"):
            since, until = span(name.removeprefix("contract_interest_on_principal_").replace("_to_", ".."))
            base = [(since, case["principal_fen"])]
            known[name] = [
                told(Settlement(pay_on, runs(start, pay_on, base, [(since, rate)])))
                for start, pay_on in periods(since, until, 3, 20)
            ]
    return known


def missed_deferral(case: Case, expect: Case) -> Computed:
    """Deferred interest that is not paid on its new day."""
    terms = ArrearsTerms(rate_e7=case["rate_e7"], maturity_on=day(case["loan_maturity"]))
    unpaid = Unpaid("interest", case["deferred_interest_fen"], day(case["new_due"]))
    found = arrears(terms, unpaid, day(case["paid_on"]))
    return {
        "compound_segment": told_run(_first(found)),
        "compound_fen": found.fen,
        "days_past_due_on_payment": found.days_past_due,
        "due_total_fen": unpaid.amount_fen + found.fen,
    }


def late_relief(case: Case, expect: Case) -> Computed:
    """Relief signed after the old due day."""
    terms, signed = ArrearsTerms(rate_e7=case["rate_e7"]), day(case["signed_on"])
    unpaid = Unpaid("interest", case["unpaid_interest_fen"], day(case["old_due"]))
    found = arrears(terms, unpaid, signed, relief=Relief(signed, day(case["new_due"])))
    booked, reversal = found.charges
    return {
        "booked_until_signature": {"segment": told_run(_first(found)), "compound_fen": booked.fen},
        "reversal_fen": reversal.fen,
        "compound_after_fen": found.fen,
        "days_past_due_kept": found.days_kept,
        f"days_past_due_from_{signed}": found.days_past_due,
    }


def deferred_principal(case: Case, expect: Case) -> Computed:
    """Principal deferred: the contract rate goes on, nothing else."""
    old, new, amount = day(case["old_due"]), day(case["new_due"]), case["deferred_principal_fen"]
    found = arrears(
        ArrearsTerms(rate_e7=case["rate_e7"]), Unpaid("principal", amount, old), new, relief=Relief(old, new)
    )
    extra = Run(old, new, amount, case["rate_e7"])
    return {"extra_interest_segment": told_run(extra), "extra_interest_fen": extra.fen(), "penalty_fen": found.fen}


def mark_up(case: Case, expect: Case) -> Computed:
    """A benchmark plus a share of itself, and the interest of some days."""
    rate = marked_up(parse_rate_e7(f"{case['lpr_pct']}%"), Fraction(case["markup_pct_of_lpr"]) / 100)
    since = date(2022, 1, 1)
    run = Run(since, since + timedelta(days=case["days"]), case["principal_fen"], rate)
    return {"rate_e7": rate, "interest_exact_fen": str(run.exact_fen), "interest_fen": run.fen()}


def reported_rate(case: Case, expect: Case) -> Computed:
    """The reported rate of a receipt that is partly overdue."""
    rate = reported_rate_e7(
        case["balance_fen"], case["overdue_fen"], case["contract_rate_e7"], Fraction(case["penalty_multiplier"])
    )
    return {"rate_e7": str(rate), "rate_pct": format(float(rate / 100_000), ".10g")}


def _first(found: Arrears) -> Run:
    settlement = found.charges[0].settlement
    if settlement is None:
        raise ValueError("the first charge is no settlement")
    return settlement.runs[0]


def _same(ours: object, theirs: object) -> None:
    if ours != theirs:
        raise ValueError(f"{ours!r} is not {theirs!r}")


Mechanism = Callable[[Case, Case], Computed]
MECHANISMS: Sequence[tuple[frozenset[str], Mechanism]] = [
    (frozenset(names.split()), mechanism)
    for names, mechanism in (
        ("principal_fen rate_e7 drawn maturity settlement day_count", life),
        ("principal_fen rate_e7 quarters day_count", quarters),
        ("principal_fen rate_e7_until rate_e7_from day_count", rate_change),
        ("principal_fen rate_e7 period", one_period),
        ("principal_fen rate_e7 period market_change", one_period),
        ("principal_fen repaid_fen repaid_on rate_e7 period", early_repayment),
        ("principal_fen rate_e7 from to", conventions),
        ("overdue_principal_fen contract_rate_e7 multiplier due paid days_past_due", penalty),
        ("unpaid_interest_fen due rate_e7 settlements", compound),
        ("unpaid_interest_fen due contract_rate_e7 penalty_multiplier", compound_after_term),
        (
            "deferred_interest_fen old_due signed_on new_due paid_on rate_e7 principal_fen loan_maturity",
            deferred_interest,
        ),
        ("deferred_interest_fen new_due paid_on rate_e7 loan_maturity", missed_deferral),
        ("unpaid_interest_fen old_due signed_on new_due rate_e7", late_relief),
        ("deferred_principal_fen old_due new_due rate_e7", deferred_principal),
        ("principal_fen lpr_pct markup_pct_of_lpr days", mark_up),
        ("balance_fen overdue_fen contract_rate_e7 penalty_multiplier", reported_rate),
    )
]


def mechanism_of(case: Case) -> Mechanism:
    """The mechanism whose fields the input has; a field that ends in a day is known by what stands before it."""
    names = frozenset(name[:-11] if name[-10:-6].isdigit() else name for name in case)
    for known, mechanism in MECHANISMS:
        if known == names:
            return mechanism
    raise ValueError(f"no mechanism has the fields {', '.join(sorted(names))}")


def differences(ours: Any, theirs: Any, at: str = "") -> list[str]:
    """Where an expected value is not the computed one."""
    if isinstance(theirs, dict):
        if not isinstance(ours, Mapping):
            return [f"{at}: {ours!r}, expected an object"]
        missing = [f"{at}.{name}: not computed" for name in theirs if name not in ours]
        both = [name for name in theirs if name in ours]
        return missing + [found for name in both for found in differences(ours[name], theirs[name], f"{at}.{name}")]
    if isinstance(theirs, list):
        numbered: Iterable[tuple[int, tuple[Any, Any]]] = enumerate(zip_longest(ours, theirs, fillvalue={}))
        return [found for number, (our, their) in numbered for found in differences(our, their, f"{at}[{number}]")]
    return [] if ours == theirs else [f"{at}: {ours!r}, expected {theirs!r}"]


def mistakes(vector: Case) -> list[str]:
    """What differs in one vector."""
    case, expect = vector["input"], vector["expect"]
    ours = mechanism_of(case)(case, expect)
    beside = {name: vector[name] for name in ("round_once_fen", "round_per_segment_fen") if name in vector}
    return differences(ours, {**expect, **beside})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the vectors of a file; exit code 1 when one fails or cannot run."""
    parser = argparse.ArgumentParser(prog="validation.interest", description=__doc__)
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    report = Report()
    found = read_cases(options.file, report)
    vectors = found.get("vectors") if isinstance(found, dict) else found
    if found is not None and not isinstance(vectors, list):
        report.failed(str(options.file), "holds no list of vectors")
        vectors = []
    for number, vector in enumerate(vectors or [], 1):
        name = str(vector.get("id", number)) if isinstance(vector, dict) else str(number)
        try:
            wrong = mistakes(vector)
        except UNREADABLE as problem:
            wrong = [f"cannot run: {type(problem).__name__}: {problem}"]
        report.check(name, not wrong, "; ".join(wrong[:3]))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
