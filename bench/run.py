"""The full run over a synthetic book of 1 M and 10 M loans against merely reading it and writing the same tables.

`python -m bench.run [loans ...]` prints three JSON lines a size: the baseline (Polars reads every file of the book and
writes the result tables it is given in memory, same columns, same compression), the run without report, and the run
with report and workbook. Each is measured in a process of its own on a warm cache; `peak_gib` is that process's.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from steadyrest import app, synth

AS_OF = date(2022, 7, 31)
SIZES = (1_000_000, 10_000_000)


def main(sizes: list[int]) -> None:
    """Measure every size in a temporary folder."""
    for loans in sizes or SIZES:
        with tempfile.TemporaryDirectory(prefix="steadyrest-bench-") as folder:
            measure(Path(folder), loans)


def measure(folder: Path, loans: int) -> None:
    """Generate a book, run it twice, then measure the baseline on the tables of the run."""
    book, plain, full = folder / "book", folder / "plain", folder / "full"
    call("generate", str(book), str(loans))
    call("warm", str(book))
    without = call("run", str(book), str(plain))
    call("warm", str(book))
    whole = call("run", str(book), str(full), "report")
    call("warm", str(book))
    baseline = call("baseline", str(book), str(plain / "tables"))
    emit(loans, "baseline", baseline, baseline)
    emit(loans, "run without report", without, baseline)
    emit(loans, "run with report and workbook", whole, baseline)
    shutil.rmtree(folder)


def emit(loans: int, what: str, found: dict[str, float], baseline: dict[str, float]) -> None:
    """One JSON line."""
    line = {
        "bench": "run",
        "loans": loans,
        "what": what,
        "ratio_to_baseline": round(found["seconds"] / baseline["seconds"], 2),
        "seconds": round(found["seconds"], 2),
        "peak_gib": round(found["peak_gib"], 2),
    }
    print(json.dumps(line), flush=True)


def call(step: str, *words: str) -> dict[str, float]:
    """Run one step in a new process and read what it measured."""
    command = [sys.executable, "-m", "bench.run", f"--{step}", *words]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def timed(action: Callable[[], object]) -> None:
    """Time an action and print its seconds and the peak memory of this process."""
    start = time.perf_counter()
    action()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "peak_gib": peak}))


def generate(book: str, loans: str) -> None:
    """Write the synthetic book."""

    def action() -> None:
        synth.write_book(Path(book), loans=int(loans), as_of=AS_OF, layout="steadyrest", dirt=False, witnesses=False)

    timed(action)


def warm(book: str) -> None:
    """Bring the files of the book into the page cache."""
    timed(lambda: [file.read_bytes() for file in Path(book).rglob("*") if file.is_file()])


def run(book: str, out: str, report: str = "") -> None:
    """The product's run."""
    request = app.Request(book=Path(book), out=Path(out), as_of=AS_OF, with_report=bool(report))
    timed(lambda: app.run(request))


def baseline(book: str, tables: str) -> None:
    """Read the book and write the result tables, which lie in memory before the clock starts."""
    results = {path.name: pl.read_parquet(path) for path in sorted(Path(tables).glob("*.parquet"))}
    out = Path(tables).parent / "baseline"
    out.mkdir()

    def action() -> None:
        for path in sorted(Path(book).glob("*.parquet")):
            pl.read_parquet(path)
        for name, frame in results.items():
            frame.write_parquet(out / name, compression="zstd", row_group_size=500_000)

    timed(action)
    shutil.rmtree(out)


STEPS: dict[str, Callable[..., None]] = {
    "--generate": generate,
    "--warm": warm,
    "--run": run,
    "--baseline": baseline,
}

if __name__ == "__main__":
    first, *words = (*sys.argv[1:], "")
    if first in STEPS:
        STEPS[first](*words[:-1])
    else:
        main([int(word) for word in sys.argv[1:]])
