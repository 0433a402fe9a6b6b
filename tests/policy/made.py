"""A small made-up pack on disk, so that a test can break one line of it."""

from __future__ import annotations

from pathlib import Path

PACK = """\
id: cn.test.2022-1
document: { zh: "试验通知", en: "A made-up notice" }
number: "试〔2022〕1号"
issuer: { zh: "试验机关", en: "A made-up office" }
issued_on: 2022-07-01
binds: ["bank"]
status: "made up for a test"
"""

CLAUSE = """\
id: cn.test.2022-1.help
slug: help
kind: screen
title: { zh: "帮扶", en: "Help" }
article: { zh: "第一条", en: "article 1" }
quote: "予以帮扶"
strength: should
grade: B
source: "made up"
effective_from: 2022-07-01
effective_to: 2022-12-31
known_from: 2022-07-11
status: "made up"
parameters:
  limit: { unit: fen, value: 1000000000 }
  cap: { unit: day, value: 2022-12-31 }
  longer: { unit: day, setting: true }
conditions:
  - bit: 0
    id: manufacturer
    title: { zh: "制造业", en: "a manufacturer" }
    test: 'borrower_section == "C"'
  - bit: 1
    id: line
    title: { zh: "授信不超过上限", en: "line within the limit" }
    test: 'credit_line_fen <= $limit'
relief:
  programme: notice_2022
  legal_forms: [deferral_agreement]
  parts: both
  cap_on: $cap
  cap_strength: in_principle
"""

SCENARIOS = """\
base:
  borrower_section: C
  credit_line_fen: 1000000000
scenarios:
  - name: { zh: "符合", en: "eligible" }
    valid_on: 2022-07-31
    given: {}
    expect:
      help: eligible
"""

OVERLAY = """\
id: made_up
title: { zh: "试验叠加", en: "A made-up overlay" }
bank: "A made-up bank"
demonstration: true
"""


def write_pack(root: Path, *, pack: str = PACK, clause: str = CLAUSE, scenarios: str = SCENARIOS) -> Path:
    """Write the pack below `root` and return the folder that `load_library` takes."""
    folder = root / "packs" / "test"
    (folder / "clauses").mkdir(parents=True)
    (folder / "scenarios").mkdir()
    (folder / "pack.yaml").write_text(pack, "utf-8")
    (folder / "clauses" / "help.yaml").write_text(clause, "utf-8")
    (folder / "scenarios" / "help.yaml").write_text(scenarios, "utf-8")
    return root / "packs"


def write_overlay(root: Path, text: str) -> Path:
    """Write an overlay of one file and return its folder."""
    folder = root / "bank"
    folder.mkdir()
    (folder / "overlay.yaml").write_text(OVERLAY + text, "utf-8")
    return folder


def changed(text: str, old: str, new: str) -> str:
    """A text with one thing in it changed; that it stands there once is part of the test."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)
