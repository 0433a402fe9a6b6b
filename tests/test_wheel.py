"""The wheel: it holds what the checkout holds and nothing else, and works alone, without a network.

Both tests take what `uv sync` has put into uv's cache; a wheel that is missing there is a failure, not a skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest

_CHECKOUT = Path(__file__).parents[1]
_BIN = Path(sys.executable).parent
_DATA = ("packs/*/*.yaml", "packs/*/*/*.yaml", "labels/*.toml", "exchange/mappings/*.yaml", "exchange/checks/*",
         "report/*.css", "reference/**/*.csv", "synth/*.toml", "book/explain/*.toml")  # fmt: skip
_NO_NETWORK = """
import socket

def _refuse(*ignored: object) -> None:
    raise AssertionError("the program asked for the network")

socket.socket.connect = socket.socket.connect_ex = _refuse
socket.getaddrinfo = _refuse
"""


def _run(command: Sequence[str | Path], folder: Path, **extra: str) -> str:
    """Standard output of a command that must succeed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=folder, env=kept | extra, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _build(folder: Path) -> Path:
    """The wheel of this checkout, built with the locked build backend of the running environment."""
    python = ("--python", sys.executable, "--offline", "--no-build-isolation")
    _run((_BIN / "uv", "build", "--wheel", *python, "--out-dir", folder, _CHECKOUT), folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _install(wheel: Path, folder: Path) -> Path:
    """An environment with the locked dependencies and the wheel, nothing more; returns its `bin`."""
    home = folder / "installed"
    _run((_BIN / "uv", "venv", "--offline", "--python", sys.executable, home), folder)
    locked = ("sync", "--offline", "--frozen", "--no-dev", "--no-install-project", "--project", _CHECKOUT)
    _run((_BIN / "uv", *locked), folder, UV_PROJECT_ENVIRONMENT=str(home))
    python = ("--offline", "--python", home / "bin" / "python")
    _run((_BIN / "uv", "pip", "install", *python, "--no-deps", wheel), folder)
    _run((_BIN / "uv", "pip", "check", *python[1:]), folder)
    return home / "bin"


def _alone(folder: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """A command prefix and environment that cut a process off the network; the kernel does it where it may."""
    guard = folder / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(_NO_NETWORK, "utf-8")
    prefix = ("unshare", "--map-root-user", "--net")
    may = (
        shutil.which("unshare") and subprocess.run((*prefix, "true"), capture_output=True, check=False).returncode == 0
    )
    return prefix if may else (), {"PYTHONPATH": str(guard)}


def test_the_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    with ZipFile(_build(tmp_path)) as wheel:
        held = {name for name in wheel.namelist() if not name.split("/")[0].endswith(".dist-info")}
    root = _CHECKOUT / "src"
    files = (path for path in (root / "steadyrest").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert held == {path.relative_to(root).as_posix() for path in files}
    for pattern in _DATA:
        assert any(Path(name).match(f"steadyrest/{pattern}") for name in held), f"no {pattern}"


def test_the_installed_wheel_runs_the_demo_without_network(tmp_path: Path) -> None:
    installed = _install(_build(tmp_path), tmp_path)
    away = tmp_path / "away"
    away.mkdir()
    prefix, env = _alone(tmp_path)
    assert "0.1.0" in _run((*prefix, installed / "steadyrest", "version"), away, **env)
    missing = "import importlib.util as u; print([n for n in ('pytest', 'hypothesis', 'mypy') if u.find_spec(n)])"
    assert _run((installed / "python", "-c", missing), away).strip() == "[]"
    reach = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=5)"
    with pytest.raises(AssertionError, match=r"asked for the network|unreachable"):
        _run((*prefix, installed / "python", "-c", reach), away, **env)
    _run((*prefix, installed / "steadyrest", "demo", "--loans", "1000"), away, **env)
    for name in ("report.html", "workbook.xlsx", "decisions.xlsx", "manifest.json"):
        assert (away / "out" / "demo" / "run" / name).stat().st_size > 0
