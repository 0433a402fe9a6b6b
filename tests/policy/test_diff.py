"""What differs between two snapshots."""

from __future__ import annotations

from datetime import date

from steadyrest.policy import Change, diff, load_library, packs_folder, resolve

PLAIN = load_library()
BANK = load_library([packs_folder() / "demo_overlay"])
DAY = date(2022, 7, 31)


def of(changes: tuple[Change, ...], id: str) -> dict[str, tuple[object, object]]:
    return {change.field: (change.before, change.after) for change in changes if change.clause_id == id}


def test_a_snapshot_does_not_differ_from_itself() -> None:
    assert diff(resolve(PLAIN, DAY, DAY), resolve(PLAIN, DAY, DAY)) == ()


def test_the_notice_comes_and_goes() -> None:
    before, after = (resolve(PLAIN, day, DAY) for day in (date(2022, 7, 10), date(2022, 7, 11)))
    added = {change.clause_id for change in diff(before, after) if change.kind == "added"}
    removed = {change.clause_id for change in diff(after, before) if change.kind == "removed"}
    assert added == removed == {f"cn.cbirc.2022-70.n{number}" for number in range(1, 11)}


def test_an_overlay_changes_a_cap_and_confirms_a_clause() -> None:
    changes = diff(resolve(PLAIN, DAY, DAY), resolve(BANK, DAY, DAY))
    n4 = of(changes, "cn.cbirc.2022-70.n4")
    assert n4["relief.cap_on"] == (None, "2023-06-30")
    assert set(n4) == {"relief.cap_on", "parameters.relaxed_cap.unit", "parameters.relaxed_cap.value"}
    (gf12,) = (change for change in changes if change.clause_id == "cn.statecouncil.2022-12.gf12")
    assert (gf12.kind, gf12.before, gf12.after) == ("added", None, gf12.clause_id)
    assert gf12.title.zh
