"""Cases: when a receipt entered which state of relief, who brought it there, and what stands in its way.

A case begins with an application, an option or an agreement. Assessed is the day on which temporary difficulty was
last recorded; consents are complete when every one that is needed was given; an agreement is active from its first
old due date (an extension from signature), and completed when its new due date has passed without arrears. A date
that nobody recorded makes no state, except that what this run proposes is dated by the run.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from steadyrest.desks.findings import add_findings, findings
from steadyrest.desks.positions import arrears_at
from steadyrest.desks.relief.mechanisms.guarantee import ended_before
from steadyrest.desks.relief.stages.amend import signed_options
from steadyrest.desks.relief.stages.decide import consents_open
from steadyrest.desks.stage import Context, Stage, Tables
from steadyrest.schema import TABLES

_CASE = TABLES["case_event"]
_SHAPE = {name: kind for name, kind in _CASE.polars().items() if name != "sequence"}
_DECIDED = {"approved": "approved", "refused": "refused", "signed": "signed"}


def run(tables: Tables, context: Context) -> Tables:
    """The states each case has entered by the as-of date, in order of day and road, and findings on the cases."""
    as_of = context.as_of
    applied = _applied(tables["application"], as_of)
    kept = _kept(tables["agreement"], tables["arrears"], as_of)
    roads = [applied, _proposed(tables, as_of), _decided(tables["decision"]), *_agreed(kept)]
    cases = pl.concat([part.select("loan_id") for part in roads]).unique()
    states = pl.concat([*roads, _assessed(cases, tables, as_of), _consents(cases, tables, as_of)])
    ordered = states.sort("loan_id", "on", "case_state", "option_no", "person", "reply_due_on", nulls_last=True)
    numbered = ordered.with_columns(pl.int_range(1, pl.len() + 1).over("loan_id").cast(pl.Int64).alias("sequence"))
    return {
        "case_event": numbered.select(_CASE.names),
        "finding": add_findings(tables, *_case_findings(tables, kept, as_of)),
    }


def _states(rows: pl.DataFrame, state: str | pl.Expr, **columns: pl.Expr) -> pl.DataFrame:
    """Rows as states: `loan_id`, the state, and the columns given; the rest is null."""
    entered = pl.lit(state) if isinstance(state, str) else state
    named = {"loan_id": pl.col("loan_id"), "case_state": entered} | columns
    return rows.select(named.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in _SHAPE.items())


def _applied(application: pl.DataFrame, as_of: date) -> pl.DataFrame:
    known = application.filter(pl.col("applied_on") <= as_of)
    columns = {"on": pl.col("applied_on"), "person": pl.col("applicant"), "reply_due_on": pl.col("reply_due_on")}
    return _states(known, "applied", **columns)


def _proposed(tables: Tables, as_of: date) -> pl.DataFrame:
    """Options on which somebody decided, by the proposer on the day of the first decision; else the run's proposal."""
    decided = tables["decision"].sort("decided_on").group_by("loan_id", "option_no", maintain_order=True).first()
    open_ones = tables["option"].filter("is_proposed").join(decided, on="loan_id", how="anti")
    by_person = {"on": pl.col("decided_on"), "person": pl.col("proposer"), "option_no": pl.col("option_no")}
    by_run = {"on": pl.lit(as_of), "option_no": pl.col("option_no")}
    return pl.concat([_states(decided, "proposed", **by_person), _states(open_ones, "proposed", **by_run)])


def _decided(decision: pl.DataFrame) -> pl.DataFrame:
    state = pl.col("decision").cast(pl.String).replace_strict(_DECIDED, return_dtype=pl.String)
    columns = {"on": pl.col("decided_on"), "person": pl.col("approver"), "option_no": pl.col("option_no")}
    return _states(decision, state, **columns)


def _kept(agreement: pl.DataFrame, arrears: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Agreements signed by the as-of date, with what became of them until then."""
    unpaid = arrears_at(arrears, as_of).select("loan_id", new_due_on="due_on").with_columns(is_missed=True)
    signed = agreement.filter(pl.col("signed_on") <= as_of)
    signed = signed.join(unpaid, on=["loan_id", "new_due_on"], how="left", maintain_order="left")
    return signed.with_columns(
        pl.col("is_missed").fill_null(False),
        is_broken=(pl.col("broken_on") <= as_of).fill_null(False),
        is_past=pl.col("new_due_on") < as_of,
        is_booked=(pl.col("booked_on") <= as_of).fill_null(False),
        active_on=pl.max_horizontal("signed_on", "from_on"),
    ).with_columns(
        is_active=(pl.col("active_on") <= as_of) & ~(pl.col("is_broken") & (pl.col("broken_on") <= pl.col("active_on")))
    )


def _agreed(kept: pl.DataFrame) -> list[pl.DataFrame]:
    person = {"person": pl.col("signed_by")}
    is_completed = pl.col("is_past") & ~pl.col("is_missed") & ~pl.col("is_broken")
    return [
        _states(kept, "signed", on=pl.col("signed_on"), **person),
        _states(kept.filter("is_booked"), "booked", on=pl.col("booked_on")),
        _states(kept.filter("is_active"), "active", on=pl.col("active_on")),
        _states(kept.filter(is_completed), "completed", on=pl.col("new_due_on")),
        _states(kept.filter("is_broken"), "broken", on=pl.col("broken_on")),
    ]


def _assessed(cases: pl.DataFrame, tables: Tables, as_of: date) -> pl.DataFrame:
    """The last word on temporary difficulty of the borrower of each case."""
    is_word = (pl.col("evidence_kind") == "temporary_difficulty") & (pl.col("as_of_on") <= as_of)
    words = tables["evidence"].filter(is_word).sort("borrower_id", "as_of_on")
    last = words.unique("borrower_id", keep="last", maintain_order=True)
    rows = tables["loan"].select("loan_id", "borrower_id").join(cases, on="loan_id", how="semi")
    return _states(rows.join(last, on="borrower_id"), "assessed", on=pl.col("as_of_on"), person=pl.col("recorded_by"))


def _consents(cases: pl.DataFrame, tables: Tables, as_of: date) -> pl.DataFrame:
    """The day on which the last consent of each case was given, where none is open and every day is on file."""
    still_open = consents_open(tables["loan"], tables["consent"], as_of)
    given = tables["consent"].join(cases, on="loan_id", how="semi")
    given = given.filter(~pl.col("loan_id").is_in(still_open.implode()))
    complete = given.group_by("loan_id").agg(
        pl.col("given_on").max(), pl.col("given_on").has_nulls().alias("lacks_day")
    )
    return _states(complete.filter(~pl.col("lacks_day")), "consents_complete", on=pl.col("given_on"))


def _case_findings(tables: Tables, kept: pl.DataFrame, as_of: date) -> list[pl.DataFrame]:
    """What a person should look at: late replies, missed new due dates, bookings nobody signed for, open consents,
    signatures before the application, guarantees that end too early."""
    still_open = consents_open(tables["loan"], tables["consent"], as_of)
    unanswered = pl.col("replied_on").is_null() | (pl.col("replied_on") > as_of)
    late = tables["application"].filter((pl.col("applied_on") <= as_of) & (pl.col("reply_due_on") < as_of) & unanswered)
    late = late.join(tables["decision"], on="loan_id", how="anti")
    signed = pl.col("signed_on").is_not_null() & (pl.col("signed_on") <= pl.col("booked_on"))
    booked = tables["agreement"].filter((pl.col("booked_on") <= as_of) & ~signed)
    missed = kept.filter(pl.col("is_missed") & ~pl.col("is_broken"))
    unsafe = kept.filter(~pl.col("is_broken") & pl.col("loan_id").is_in(still_open.implode()))
    return [
        _finding(late, "CASE-001", "application", "application_id", "reply_due_on", "warning"),
        _finding(missed, "CASE-002", "agreement", "agreement_id", "new_due_on", "error"),
        _finding(booked, "CASE-003", "agreement", "agreement_id", "booked_on", "error"),
        _finding(unsafe, "CASE-004", "agreement", "agreement_id", "new_due_on", "error"),
        *_signed_before_asked(tables, as_of),
        _guarantee_ends(tables, kept),
    ]


def _signed_before_asked(tables: Tables, as_of: date) -> list[pl.DataFrame]:
    """What was signed before the first application of the receipt on file.

    An application after the new due date asks for something else, and says nothing of an agreement that has ended.
    """
    asked = tables["application"].filter(pl.col("applied_on") <= as_of)
    asked = asked.group_by("loan_id").agg(pl.col("applied_on").min().alias("asked_on"))
    agreements = tables["agreement"].filter(pl.col("signed_on") <= as_of).join(asked, on="loan_id")
    early = agreements.filter(pl.col("asked_on").is_between("signed_on", "new_due_on", closed="right"))
    decisions = tables["decision"].filter(pl.col("decision") == "signed").join(asked, on="loan_id")
    hasty = decisions.filter(pl.col("decided_on") < pl.col("asked_on"))
    return [
        _finding(early, "CASE-005", "agreement", "agreement_id", "signed_on", "warning"),
        _finding(hasty, "CASE-005", "decision", "loan_id", "decided_on", "warning"),
    ]


def _guarantee_ends(tables: Tables, kept: pl.DataFrame) -> pl.DataFrame:
    """Guarantee contracts that end before the new due date of what is signed and still runs."""
    runs = kept.filter(~pl.col("is_broken") & ~pl.col("is_past")).select("loan_id", "new_due_on")
    due = pl.concat([runs, signed_options(tables).select("loan_id", "new_due_on")])
    return findings(
        ended_before(due, tables["loan"], tables["guarantee"]),
        code="CASE-006",
        severity="warning",
        table="guarantee",
        field="to_on",
        row_id="guarantee_id",
        value=pl.col("to_on").cast(pl.String),
        args=pl.struct("loan_id", pl.col("new_due_on").cast(pl.String)),
    )


def _finding(rows: pl.DataFrame, code: str, table: str, row_id: str, field: str, severity: str) -> pl.DataFrame:
    return findings(
        rows,
        code=code,
        severity=severity,
        table=table,
        field=field,
        row_id=row_id,
        value=pl.col(field).cast(pl.String),
        args=pl.struct("loan_id"),
    )


STAGE = Stage(
    name="cases",
    reads=(
        "loan",
        "guarantee",
        "application",
        "evidence",
        "consent",
        "agreement",
        "arrears",
        "option",
        "decision",
        "finding",
    ),
    writes=("case_event", "finding"),
    run=run,
)
