"""The reader knows text, whole numbers, true, false, null and ISO days, and refuses the rest with file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyrest.errors import PackError
from steadyrest.policy.reader import MAX_BYTES, MAX_DEPTH, parse_text, read


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("C", "C"),
        ('"01"', "01"),
        ("'2022-12-31'", "2022-12-31"),
        ("2022-12-31", date(2022, 12, 31)),
        ("1000000000", 1_000_000_000),
        ("-7", -7),
        ("0", 0),
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("中小微企业", "中小微企业"),
        ("cn.cbirc.2022-70.n2", "cn.cbirc.2022-70.n2"),
        ("$cap", "$cap"),
        ('"yes"', "yes"),
    ],
)
def test_a_value_is_what_it_looks_like(written: str, value: object) -> None:
    found = parse_text(f"key: {written}", "f.yaml").value
    assert isinstance(found, dict)
    assert found["key"].value == value
    assert type(found["key"].value) is type(value)


@pytest.mark.parametrize(
    "written",
    [
        "yes",
        "No",
        "on",
        "OFF",
        "True",
        "NULL",
        "~",
        "01",
        "1.5",
        ".5",
        "1e3",
        "0x10",
        "1_000",
        "12:30:00",
        "+7",
        ".inf",
        "=",
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(written: str) -> None:
    with pytest.raises(PackError) as caught:
        parse_text(f"first: 1\nkey: {written}", "f.yaml")
    assert (caught.value.code, caught.value.values["place"]) == ("pack.ambiguous", "f.yaml:2")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: 2\na: 3", "pack.repeated_key", 3),
        ("a: 1\nb: &x 2", "pack.anchor", 2),
        ("a: &x 1\nb: *x", "pack.anchor", 1),
        ("a: !!str 1", "pack.tag", 1),
        ("a: !thing {}", "pack.tag", 1),
        ("a: 1\n---\nb: 2", "pack.documents", 2),
        ("a: [1, 2\nb: 3", "pack.syntax", 2),
        ("a: 1\n\tb: 2", "pack.syntax", 2),
        ("1: a", "pack.key", 1),
        ("a: 1\n? [b]\n: 2", "pack.key", 2),
        ("a: 2022-02-30", "pack.no_such_day", 1),
        ("", "pack.empty_file", 1),
        ("# nothing", "pack.empty_file", 1),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "pack.too_deep", 1),
    ],
)
def test_everything_else_of_yaml_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    with pytest.raises(PackError) as caught:
        parse_text(text, "f.yaml")
    assert (caught.value.code, caught.value.values["place"]) == (code, f"f.yaml:{line}")
    assert caught.value.what["zh"].startswith(f"f.yaml:{line}")
    assert caught.value.todo["en"]


def test_a_block_text_keeps_its_lines_and_is_placed_at_its_key() -> None:
    found = parse_text("a: 1\nb: |\n  first\n  second\n", "f.yaml").value
    assert isinstance(found, dict)
    assert (found["b"].value, found["b"].line) == ("first\nsecond\n", 2)


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("a: " + "x" * MAX_BYTES)
    with pytest.raises(PackError) as caught:
        read(path, "large.yaml")
    assert caught.value.code == "pack.too_large"


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "gbk.yaml"
    path.write_bytes("a: 1\nb: 制造业\n".encode("gb18030"))
    with pytest.raises(PackError) as caught:
        read(path, "gbk.yaml")
    assert (caught.value.code, caught.value.values["place"]) == ("pack.not_utf8", "gbk.yaml:2")


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        place = parse_text(text, "f.yaml").place
    except PackError as error:
        place = str(error.values["place"])
    assert place.startswith("f.yaml:")
