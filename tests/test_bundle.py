"""The archive for a closed network: built, unpacked elsewhere, installed and run with the network off."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.bundle import ROOT

GPL = ("GPL", "General Public")
PREFIX = ("unshare", "--map-root-user", "--net")


def cut_off() -> tuple[str, ...]:
    """The prefix that takes the network from a process, where the kernel lets us."""
    if shutil.which("unshare") and subprocess.run((*PREFIX, "true"), capture_output=True, check=False).returncode == 0:
        return PREFIX
    return ()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    done = subprocess.run(
        [sys.executable, ROOT / "tools/bundle.py", "--out", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (archive,) = folder.glob("*.tar.gz")
    subprocess.run(["tar", "-xzf", archive, "-C", folder], check=True)
    archive.unlink()
    return folder / archive.name.removesuffix(".tar.gz")


def test_it_installs_and_runs_the_demo_with_the_network_off(unpacked: Path, tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}

    def run(*command: object) -> str:
        asked = [*cut_off(), *map(str, command)]
        done = subprocess.run(asked, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "0.1.0" in run(unpacked / "install.sh", tmp_path / "home")
    run(tmp_path / "home/bin/steadyrest", "demo", "--loans", 1000, "--out", tmp_path / "demo")
    assert (tmp_path / "demo/run/report.html").stat().st_size > 0


def test_a_changed_file_is_not_installed(unpacked: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(unpacked, copy, symlinks=True, copy_function=os.link)
    listed = copy / "licences.csv"
    listed.unlink()
    listed.write_text("x\n", "utf-8")
    done = subprocess.run([copy / "install.sh", tmp_path / "home"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert not (tmp_path / "home").exists()


def test_every_part_has_a_hash_and_a_licence_and_none_is_under_the_gpl(unpacked: Path) -> None:
    with (unpacked / "licences.csv").open(encoding="utf-8") as stream:
        parts = list(csv.DictReader(stream))
    assert {"steadyrest", "polars", "numba", "pip"} <= {part["name"] for part in parts}
    assert [part["name"] for part in parts if not part["licence"]] == []
    assert [part["name"] for part in parts if any(word in part["licence"] for word in GPL)] == []
    assert not list(unpacked.rglob("*readline*.so*"))
    known = json.loads((unpacked / "sbom.json").read_text("utf-8"))
    assert (known["bomFormat"], known["specVersion"]) == ("CycloneDX", "1.5")
    names = {part["name"] for part in known["components"]}
    assert {part["name"] for part in parts} - {"steadyrest"} <= names
    assert all(part["hashes"][0]["content"] for part in known["components"])
    wheels = {line.split("==")[0].lower() for line in (unpacked / "requirements.txt").read_text("utf-8").splitlines()}
    assert len(wheels) == len(parts) - 1  # pip installs the others
