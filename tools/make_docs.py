"""Generate docs/reference and docs/policy from the registry, the labels, the commands and the packs.

`python tools/make_docs.py` writes; `--check` only says which page is out of date and exits 1. A test runs the check.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import typer

from steadyrest import exchange, policy, reference
from steadyrest.cli.main import app
from steadyrest.desks.supervision.layout import CODE_DATES
from steadyrest.exchange.mapping import ColumnSpec, Source, load_mapping
from steadyrest.schema import TABLES, code_label
from steadyrest.schema.registry import Column
from steadyrest.text import Text, catalogue

DOCS = Path(__file__).resolve().parents[1] / "docs"
UNITS = {"yuan": "in units of its currency", "wan": "in ten thousands", "fen": "in hundredths", "e7": "in 1e-7"}
MADE = "<!-- made by tools/make_docs.py; edit the source, not this page -->"


def pages() -> dict[str, str]:
    """Every generated page by its path below docs/."""
    found = {
        "reference/tables.md": tables(),
        "reference/findings.md": sentences("finding", "Findings / 数据问题"),
        "reference/errors.md": sentences("error", "Errors of a call / 调用错误"),
        "reference/commands.md": commands(),
        "reference/reference-tables.md": reference_tables(),
        "reference/mappings.md": mappings(),
        "reference/checks.md": checks(),
        "reference/official.md": official(),
        "policy/coverage.md": covered(),
        "policy/packs.md": overview(policy.load_library()),
    }
    library = policy.load_library()
    return found | {f"policy/{name}.md": f"{MADE}\n\n{text}" for name, text in policy.pages(library).items()}


def page(title: str, parts: Iterable[str]) -> str:
    """A page with its title."""
    return "\n".join((MADE, "", f"# {title}", "", *parts)).rstrip() + "\n"


def grid(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A Markdown table."""
    heads = list(heads)
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


def tables() -> str:
    """All registered tables and columns."""
    parts: list[str] = []
    for name, table in TABLES.items():
        parts += [f"## {name}", "", f"{table.row.both}. Key / 主键: {', '.join(f'`{key}`' for key in table.key)}.", ""]
        heads = ("column", "type", "unit", "label", "null means", "official field", "ACTUS")
        parts += grid(heads, (column_row(column) for column in table.columns))
    return page("Tables / 数据表", parts)


def column_row(column: Column) -> tuple[str, ...]:
    """One line about a column."""
    null = "never" if column.required else column.null.both
    return (
        f"`{column.name}`",
        column.kind.value,
        column.unit,
        column.label.both,
        null,
        ", ".join(column.official),
        column.actus,
    )


def sentences(prefix: str, title: str) -> str:
    """The sentences of every finding or error code."""
    rows = []
    for key, what in sorted(catalogue().items()):
        if key.startswith(f"{prefix}.") and key.endswith(".what"):
            code = key.removeprefix(f"{prefix}.").removesuffix(".what")
            todo = catalogue()[f"{prefix}.{code}.todo"]
            rows.append((f"`{code}`", both(what), both(todo)))
    return page(title, grid(("code", "what is wrong / 问题", "what to do / 处理"), rows))


def both(text: Text) -> str:
    """Both languages in one cell."""
    return f"{text.zh}<br>{text.en}"


def commands() -> str:
    """Every command with its options."""
    root = typer.main.get_command(app)
    parts = ["Exit codes: 0 done, 1 a check failed, 2 the call, 3 a file, 4 rules or packs, 5 a run folder.", ""]
    for words, command in walk(root, ("steadyrest",)):
        parts += [f"## {' '.join(words)}", "", (command.help or "").strip(), ""]
        rows = [parameter_row(item) for item in command.params if item.name != "help"]
        if rows:
            parts += grid(("name", "what"), rows)
    return page("Commands / 命令", parts)


def walk(group: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands below a group."""
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from walk(command, (*words, name))
        else:
            yield (*words, name), command


def parameter_row(item: Any) -> tuple[str, str]:
    """One argument or option."""
    is_argument = item.param_type_name == "argument"
    names = f"`{item.name}`" if is_argument else f"`{' '.join([*item.opts, *item.secondary_opts])}`"
    return names, str(getattr(item, "help", "") or "")


def reference_tables() -> str:
    """Sources of the packaged reference tables."""
    rows = []
    for name in reference.names():
        known = reference.source(name)
        verified = known.last_verified_on.isoformat() if known.last_verified_on else ""
        rows.append(
            (f"`{name}`", known.title.both, known.source, known.grade, verified, f"{reference.table(name).height:,}")
        )
    heads = ("table", "title", "source", "grade", "verified to", "rows")
    return page("Reference tables / 参考表", grid(heads, rows))


def mappings() -> str:
    """What each shipped mapping reads: its assumptions, and where every column of its files goes."""
    folder = "src/steadyrest/exchange/mappings"
    parts = [f"A mapping is a YAML file; the shipped ones stand in [{folder}](../../{folder}).", ""]
    for name in exchange.MAPPINGS:
        found = load_mapping(name)
        parts += [f"## {name}", "", f"{found.title.both}", "", *(f"- {text.both}" for text in found.readings)]
        parts += [""] if found.readings else []
        own = [source.name for source in found.sources if source.name in TABLES]
        if own:
            listed = ", ".join(f"[{table}](tables.md#{table})" for table in own)
            parts += [f"Under the registry's own names, as files or as sheets of the template: {listed}.", ""]
        for source in found.sources:
            if source.table not in own:
                parts += source_parts(source)
    return page("Mappings / 字段映射", parts)


def source_parts(source: Source) -> Iterator[str]:
    """One kind of file: how it is recognised, and the registered columns it feeds."""
    yield f"### {source.name}"
    yield ""
    yield f"Recognised by its columns {', '.join(f'`{name}`' for name in source.header)}."
    yield ""
    rows = (
        (f"`{table}.{spec.column.name}`", spec.column.label.both, read_from(spec))
        for table, specs in source.tables.items()
        for spec in specs
    )
    yield from grid(("column", "label", "read from"), rows)


def read_from(spec: ColumnSpec) -> str:
    """Where a column comes from, and the steps its cell takes."""
    origin = f"always `{spec.constant}`" if spec.constant else " or ".join(f"`{name}`" for name in spec.sources)
    steps = [
        f"characters {spec.cut[0] + 1} to {sum(spec.cut)}" if spec.cut else "",
        ", ".join(f"{code} = {own}" for code, own in spec.codes.items()) if spec.codes else "",
        f"all else {spec.otherwise}" if spec.otherwise else "",
        f"no value: {', '.join(spec.missing)}" if spec.missing else "",
        f"by reference table `{spec.lookup.table}`" if spec.lookup else "",
        UNITS.get(spec.unit, spec.unit),
        f"months after `{spec.months_after}`" if spec.months_after else "",
        "stands in for what the tape lacks" if spec.stand_in else "",
    ]
    return "; ".join((origin, *filter(None, steps)))


def official() -> str:
    """Official fields with the registered column each is read into, its codes, and when its list was seen."""
    fields = reference.table("official_fields").sort("table_code", "sequence")
    codes = reference.table("official_codes").group_by("table_code", "field_zh").len()
    counted = {(code, name): count for code, name, count in codes.iter_rows()}
    traced = {key: value for source in load_mapping("extracts").sources for key, value in traces(source)}
    parts = []
    for table in sorted({source.name for source in load_mapping("extracts").sources if source.order}):
        rows = []
        for row in fields.filter(table_code=table).iter_rows(named=True):
            name = row["field_zh"]
            seen = "–" if row["seen_from_on"] is None else f"{row['seen_from_on']} – {row['seen_to_on']}"
            state = "ended / 已终止" if row["is_ended"] else seen
            dated = [f"`{code}` {first} –" for code, first in CODE_DATES.get(name, {}).items()]
            state = "; ".join((state, *dated)) if dated else state
            rows.append((str(row["sequence"]), name, row["field_code"] or "", row["format"] or "",
                         traced.get((table, name), ""), str(counted.get((table, name), "") or ""), state))  # fmt: skip
        heads = ("no.", "field / 字段", "code", "format", "registered column", "codes", "seen / 见于")
        parts += [f"## {table}", "", *grid(heads, rows), ""]
    return page("Official fields / 官方字段", parts)


def traces(source: Source) -> Iterator[tuple[tuple[str, str], str]]:
    """Field of a source -> the registered columns it feeds."""
    found: dict[str, list[str]] = {}
    for table, specs in source.tables.items():
        for spec in specs:
            if spec.sources:
                found.setdefault(spec.sources[0], []).append(f"`{table}.{spec.column.name}`")
    for name, columns in found.items():
        yield (source.name, name), ", ".join(columns)


def checks() -> str:
    """The data-quality rules, in the language of the rules."""
    parts: list[str] = []
    folder = Path(str(resources.files("steadyrest.exchange") / "checks"))
    for path in sorted(folder.glob("*.yaml")):
        parts += [f"## {path.stem}", "", "```yaml", path.read_text("utf-8").rstrip(), "```", ""]
    return page("Data checks / 数据校验", parts)


def overview(library: policy.Library) -> str:
    """Every pack: number, issuer, day, and its clauses on a page of their own."""

    def slugs(pack: str) -> list[str]:
        found = {clause.slug for clause in library.clauses if clause.id.rpartition(".")[0] == pack}
        return sorted(found, key=lambda slug: (len(slug), slug))

    rows = (
        (
            f"[{pack.document.both}]({pack.id}.md)",
            pack.number,
            pack.issuer.both,
            pack.issued_on.isoformat(),
            ", ".join(f"`{slug}`" for slug in slugs(pack.id)),
        )
        for pack in sorted(library.all_packs, key=lambda pack: (pack.issued_on, pack.id))
    )
    heads = ("instrument", "number", "issuer", "issued on", "clauses")
    return page("Packs / 规则包", [*grid(heads, rows), "See also [coverage of the Notice](coverage.md)."])


def covered() -> str:
    """Every item of the Notice with the clauses that carry it out, or why not yet."""
    rows = [
        (
            row.id,
            row.title.both,
            ", ".join(f"`{clause}`" for clause in row.clauses),
            row.not_yet.both if row.not_yet else "",
        )
        for row in policy.coverage()
    ]
    held = [(row.id, _packs_of(row), row.note.both if row.note else "") for row in policy.instruments()]
    parts = [
        *grid(("item", "what", "clauses", "not yet"), rows),
        "## Instruments / 文件",
        "",
        *grid(("instrument", "packs", "note"), held),
        "See also [all packs](packs.md).",
    ]
    return page("Coverage of the Notice / 通知各项的落实", parts)


def _packs_of(row: policy.InstrumentRow) -> str:
    """Links to the packs of an instrument, or the reason why it has none."""
    links = ", ".join(f"[{pack}]({pack}.md)" for pack in row.packs)
    return links or code_label("without_pack", str(row.without)).both


def stale(made: Mapping[str, str]) -> list[str]:
    """Pages that differ from what stands in docs/, and pages that stand there and are made no more."""
    differ = [
        name for name, text in made.items() if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != text
    ]
    present = {
        path.relative_to(DOCS).as_posix() for part in ("reference", "policy") for path in (DOCS / part).glob("*.md")
    }
    return differ + sorted(present - made.keys())


def main(words: list[str]) -> int:
    """Write all pages, or check them."""
    made = pages()
    if "--check" in words:
        out_of_date = stale(made)
        sys.stdout.write("".join(f"out of date: docs/{name}\n" for name in out_of_date))
        return 1 if out_of_date else 0
    for name in stale(made):
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in made:
            path.write_text(made[name], "utf-8")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
