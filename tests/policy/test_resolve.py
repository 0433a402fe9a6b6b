"""Resolving over two days: what was in force on one, as far as it was known on the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.errors import UsageError
from steadyrest.policy import Library, canonical, load_library, resolve
from steadyrest.rules import text_of
from tests.policy.made import CLAUSE, changed, write_pack


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def slugs(library: Library, valid_on: date, known_on: date) -> set[str]:
    return {clause.slug for clause in resolve(library, valid_on, known_on).clauses}


def test_the_month_of_the_notice(library: Library) -> None:
    snapshot = resolve(library, date(2022, 7, 31), date(2022, 7, 31))
    assert {clause.slug for clause in snapshot.screens} >= {"n2", "n4", "d64"}
    assert {clause.defines for clause in snapshot.definitions} == {"is_inclusive_cbirc", "is_inclusive_pbc"}
    assert [clause.known_from for clause in snapshot.clauses] == sorted(
        clause.known_from for clause in snapshot.clauses
    )
    assert all(clause.grade != "D" for clause in snapshot.clauses)


def test_the_day_before_the_notice_was_published(library: Library) -> None:
    assert "n2" not in slugs(library, date(2022, 7, 10), date(2022, 7, 10))
    assert "n2" in slugs(library, date(2022, 7, 11), date(2022, 7, 11))


def test_a_rule_that_reaches_back_is_valid_before_it_is_known(library: Library) -> None:
    valid_on = date(2022, 10, 20)
    assert "d252s" not in slugs(library, valid_on, valid_on)
    assert "d252s" in slugs(library, valid_on, date(2022, 11, 14))


@pytest.mark.parametrize(
    ("slug", "valid_on", "known_on", "zh", "en"),
    [
        (
            "n2",
            date(2022, 7, 10),
            date(2022, 7, 31),
            "尚未生效：自 2022-07-11 起生效",
            "not in force yet: it begins on 2022-07-11",
        ),
        (
            "d81",
            date(2022, 7, 31),
            date(2022, 7, 31),
            "已失效：有效至 2021-12-31",
            "no longer in force: it ended on 2021-12-31",
        ),
        (
            "d252s",
            date(2022, 10, 20),
            date(2022, 10, 20),
            "当时尚未知悉：自 2022-11-14 起知悉",
            "not known yet: it became known on 2022-11-14",
        ),
        (
            "gf12",
            date(2022, 7, 31),
            date(2022, 7, 31),
            "D级来源（凭记忆），未经银行确认，不启用",
            "recalled text (grade D) that no overlay has confirmed",
        ),
        (
            "r36",
            date(2024, 9, 24),
            date(2024, 9, 24),
            "已被 cn.nfra.2024-13.renewal 取代",
            "superseded by cn.nfra.2024-13.renewal",
        ),
    ],
)
def test_an_inactive_clause_says_why(
    library: Library, slug: str, valid_on: date, known_on: date, zh: str, en: str
) -> None:
    reasons = {clause.slug: reason for clause, reason in resolve(library, valid_on, known_on).inactive}
    assert (reasons[slug].zh, reasons[slug].en) == (zh, en)


def test_what_supersedes_must_itself_be_known(library: Library) -> None:
    assert "r36" in slugs(library, date(2024, 9, 24), date(2024, 9, 23))


def test_every_clause_is_active_or_has_a_reason(library: Library) -> None:
    snapshot = resolve(library, date(2022, 7, 31), date(2022, 7, 31))
    named = [*(clause.id for clause in snapshot.clauses), *(clause.id for clause, _ in snapshot.inactive)]
    assert sorted(named) == sorted({source.id for source in library.clauses})


def test_the_cap_of_n2_is_that_of_n3(library: Library) -> None:
    snapshot = resolve(library, date(2022, 7, 31), date(2022, 7, 31))
    n2, n3 = snapshot.clause("cn.cbirc.2022-70.n2"), snapshot.clause("cn.cbirc.2022-70.n3")
    assert n2.relief is not None
    assert (n2.relief.cap_on, n2.relief.cap_strength) == (n3.parameters["cap"].value, n3.strength)


def test_a_cap_taken_from_another_clause_has_its_strength(library: Library) -> None:
    by_id = {source.id: source for source in library.clauses}
    borrowed = [(source, item) for source in library.clauses for item in source.parameters if item.of and source.relief]
    assert borrowed
    for source, parameter in borrowed:
        assert source.relief is not None
        assert source.relief.cap_strength == by_id[str(parameter.of)].strength, source.id


def test_a_clause_of_grade_c_refers_and_does_not_refuse(library: Library) -> None:
    d64 = resolve(library, date(2022, 7, 31), date(2022, 7, 31)).clause("cn.cbirc.2022-64.d64")
    assert d64.grade == "C"
    assert all(condition.is_soft for condition in d64.conditions)


def test_a_norm_that_binds_in_principle_is_soft_where_the_rule_says_so(library: Library) -> None:
    n2 = resolve(library, date(2022, 7, 31), date(2022, 7, 31)).clause("cn.cbirc.2022-70.n2")
    soft = {condition.id for condition in n2.conditions if condition.is_soft}
    assert soft == {"difficulty", "due_by_cap"}


def test_an_unknown_clause_names_the_nearest(library: Library) -> None:
    snapshot = resolve(library, date(2022, 7, 31), date(2022, 7, 31))
    with pytest.raises(UsageError) as caught:
        snapshot.clause("cn.cbirc.2022-70.n22")
    assert caught.value.values["nearest"] == "cn.cbirc.2022-70.n2"


def test_a_dated_value_is_that_of_the_day_as_then_known(tmp_path: Path) -> None:
    values = """{ unit: fen, values: [
      { from: 2022-07-01, value: 5 },
      { from: 2022-09-01, value: 7 },
      { from: 2022-09-01, known_from: 2022-10-01, value: 9 } ] }"""
    library = load_library(
        folder=write_pack(tmp_path, clause=changed(CLAUSE, "{ unit: fen, value: 1000000000 }", values))
    )

    def test_on(valid_on: date, known_on: date) -> str:
        clause = resolve(library, valid_on, known_on).clause("cn.test.2022-1.help")
        return text_of(clause.conditions[1].node)

    assert test_on(date(2022, 8, 31), date(2022, 12, 1)) == "credit_line_fen <= 5"
    assert test_on(date(2022, 9, 1), date(2022, 9, 1)) == "credit_line_fen <= 7"
    assert test_on(date(2022, 9, 1), date(2022, 10, 1)) == "credit_line_fen <= 9"


def test_no_place_of_the_machine_is_in_a_snapshot(library: Library) -> None:
    snapshot = resolve(library, date(2022, 7, 31), date(2022, 7, 31))
    assert snapshot.clause("cn.cbirc.2022-70.n2").place == "cn/cbirc/2022-70/clauses/n2.yaml:1"
    assert not any("place" in canonical(clause) for clause in snapshot.clauses)


def test_the_hash_is_that_of_the_content(library: Library) -> None:
    day = date(2022, 7, 31)
    first, again = resolve(library, day, day), resolve(load_library(), day, day)
    assert first.hash == again.hash
    assert len(first.hash) == 64
    moved = tuple(replace(source, place="elsewhere:9") for source in reversed(library.clauses))
    assert resolve(replace(library, clauses=moved), day, day).hash == first.hash
    words = tuple(replace(source, quote="别的") if source.slug == "n2" else source for source in library.clauses)
    assert resolve(replace(library, clauses=words), day, day).hash != first.hash
    assert resolve(library, day + timedelta(days=1), day).hash != first.hash


@settings(max_examples=40)
@given(
    days=st.tuples(st.dates(date(2019, 1, 1), date(2027, 12, 31)), st.dates(date(2019, 1, 1), date(2027, 12, 31))),
    order=st.randoms(use_true_random=False),
)
def test_same_inputs_same_snapshot(library: Library, days: tuple[date, date], order: object) -> None:
    shuffled = list(library.clauses)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    other = replace(library, clauses=tuple(shuffled))
    assert resolve(library, *days) == resolve(other, *days)
    snapshot = resolve(library, *days)
    for clause in snapshot.clauses:
        assert clause.effective_from <= days[0]
        assert clause.effective_to is None or days[0] <= clause.effective_to
        assert clause.known_from <= days[1]
