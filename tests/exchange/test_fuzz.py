"""Whatever a file holds, reading it ends with counts that tie or with one `InputError`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steadyrest import exchange
from steadyrest.errors import InputError
from steadyrest.text import LANGUAGES
from tests.exchange.books import FIRM, LOAN, firm, loan, write_csv
from tests.exchange.test_workbooks import fill

CUTS = st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=4), st.integers(0, 6)), min_size=1, max_size=6)
QUIET = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def attempt(name: str, body: bytes, expected_mapping: str | None = None) -> None:
    """Read one file; anything but success or `InputError` fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(body)
        try:
            found = exchange.read_book(path, mapping=expected_mapping, into=Path(folder) / "read")
        except InputError as error:
            said(error)
            return
        for file in found.files:
            assert file.rows_read == file.rows_accepted + file.rows_quarantined
        aside = exchange.findings(found.folder).filter(severity="quarantine").collect()
        rows = aside.select("source_file", "row_number").unique().height
        assert rows == sum(file.rows_quarantined for file in found.files)


def said(error: InputError) -> None:
    """The error has its sentences in both languages."""
    assert all(error.message(language) for language in LANGUAGES)


def mutated(body: bytes, cuts: list[tuple[int, bytes, int]]) -> bytes:
    """Bytes put in place of others, here and there."""
    for at, new, length in cuts:
        start = at % (len(body) + 1)
        body = body[:start] + new + body[start + length :]
    return body


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One good file of each kind."""
    folder = tmp_path_factory.mktemp("seeds")
    rows = [LOAN, loan(loan_id="J2", extended_maturity_on="2022-09-15"), loan(loan_id="J3", quality="FQ9")]
    write_csv(folder / "loan.csv", rows)
    quoted = [{f'"{name}"': f'"{value}"' for name, value in row.items()} for row in (LOAN, loan(loan_id="J2"))]
    write_csv(folder / "quoted.csv", quoted)
    pl.DataFrame([LOAN, loan(loan_id="J2")]).write_parquet(folder / "loan.parquet")
    fill(folder / "book.xlsx", {"loan": [dict(LOAN)], "enterprise": [dict(FIRM), dict(firm(borrower_id="F2"))]})
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@QUIET
@given(st.binary(max_size=400))
def test_random_bytes(body: bytes) -> None:
    attempt("loan.csv", body)


@QUIET
@given(st.sampled_from([b"PAR1", b"PK\x03\x04"]), st.binary(max_size=400))
def test_random_bytes_behind_a_signature(start: bytes, body: bytes) -> None:
    attempt("book", start + body)


@QUIET
@given(st.text(alphabet='J1,"\n\r;|é号\t-2022', max_size=200))
def test_random_cells_below_a_good_header(seeds: dict[str, bytes], text: str) -> None:
    attempt("loan.csv", seeds["loan.csv"] + text.encode())


@QUIET
@given(CUTS)
@pytest.mark.parametrize("name", ["loan.csv", "quoted.csv", "loan.parquet", "book.xlsx"])
def test_damaged_files(seeds: dict[str, bytes], name: str, cuts: list[tuple[int, bytes, int]]) -> None:
    attempt(name, mutated(seeds[name], cuts))


@QUIET
@given(st.integers(0, 10**6))
@pytest.mark.parametrize("name", ["loan.csv", "quoted.csv", "loan.parquet", "book.xlsx"])
def test_cut_off_files(seeds: dict[str, bytes], name: str, at: int) -> None:
    body = seeds[name]
    attempt(name, body[: at % len(body)])


@QUIET
@given(st.text(max_size=120), st.text(max_size=60))
def test_mapping_files(head: str, tail: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.yaml"
        path.write_text(f"name: mine\ntitle: {{ zh: a, en: b }}\n{head}\nsources: {tail}", "utf-8", "surrogatepass")
        try:
            exchange.load_mapping(path)
        except InputError as error:
            said(error)


@QUIET
@given(st.lists(st.sampled_from([None, "", "x", "1.5", "2022-07-31", "J1", "9.1E+17", "-1"]), min_size=3, max_size=3))
def test_parquet_of_odd_types(cells: list[str | None]) -> None:
    frame = pl.DataFrame([LOAN] * 3).with_columns(
        pl.Series("loan_id", [1.5, 2.0, None]),
        pl.Series("balance_fen", [1, 2, 2**62]),
        pl.Series("drawn_on", cells),
        pl.Series("ledger", ["corporate", "personal", None], dtype=pl.Categorical),
        pl.Series("nominal_rate_e7", [1.0, 2.5, float("nan")]),
        pl.Series("is_first_loan", [True, False, None]),
    )
    with tempfile.TemporaryDirectory() as folder:
        frame.write_parquet(Path(folder) / "x.parquet")
        attempt("loan.parquet", (Path(folder) / "x.parquet").read_bytes())
