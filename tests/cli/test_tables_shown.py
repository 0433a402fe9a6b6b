"""A decision table in force is listed and shown with its citation, its days and all its rows."""

from __future__ import annotations

from steadyrest import policy
from tests.cli.called import call

DEMO = policy.packs_folder() / "demo_overlay"
MATRIX = "cn.cbrc.2007-63.matrix"


def test_a_table_of_the_bank_is_shown_on_its_days_only() -> None:
    asked = ("--overlay", DEMO, "--valid-on", "2022-07-31")
    body = call("packs", "show", MATRIX, *asked, "--json").json
    assert (body["hit_policy"], len(body["rules"]), body["confirmed_by"]) == (
        "unique",
        24,
        "Demonstration Risk Committee",
    )
    shown = call("packs", "show", MATRIX, *asked, "--lang", "en").out
    assert "[31..90]" in shown
    assert "demonstration" in shown
    assert MATRIX in call("packs", "list", *asked, "--lang", "en").out
    later = call("packs", "show", MATRIX, "--overlay", DEMO, "--valid-on", "2023-07-01", "--json")
    assert later.json["error"]["code"] == "call.unknown_name"
    assert call("packs", "show", MATRIX, "--valid-on", "2022-07-31", "--json").code != 0
