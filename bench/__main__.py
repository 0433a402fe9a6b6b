"""Run every benchmark, each in a process of its own: `python -m bench [name ...]`."""

from __future__ import annotations

import subprocess
import sys

SCRIPTS = ("screening", "tables", "contracts", "engine", "measures", "bunching", "exchange", "run")


def main(names: list[str]) -> int:
    """Run the named scripts, or all; returns the first exit code that is not 0."""
    for name in names or SCRIPTS:
        code = subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
