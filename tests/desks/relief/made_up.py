"""A made-up book of a few hundred loans with everything the desk reads, from one seed."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from steadyrest.schema import TABLES
from tests.desks.relief.policy import AS_OF
from tests.desks.relief.tables import INPUTS

_CODES: list[object] = ["C34", "C3491", "F51", "H62", "C13", "C21", None]


def _frame(name: str, columns: dict[str, object], fixed: dict[str, object] | None = None) -> pl.DataFrame:
    """Columns as the registered table; `fixed` values are the same in every row, the rest is null."""
    given = pl.DataFrame(columns).with_columns(**{key: pl.lit(value) for key, value in (fixed or {}).items()})
    kinds = TABLES[name].polars()
    return given.select(
        (pl.col(key) if key in given.columns else pl.lit(None)).cast(kind).alias(key) for key, kind in kinds.items()
    )


def _pick(
    random: np.random.Generator, values: list[object], count: int, shares: list[float] | None = None
) -> pl.Series:
    """Values drawn with these shares; a None among them is null."""
    drawn = random.choice(len(values), count, p=shares)
    return pl.Series([values[number] for number in drawn])


def _days(random: np.random.Generator, first: date, span: int, count: int) -> pl.Series:
    return pl.Series(np.datetime64(first) + random.integers(0, span, count)).cast(pl.Date)


def made_up(loans: int = 300, seed: int = 7) -> dict[str, pl.DataFrame]:
    """Tables of the desk without decisions; the businesses that owners own are borrowers as well."""
    random = np.random.default_rng(seed)
    firms = loans * 2 // 5
    ids = pl.Series([f"B{number:06d}" for number in range(firms)])
    kinds = _pick(random, ["enterprise", "individual_business", "owner"], firms, [0.7, 0.15, 0.15])
    is_owner = kinds == "owner"
    enterprise = _frame(
        "enterprise",
        {
            "borrower_id": ids,
            "borrower_kind": kinds,
            "industry_code": _pick(random, _CODES, firms).set(is_owner, None),
            "enterprise_size": _pick(random, ["medium", "small", "micro", None], firms),
            "employees": random.integers(5, 1200, firms),
            "revenue_fen": random.integers(10**8, 5 * 10**10, firms),
            "credit_line_fen": random.integers(10**8, 2 * 10**9, firms),
        },
    )
    businesses = ids.filter(~is_owner)
    owners = ids.filter(is_owner)
    owned = businesses.gather(random.integers(0, businesses.len(), owners.len()))
    link = {"from_borrower_id": owners, "to_borrower_id": owned}
    loan = _loans(random, ids, loans)
    kept = loan.sample(fraction=0.96, seed=seed)
    return {name: TABLES[name].empty() for name in INPUTS} | {
        "loan": loan,
        "loan_terms": _terms(random, kept),
        "enterprise": enterprise,
        "customer_link": _frame("customer_link", dict(link), {"link_kind": "owner_of"}),
        "linked_enterprise": enterprise.filter(pl.col("borrower_id").is_in(owned.implode())),
        "evidence": _evidence(random, ids),
        **_cases(loan, seed),
    }


def _loans(random: np.random.Generator, ids: pl.Series, count: int) -> pl.DataFrame:
    months = random.choice([12, 24, 36], count)
    drawn = _days(random, date(2020, 3, 1), 880, count)
    lasting = pl.select(pl.lit(drawn).dt.offset_by(pl.format("{}mo", pl.lit(pl.Series(months))))).to_series()
    return _frame(
        "loan",
        {
            "loan_id": [f"L{number:06d}" for number in random.permutation(count)],
            "borrower_id": ids.gather(random.integers(0, ids.len(), count)),
            "ledger": _pick(random, ["corporate", "personal"], count, [0.8, 0.2]),
            "drawn_on": drawn,
            "maturity_on": pl.select(pl.max_horizontal(pl.lit(lasting), pl.lit(date(2022, 8, 5)))).to_series(),
            "currency": _pick(random, ["CNY", "USD"], count, [0.9, 0.1]),
            "balance_fen": random.integers(10**6, 10**9, count) * 100,
            "nominal_rate_e7": random.integers(300_000, 600_000, count),
            "guarantee_kind": _pick(random, ["B01", "C99", "D"], count, [0.1, 0.1, 0.8]),
            "use_industry_code": _pick(random, ["C34", "F52"], count),
        },
        {"product": "F022", "rate_type": "RF01", "loan_status": "LS01", "quality": "FQ01"},
    )


def _terms(random: np.random.Generator, loan: pl.DataFrame) -> pl.DataFrame:
    count = loan.height
    return _frame(
        "loan_terms",
        {
            "loan_id": loan["loan_id"],
            "original_principal_fen": loan["balance_fen"] * 3 // 2,
            "amortisation": _pick(random, ["level", "even_principal", "bullet"], count),
            "interest_cycle_months": random.choice([1, 3], count),
            "interest_day": _pick(random, [20, None, 32], count, [0.5, 0.47, 0.03]),
            "day_count": _pick(random, ["A360", "A365F", None], count),
        },
    )


def _evidence(random: np.random.Generator, ids: pl.Series) -> pl.DataFrame:
    parts = []
    for kind, share in (("temporary_difficulty", 0.8), ("severely_hit", 0.5)):
        who = ids.sample(fraction=share, seed=int(random.integers(1000)))
        holds = random.random(who.len()) < 0.8
        on = _days(random, date(2022, 6, 1), 70, who.len())
        columns = {"borrower_id": who, "holds": holds, "as_of_on": on}
        parts.append(_frame("evidence", columns, {"evidence_kind": kind, "source": "visit", "recorded_by": "officer"}))
    return pl.concat(parts)


def _cases(loan: pl.DataFrame, seed: int) -> dict[str, pl.DataFrame]:
    """Arrears, applications, agreements of both forms (some not signed, some broken), consents."""
    late, asked, agreed = (loan.sample(fraction=0.1, seed=seed + number)["loan_id"] for number in range(3))
    count = agreed.len()
    third = pl.Series([number % 3 for number in range(count)])
    is_extension = third == 1
    dates = pl.DataFrame({"loan_id": agreed}).join(loan.select("loan_id", "maturity_on"), on="loan_id")
    new_due = dates.select(pl.col("maturity_on").dt.offset_by("7mo")).to_series()
    deferral = {"deferred_part": "both", "from_on": date(2022, 7, 1), "to_on": date(2022, 9, 30)}
    agreements = {
        "agreement_id": [f"G{number:04d}" for number in range(count)],
        "loan_id": dates["loan_id"],
        "legal_form": is_extension.replace_strict({True: "extension_contract", False: "deferral_agreement"}),
        "new_due_on": new_due.zip_with(is_extension, pl.Series([date(2022, 12, 30)] * count)),
        "signed_on": pl.Series([None if number % 5 == 4 else date(2022, 7, 10) for number in range(count)]),
        "booked_on": pl.Series([date(2022, 7, 12) if number % 4 == 0 else None for number in range(count)]),
        "broken_on": pl.Series([date(2022, 7, 20) if number % 7 == 6 else None for number in range(count)]),
    }
    secured = loan.filter(pl.col("guarantee_kind").cast(pl.String) != "D")["loan_id"]
    return {
        "arrears": _frame(
            "arrears", {"loan_id": late}, {"due_on": date(2022, 7, 15), "principal_fen": 100_000, "interest_fen": 1}
        ),
        "application": _frame(
            "application",
            {"application_id": [f"A{number:04d}" for number in range(asked.len())], "loan_id": asked},
            {"applied_on": date(2022, 7, 4), "reply_due_on": date(2022, 7, 29), "applicant": "owner"},
        ),
        "agreement": _frame(
            "agreement",
            agreements,
            {
                "programme": "deferral_line",
                "risk_effect": "not_restructured",
                "deferred_part": "both",
                "signed_by": "Chen",
                **deferral,
            },
        ),
        "consent": _frame(
            "consent",
            {"loan_id": secured.gather_every(2)},
            {"party_id": "G", "party_kind": "guarantor", "consent_state": "given", "given_on": date(2022, 7, 15)},
        ),
    }


def with_decisions(tables: dict[str, pl.DataFrame], options: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The same book with decisions on its options: a third approved and signed, some refused, some out of order."""
    picked = options.filter("is_proposed").gather_every(2).with_row_index("n").select("n", "loan_id", "option_no")
    parts = []
    for what, keep in (
        ("approved", pl.col("n") % 5 < 4),
        ("signed", pl.col("n") % 5 < 3),
        ("refused", pl.col("n") % 5 == 4),
    ):
        rows = picked.filter(keep).drop("n")
        who = {"decision": what, "proposer": "Li", "approver": "Zhou", "decided_on": AS_OF}
        parts.append(_frame("decision", {name: rows[name] for name in rows.columns}, who))
    self_approved = parts[0].head(3).with_columns(option_no=pl.col("option_no") + 5, approver=pl.lit("Li"))
    return tables | {"decision": pl.concat([*parts, self_approved])}
