"""What the language reads, and what it says to everything else."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from steadyrest.errors import RuleError
from steadyrest.rules import Parameter, columns, evaluate, parse, text_of
from steadyrest.rules.parse import MAX_DEPTH, MAX_VALUES
from steadyrest.rules.syntax import parameters_used
from steadyrest.rules.tokens import MAX_LENGTH
from steadyrest.rules.types import Value
from steadyrest.text import LANGUAGES
from tests.rules.scope import SCOPE


def refusal(text: str, **parameters: Parameter) -> RuleError:
    """The error a text is refused with."""
    with pytest.raises(RuleError) as caught:
        parse(text, SCOPE, parameters)
    return caught.value


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("is_chain", "is_chain == true"),
        ("not is_chain", "not is_chain == true"),
        ("staff not in (1, 2)", "not staff in (1, 2)"),
        ("staff not between 1 and 2", "not staff between 1 and 2"),
        ("staff==1 and sites==2 or is_hit", "(staff == 1 and sites == 2) or is_hit == true"),
        ("staff == 1 and (sites == 2 or is_hit)", "staff == 1 and (sites == 2 or is_hit == true)"),
        ("balance_fen <= 1_000_000", "balance_fen <= 1000000"),
        ("debt_ratio < 1", "debt_ratio < 1.0"),
        ("debt_ratio >= - 0.5", "debt_ratio >= -0.5"),
        ("((staff == 1))", "staff == 1"),
        ("exists\n\tname", "exists name"),
    ],
)
def test_short_forms(text: str, written: str) -> None:
    assert text_of(parse(text, SCOPE)) == written


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "expected_column_at_end"),
        ("staff", "expected_test_at_end"),
        ("staff 5", "expected_test"),
        ("staff not 5", "expected_test"),
        ("staff ==", "expected_value_at_end"),
        ("staff == )", "expected_value"),
        ("staff == - -1", "expected_value"),
        ("is_hit == -true", "expected_value"),
        ("5 == staff", "expected_column"),
        ("and == 1", "expected_column"),
        ("staff == 1 sites == 2", "expected_end"),
        ("(staff == 1", "expected_sign_at_end"),
        ("staff in (1 2)", "expected_sign"),
        ("staff between 1 or 2", "expected_sign"),
        ("staff in ()", "expected_value"),
        ("staf == 1", "unknown_column"),
        ("staff == $top", "unknown_parameter"),
        ('quality == "FQ06"', "unknown_code"),
        ("quality < quality_before", "no_order"),
        ("is_hit between true and false", "no_order"),
        ("staff == 1.5", "mistyped"),
        ('staff == "1"', "mistyped"),
        ("staff == true", "mistyped"),
        ("balance_fen == staff", "mistyped"),
        ("grace_months == past_due_days", "mistyped"),
        ("due_on == 20220704", "mistyped"),
        ("name == quality", "mistyped"),
        ("due_on == 2022-02-30", "no_such_day"),
        ("staff == 9223372036854775808", "out_of_range"),
        ("flags_mask == -1", "out_of_range"),
        ("flags_mask == 4294967296", "out_of_range"),
        ("debt_ratio < " + "9" * 400 + ".0", "out_of_range"),
        ("staff = 1", "meant"),
        ("staff ≤ 1", "meant"),
        ("staff <> 1", "meant"),
        ("is_hit && is_chain", "meant"),
        ("name == 'a'", "meant"),
        ('name == "a', "open_text"),
        ('name == "a\nb"', "open_text"),
        ("staff + 1 == 2", "letter"),
        ("staff == 1;", "letter"),
        ("１ == staff", "letter"),
    ],
)
def test_refusals_say_what_and_what_to_do(text: str, code: str) -> None:
    error = refusal(text)
    assert error.code == f"rule.{code}"
    for language in LANGUAGES:
        assert error.what[language]
        assert error.todo[language]


def test_a_refusal_names_the_place_and_the_nearest_name() -> None:
    error = refusal("staff == 1\nand balanse_fen > 0")
    assert error.message("en") == (
        "rule.unknown_column: line 2, letter 5: there is no column balanse_fen (`and balanse_fen > 0`). "
        "The nearest one is balance_fen; texts stand in double quotes."
    )


def test_limits() -> None:
    longest = "staff == 1".ljust(MAX_LENGTH)
    assert columns(parse(longest, SCOPE)) == {"staff"}
    assert refusal(longest + " ").code == "rule.too_long"
    inner = "(" * (MAX_DEPTH - 1) + "is_hit" + ")" * (MAX_DEPTH - 1)
    assert columns(parse(inner, SCOPE)) == {"is_hit"}
    assert refusal(f"({inner})").code == "rule.too_deep"
    assert refusal("not " * 900 + "is_hit").code == "rule.too_deep"
    full = ", ".join(["1"] * MAX_VALUES)
    assert columns(parse(f"staff in ({full})", SCOPE)) == {"staff"}
    assert refusal(f"staff in ({full}, 1)").code == "rule.too_many_values"
    assert refusal("staff in $none", none=Parameter((), "count")).code == "rule.too_many_values"


def test_parameters_stand_for_their_values() -> None:
    parameters = {
        "cap": Parameter(100, "fen"),
        "good": Parameter(("FQ01", "FQ02"), "code"),
        "grace": Parameter(12, "months"),
    }
    node = parse("balance_fen <= $cap and quality in $good and grace_months < $grace", SCOPE, parameters)
    assert text_of(node) == 'balance_fen <= 100 and quality in ("FQ01", "FQ02") and grace_months < 12'
    assert parameters_used(node) == {"cap", "good", "grace"}
    assert evaluate(node, {"balance_fen": 100, "quality": "FQ02", "grace_months": 11}) is True


@pytest.mark.parametrize(
    ("text", "value", "unit", "code"),
    [
        ("balance_fen <= $x", 1, "count", "mistyped"),
        ("past_due_days <= $x", 1, "months", "mistyped"),
        ("loan_rate_e7 <= $x", 1, "bp", "mistyped"),
        ("quality == $x", "FQ06", "code", "unknown_code"),
        ("quality == $x", ("FQ01", "FQ02"), "code", "list_parameter"),
        ("name == $x", 'a"b', "text", "out_of_range"),
        ("staff == $x", "1", "count", "mistyped"),
    ],
)
def test_a_parameter_must_fit_its_column(text: str, value: Value | tuple[Value, ...], unit: str, code: str) -> None:
    assert refusal(text, x=Parameter(value, unit)).code == f"rule.{code}"


def test_a_printed_refusal_holds_no_control_letters() -> None:
    for text in ("staff == 1 \x1b[2J", 'name == "\ud800', 'staff == "\u202e"', "\x00"):
        message = refusal(text).message("zh")
        assert message.isprintable()
        assert message.encode("utf-8")


_WORDS = "staff name is_hit quality and or not in between exists true ( ) , == < >= - ** 1 1.5 2022-07-04 $x ' \u202e"
_PIECES = st.sampled_from([*_WORDS.split(" "), '"FQ01"', "\n", "9" * 25])


@settings(max_examples=300)
@given(text=st.text(max_size=60) | st.lists(_PIECES, max_size=30).map(" ".join) | st.text("()not ", max_size=3000))
@example(text="staff == " + "9" * 3900)
@example(text="debt_ratio == " + "9" * 3900 + ".0")
@example(text="0000-00-00")
def test_no_text_leaks_anything_but_a_rule_error(text: str) -> None:
    try:
        node = parse(text, SCOPE, {"x": Parameter(1, "count")})
    except RuleError as error:
        sound = all(error.message(language).isprintable() for language in LANGUAGES)
    else:
        sound = parse(text_of(node), SCOPE) == node
    assert sound
