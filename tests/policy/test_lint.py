"""No overlay is laxer than a `shall`: a stricter clause loads, a laxer one stops the load and says what is less."""

from __future__ import annotations

from pathlib import Path

import pytest

from steadyrest.errors import PackError
from steadyrest.policy import load_library, packs_folder

N2 = packs_folder() / "cn" / "cbirc" / "2022-70" / "clauses" / "n2.yaml"
PACK = """id: cn.own.rules
document: { zh: "本行规定", en: "rules of the bank" }
number: "1"
issuer: { zh: "本行", en: "the bank" }
issued_on: 2022-07-12
binds: ["bank"]
status: "in force"
"""
OVERLAY = 'id: own\ntitle: { zh: "本行", en: "own" }\nbank: "Bank"\ndemonstration: false\n'


def overlay(folder: Path, old: str = "", new: str = "") -> Path:
    """A folder of the bank whose one clause is N2 of the Notice with a change, and supersedes it."""
    text = N2.read_text("utf-8")
    assert old in text
    text = text.replace(old, new).replace("cn.cbirc.2022-70.n2", "cn.own.rules.n2").replace("slug: n2", "slug: own_n2")
    lines = [line for line in text.splitlines() if not line.startswith("supersedes")]
    (folder / "cn/own/clauses").mkdir(parents=True)
    (folder / "cn/own/pack.yaml").write_text(PACK, "utf-8")
    (folder / "cn/own/clauses/n2.yaml").write_text(
        "\n".join([*lines, 'supersedes: ["cn.cbirc.2022-70.n2"]', ""]), "utf-8"
    )
    (folder / "overlay.yaml").write_text(OVERLAY, "utf-8")
    return folder


def test_the_same_or_a_stricter_clause_stands(tmp_path: Path) -> None:
    assert load_library((overlay(tmp_path / "same"),))
    stricter = overlay(tmp_path / "stricter", 'borrower_section == "C"', 'borrower_section == "C" and balance_fen > 0')
    assert load_library((stricter,))
    assert load_library((overlay(tmp_path / "sooner", "cap_on: $cap", "cap_on: 2022-11-30"),))
    assert load_library((overlay(tmp_path / "window", "  parts: both", "  parts: both\n  window_to: 2022-10-31"),))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('borrower_section == "C"', 'borrower_section in ("C", "D")', "manufacturer"),
        ('borrower_section == "C"', 'borrower_section == "C" or balance_fen > 0', "manufacturer"),
        ("cap_on: $cap", "cap_on: 2023-03-31", "cap_on"),
    ],
)
def test_a_laxer_clause_stops_the_load(tmp_path: Path, old: str, new: str, why: str) -> None:
    with pytest.raises(PackError) as error:
        load_library((overlay(tmp_path / "lax", old, new),))
    assert error.value.code == "pack.laxer"
    assert error.value.values["why"] == why
    assert "n2.yaml:1" in error.value.what.en
