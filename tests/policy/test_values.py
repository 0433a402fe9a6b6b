"""Values of the packs against the tables they also stand in, and a bank's own list of severely hit industries."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from steadyrest import policy, reference
from steadyrest.policy.model import Clause
from steadyrest.policy.resolve import build, by_id
from tests.policy.made import write_overlay
from tests.shared_data import shared

LIBRARY = policy.load_library()
INDEX = by_id(LIBRARY)
RATES = {f"rate_{tenor}": f"rate_{tenor}_e7" for tenor in ("3m", "6m", "1y")}

OWN_LIST = """settings:
  - clause: cn.cbirc.2022-64.d64i
    parameter: own_industries
    unit: text
    value: ["纺织业", "汽车制造业"]
    from: 2022-07-11
    known_from: 2022-07-25
    citation: "minutes of the credit committee"
    name: "Credit Committee"
"""


def _clause(id: str, on: date) -> Clause:
    return build(INDEX[id][0], INDEX, on, date(2030, 1, 1))


@pytest.mark.parametrize(
    "id", [source.id for source in LIBRARY.clauses if source.slug.startswith("relend")], ids=lambda id: str(id)
)
def test_relending_rates_are_those_of_the_reference_table(id: str) -> None:
    clause = _clause(id, INDEX[id][0].effective_from)
    rows = {row["from_on"]: row for row in reference.table("relending_rates").iter_rows(named=True)}
    row = rows[clause.effective_from]
    held = {column: clause.parameters[name].value for name, column in RATES.items() if name in clause.parameters}
    assert held
    assert held == {column: row[column] for column in held}
    assert row["to_on"] == clause.effective_to
    assert (row["grade"] == "D") == (clause.grade == "D")


def test_every_period_of_the_reference_table_has_its_clause() -> None:
    begun = {source.effective_from for source in LIBRARY.clauses if source.slug.startswith("relend")}
    assert begun == set(reference.table("relending_rates")["from_on"])


@pytest.mark.parametrize(
    ("tool", "clause", "parameter", "on"),
    [
        ("DEFER_2020", "cn.pbc.2020-tool.reward", "reward", date(2020, 6, 30)),
        ("CREDIT_2020", "cn.pbc.2020-123.plan", "share", date(2020, 6, 30)),
        ("INCL_2022Q1", "cn.pbc.2022-conversion.instrument", "share_of_increment", date(2022, 3, 31)),
        ("INCL_2022Q2", "cn.pbc.2022-conversion.instrument", "share_of_increment", date(2022, 4, 1)),
        ("TECH_2022", "cn.pbc.2022-tech.tool", "share", date(2022, 6, 30)),
        ("EQUIP_2022", "cn.pbc.2022-equipment.tool", "share", date(2022, 10, 31)),
        ("TECHUP_2024", "cn.pbc.2024-techup.tool", "share", date(2024, 6, 30)),
    ],
)
def test_shares_of_the_tools_are_those_of_the_facts(tool: str, clause: str, parameter: str, on: date) -> None:
    with shared("facts/monetary_tools.csv").open(encoding="utf-8-sig", newline="") as file:
        ratio = {row["tool_id"]: row["ratio"] for row in csv.DictReader(file)}[tool]
    assert _clause(clause, on).parameters[parameter].value == round(float(ratio) * 10_000)


@pytest.mark.parametrize(
    ("id", "clause"),
    [
        ("FISC_EQUIP_2022", "cn.mof.2022-equipment.subsidy"),
        ("FISC_EQUIP_2024", "cn.mof.2024-54.subsidy"),
        ("FISC_EQUIP_2026", "cn.mof.2026-2.subsidy"),
        ("FISC_MSME_2026", "cn.mof.2026-4.subsidy"),
    ],
)
def test_subsidies_are_those_of_the_facts(id: str, clause: str) -> None:
    with shared("facts/fiscal_support.csv").open(encoding="utf-8-sig", newline="") as file:
        points = {row["id"]: row["value"] for row in csv.DictReader(file)}[id]
    assert _clause(clause, INDEX[clause][0].effective_from).parameters["subsidy"].value == round(float(points) * 100)


def test_a_bank_lists_the_severely_hit_industries_itself(tmp_path: Path) -> None:
    overlay = write_overlay(tmp_path, OWN_LIST)
    on = date(2022, 7, 31)

    def own(overlays: list[Path], known_on: date) -> object:
        found = policy.resolve(policy.load_library(overlays), on, known_on).clause("cn.cbirc.2022-64.d64i").parameters
        return found["own_industries"].value if "own_industries" in found else None

    assert own([], on) is None
    assert own([overlay], date(2022, 7, 24)) is None
    assert own([overlay], on) == ("纺织业", "汽车制造业")
