"""Bits are published: in range, used once, never used again; hard and soft conditions set different masks."""

from __future__ import annotations

import pytest

from steadyrest.errors import RuleError
from steadyrest.rules import Masks, by_bit, checked, masks_of
from tests.rules.scope import condition


def test_conditions_come_in_bit_order() -> None:
    clause = checked([condition(7, "is_hit"), condition(0, "is_chain")])
    assert [item.bit for item in clause] == [0, 7]
    assert by_bit(clause)[7].id == "c7"


@pytest.mark.parametrize(
    ("bits", "retired", "code"),
    [
        ([32], [], "bit_range"),
        ([-1], [], "bit_range"),
        ([3, 3], [], "bit_reused"),
        ([3, 4], [4], "bit_reused"),
    ],
)
def test_bits_out_of_range_reused_or_retired(bits: list[int], retired: list[int], code: str) -> None:
    with pytest.raises(RuleError) as caught:
        checked([condition(bit, "is_hit") for bit in bits], retired)
    assert caught.value.code == f"rule.{code}"
    assert caught.value.message("zh") != caught.value.message("en")


def test_an_id_stands_once() -> None:
    first, second = condition(0, "is_hit"), condition(1, "is_chain")
    with pytest.raises(RuleError, match="condition c0 stands twice"):
        checked([first, type(second)(1, "c0", second.node, second.title)])


def test_a_failed_soft_condition_refers_and_does_not_refuse() -> None:
    clause = [condition(0, "is_hit"), condition(1, "is_hit", is_soft=True)]
    assert masks_of(clause, {"is_hit": False}) == Masks(fail=0b01, unknown=0b10)
    assert masks_of(clause, {"is_hit": None}) == Masks(fail=0, unknown=0b11)
    assert masks_of(clause, {"is_hit": True}) == Masks(fail=0, unknown=0)
