"""A pack with one thing wrong does not load: the complaint names file and line, and the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from steadyrest.errors import PackError
from steadyrest.policy import load_library
from tests.policy.made import CLAUSE, PACK, SCENARIOS, changed, write_pack

FILE = "packs/test/clauses/help.yaml"


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def refused(folder: Path) -> PackError:
    with pytest.raises(PackError) as caught:
        load_library(folder=folder)
    assert caught.value.what["zh"]
    assert caught.value.what["en"].startswith(str(caught.value.values["place"]))
    assert caught.value.todo["zh"]
    return caught.value


def test_the_pack_as_it_stands_loads(tmp_path: Path) -> None:
    assert [source.id for source in load_library(folder=write_pack(tmp_path)).clauses] == ["cn.test.2022-1.help"]


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("slug: help", "slugg: help", "pack.unknown_key", "slugg"),
        ('status: "made up"\n', 'status: "made up"\nstatus: "twice"\n', "pack.repeated_key", 'status: "twice"'),
        ('source: "made up"\n', "", "pack.missing_key", "id:"),
        ('source: "made up"\n', 'source: " "\n', "pack.blank", "source"),
        ("article: {", "article: 1 #{", "pack.not_mapping", "article"),
        ('article: { zh: "第一条", en: "article 1" }', 'article: { zh: "第一条" }', "pack.missing_key", "article"),
        ("grade: B", "grade: E", "pack.unknown_word", "grade"),
        ("kind: screen", "kind: scren", "pack.unknown_word", "kind"),
        ("strength: should", "strength: must", "pack.unknown_word", "strength"),
        ("id: cn.test.2022-1.help", "id: cn.other.help", "pack.foreign_id", "id:"),
        ("slug: help", "slug: Help", "pack.slug", "slug"),
        ("effective_to: 2022-12-31", "effective_to: 2022-06-30", "pack.days_reversed", "effective_to"),
        ("known_from: 2022-07-11", 'known_from: "2022-07-11"', "pack.not_day", "known_from"),
        ("value: 1000000000", 'value: "1000000000"', "pack.not_integer", "limit"),
        ("unit: fen, value", "unit: yuan, value", "pack.unknown_word", "limit"),
        ("{ unit: fen, value: 1000000000 }", "{ unit: fen }", "pack.one_value", "limit"),
        ("{ unit: day, setting: true }", "{ of: cn.test.2022-1.helps }", "pack.unknown_clause", "longer"),
        ("bit: 1", "bit: 0", "rule.bit_reused", "id:"),
        ("bit: 1", "bit: 32", "rule.bit_range", "id:"),
        ("id: line", "id: manufacturer", "rule.id_reused", "id:"),
        ("parameters:", "retired_bits: [1]\nparameters:", "rule.bit_reused", "id:"),
        (
            "test: 'borrower_section == \"C\"'",
            "test: 'borrower_sectoin == \"C\"'",
            "rule.unknown_column",
            "borrower_sectoin",
        ),
        ('borrower_section == "C"', 'borrower_section == "Z"', "rule.unknown_code", "borrower_section"),
        ("$limit", "$limits", "rule.unknown_parameter", "$limits"),
        ("unit: fen, value: 1000000000", "unit: months, value: 12", "rule.mistyped", "credit_line_fen"),
        ("<= $limit", "<=", "rule.expected_value_at_end", "credit_line_fen"),
        (
            "test: 'credit_line_fen <= $limit'",
            "test: 'credit_line_fen <= 5 and credit_line_fen > 5'",
            "pack.problem",
            "5 and",
        ),
        ("credit_line_fen <= $limit", "credit_line_fen <= 7", "pack.problem", "id:"),
        ("cap_on: $cap", "cap_on: $capp", "pack.unknown_parameter", "id:"),
        ("cap_on: $cap", "cap_on: $limit", "pack.other_unit", "id:"),
        ("[deferral_agreement]", "[]", "pack.blank", "legal_forms"),
        ("[deferral_agreement]", "[deferal_agreement]", "pack.unknown_word", "legal_forms"),
        ("parts: both", "parts: interest", "pack.unknown_word", "parts"),
        ("kind: screen", "kind: norm", "pack.kind", "id:"),
        ('status: "made up"\n', 'status: "made up"\nsupersedes: [cn.test.2022-1.halp]\n', "pack.unknown_clause", "id:"),
        ('status: "made up"\n', 'status: "made up"\nmechanism: size_standart\n', "pack.unknown_word", "mechanism"),
        ('status: "made up"\n', 'status: "made up"\ndefines: is_inclusive_pbc\n', "pack.kind", "id:"),
    ],
)
def test_one_line_wrong_in_a_clause(tmp_path: Path, old: str, new: str, code: str, at: str) -> None:
    text = changed(CLAUSE, old, new)
    error = refused(write_pack(tmp_path, clause=text))
    assert (error.code, error.values["place"]) == (code, f"{FILE}:{line_of(text, at)}")


@pytest.mark.parametrize(
    ("old", "new", "nearest"),
    [
        ("slug: help", "slugg: help", "slug"),
        ("kind: screen", "kind: scren", "screen"),
        ("[deferral_agreement]", "[deferal_agreement]", "deferral_agreement"),
        ('borrower_section == "C"', 'borrower_sectoin == "C"', "borrower_section"),
        ("$limit", "$limits", "limit"),
        ("{ unit: day, setting: true }", "{ of: cn.test.2022-1.helps }", "cn.test.2022-1.help"),
    ],
)
def test_the_nearest_right_name_is_given(tmp_path: Path, old: str, new: str, nearest: str) -> None:
    error = refused(write_pack(tmp_path, clause=changed(CLAUSE, old, new)))
    assert error.values["nearest"] == nearest
    assert nearest in error.message("zh")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("binds:", "bind:", "pack.unknown_key"),
        ('number: "试〔2022〕1号"\n', "", "pack.missing_key"),
        ("issued_on: 2022-07-01", "issued_on: July", "pack.not_day"),
        ('binds: ["bank"]', 'binds: "bank"', "pack.not_list"),
    ],
)
def test_one_line_wrong_in_a_pack(tmp_path: Path, old: str, new: str, code: str) -> None:
    error = refused(write_pack(tmp_path, pack=changed(PACK, old, new)))
    assert error.code == code
    assert str(error.values["place"]).startswith("packs/test/pack.yaml:")


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("credit_line_fen: 1000000000", "credit_line: 1000000000", "pack.unknown_key", "credit_line"),
        ("credit_line_fen: 1000000000", 'credit_line_fen: "10"', "pack.not_of_column", "credit_line"),
        ("borrower_section: C", "borrower_section: CC", "pack.unknown_word", "borrower_section"),
        ("help: eligible", "helpp: eligible", "pack.unknown_clause", "- name"),
        ("help: eligible", "help: { fail: [lines] }", "pack.unknown_condition", "- name"),
        ("help: eligible", "help: maybe", "pack.unknown_word", "help: maybe"),
        ("help: eligible", "help: { fails: [line] }", "pack.unknown_key", "help"),
        ("    expect:\n      help: eligible\n", "", "pack.expects_nothing", "- name"),
    ],
)
def test_one_line_wrong_in_a_scenario(tmp_path: Path, old: str, new: str, code: str, at: str) -> None:
    text = changed(SCENARIOS, old, new)
    error = refused(write_pack(tmp_path, scenarios=text))
    assert (error.code, error.values["place"]) == (code, f"packs/test/scenarios/help.yaml:{line_of(text, at)}")


def test_a_pack_without_clauses(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "test" / "clauses" / "help.yaml").unlink()
    assert refused(folder).code == "pack.no_clauses"


def second_version(folder: Path, text: str) -> Path:
    (folder / "test" / "clauses" / "later.yaml").write_text(text, "utf-8")
    return folder


def test_two_versions_of_a_clause_may_not_overlap(tmp_path: Path) -> None:
    later = changed(CLAUSE, "effective_to: 2022-12-31\n", "")
    later = changed(later, "effective_from: 2022-07-01", "effective_from: 2022-12-31")
    error = refused(second_version(write_pack(tmp_path), later))
    assert (error.code, error.values["place"]) == ("pack.overlap", "packs/test/clauses/later.yaml:1")
    assert error.values["first"] == f"{FILE}:1"


def test_two_versions_that_follow_each_other_load(tmp_path: Path) -> None:
    later = changed(CLAUSE, "effective_to: 2022-12-31\n", "")
    later = changed(later, "effective_from: 2022-07-01", "effective_from: 2023-01-01")
    assert len(load_library(folder=second_version(write_pack(tmp_path), later)).clauses) == 2


def test_two_clauses_may_not_share_a_slug(tmp_path: Path) -> None:
    other = changed(CLAUSE, "id: cn.test.2022-1.help", "id: cn.test.2022-1.other")
    error = refused(second_version(write_pack(tmp_path), other))
    assert (error.code, error.values["id"]) == ("pack.repeated_id", "help")


def test_dated_values_may_not_name_one_day_twice_or_begin_late(tmp_path: Path) -> None:
    twice = "{ unit: fen, values: [{ from: 2022-07-01, value: 1 }, { from: 2022-07-01, value: 2 }] }"
    late = "{ unit: fen, values: [{ from: 2022-07-02, value: 1 }] }"
    for number, (values, code) in enumerate(((twice, "pack.value_twice"), (late, "pack.no_value"))):
        text = changed(CLAUSE, "{ unit: fen, value: 1000000000 }", values)
        error = refused(write_pack(tmp_path / str(number), clause=text))
        assert (error.code, error.values["place"]) == (code, f"{FILE}:{line_of(text, 'limit')}")


def test_a_definition_has_no_soft_conditions_and_sets_a_flag(tmp_path: Path) -> None:
    definition = CLAUSE[: CLAUSE.index("relief:")].replace(
        "kind: screen", "kind: definition\ndefines: is_inclusive_pbc"
    )
    soft = definition.rstrip() + "\n    soft: true\n"
    unknown = definition.replace("is_inclusive_pbc", "balance_fen")
    unused = definition.replace("  cap: { unit: day, value: 2022-12-31 }\n", "")
    assert refused(write_pack(tmp_path / "soft", clause=soft)).code == "pack.soft_definition"
    assert refused(write_pack(tmp_path / "flag", clause=unknown)).code == "pack.unknown_word"
    assert refused(write_pack(tmp_path / "unused", clause=definition)).code == "pack.problem"
    assert load_library(folder=write_pack(tmp_path / "right", clause=unused)).clauses[0].defines == "is_inclusive_pbc"
