"""A new instrument: three files that load, are tested, and say nothing until somebody fills in a citation.

The clause is of grade D, and a recalled clause is never in force: so nothing is decided by a draft.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from steadyrest.errors import UsageError
from steadyrest.text import label

_ID: Final = re.compile(r"[a-z]{2}(\.[a-z0-9]+(-[a-z0-9]+)*){2}")

_OVERLAY: Final = """id: {name}
title: {{ zh: "{todo_zh}", en: "{todo_en}" }}
bank: "{todo_en}"
demonstration: false
"""
_PACK: Final = """id: {id}
document: {{ zh: "{todo_zh}", en: "{todo_en}" }}
number: "{todo_en}"
issuer: {{ zh: "{todo_zh}", en: "{todo_en}" }}
issued_on: 2026-01-01
binds: ["bank"]
status: "draft"
"""
_CLAUSE: Final = """id: {id}.rule
slug: {slug}
title: {{ zh: "{todo_zh}", en: "{todo_en}" }}
article: {{ zh: "{todo_zh}", en: "{todo_en}" }}
quote: ""
strength: may
kind: screen
grade: D
source: "{todo_en}"
effective_from: 2026-01-01
known_from: 2026-01-01
status: "draft"
conditions:
  - bit: 0
    id: manufacturer
    title: {{ zh: "制造业", en: "a manufacturer" }}
    test: borrower_section == "C"
relief:
  programme: deferral_line
  legal_forms: [deferral_agreement]
  window_from: 2026-01-01
  window_to: 2026-06-30
  parts: both
  cap_on: 2026-12-31
  cap_strength: in_principle
"""
_SCENARIOS: Final = """scenarios:
  - name: {{ zh: "制造业企业符合", en: "a manufacturer is eligible" }}
    valid_on: 2026-01-01
    confirmed: [{slug}]
    given: {{ borrower_section: C }}
    expect:
      {slug}:
        relief: {{ window_from: 2026-01-01, window_to: 2026-06-30, parts: both, cap_on: 2026-12-31,
                  cap_strength: in_principle, legal_form: deferral_agreement, programme: deferral_line }}
  - name: {{ zh: "其他行业不符合", en: "another industry is not" }}
    valid_on: 2026-01-01
    confirmed: [{slug}]
    given: {{ borrower_section: A }}
    expect: {{ {slug}: {{ fail: [manufacturer] }} }}
  - name: {{ zh: "行业不明", en: "an unknown industry needs data" }}
    valid_on: 2026-01-01
    confirmed: [{slug}]
    given: {{ borrower_section: null }}
    expect: {{ {slug}: {{ unknown: [manufacturer] }} }}
  - name: {{ zh: "未确认前不生效", en: "not in force until it is confirmed" }}
    valid_on: 2026-01-01
    inactive: [{slug}]
  - name: {{ zh: "生效日前不适用", en: "not in force before its day" }}
    valid_on: 2025-12-31
    known_on: 2026-01-01
    confirmed: [{slug}]
    inactive: [{slug}]
  - name: {{ zh: "知悉日前不适用", en: "not before it was known" }}
    valid_on: 2026-01-01
    known_on: 2025-12-31
    confirmed: [{slug}]
    inactive: [{slug}]
"""


def scaffold(id: str, into: Path) -> tuple[Path, ...]:
    """Write the files of a new pack below a bank's folder of rules; the folder becomes an overlay if it is none.

    `UsageError` for an id of another shape, and for a pack that is there already.
    """
    if not _ID.fullmatch(id):
        raise UsageError("call.pack_id", id=id)
    folder = into / id.replace(".", "/")
    if folder.exists():
        raise UsageError("call.pack_exists", path=folder.relative_to(into).as_posix())
    todo = label("policy.scaffold.todo")
    said = {"id": id, "slug": re.sub(r"\W", "_", id.partition(".")[2]), "todo_zh": todo.zh, "todo_en": todo.en}
    files = {"pack.yaml": _PACK, "clauses/rule.yaml": _CLAUSE, "scenarios/rule.yaml": _SCENARIOS}
    if not (into / "overlay.yaml").exists():
        _write(into / "overlay.yaml", _OVERLAY.format(name=re.sub(r"\W", "_", into.name) or "bank", **said))
    return tuple(_write(folder / name, text.format(**said)) for name, text in files.items())


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path
