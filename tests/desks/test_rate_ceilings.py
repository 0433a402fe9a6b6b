"""VAT ceilings: every reading of the law side by side, from dated quotes, none chosen."""

from __future__ import annotations

from datetime import date

from steadyrest import policy
from steadyrest.desks.rate_ceilings import rate_ceilings
from steadyrest.policy.resolve import build, by_id

JULY = date(2022, 7, 31)


def _parameter(clause: str, name: str, on: date) -> int:
    library = policy.load_library()
    index = by_id(library)
    value = build(index[clause][0], index, on, on).parameters[name].value
    assert isinstance(value, int)
    return value


def test_the_two_readings_of_july_2022_are_those_of_the_facts() -> None:
    multiple = _parameter("cn.mof.2018-91.prolonged", "multiple_of_rate", JULY)
    benchmark = _parameter("cn.mof.2018-91.benchmark", "benchmark_1y", JULY)
    found = {item.basis: item.ceiling_rate_e7 for item in rate_ceilings(JULY, JULY, multiple, benchmark)}
    assert (found["benchmark"], found["lpr_1y"]) == (652_500, 555_000)
    assert found["benchmark"] == _parameter("cn.mof.2018-91.benchmark", "ceiling_1y", JULY)


def test_the_day_of_the_quote_is_a_reading_as_well() -> None:
    multiple = _parameter("cn.mof.2023-16.exempt", "multiple_of_lpr", date(2023, 8, 21))
    found = rate_ceilings(date(2023, 8, 18), date(2023, 8, 21), multiple)
    assert [(item.basis, item.quote_of, item.quote_on, item.ceiling_rate_e7) for item in found] == [
        ("lpr_1y", "grant", date(2023, 7, 20), 532_500),
        ("lpr_5y", "grant", date(2023, 7, 20), 630_000),
        ("lpr_1y", "settlement", date(2023, 8, 21), 517_500),
        ("lpr_5y", "settlement", date(2023, 8, 21), 630_000),
    ]


def test_before_the_first_quote_only_the_benchmark_can_be_read() -> None:
    early = date(2019, 8, 19)
    assert [item.basis for item in rate_ceilings(early, early, 15_000, 435_000)] == ["benchmark"]
    assert rate_ceilings(early, early, 15_000) == ()


def test_a_ceiling_is_rounded_down() -> None:
    (benchmark,) = rate_ceilings(date(2000, 1, 1), date(2000, 1, 1), 15_000, 333_333)
    assert benchmark.ceiling_rate_e7 == 499_999
