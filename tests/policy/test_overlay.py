"""A bank's overlay confirms recalled clauses, makes the settings a rule leaves to it, adds packs, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from steadyrest.errors import PackError, UsageError
from steadyrest.policy import load_library, packs_folder, resolve, run_scenarios
from tests.policy.made import CLAUSE, PACK, SCENARIOS, changed, write_overlay, write_pack

DAY = date(2022, 7, 31)
RECALLED = changed(CLAUSE, "grade: B", "grade: D")

CONFIRMATION = """confirmations:
  - clause: cn.test.2022-1.help
    citation: "the bank's own copy of the notice"
    grade: A
    name: "Compliance"
    since: 2022-07-20
"""

SETTING = """settings:
  - clause: cn.test.2022-1.help
    parameter: longer
    unit: day
    value: 2023-03-31
    from: 2022-07-11
    known_from: 2022-07-25
    citation: "minutes of the credit committee"
    name: "Credit Committee"
"""

BY_SETTING = changed(CLAUSE, "cap_on: $cap", "cap_on: $longer").replace("  cap: { unit: day, value: 2022-12-31 }\n", "")


def test_a_recalled_clause_is_inactive_until_it_is_confirmed(tmp_path: Path) -> None:
    folder, overlay = write_pack(tmp_path, clause=RECALLED), write_overlay(tmp_path, CONFIRMATION)
    assert not resolve(load_library(folder=folder), DAY, DAY).clauses
    confirmed = load_library([overlay], folder=folder)
    assert not resolve(confirmed, DAY, date(2022, 7, 19)).clauses
    (clause,) = resolve(confirmed, DAY, date(2022, 7, 20)).clauses
    assert (clause.grade, clause.confirmed_by) == ("A", "Compliance")
    assert clause.source == "the bank's own copy of the notice (made up)"


def test_a_confirmation_of_grade_c_makes_conditions_soft(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, clause=RECALLED)
    overlay = write_overlay(tmp_path, changed(CONFIRMATION, "grade: A", "grade: C"))
    (clause,) = resolve(load_library([overlay], folder=folder), DAY, DAY).clauses
    assert all(condition.is_soft for condition in clause.conditions)


def test_a_setting_gives_a_cap_from_the_day_it_is_known(tmp_path: Path) -> None:
    folder, overlay = write_pack(tmp_path, clause=BY_SETTING), write_overlay(tmp_path, SETTING)

    def cap(library_overlays: list[Path], known_on: date) -> date | None:
        (clause,) = resolve(load_library(library_overlays, folder=folder), DAY, known_on).clauses
        assert clause.relief is not None
        return clause.relief.cap_on

    assert cap([], DAY) is None
    assert cap([overlay], date(2022, 7, 24)) is None
    assert cap([overlay], date(2022, 7, 25)) == date(2023, 3, 31)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("clause: cn.test.2022-1.help", "clause: cn.test.2022-1.helps", "pack.unknown_clause"),
        ("parameter: longer", "parameter: longest", "pack.unknown_parameter"),
        ("parameter: longer", "parameter: limit", "pack.not_a_setting"),
        ("unit: day\n    value: 2023-03-31", "unit: months\n    value: 3", "pack.other_unit"),
        ("value: 2023-03-31", "value: 3", "pack.not_day"),
        ('    name: "Credit Committee"\n', "", "pack.missing_key"),
        ('citation: "minutes of the credit committee"', 'citation: ""', "pack.blank"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_place(tmp_path: Path, old: str, new: str, code: str) -> None:
    folder, overlay = write_pack(tmp_path, clause=BY_SETTING), write_overlay(tmp_path, changed(SETTING, old, new))
    with pytest.raises(PackError) as caught:
        load_library([overlay], folder=folder)
    assert caught.value.code == code
    assert str(caught.value.values["place"]).startswith("bank/overlay.yaml:")


def test_what_is_not_recalled_needs_no_confirmation(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        load_library([write_overlay(tmp_path, CONFIRMATION)], folder=write_pack(tmp_path))
    assert caught.value.code == "pack.not_recalled"


def test_two_settings_of_one_day_contradict_each_other(tmp_path: Path) -> None:
    again = SETTING.removeprefix("settings:\n")
    overlay = write_overlay(tmp_path, SETTING + again)
    with pytest.raises(PackError) as caught:
        load_library([overlay], folder=write_pack(tmp_path, clause=BY_SETTING))
    assert caught.value.code == "pack.value_twice"


def test_an_overlay_may_add_a_pack_but_not_replace_one(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    overlay = write_overlay(tmp_path, "")
    own = {"pack": PACK, "clause": CLAUSE, "scenarios": SCENARIOS}
    write_pack(
        overlay, **{name: text.replace("cn.test", "bank.own").replace("help", "aid") for name, text in own.items()}
    )
    library = load_library([overlay], folder=folder)
    assert {clause.slug for clause in resolve(library, DAY, DAY).clauses} == {"help", "aid"}
    assert run_scenarios(library).passed
    (overlay / "packs" / "test" / "pack.yaml").write_text(PACK, "utf-8")
    with pytest.raises(PackError) as caught:
        load_library([overlay], folder=folder)
    assert caught.value.code in ("pack.foreign_id", "pack.repeated_id")


def test_the_overlay_is_part_of_the_hash(tmp_path: Path) -> None:
    folder, overlay = write_pack(tmp_path), write_overlay(tmp_path, "")
    plain, laid = (
        resolve(load_library(folder=folder), DAY, DAY),
        resolve(load_library([overlay], folder=folder), DAY, DAY),
    )
    assert plain.overlays == ()
    assert laid.overlays[0].startswith("made_up@")
    assert plain.hash != laid.hash
    with (overlay / "overlay.yaml").open("a") as file:
        file.write("# a remark\n")
    assert resolve(load_library([overlay], folder=folder), DAY, DAY).hash != laid.hash


def test_a_folder_without_an_overlay_file_and_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        load_library([tmp_path])
    assert caught.value.code == "pack.no_overlay"
    with pytest.raises(UsageError):
        load_library([tmp_path / "nowhere"])


def test_the_demonstration_says_that_it_is_one() -> None:
    library = load_library([packs_folder() / "demo_overlay"])
    (overlay,) = library.overlays
    assert overlay.is_demonstration
    assert "演示" in overlay.title.zh
    snapshot = resolve(library, DAY, DAY)
    n4, gf12 = snapshot.clause("cn.cbirc.2022-70.n4"), snapshot.clause("cn.statecouncil.2022-12.gf12")
    assert n4.relief is not None
    assert n4.relief.cap_on == date(2023, 6, 30)
    assert "demonstration" in gf12.source
    assert all("demonstration" in setting.citation for setting in overlay.settings)
