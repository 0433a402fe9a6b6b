"""Cases as rows of the registered tables, and what the stages of the relief desk make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest.desks.borrowers import EVIDENCE_COLUMNS
from steadyrest.desks.relief.stages import facts as facts_stage
from steadyrest.desks.relief.stages.screen import defined
from steadyrest.desks.stage import Context
from steadyrest.policy import Clause, PolicySnapshot
from steadyrest.rules import polars_masks
from steadyrest.schema import TABLES
from steadyrest.synth.identity import resident_numbers, social_credit_codes
from steadyrest.synth.places import HEAD_OFFICE, institution_id
from steadyrest.synth.witness.case import Case
from steadyrest.text import label

_KIND_OF_EVIDENCE: Final = {column: kind for kind, column in EVIDENCE_COLUMNS.items()}
_CREDIT_KIND: Final = {"enterprise": 91, "individual_business": 92, "other_organisation": 52}
_LAST_SERIAL: Final = 31**6 - 2
_LAST_PERSON: Final = 14_599_999
_REGION: Final = 330106
_RATE_E7: Final = 435_000


def tables_of(cases: Sequence[Case], ids: Sequence[str], used: int = 0) -> dict[str, pl.DataFrame]:
    """The input tables of the cases, each with a borrower of its own; an owner has a business beside it.

    Serial numbers of borrowers come from the end of the range, the first `used` of which are taken; a case takes two.
    """
    people, firms = _identities(cases, used), _identities([replace(case, borrower_kind="enterprise") for case in cases],
                                                          used + len(cases))  # fmt: skip
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _WRITTEN}
    for case, loan_id, borrower_id, firm_id in zip(cases, ids, people, firms, strict=True):
        rows["enterprise"].append(_borrower(case, loan_id, borrower_id))
        if case.borrower_kind == "owner":
            firm = replace(case, borrower_kind="enterprise", balance_fen=0)
            rows["enterprise"].append(_borrower(firm, loan_id, firm_id))
            link = {"from_borrower_id": borrower_id, "to_borrower_id": firm_id, "link_kind": "owner_of"}
            rows["customer_link"].append(link)
        rows["loan"].append(_loan(case, loan_id, borrower_id))
        rows["loan_terms"] += _terms(case, loan_id)
        rows["arrears"] += _arrears(case, loan_id)
        rows["application"] += _application(case, loan_id)
        rows["evidence"] += [_evidence(case, borrower_id, column, holds) for column, holds in case.flags]
    return {name: pl.DataFrame(rows[name], schema=TABLES[name].polars()) for name in _WRITTEN}


_WRITTEN: Final = ("enterprise", "customer_link", "evidence", "loan", "loan_terms", "arrears", "application")


def _identities(cases: Sequence[Case], used: int) -> list[str]:
    """A credit code for each organisation, a resident number for each person."""
    steps = used + np.arange(len(cases), dtype=np.int64)
    serials = _LAST_SERIAL - steps
    regions = np.full(len(cases), _REGION, np.int64)
    kinds = np.array([_CREDIT_KIND.get(case.borrower_kind, 0) for case in cases], np.int64)
    persons = resident_numbers(_LAST_PERSON - steps, regions)
    return social_credit_codes(serials, kinds, regions).zip_with(pl.Series(kinds > 0), persons).to_list()


def _borrower(case: Case, loan_id: str, borrower_id: str) -> dict[str, Any]:
    is_person = case.borrower_kind not in _CREDIT_KIND
    return {
        "borrower_id": borrower_id,
        "borrower_kind": case.borrower_kind,
        "name": f"{label(f'synth.name.{case.borrower_kind}').zh}{loan_id}",
        "id_kind": "B01" if is_person else "A01",
        "id_number": borrower_id,
        "industry_code": None if is_person else case.industry,
        "enterprise_size": None if is_person else case.size,
        "region_code": str(_REGION),
        "credit_line_fen": case.line_fen,
        "credit_used_fen": case.balance_fen,
        "established_on": None if is_person else date(2012, 5, 8),
        "first_credit_on": date(2018, 3, 1),
        "is_listed": None if is_person else False,
        "is_related_party": False,
    }


def _loan(case: Case, loan_id: str, borrower_id: str) -> dict[str, Any]:
    is_late = case.loan_status == "LS03"
    return {
        "loan_id": loan_id,
        "contract_id": f"HT-{loan_id}",
        "borrower_id": borrower_id,
        "institution_id": institution_id(),
        "branch_id": HEAD_OFFICE,
        "region_code": str(_REGION),
        "ledger": case.ledger,
        "product": case.product,
        "use_industry_code": None if case.ledger == "personal" else case.use_industry,
        "drawn_on": case.drawn_on,
        "maturity_on": case.maturity_on,
        "extended_maturity_on": case.maturity_on + timedelta(days=30) if case.loan_status == "LS02" else None,
        "currency": case.currency,
        "balance_fen": case.balance_fen,
        "balance_cny_fen": case.balance_fen,
        "rate_type": "RF01",
        "nominal_rate_e7": _RATE_E7,
        "repricing_on": case.maturity_on,
        "guarantee_kind": "D",
        "is_first_loan": False,
        "quality": case.quality,
        "loan_status": case.loan_status,
        "overdue_kind": ("02" if case.unpaid_on else "01") if is_late else None,
    }


def _terms(case: Case, loan_id: str) -> list[dict[str, Any]]:
    """Equal parts of principal from the next due on, yearly: every due carries principal, none lies before it."""
    if case.schedule == "needs_data":
        return []
    is_impossible = case.schedule == "impossible_terms"
    row = {
        "loan_id": loan_id,
        "original_principal_fen": max(case.balance_fen, 1),
        "amortisation": "even_principal",
        "interest_only_periods": 900 if is_impossible else None,
        "interest_cycle_months": 12,
        "first_due_on": case.due_on,
        "day_count": "A360",
    }
    return [row]


def _arrears(case: Case, loan_id: str) -> list[dict[str, Any]]:
    """Interest in arrears; of a receipt past maturity the principal as well."""
    if case.unpaid_on is None:
        return []
    is_over = case.maturity_on < case.as_of
    principal = case.balance_fen if is_over else 0
    return [{"loan_id": loan_id, "due_on": case.unpaid_on, "principal_fen": principal, "interest_fen": 120_000}]


def _application(case: Case, loan_id: str) -> list[dict[str, Any]]:
    if case.applied_on is None:
        return []
    reply = case.applied_on + timedelta(days=14)
    applicant = label("synth.applicant.borrower").zh
    row = {"application_id": f"SQ-{loan_id}", "loan_id": loan_id, "applied_on": case.applied_on,
           "reply_due_on": reply, "applicant": applicant}  # fmt: skip
    return [row]


def _evidence(case: Case, borrower_id: str, column: str, holds: bool) -> dict[str, Any]:
    return {
        "borrower_id": borrower_id,
        "evidence_kind": _KIND_OF_EVIDENCE[column],
        "holds": holds,
        "as_of_on": case.as_of - timedelta(days=20),
        "source": label("synth.source.visit").zh,
        "recorded_by": "U0001",
    }


@dataclass(frozen=True, slots=True)
class Looked:
    """What the desk sees of cases: their facts, and for each clause the masks (`fail`, `unknown`), in order."""

    facts: pl.DataFrame
    masks: Mapping[str, pl.DataFrame]


def look(cases: Sequence[Case], snapshot: PolicySnapshot) -> Looked:
    """Run cases through the stages of the relief desk."""
    ids = [f"{number:09d}" for number in range(len(cases))]
    made = tables_of(cases, ids)
    made["linked_enterprise"] = made["enterprise"]
    tables = {name: made[name] if name in made else TABLES[name].empty() for name in facts_stage.STAGE.reads}
    tables["finding"] = TABLES["finding"].empty()
    as_of = cases[0].as_of
    found = facts_stage.STAGE.run(tables, Context(as_of, snapshot))["loan_facts"].sort("loan_id")
    facts = defined(found, snapshot.definitions)
    return Looked(facts, {clause.id: _masks(facts, clause) for clause in (*snapshot.screens, *snapshot.definitions)})


def _masks(facts: pl.DataFrame, clause: Clause) -> pl.DataFrame:
    fail, unknown = polars_masks(clause.conditions)
    return facts.select(fail.alias("fail"), unknown.alias("unknown"), count=pl.len()).select("fail", "unknown")
