"""The manifest: canonical text, there and back, and what a damaged one says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from steadyrest.book.manifest import (
    ControlTotal,
    FileFacts,
    Input,
    Manifest,
    TableFacts,
)
from steadyrest.errors import RunError


def manifest() -> Manifest:
    """A run of two files, without decisions."""
    return Manifest(
        code_version="0.1.0",
        as_of=date(2022, 7, 31),
        valid_on=date(2022, 7, 31),
        known_on=date(2022, 8, 31),
        mapping="pboc",
        inputs=(Input("book", "book", "ab" * 32),),
        overlays=("our-rules",),
        evidence="evidence.csv",
        decisions=None,
        snapshot_hash="cd" * 32,
        files=(FileFacts("JS_201_CLDWDK.csv", "loan", 10, 9, 1, "ef" * 32),),
        tables={"option": TableFacts(3, "0" * 32), "loan_facts": TableFacts(9, "1" * 32)},
        control_totals=(ControlTotal("loan", "balance_fen", "CNY", 900, 900),),
        is_synthetic=True,
        is_unmasked=False,
        parts=1,
        part_rows=500_000,
        identity={"as_of": "2022-07-31"},
        lacks={"loan": ("nominal_rate_e7",)},
    )


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    manifest().write(tmp_path / "manifest.json")
    assert Manifest.read(tmp_path / "manifest.json") == manifest()
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_the_text_is_canonical() -> None:
    text = manifest().to_json()
    turned = replace(manifest(), tables=dict(sorted(manifest().tables.items())))
    assert turned.to_json() == text
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert Manifest.from_json(text).to_json() == text


def test_a_total_ties_when_both_engines_agree() -> None:
    assert ControlTotal("loan", "rows", "", 1, 1).ties
    assert not ControlTotal("loan", "rows", "", 1, 2).ties


def test_a_folder_without_manifest_is_not_a_finished_run(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        Manifest.read(tmp_path / "manifest.json")
    assert caught.value.code == "run.not_finished"


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: body.pop("parts"),
        lambda body: body.update(clock="12:00"),
        lambda body: body.update(parts="1"),
        lambda body: body.update(parts=True),
        lambda body: body.update(as_of="31.07.2022"),
        lambda body: body.update(evidence=1),
        lambda body: body.update(overlays=[1]),
        lambda body: body.update(files={}),
        lambda body: body["files"][0].pop("sha256"),
        lambda body: body.update(lacks={"loan": "rate"}),
        lambda body: body.update(identity={"as_of": 1}),
        lambda body: body["tables"].update(option=[]),
    ],
)
def test_a_damaged_manifest_is_one_clear_error(damage: object) -> None:
    body = json.loads(manifest().to_json())
    assert callable(damage)
    damage(body)
    with pytest.raises(RunError) as caught:
        Manifest.from_json(json.dumps(body))
    assert caught.value.code == "run.manifest_damaged"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe"])
def test_what_is_no_json_object_is_damaged_too(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(RunError) as caught:
        Manifest.read(tmp_path / "manifest.json")
    assert caught.value.code == "run.manifest_damaged"
