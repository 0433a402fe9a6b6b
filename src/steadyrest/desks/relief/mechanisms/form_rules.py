"""The rules of what would be signed: of an extension contract, and of a renewal. A deferral agreement has none here.

Each gives a verdict of its own beside the cap of the programme, over columns of proposals (`extension`, `renewal`
hold the same rules for one case, with the dates of what was signed). A rule known only from copies never refuses: it
refers to a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from steadyrest.desks.relief.mechanisms.extension import months_of
from steadyrest.policy import Clause, PolicySnapshot
from steadyrest.rules import polars_masks
from steadyrest.schema import TABLES

_VERDICT = TABLES["option"]["form_verdict"].polars
_SOFT_GRADES = ("C", "D")


@dataclass(frozen=True, slots=True)
class FormRules:
    """The clause of each legal form that is in force, by plan; a plan without one is not tested."""

    extension: Clause | None
    renewal: Clause | None

    def columns(self, asked: pl.DataFrame) -> list[pl.Series]:
        """`form_clause_id` and `form_verdict` (eligible, refused, needs_data) of candidates; null: nothing governs.

        `asked`: rows of `loan_facts` with `plan`, the `new_due_on` asked for, and `lacks_consent`.
        """
        clause_id, verdict = pl.lit(None, pl.String), pl.lit(None, _VERDICT)
        for plan, clause, test in (("extension", self.extension, _extension), ("renewal", self.renewal, _renewal)):
            if clause is not None:
                fail, unknown = test(clause)
                word = pl.when(fail).then(pl.lit("refused")).when(unknown).then(pl.lit("needs_data"))
                here = pl.col("plan") == plan
                clause_id = pl.when(here).then(pl.lit(clause.id)).otherwise(clause_id)
                verdict = pl.when(here).then(word.otherwise(pl.lit("eligible")).cast(_VERDICT)).otherwise(verdict)
        named = asked.with_columns(form_clause_id=clause_id, form_verdict=verdict)
        return named.select("form_clause_id", "form_verdict").get_columns()


def form_rules(snapshot: PolicySnapshot) -> FormRules:
    """The clauses in force that carry the two mechanisms; of several the last one known."""
    by_mechanism = {clause.mechanism: clause for clause in snapshot.clauses}
    return FormRules(by_mechanism.get("extension_limit"), by_mechanism.get("renewal"))


def whole_months(since: pl.Expr, until: pl.Expr) -> pl.Expr:
    """Months from one day to another; a part of a month counts as one."""
    months = (
        (until.dt.year() - since.dt.year()) * 12 + until.dt.month().cast(pl.Int32) - since.dt.month().cast(pl.Int32)
    )
    return months + (until.dt.day() > since.dt.day()).cast(pl.Int32)


def _extension(clause: Clause) -> tuple[pl.Expr, pl.Expr]:
    """Asked for before maturity, within the limit for the original term, and with every consent in writing."""
    names = ("short_term_months", "medium_term_months", "long_limit_months")
    short, medium, long = (months_of(clause, name) for name in names)
    original = whole_months(pl.col("drawn_on"), pl.col("maturity_on"))
    doubled = pl.when(original <= short).then(2 * original).when(original <= medium).then(original).otherwise(2 * long)
    asked = pl.col("applied_on") < pl.col("maturity_on")
    within = 2 * whole_months(pl.col("maturity_on"), pl.col("new_due_on")) <= doubled
    has_consents = pl.when(~pl.col("lacks_consent")).then(True)
    holds = pl.all_horizontal(asked, within, has_consents)
    if clause.grade in _SOFT_GRADES:
        return pl.lit(False), ~holds.fill_null(False)
    return (~holds).fill_null(False), holds.is_null()


def _renewal(clause: Clause) -> tuple[pl.Expr, pl.Expr]:
    """The conditions on the old receipt; where the listed conditions bind the renewal, a person has yet to look."""
    fail, unknown = polars_masks(clause.conditions)
    return fail != 0, (unknown != 0) | bool(clause.parameters["conditions_bind_renewal"].value)
