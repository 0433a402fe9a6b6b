"""What the journal of a run records: inputs, rules, what people decided, what was amended, and the results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from steadyrest import report
from steadyrest.app.request import WORK
from steadyrest.book.clauses import ENTRY_KIND, snapshot_body
from steadyrest.book.manifest import Manifest
from steadyrest.policy import PolicySnapshot
from steadyrest.store.journal import Entry, write_journal


def journal(manifest: Manifest, snapshot: PolicySnapshot, out: Path) -> None:
    """Write the journal whole: inputs, rules, what people decided, what was amended, and the results' hashes."""
    temporary = out / WORK / "journal.sqlite"
    temporary.unlink(missing_ok=True)
    write_journal(temporary, _entries(manifest, snapshot, out / "tables"))
    temporary.rename(out / "journal.sqlite")


def _entries(manifest: Manifest, snapshot: PolicySnapshot, tables: Path) -> Iterator[Entry]:
    on = manifest.as_of
    yield Entry(
        "inputs", "inputs", on, {item.role: {"path": item.path, "sha256": item.sha256} for item in manifest.inputs}
    )
    yield Entry(ENTRY_KIND, snapshot.hash, on, snapshot_body(snapshot))
    for kind, key in (("decision", ("loan_id", "option_no", "decision")), ("amendment", ("loan_id", "option_no"))):
        for row in report.plain_rows(tables, kind):
            yield Entry(kind, ":".join((kind, *(str(row[name]) for name in key))), on, row)
    results = {
        name: {"rows": facts.rows, "content_hash": facts.content_hash} for name, facts in manifest.tables.items()
    }
    yield Entry("results", "results", on, results)
