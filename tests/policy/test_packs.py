"""What the shipped packs must say, all of them: source and grade, days, two languages; and the Notice item by item."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from steadyrest.errors import PackError
from steadyrest.policy import Clause, Library, coverage, load_library, resolve
from steadyrest.policy.sources import ClauseSource
from steadyrest.rules import columns
from steadyrest.schema import TABLES

LIBRARY = load_library()
_FACTS = set(TABLES["loan_facts"].names)


@pytest.mark.parametrize("source", LIBRARY.clauses, ids=lambda source: source.id)
def test_a_clause_is_cited(source: ClauseSource) -> None:
    assert source.source
    assert source.grade in ("A", "B", "C", "D")
    assert source.article.zh
    assert source.article.en
    assert source.status
    assert source.binds


@pytest.mark.parametrize("source", LIBRARY.clauses, ids=lambda source: source.id)
def test_a_clause_that_was_recalled_says_so_and_the_other_way_round(source: ClauseSource) -> None:
    assert ("recalled" in source.source or "recalled" in source.status) or source.grade != "D"


@pytest.mark.parametrize("source", LIBRARY.clauses, ids=lambda source: source.id)
def test_titles_stand_in_both_languages(source: ClauseSource) -> None:
    assert any("\u4e00" <= letter <= "\u9fff" for letter in source.title.zh)
    assert source.title.en.isascii() or "“" in source.title.en


def test_every_condition_looks_at_registered_facts_only() -> None:
    snapshot = resolve(LIBRARY, date(2022, 7, 31), date(2022, 7, 31))
    for clause in (*snapshot.clauses, *(clause for clause, _ in snapshot.inactive)):
        for condition in clause.conditions:
            assert columns(condition.node) <= _FACTS


def test_the_notice_is_covered_item_by_item() -> None:
    rows = coverage(LIBRARY)
    assert [row.id for row in rows] == [f"N{number}" for number in range(1, 11)]
    for row in rows:
        assert row.clauses or row.not_yet
    carried_out = {row.id for row in rows if row.not_yet is None}
    assert carried_out == {"N2", "N3", "N4"}


def test_coverage_names_only_clauses_that_exist(tmp_path: Path) -> None:
    file = tmp_path / "coverage.yaml"
    item = '{ id: N1, title: { zh: "甲", en: "a" } }'
    head = 'document: { zh: "通知", en: "Notice" }\nitems:\n'
    file.write_text(f"{head}  - {item}\n", "utf-8")
    with pytest.raises(PackError) as caught:
        coverage(LIBRARY, file)
    assert caught.value.code == "pack.not_covered"
    file.write_text(
        head + "  - " + item.replace("}, ", "}, ").replace(" } }", " }, clauses: [cn.cbirc.2022-70.n22] }") + "\n",
        "utf-8",
    )
    with pytest.raises(PackError) as caught:
        coverage(LIBRARY, file)
    assert (caught.value.code, caught.value.values["nearest"]) == ("pack.unknown_clause", "cn.cbirc.2022-70.n2")


@pytest.mark.parametrize(
    ("slug", "window", "cap", "strength"),
    [
        ("d6s", (date(2020, 1, 25), None), date(2020, 6, 30), "shall"),
        ("d122i", (date(2020, 6, 1), date(2020, 12, 31)), date(2021, 3, 31), "shall"),
        ("d324", (date(2021, 1, 1), date(2021, 3, 31)), None, "may"),
        ("d81", (date(2021, 4, 1), date(2021, 12, 31)), None, "may"),
        ("n2", (None, None), date(2022, 12, 31), "in_principle"),
        ("n4", (None, date(2022, 12, 31)), None, "in_principle"),
        ("d252s", (date(2022, 10, 1), date(2022, 12, 31)), date(2023, 6, 30), "in_principle"),
    ],
)
def test_the_deferral_line_from_2020_to_2022(
    slug: str, window: tuple[date | None, date | None], cap: date | None, strength: str
) -> None:
    clauses = _all(LIBRARY)
    relief = clauses[slug].relief
    assert relief is not None
    assert ((relief.window_from, relief.window_to), relief.cap_on, relief.cap_strength) == (window, cap, strength)


def _all(library: Library) -> dict[str, Clause]:
    snapshot = resolve(library, date(2022, 7, 31), date(2022, 7, 31))
    return {clause.slug: clause for clause in (*snapshot.clauses, *(clause for clause, _ in snapshot.inactive))}


def test_slugs_are_short_enough_for_a_column() -> None:
    assert all(len(source.slug) <= 16 for source in LIBRARY.clauses)
