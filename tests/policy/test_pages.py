"""One bilingual page for each pack, made from the pack."""

from __future__ import annotations

from pathlib import Path

from steadyrest.policy import load_library, packs_folder, pages
from tests.policy.made import write_pack


def test_every_pack_has_a_page_with_all_its_clauses() -> None:
    library = load_library()
    found = pages(library)
    assert set(found) == {pack.id for pack in library.packs}
    for source in library.clauses:
        page = found[source.id.rpartition(".")[0]]
        assert f"`{source.id}`" in page
        assert source.title.zh in page
        assert source.title.en in page
        assert all(condition.test.replace("|", "&#124;") in page for condition in source.conditions)


def test_a_small_page(tmp_path: Path) -> None:
    page = pages(load_library(folder=write_pack(tmp_path)))["cn.test.2022-1"]
    assert page.startswith("# 试验通知 / A made-up notice\n")
    assert '| 0 | 制造业 / a manufacturer | `borrower_section == "C"` | 不符合 / refused |' in page
    assert "| `$limit` | 1000000000 fen | 2022-07-01 | 2022-07-11 |" in page
    assert "| `$longer` | 由银行设定 / set by the bank |  |  |" in page
    assert page.endswith("\n")
    assert not page.endswith("\n\n")


def test_the_notice_stands_in_its_own_order_and_every_screen_has_a_worked_example() -> None:
    library = load_library()
    found = pages(library)
    notice = found["cn.cbirc.2022-70"]
    at = [notice.index(f"## `cn.cbirc.2022-70.n{number}`") for number in range(1, 11)]
    assert at == sorted(at)
    for source in library.clauses:
        if source.kind == "screen":
            section = found[source.id.rpartition(".")[0]].partition(f"## `{source.id}`")[2].partition("\n## ")[0]
            assert "算例 / Worked example" in section, source.id
    assert all("| 不成立 / does not hold |" not in page for page in found.values())


def test_a_worked_example_is_computed(tmp_path: Path) -> None:
    """The words say what the rule says of the row of the scenario, not what somebody wrote."""
    page = pages(load_library(folder=write_pack(tmp_path)))["cn.test.2022-1"]
    example = page.partition("Worked example")[2]
    assert "- **符合 / eligible**" in example
    assert "| 成立 / holds |" in page


def test_a_setting_of_a_bank_is_on_its_page() -> None:
    page = pages(load_library([packs_folder() / "demo_overlay"]))["cn.cbirc.2022-70"]
    assert "| `$relaxed_cap` | 2023-06-30 | 2022-07-11 | 2022-07-11 |" in page
