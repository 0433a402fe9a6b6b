"""What stands on each sheet of the workbook: result tables, masked, with words in place of codes and masks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from steadyrest.report.facts import ClauseFacts, RunFacts
from steadyrest.report.mask import mask_findings, mask_frame
from steadyrest.report.tables import has, plain, rows, scan
from steadyrest.schema import TABLES, Column, Kind, closed, code_label
from steadyrest.schema.registry import NOT_SUPPLIED
from steadyrest.schema.tables.results import eligibility
from steadyrest.text import Text, catalogue, label

ROWS_A_SHEET = 100_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its tab, what a row is, its rows (at most the limit), and how many rows the table has in all.

    `columns` stand in the order of the frame. `file` is the Parquet file that holds every row, relative to the run.
    """

    tab: Text
    row: Text
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    rows_in_all: int
    file: str


def sheets(tables: Path, facts: RunFacts, limit: int = ROWS_A_SHEET) -> list[Sheet]:
    """All sheets after the first, in reading order; a table that the run did not write is left out."""
    makers: dict[str, Callable[[Path, RunFacts, int], Sheet]] = {
        "clause_result": _plain_sheet("clause_result"),
        "option": _loan_sheet("option"),
        "amendment": _loan_sheet("amendment"),
        "eligibility": _eligibility,
        "cash_flow": _loan_sheet("cash_flow"),
        "case_event": _loan_sheet("case_event"),
        "finding": _finding,
        "quarantine": _quarantine,
    }
    made = [maker(tables, facts, limit) for name, maker in makers.items() if has(tables, name)]
    made.insert(2, decision_sheet(tables, facts, limit))
    return made


def _plain_sheet(name: str) -> Callable[[Path, RunFacts, int], Sheet]:
    def make(tables: Path, facts: RunFacts, limit: int) -> Sheet:
        return _sheet(name, scan(tables, name).head(limit).collect(), tables, facts, TABLES[name].columns)

    return make


def _loan_sheet(name: str) -> Callable[[Path, RunFacts, int], Sheet]:
    """A table keyed by receipt, with the borrower and the currency of the receipt after the id."""

    def make(tables: Path, facts: RunFacts, limit: int) -> Sheet:
        frame = _with_loan(scan(tables, name).head(limit).collect(), tables)
        loan = TABLES["loan_facts"]
        first, *others = TABLES[name].columns
        return _sheet(name, frame, tables, facts, (first, loan["borrower_id"], loan["currency"], *others))

    return make


def _with_loan(frame: pl.DataFrame, tables: Path) -> pl.DataFrame:
    wanted = frame["loan_id"].unique().sort().implode()
    loan = scan(tables, "loan_facts").select("loan_id", "borrower_id", "currency")
    return frame.join(
        loan.filter(pl.col("loan_id").is_in(wanted)).collect(), on="loan_id", how="left", maintain_order="left"
    )


def _sheet(name: str, frame: pl.DataFrame, tables: Path, facts: RunFacts, columns: tuple[Column, ...]) -> Sheet:
    """Masked, with clause titles beside clause ids and the words of every code."""
    columns = tuple(
        item for column in columns for item in ((column, _title_column()) if column.name == "clause_id" else (column,))
    )
    if "clause_id" in frame.columns:
        frame = frame.with_columns(_titles(frame["clause_id"], facts))
    frame = mask_frame(frame.select(column.name for column in columns), facts.pseudonym_key, unmask=facts.is_unmasked)
    frame = plain(frame).with_columns(
        _in_words(column) for column in columns if column.codes or column.kind is Kind.FLAG
    )
    known = TABLES[name]
    return Sheet(known.label, known.row, columns, frame, rows(tables, name), f"tables/{name}.parquet")


def _title_column() -> Column:
    return Column("clause_title", Kind.TEXT, label("report.clause"), NOT_SUPPLIED)


def _titles(clause_ids: pl.Series, facts: RunFacts) -> pl.Series:
    known = {clause.clause_id: clause.title.both for clause in facts.clauses}
    return clause_ids.replace_strict(known, default=None, return_dtype=pl.String).alias("clause_title")


def _in_words(column: Column) -> pl.Expr:
    """Codes and flags in both languages."""
    if column.kind is Kind.FLAG:
        yes, no = label("report.workbook.yes").both, label("report.workbook.no").both
        flag = pl.col(column.name)
        return pl.when(flag).then(pl.lit(yes)).when(flag.not_()).then(pl.lit(no)).alias(column.name)
    return pl.col(column.name).replace(_words_of(column.codes))


@cache
def _words_of(codes: tuple[str, ...]) -> dict[str, str]:
    """Both languages of each code of a closed list; the list is found by its codes."""
    lists = {key.split(".")[1] for key in catalogue() if key.startswith("code.")}
    name = next(name for name in sorted(lists) if closed(name) == codes)
    return {code: code_label(name, code).both for code in codes}


def decision_sheet(tables: Path, facts: RunFacts, limit: int = ROWS_A_SHEET) -> Sheet:
    """The sheet that comes back: accepted decisions, then each recommended option without one, to fill in.

    Decisions are codes with their words, as in the template; nothing is masked because a borrower is not named.
    """
    frame = decisions(tables)
    known = TABLES["decision"]
    words = {code: decision_words(code) for code in known["decision"].codes}
    shown = frame.head(limit).with_columns(pl.col("decision").replace(words))
    return Sheet(known.label, known.row, known.columns, shown, frame.height, "decisions.csv")


def decision_words(code: str) -> str:
    """A decision as a cell of the sheet shows it: the code, then its words."""
    return f"{code} {code_label('decision', code).zh}"


def decisions(tables: Path) -> pl.DataFrame:
    """Rows of the registered table `decision`: accepted ones, then the open recommended options with blank cells."""
    columns = TABLES["decision"].names
    accepted = plain(scan(tables, "decision").collect())
    proposed = scan(tables, "option").filter("is_proposed").select("loan_id", "option_no", "clause_id").collect()
    pending = proposed.join(accepted, on=["loan_id", "option_no"], how="anti")
    both = pl.concat([accepted, pending], how="diagonal").select(columns)
    return both.sort(
        pl.col("decision").is_null(), "loan_id", "option_no", "decided_on", "decision", maintain_order=True
    )


def _eligibility(tables: Path, facts: RunFacts, limit: int) -> Sheet:
    """One row a receipt: the verdict under each screening clause and the conditions that stop it, in words."""
    masks = scan(tables, "eligibility").head(limit).collect()
    loan = TABLES["loan_facts"]
    frame = _with_loan(masks.select("loan_id"), tables)
    columns = [loan["loan_id"], loan["borrower_id"], loan["currency"]]
    for clause in facts.clauses:
        if clause.is_active and f"{clause.slug}_fail" in masks.columns:
            frame = frame.with_columns(_verdict_columns(clause, masks))
            columns += _clause_columns(clause)
    frame = mask_frame(frame, facts.pseudonym_key, unmask=facts.is_unmasked).select(column.name for column in columns)
    tab = eligibility(()).label
    return Sheet(
        label("report.workbook.eligibility"),
        tab,
        tuple(columns),
        frame,
        rows(tables, "eligibility"),
        "tables/eligibility.parquet",
    )


def _clause_columns(clause: ClauseFacts) -> list[Column]:
    reason = label("report.workbook.reason")
    stopped = Text(zh=f"{clause.title.zh}：{reason.zh}", en=f"{clause.title.en}: {reason.en}")
    return [
        Column(clause.slug, Kind.CODE, clause.title, NOT_SUPPLIED),
        Column(f"{clause.slug}_why", Kind.TEXT, stopped, NOT_SUPPLIED),
    ]


def _verdict_columns(clause: ClauseFacts, masks: pl.DataFrame) -> list[pl.Series]:
    """Verdict and reasons, worked out once for each pair of masks that occurs."""
    pair = masks.select(pl.col(f"{clause.slug}_fail").alias("fail"), pl.col(f"{clause.slug}_unknown").alias("unknown"))
    known = pair.unique().sort("fail", "unknown")
    verdicts = [_verdict(fail, unknown) for fail, unknown in known.iter_rows()]
    reasons = [_reasons(clause, fail, unknown) for fail, unknown in known.iter_rows()]
    known = known.with_columns(
        pl.Series(clause.slug, verdicts, pl.String), pl.Series(f"{clause.slug}_why", reasons, pl.String)
    )
    joined = pair.join(known, on=["fail", "unknown"], how="left", maintain_order="left")
    return [joined[clause.slug], joined[f"{clause.slug}_why"]]


def _verdict(fail: int, unknown: int) -> str:
    return code_label("verdict", "refused" if fail else "needs_data" if unknown else "eligible").both


def _reasons(clause: ClauseFacts, fail: int, unknown: int) -> str | None:
    parts = []
    for kind, mask in (("fails", fail), ("unknown", unknown)):
        hit = [condition.title for condition in clause.conditions if mask >> condition.bit & 1]
        bits = [
            Text(str(bit), str(bit))
            for bit in range(32)
            if mask >> bit & 1 and all(bit != known.bit for known in clause.conditions)
        ]
        if hit or bits:
            zh, en = ("；".join(item.zh for item in hit + bits), "; ".join(item.en for item in hit + bits))
            parts.append(label(f"report.workbook.{kind}").format(zh=zh, en=en).both)
    return "\n".join(parts) or None


def _finding(tables: Path, facts: RunFacts, limit: int) -> Sheet:
    frame = plain(scan(tables, "finding").head(limit).collect())
    frame = mask_findings(frame, facts.pseudonym_key, unmask=facts.is_unmasked)
    return _sheet("finding", frame, tables, facts, TABLES["finding"].columns)


def _quarantine(tables: Path, facts: RunFacts, limit: int) -> Sheet:
    """Quarantined rows: where they stand and why. What they hold is shown only when names were asked for."""
    source = TABLES["finding"]
    frame = plain(scan(tables, "quarantine").head(limit).collect())
    named = [source["source_file"], source["row_number"], source["table"]]
    columns = [column for column in named if column.name in frame.columns]
    for name, what in (("codes", "report.workbook.codes"), ("raw", "report.workbook.raw")):
        if name in frame.columns and (name == "codes" or facts.is_unmasked):
            columns.append(Column(name, Kind.TEXT, label(what), NOT_SUPPLIED))
    frame = frame.select(_text_if_list(frame, column.name) for column in columns)
    return Sheet(
        label("report.workbook.quarantine"),
        label("report.workbook.quarantine_row"),
        tuple(columns),
        frame,
        rows(tables, "quarantine"),
        "tables/quarantine.parquet",
    )


def _text_if_list(frame: pl.DataFrame, name: str) -> pl.Expr:
    is_list = isinstance(frame.schema[name], pl.List)
    return pl.col(name).list.join(" ") if is_list else pl.col(name)
