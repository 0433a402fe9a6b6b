"""The guide for a new instrument is executed, block by block, as a person would."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from steadyrest import policy

ROOT = Path(__file__).parents[2]


def test_an_instrument_is_added_in_three_files_and_no_python(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "add-an-instrument.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 3
    script = "set -eu\n" + "\n".join(blocks).replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    assert "0 survived" in done.stdout
    assert "site of the issuer" in done.stdout
    assert "cn.nfra.2026-1.rule" in done.stdout.partition("Impact on the run")[2]
    own = tmp_path / "out" / "own"
    made = sorted(path.relative_to(own).as_posix() for path in own.rglob("*.yaml"))
    folder = "cn/nfra/2026-1"
    assert made == [
        f"{folder}/clauses/rule.yaml",
        f"{folder}/pack.yaml",
        f"{folder}/scenarios/rule.yaml",
        "overlay.yaml",
    ]
    assert any(clause.id == "cn.nfra.2026-1.rule" for clause in policy.load_library((own,)).clauses)
