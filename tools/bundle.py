"""Make one archive for a closed network: a relocatable Python, hashed wheels, an SBOM and a list of licences.

    python tools/bundle.py [--out dist] [--platform x86_64|aarch64]

The Python of an x86_64 archive is the one that runs this program, with the shared libraries it needs and the C library
of the machine it goes to (which must not be older than this one's). For aarch64 the archive holds wheels only and is
installed with a python3.11 of the machine.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from email.parser import Parser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TAGS = {
    "x86_64": ("manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_27_x86_64", "manylinux_2_28_x86_64"),
    "aarch64": ("manylinux_2_17_aarch64", "manylinux2014_aarch64", "manylinux_2_27_aarch64", "manylinux_2_28_aarch64"),
}
SYSTEM = re.compile(r"^(linux-vdso|ld-linux|libc|libm|libpthread|libdl|librt|libutil|libresolv|libnsl|libcrypt)\b")
"""Libraries that belong to the C library of the machine."""
LEFT_OUT = ("site-packages", "test", "tests", "__pycache__", "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3",
            "config-*", "*.a", "*.pyc", "_tkinter*", "nis.*", "readline.*", "EXTERNALLY-MANAGED")  # fmt: skip
"""Of the standard library: what needs a window system, what a server has no use for, and GNU readline (GPL)."""
INSTALL = """#!/bin/sh
# Installs Steadyrest from this folder, without a network: ./install.sh /opt/steadyrest
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=${1:?"where to install: ./install.sh FOLDER"}
(cd "$here" && sha256sum --quiet --check SHA256SUMS)
mkdir -p "$home/bin"
home=$(cd "$home" && pwd)
if [ -d "$here/python" ]; then
    cp -R "$here/python" "$home/python"
    python="$home/python/bin/python3"
else
    "${PYTHON:-python3.11}" -m venv --without-pip "$home/python"
    python="$home/python/bin/python3"
fi
LD_LIBRARY_PATH="$home/python/lib/bundled${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export LD_LIBRARY_PATH
unset PYTHONHOME PYTHONPATH
pip=$(ls "$here"/wheels/pip-*.whl)
"$python" "$pip/pip" install --quiet --no-index --no-warn-script-location --disable-pip-version-check \\
    --root-user-action ignore --find-links "$here/wheels" --require-hashes --no-deps -r "$here/requirements.txt" \\
    --target "$home/lib"
cat > "$home/bin/steadyrest" <<'END'
#!/bin/sh
home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
LD_LIBRARY_PATH="$home/python/lib/bundled${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export LD_LIBRARY_PATH
unset PYTHONHOME
PYTHONPATH="$home/lib" exec "$home/python/bin/python3" -s -m steadyrest.cli "$@"
END
chmod +x "$home/bin/steadyrest"
"$home/bin/steadyrest" version
"""


def run(*command: str | Path) -> str:
    """Standard output of a command that must succeed."""
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def wheels(folder: Path, platform: str) -> None:
    """The wheel of this checkout, pip, and the locked dependencies, into `folder`."""
    run(BIN / "uv", "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder)
    for junk in folder.glob(".gitignore"):
        junk.unlink()
    locked = folder.parent / "locked.txt"
    asked = (
        "--frozen",
        "--no-dev",
        "--no-emit-project",
        "--format",
        "requirements-txt",
        "--no-annotate",
        "--no-header",
    )
    locked.write_text(run(BIN / "uv", "export", *asked), "utf-8")
    tags = [option for tag in TAGS[platform] for option in ("--platform", tag)]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:")
    target = (*tags, "--python-version", version, "--implementation", "cp", "--dest", str(folder), "--no-deps")
    run(*pip, *target, "--require-hashes", "-r", locked)
    run(*pip, *target, f"pip=={importlib.metadata.version('pip')}")
    locked.unlink()


def requirements(folder: Path) -> Iterable[str]:
    """A line a wheel, with its hash."""
    for wheel in sorted(folder.glob("*.whl")):
        facts = metadata(wheel)
        if facts["name"].lower() != "pip":
            yield f"{facts['name']}=={facts['version']} --hash=sha256:{sha256(wheel)}"


def metadata(wheel: Path) -> dict[str, str]:
    """Name, version, licence and home page of a wheel."""
    with ZipFile(wheel) as archive:
        (name,) = (item for item in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", item))
        facts = Parser().parsestr(archive.read(name).decode("utf-8"))
    classifiers = [item.rpartition(" :: ")[2] for item in facts.get_all("Classifier") or [] if "License ::" in item]
    licence = facts["License-Expression"] or "; ".join(classifiers) or (facts["License"] or "").strip().splitlines()[:1]
    return {
        "name": str(facts["Name"]),
        "version": str(facts["Version"]),
        "licence": licence if isinstance(licence, str) else "".join(licence),
        "file": wheel.name,
    }


def sbom(parts: Sequence[dict[str, str]], folder: Path, bundled: Sequence[Path]) -> dict[str, Any]:
    """Wheels, and the Python with its shared libraries, as a CycloneDX 1.5 document."""
    own = next(part for part in parts if part["name"] == "steadyrest")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": own["name"], "version": own["version"]}},
        "components": [
            {
                "type": "library",
                "bom-ref": f"pkg:pypi/{part['name'].lower()}@{part['version']}",
                "name": part["name"],
                "version": part["version"],
                "purl": f"pkg:pypi/{part['name'].lower()}@{part['version']}",
                "hashes": [{"alg": "SHA-256", "content": sha256(folder / part["file"])}],
                "licenses": [{"license": {"name": part["licence"] or "unknown"}}],
            }
            for part in parts
            if part is not own
        ]
        + [
            {
                "type": "library" if ".so" in path.name else "application",
                "name": path.name,
                "version": "" if ".so" in path.name else sys.version.split()[0],
                "hashes": [{"alg": "SHA-256", "content": sha256(path)}],
            }
            for path in bundled
        ],
    }


def python(folder: Path) -> None:
    """The running Python, relocatable: binary, standard library, and the libraries it needs."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base, library = Path(sys.base_prefix), Path(sysconfig.get_path("stdlib"))
    binary = next(path for path in (base / "bin" / version, Path("/usr/bin") / version) if path.exists())
    (folder / "bin").mkdir(parents=True)
    shutil.copy2(binary.resolve(), folder / "bin" / version)
    (folder / "bin" / "python3").symlink_to(version)
    shutil.copytree(library, folder / "lib" / version, ignore=shutil.ignore_patterns(*LEFT_OUT))
    (folder / "lib" / version / "site-packages").mkdir(exist_ok=True)
    bundled = folder / "lib" / "bundled"
    bundled.mkdir()
    for path in [folder / "bin" / version, *(folder / "lib" / version).rglob("*.so")]:
        for name, found in needed(path):
            if not SYSTEM.match(name) and not (bundled / name).exists():
                shutil.copy2(found, bundled / name)


def needed(path: Path) -> Iterable[tuple[str, Path]]:
    """Shared libraries a file is linked with, by name."""
    said = subprocess.run(["ldd", path], check=False, capture_output=True, text=True).stdout
    for name, found in re.findall(r"^\s*(\S+) => (/\S+)", said, re.MULTILINE):
        yield name, Path(found)


def sha256(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def bundle(out: Path, platform: str) -> Path:
    """Write the archive and return its path."""
    version = importlib.metadata.version("steadyrest")
    name = f"steadyrest-{version}-linux-{platform}"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder) / name
        (top / "wheels").mkdir(parents=True)
        wheels(top / "wheels", platform)
        (top / "requirements.txt").write_text("".join(f"{line}\n" for line in requirements(top / "wheels")), "utf-8")
        parts = [metadata(wheel) for wheel in sorted((top / "wheels").glob("*.whl"))]
        with (top / "licences.csv").open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, ("name", "version", "licence", "file"), lineterminator="\n")
            table.writeheader()
            table.writerows(parts)
        if platform == "x86_64":
            python(top / "python")
        bundled = [path for path in sorted(top.glob("python/*/*")) + sorted(top.glob("python/lib/bundled/*"))
                   if path.is_file() and not path.is_symlink()]  # fmt: skip
        (top / "sbom.json").write_text(json.dumps(sbom(parts, top / "wheels", bundled), indent=1) + "\n", "utf-8")
        (top / "install.sh").write_text(INSTALL, "utf-8")
        (top / "install.sh").chmod(0o755)
        files = sorted(path for path in top.rglob("*") if path.is_file() and not path.is_symlink())
        sums = "".join(f"{sha256(path)}  {path.relative_to(top).as_posix()}\n" for path in files)
        (top / "SHA256SUMS").write_text(sums, "utf-8")
        archive = out / f"{name}.tar.gz"
        with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
            tar.add(top, name)
    return archive


def main() -> None:
    """Parse the command line and make the archive."""
    parser = argparse.ArgumentParser(prog="bundle", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--platform", choices=tuple(TAGS), default="x86_64")
    asked = parser.parse_args()
    archive = bundle(asked.out, asked.platform)
    sys.stdout.write(f"{archive}  {archive.stat().st_size // 1_000_000} MB  sha256 {sha256(archive)}\n")


if __name__ == "__main__":
    main()
