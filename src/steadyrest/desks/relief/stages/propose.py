"""Options: for every clause that allows it, the amounts due between the as-of date and the cap, parked within the cap.

Reads the masks, the contracts and what is agreed; writes `option` and the cash flows of receipts that have one. All
options of a receipt are shown; the proposed one has the latest cap, then the later known clause, then the smallest
id. Beside it stand the other plans under its clause (`mechanisms.alternatives`). A receipt with an agreement in force
gets no second one here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from steadyrest.contracts import CashFlows, project
from steadyrest.desks.findings import add_findings, findings
from steadyrest.desks.positions import in_force, positions
from steadyrest.desks.relief.mechanisms.alternatives import PARKED, alternatives, measured
from steadyrest.desks.relief.mechanisms.candidates import Standing, after_dues, after_totals, flow_rows, standing
from steadyrest.desks.relief.mechanisms.form_rules import form_rules
from steadyrest.desks.relief.mechanisms.windows import Window, windows
from steadyrest.desks.relief.stages.decide import consents_open
from steadyrest.desks.relief.stages.screen import is_eligible
from steadyrest.desks.stage import Context, Stage, Tables
from steadyrest.schema import TABLES

_OPTION = TABLES["option"]
_WAY = ["loan", "from_on", "to_on", "deferred_part", "new_due_on"]
"""What an option does to a receipt: options of several clauses that do the same are projected once."""
_CODES = ("programme", "plan", "legal_form", "shape", "deferred_part", "interest_treatment")
_LATER = ("form_clause_id", "form_verdict", "shift_months", "spread_periods")
"""What only an alternative has."""


def run(tables: Tables, context: Context) -> Tables:
    """Find the options, price each by its own projection, and keep the dues before and as proposed."""
    as_of = context.as_of
    open_windows = windows(context.snapshot, as_of)
    able = eligible(tables, open_windows, as_of)
    at = positions(tables, as_of, able)
    here = standing(at)
    before = project(here.resolved, book=at.book, as_of=as_of)
    moved = [_moved(window, before.rows, able) for window in open_windows]
    found = _numbered(pl.concat([_no_candidate(), *moved]), able, open_windows)
    ways = found.unique(_WAY, keep="first", maintain_order=True).with_row_index("way")
    found = found.join(ways.select(*_WAY, pl.col("way").cast(pl.Int64)), on=_WAY, how="left", maintain_order="left")
    after = after_dues(ways, here, as_of)
    priced = _priced(found, before.loans, after.loans[found["way"]])
    options = priced.filter(pl.col("status") == "ok")
    beside = _beside(options, before, here, open_windows, tables, context)
    return {
        "option": pl.concat([options.select(_registered()), beside]).sort(_OPTION.key),
        "cash_flow": _flows(options, before.rows, able, after.rows),
        "finding": add_findings(tables, _impossible(priced.filter(pl.col("status") != "ok"))),
    }


def _flows(options: pl.DataFrame, before: pl.DataFrame, able: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The dues of receipts that have an option: as they stand, then with the proposed one, each by receipt and day."""
    numbers = able.select("loan_id", option_no=pl.lit(0, pl.Int64))
    with_option = able.with_row_index("loan").join(options, on="loan_id", how="semi")
    kept = before.join(with_option.select(pl.col("loan").cast(pl.Int64)), on="loan", how="semi", maintain_order="left")
    proposed = options.filter("is_proposed").select("loan_id", "option_no", "way").with_row_index("position")
    position = proposed.select(pl.col("way").alias("loan"), pl.col("position").cast(pl.Int64))
    moved = after.join(position, on="loan", maintain_order="left").with_columns(pl.col("position").alias("loan"))
    return pl.concat([flow_rows(kept, numbers, "before"), flow_rows(moved, proposed, "proposed")])


def _beside(
    options: pl.DataFrame,
    before: CashFlows,
    here: Standing,
    open_windows: Sequence[Window],
    tables: Tables,
    context: Context,
) -> pl.DataFrame:
    """The other plans under the clause of each proposed option, as rows of `option`; what no contract carries is not
    one.
    """
    numbered = options.with_columns(pl.col("option_no").max().over("loan").alias("last_no"))
    proposed = numbered.filter("is_proposed")
    rows = alternatives(proposed, before.rows, here.at.terms, open_windows)
    rows = rows.with_columns(form_rules(context.snapshot).columns(_asked(rows, tables, context.as_of)))
    after = after_totals(rows, here, context.as_of)
    found = _priced(measured(rows, after, open_windows), before.loans, after)
    return found.filter((pl.col("status") == "ok") & pl.col("new_due_on").is_not_null()).select(_registered())


def _asked(rows: pl.DataFrame, tables: Tables, as_of: date) -> pl.DataFrame:
    """The facts of the receipt of each candidate, what it asks for, and whether a written consent is lacking."""
    ids = rows.select("loan_id").unique()
    mine = {name: tables[name].join(ids, on="loan_id", how="semi") for name in ("loan", "consent", "loan_facts")}
    facts = mine["loan_facts"].with_columns(
        pl.col("loan_id").is_in(consents_open(mine["loan"], mine["consent"], as_of).implode()).alias("lacks_consent")
    )
    return rows.select("loan_id", "plan", "new_due_on").join(facts, on="loan_id", how="left", maintain_order="left")


def eligible(tables: Tables, open_windows: Sequence[Window], as_of: date) -> pl.DataFrame:
    """Receipts by id that may get an option, with one flag a clause: projected, nothing agreed, both masks zero."""
    flags = [is_eligible(window.clause.slug).alias(window.clause.slug) for window in open_windows]
    projected = tables["loan_facts"].select("loan_id", is_projected=pl.col("schedule_state") == "projected")
    masks = tables["eligibility"].select("loan_id", *flags)
    able = masks.filter(pl.any_horizontal([pl.lit(False), *(window.clause.slug for window in open_windows)]))
    able = able.join(projected.filter("is_projected").select("loan_id"), on="loan_id", how="semi")
    return able.join(in_force(tables["agreement"], as_of), on="loan_id", how="anti").sort("loan_id")


def _no_candidate() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "loan": pl.Int64,
            "window": pl.Int64,
            "from_on": pl.Date,
            "to_on": pl.Date,
            "deferred_principal_fen": pl.Int64,
            "deferred_interest_fen": pl.Int64,
        }
    )


def _moved(window: Window, dues: pl.DataFrame, able: pl.DataFrame) -> pl.DataFrame:
    """What the receipts that are eligible under the clause of a window have due in it, one row a receipt."""
    interest = pl.col("interest_due_fen") if window.relief.parts == "both" else pl.lit(0, pl.Int64)
    here = able.with_row_index("loan").filter(window.clause.slug).select(pl.col("loan").cast(pl.Int64))
    inside = dues.filter(pl.col("due_on").is_between(window.low, window.high)).join(here, on="loan", how="semi")
    amounts = inside.select("loan", "due_on", pl.col("principal_due_fen").alias("principal"), interest=interest)
    summed = (
        amounts.filter(pl.col("principal") + pl.col("interest") > 0)
        .group_by("loan")
        .agg(
            pl.col("due_on").min().alias("from_on"),
            pl.col("due_on").max().alias("to_on"),
            pl.col("principal").sum().alias("deferred_principal_fen"),
            pl.col("interest").sum().alias("deferred_interest_fen"),
        )
    )
    return summed.select("loan", pl.lit(window.order).cast(pl.Int64).alias("window"), *_no_candidate().columns[2:])


def _numbered(moved: pl.DataFrame, able: pl.DataFrame, open_windows: Sequence[Window]) -> pl.DataFrame:
    """Candidates as options: numbered by receipt in the order of the clauses, the best one proposed."""
    rows = moved.join(_clause_columns(open_windows), on="window", how="left").sort("loan", "window")
    return rows.with_columns(
        able["loan_id"].gather(rows["loan"]),
        pl.int_range(1, pl.len() + 1).over("loan").cast(pl.Int64).alias("option_no"),
        (pl.col("rank") == pl.col("rank").min().over("loan")).alias("is_proposed"),
    )


def _clause_columns(open_windows: Sequence[Window]) -> pl.DataFrame:
    """What a clause says of its options, one row a window."""
    rows = [
        {
            "window": window.order,
            "rank": window.rank,
            "clause_id": window.clause.id,
            "programme": window.relief.programme,
            "plan": PARKED,
            "legal_form": window.relief.legal_forms[0],
            "shape": "park",
            "deferred_part": window.relief.parts,
            "interest_treatment": "at_end",
            "new_due_on": window.new_due_on,
            "cap_on": window.cap_on,
            "cap_verdict": "pass",
        }
        for window in open_windows
    ]
    names = ("clause_id", *_CODES, *_LATER, "new_due_on", "cap_on", "cap_verdict")
    schema = {"window": pl.Int64(), "rank": pl.Int64()} | {name: _OPTION[name].polars for name in names}
    return pl.DataFrame(rows, schema=schema)


def _priced(options: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Options with what they cost the borrower in interest, and the last due dates before and after.

    `before` is by receipt, `after` in the order of the options; both come from the book as of the same day.
    """
    now, then = before[options["loan"]], after
    return options.with_columns(
        (then["interest_fen"] - now["interest_fen"]).alias("extra_interest_fen"),
        now["last_due_on"].alias("last_due_before_on"),
        then["last_due_on"].alias("last_due_after_on"),
        then["status"],
    )


def _registered() -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in _OPTION.polars().items()]


def _impossible(options: pl.DataFrame) -> pl.DataFrame:
    """Options the contract cannot carry are not shown as options; each is named."""
    return findings(
        options,
        code="RELIEF-003",
        severity="error",
        table="option",
        field="new_due_on",
        row_id="loan_id",
        value=pl.col("new_due_on").cast(pl.String),
        clause=pl.col("clause_id"),
    )


STAGE = Stage(
    name="propose",
    reads=("loan", "loan_terms", "arrears", "agreement", "consent", "loan_facts", "eligibility", "finding"),
    writes=("option", "cash_flow", "finding"),
    run=run,
)
