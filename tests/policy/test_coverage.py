"""Every instrument of the facts has its packs or a reason; what is named is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from steadyrest import policy
from steadyrest.errors import PackError
from tests.shared_data import shared

HEAD = 'document: { zh: "文", en: "d" }\nitems: []\ninstruments:\n'


def test_every_instrument_of_the_facts_is_held_or_has_a_reason() -> None:
    listed = json.loads(shared("facts/instruments.json").read_text("utf-8"))
    known = listed if isinstance(listed, list) else next(value for value in listed.values() if isinstance(value, list))
    assert {item["id"] for item in known} == {row.id for row in policy.instruments()}


def test_every_pack_of_a_bank_is_named_by_an_instrument_or_carries_its_own_number() -> None:
    rows = policy.instruments()
    assert len({row.id for row in rows}) == len(rows)
    named = {pack for row in rows for pack in row.packs}
    assert named <= {pack.id for pack in policy.load_library().packs}
    assert all(row.packs or (row.without and row.note) for row in rows)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("- { id: A, packs: [cn.pbc.2022-25] }", "pack.unknown_pack"),
        ("- { id: A }", "pack.pack_or_reason"),
        ("- { id: A, without: no_parameters }", "pack.pack_or_reason"),
        ("- { id: A, without: perhaps, note: { zh: 无, en: nothing } }", "pack.unknown_word"),
        ("- { id: A, packs: [cn.pbc.2022-252] }\n  - { id: A, packs: [cn.pbc.2022-252] }", "pack.instrument_twice"),
    ],
)
def test_what_is_wrong_in_the_list_is_told_with_its_line(tmp_path: Path, row: str, code: str) -> None:
    path = tmp_path / "coverage.yaml"
    path.write_text(f"{HEAD}  {row}\n", "utf-8")
    with pytest.raises(PackError) as error:
        policy.instruments(path=path)
    assert error.value.code == code
    assert "coverage.yaml:" in error.value.what.en
