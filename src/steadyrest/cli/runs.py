"""`run`, `explain` and `demo`: a book through the relief desk, and why each number is what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from steadyrest import app as root
from steadyrest.book.manifest import Manifest
from steadyrest.book.run_folder import load_table, whole_tables
from steadyrest.cli.output import AsJson, Lang, day, emit, grid, language, say
from steadyrest.errors import RunError
from steadyrest.schema import code_label
from steadyrest.text import Language, label
from steadyrest.units import format_fen

Book = Annotated[Path, typer.Argument(help="A file or a folder / 贷款簿文件或目录")]
ValidOn = Annotated[
    str | None,
    typer.Option(
        metavar="YYYY-MM-DD", help="Rules in force on this day; by default the report date / 规则适用日，默认截至日"
    ),
]
KnownOn = Annotated[
    str | None,
    typer.Option(
        metavar="YYYY-MM-DD", help="Rules known on this day; by default the report date / 规则知悉日，默认截至日"
    ),
]

_FILES = ("report.html", "workbook.xlsx", "decisions.xlsx", "manifest.json")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(run)
    app.command()(explain)
    app.command()(demo)


def run(
    book: Book,
    as_of: Annotated[str, typer.Option(help="Report date / 截至日", metavar="YYYY-MM-DD")],
    out: Annotated[Path, typer.Option(help="Folder of the run / 输出目录")],
    mapping: Annotated[str | None, typer.Option(help="Name or YAML file / 字段映射")] = None,
    overlay: Annotated[list[Path] | None, typer.Option(metavar="DIR", help="Rules of the bank / 本行规则目录")] = None,
    evidence: Annotated[Path | None, typer.Option(help="Evidence file / 证据文件")] = None,
    decisions: Annotated[Path | None, typer.Option(help="Decision sheet / 决定表")] = None,
    valid_on: ValidOn = None,
    known_on: KnownOn = None,
    unmask: Annotated[bool, typer.Option("--unmask", help="Show names and numbers / 不脱敏")] = False,
    report: Annotated[bool, typer.Option(help="Write report and workbook / 编写报告和工作簿")] = True,
    part_rows: Annotated[int, typer.Option(min=1, help="Receipts a part / 每批笔数")] = root.PART_ROWS,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Run the relief desk over a book / 运行纾困流程"""
    on = day("--as-of", as_of)
    assert on is not None
    request = root.Request(
        book=book,
        out=out,
        as_of=on,
        valid_on=day("--valid-on", valid_on),
        known_on=day("--known-on", known_on),
        mapping=mapping,
        overlays=tuple(overlay or ()),
        evidence=evidence,
        decisions=decisions,
        unmask=unmask,
        with_report=report,
        part_rows=part_rows,
    )
    with _bar(language(lang)) as progress:
        manifest = root.run(request, progress)
    _print(request.out, manifest, as_json, language(lang))


def demo(
    out: Annotated[Path, typer.Option(help="Folder of book and run / 输出目录")] = Path("out/demo"),
    loans: Annotated[int, typer.Option(min=1000, help="Receipts / 笔数")] = 20_000,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Generate the demonstration book and run the desk over it / 生成演示贷款簿并运行"""
    with _bar(language(lang)) as progress:
        request, manifest = root.demo(out, loans, progress)
    _print(request.out, manifest, as_json, language(lang))


def explain(
    run: Annotated[Path, typer.Argument(help="Folder of a finished run / 运行目录")],
    loan: Annotated[str, typer.Argument(help="Receipt id / 借据编码")],
    table: Annotated[str | None, typer.Option(help="Result table / 结果表")] = None,
    column: Annotated[str | None, typer.Option(help="Column / 字段")] = None,
    option: Annotated[int | None, typer.Option(help="Row with this option_no / 方案序号")] = None,
    version: Annotated[
        str | None, typer.Option(metavar="before|proposed|after", help="Row with this version / 现金流版本")
    ] = None,
    sequence: Annotated[int | None, typer.Option(help="Row with this sequence / 期次")] = None,
    book: Annotated[Path | None, typer.Option(help="Where the book lies now / 贷款簿现位置")] = None,
    unmask: Annotated[bool, typer.Option("--unmask", help="Show names and numbers / 不脱敏")] = False,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Why: clauses, conditions, inputs, formulas, versions of one receipt or cell / 解释"""
    asked = {"option_no": option, "version": version, "sequence": sequence}
    where = {name: value for name, value in asked.items() if value is not None}
    found = root.explain(run, loan, table, column, book=book, unmask=unmask, **where)
    answered = found.explanation.find("cell") or found.explanation.find("finding")
    if table is not None and not answered:
        shown = ", ".join(f"{name} = {value}" for name, value in where.items())
        known = ", ".join(_tables_of(run, loan)) or "–"
        raise RunError("run.no_row", table=f"{table} ({shown})" if shown else table, loan=loan, known=known)
    emit(found.as_plain(), as_json, lambda console: console.print("\n".join(found.lines(language(lang))), markup=False))


def _tables_of(run: Path, loan: str) -> Iterator[str]:
    """The result tables that hold rows of a receipt, or findings about it."""
    with whole_tables(run):
        for path in sorted((run / "tables").glob("*.parquet")):
            rows = pl.scan_parquet(path)
            key = next((name for name in ("loan_id", "row_id") if name in rows.collect_schema()), None)
            if key is not None and rows.filter(pl.col(key) == loan).head(1).collect().height:
                yield path.stem


@contextmanager
def _bar(lang: Language) -> Iterator[root.Progress]:
    """A progress bar on standard error, gone when the run is done; none where no terminal shows it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield root.silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def progress(step: str, done: int, of: int) -> None:
            bar.update(task, description=label(f"run.step.{step}")[lang], completed=done, total=of or None)

        yield progress


def _print(out: Path, manifest: Manifest, as_json: bool, lang: Language) -> None:
    decided = _decided(out, manifest)
    payload = {"run": str(out), **manifest.as_plain()} | ({"decision_rows": decided} if decided else {})
    emit(payload, as_json, lambda console: _show(console, manifest, decided, out, lang))


def _decided(out: Path, manifest: Manifest) -> dict[str, Any]:
    """Decisions read, taken and not usable, and the findings against them by code; empty for a run without any."""
    files = [file for file in manifest.files if file.table == "decision"]
    if not files:
        return {}
    read, taken = sum(file.rows_read for file in files), manifest.tables["decision"].rows
    against = load_table(out, "finding").filter(
        pl.col("table") == "decision", pl.col("row_number").ne_missing(0), pl.col("severity") != "warning"
    )
    codes = against.group_by("code").agg(pl.len().alias("rows")).sort("code").rows()
    return {"read": read, "taken": taken, "not_usable": read - taken, "codes": dict(codes)}


def _show(console: Console, manifest: Manifest, decided: Mapping[str, Any], out: Path, lang: Language) -> None:
    if manifest.is_synthetic:
        console.print(label("report.synthetic")[lang], style="yellow")
    heads = [say(f"head.{name}", lang) for name in ("file", "table", "read", "accepted", "quarantined")]
    rows = [
        (file.name, file.table, file.rows_read, file.rows_accepted, file.rows_quarantined) for file in manifest.files
    ]
    console.print(grid(say("title.files", lang), heads, rows, (2, 3, 4)))
    if decided:
        console.print(say("decisions", lang, **decided), style="yellow" if decided["not_usable"] else None)
        for code, rows in decided["codes"].items():
            what = label(f"finding.{code}.what")[lang]
            console.print(say("decision_finding", lang, code=code, rows=rows, what=what), markup=False)
    heads = [say(f"head.{name}", lang) for name in ("clause", "currency", "households", "receipts", "amount")]
    verdicts = list(_verdicts(out, lang))
    if verdicts:
        console.print(grid(say("title.clauses", lang), heads, verdicts, (2, 3, 4)))
    else:
        console.print(label("report.no_screens", on=manifest.valid_on)[lang], style="yellow")
    names = {file: say(f"file.{Path(file).stem}", lang) for file in _FILES if (out / file).exists()}
    width = max(map(cell_len, names.values()), default=0)
    for file, name in names.items():
        console.print(f"{set_cell_size(name, width)}  {out / file}", markup=False)


def _verdicts(out: Path, lang: Language) -> Iterator[tuple[object, ...]]:
    """Each clause on a line of its own, its verdicts below it: so the table stays narrow."""
    frame = load_table(out, "clause_result").with_columns(pl.col("verdict").cast(pl.String))
    names = ("clause_id", "verdict", "currency", "households", "receipts", "balance_fen")
    for clause, rows in groupby(frame.select(names).iter_rows(), itemgetter(0)):
        yield (clause,)
        for _, verdict, currency, households, receipts, fen in rows:
            counted = "–" if households is None else households
            yield f"  {code_label('verdict', verdict)[lang]}", currency, counted, receipts, format_fen(fen, "wan")
