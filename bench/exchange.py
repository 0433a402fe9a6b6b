"""Import of a clean extract with validation against bare readers of the same file, and returns with their memory.

`python -m bench.exchange [loans ...]` prints JSON lines: for the stock of unit loans of a made-up bank (CSV, official
fields) rows a second of Polars' and DuckDB's own readers and of `read_book`, which types, judges, checks keys, splits
by borrower and writes; then all returns of the whole book, with the peak memory of the process. Every step runs in a
process of its own on a warm cache.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import duckdb
import polars as pl

from steadyrest import app, exchange, synth

AS_OF = date(2022, 7, 31)
SIZES = (1_000_000, 10_000_000)
STOCK = "JS_201_CLDWDK.csv"
PEERS = ("polars", "duckdb")


def main(sizes: list[int]) -> None:
    """Measure every size in a temporary folder."""
    for loans in sizes or SIZES:
        with tempfile.TemporaryDirectory(prefix="steadyrest-bench-") as folder:
            book, alone = Path(folder) / "book", Path(folder) / "alone"
            step("write", book, loans)
            alone.mkdir()
            shutil.move(book / STOCK, alone / STOCK)
            readers(alone / STOCK, loans)
            shutil.move(alone / STOCK, book / STOCK)
            step("warm", book)
            emit(loans, "all returns of the book", step("returns", book, Path(folder) / "out"), loans)


def readers(file: Path, loans: int) -> None:
    """The three ways of reading one file."""
    step("import", file, file.parent.parent / "first")
    found = {name: step(name, file) for name in PEERS}
    found["read_book"] = step("import", file, file.parent.parent / "second")
    rows = int(found["polars"]["rows"])
    for name, line in found.items():
        ratios = {
            f"share_of_{peer}": round(found[peer]["seconds"] / line["seconds"], 2) for peer in ("polars", "duckdb")
        }
        emit(loans, f"import by {name}", line | ratios, rows)


def emit(loans: int, what: str, found: dict[str, float], rows: int) -> None:
    """One JSON line."""
    line = {"bench": "exchange", "loans": loans, "what": what, "seconds": round(found["seconds"], 2),
            "rows_per_s": round(rows / found["seconds"]), "peak_gib": round(found["peak_gib"], 2)}  # fmt: skip
    print(json.dumps(line | {name: value for name, value in found.items() if name.startswith("share")}), flush=True)


def step(name: str, *words: object) -> dict[str, float]:
    """Run one step in a new process and read what it measured."""
    command = [sys.executable, "-m", "bench.exchange", f"--{name}", *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def timed(action: Callable[[], int]) -> None:
    """Time an action that returns a number of rows."""
    start = time.perf_counter()
    rows = action()
    seconds = time.perf_counter() - start
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "rows": rows, "peak_gib": peak}))


def write(book: str, loans: str) -> int:
    """A clean book in the official layout."""
    return synth.write_book(Path(book), loans=int(loans), layout="pboc", dirt=False, witnesses=False).loans


def warm(book: str) -> int:
    """Bring the files into the cache."""
    return sum(len(path.read_bytes()) for path in Path(book).iterdir())


def by_polars(file: str) -> int:
    """Polars' reader as it comes."""
    return pl.read_csv(file, infer_schema_length=10_000).height


def by_duckdb(file: str) -> int:
    """DuckDB's reader into a table of its own."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE loan AS SELECT * FROM read_csv('{file}')")
    found = connection.execute("SELECT count(*) FROM loan").fetchone()
    assert found is not None
    return int(found[0])


def by_read_book(file: str, into: str) -> int:
    """Our reader; its compiled kernels are loaded from the cache within the time."""
    return exchange.read_book(Path(file), into=Path(into)).files[0].rows_accepted


def returns(book: str, out: str) -> int:
    """All returns."""
    return sum(app.write_returns(Path(book), AS_OF, Path(out)).rows.values())


STEPS: dict[str, Callable[..., int]] = {
    "write": write,
    "warm": warm,
    "polars": by_polars,
    "duckdb": by_duckdb,
    "import": by_read_book,
    "returns": returns,
}

if __name__ == "__main__":
    words = sys.argv[1:]
    if words and words[0].startswith("--"):
        timed(lambda: STEPS[words[0][2:]](*words[1:]))
    else:
        main([int(word) for word in words])
