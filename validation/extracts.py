"""Command line: `python -m validation.extracts [--loans N] [--seed S]`.

A made-up bank of N receipts is written as its systems extract it (EAST and PBoC tables in dialects of their own), dirt
of every kind is planted, and the whole is read. All dirt must be found, each kind by its own code on its own row;
nothing else may be accused; no row may be lost; what only looks odd must be read for what it says.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest import exchange, synth
from steadyrest.desks.supervision.layout import names
from validation.report import Report

AS_OF: Final = date(2022, 7, 31)
STOCK, EAST = "JS_201_CLDWDK", "IE_005_504"
BRANCH: Final = "B0001"
CLEAN_LOANS: Final = 20_000
NATURAL: Final = {"OPTIONAL-001", "PARTY-003", "TERMS-006", "TERMS-007"}
"""What a bank without dirt may be told: values left out, lines used up, and terms that nothing tells."""
ROW: Final = {
    "金融机构代码": "91110102XXYYYYYY6R", "内部机构号": BRANCH, "金融机构地区代码": "330106", "借款人证件类型": "A01",
    "借款人行业": "C34", "借款人企业规模": "CS03", "贷款合同编码": "HT-D", "贷款产品类别": "F022",
    "贷款实际投向": "C349",
    "贷款发放日期": "2021-07-15", "贷款到期日期": "2022-09-15", "币种": "CNY", "贷款余额": "1000.00",
    "贷款余额折人民币": "1000.00", "利率是否固定": "RF01", "利率水平": "4.35000", "贷款利率重新定价日": "2022-09-15",
    "贷款担保方式": "D", "是否首次贷款": "1", "贷款质量": "FQ01", "贷款状态": "LS01",
}  # fmt: skip
ODD: Final[Mapping[str, Mapping[str, str]]] = {
    "D-WIDE": {"贷款余额": "１０００.００", "贷款发放日期": "２０２１－０７－１５", "贷款质量": "ＦＱ０１"},
    "D-PADDED": {"贷款借据编码": "D-PADDED   ", "贷款质量": "FQ01  ", "币种": " CNY"},
    "D-COMPACT": {"贷款发放日期": "20210715", "贷款到期日期": "2022/9/15"},
    "D-SERIAL": {"贷款发放日期": "44392"},
    "D-THOUSANDS": {"贷款余额": "1,000.00"},
    "D-NEVER": {"贷款展期到期日期": "99991231"},
    "D-NEVER-2": {"贷款展期到期日期": "0001-01-01"},
    "D-NEVER-3": {"贷款展期到期日期": "18991231"},
}
"""Rows of the stock that only look odd: read as the plain row."""
WRONG: Final[Sequence[tuple[str, Mapping[str, str]]]] = (
    ("ID-001", {"贷款借据编码": "9.1E+17"}),
    ("ID-001", {"贷款借据编码": "911101060006003000"}),
    ("REQUIRED-001", {"贷款借据编码": "D-NO-DATE", "贷款发放日期": r"\N"}),
    ("REQUIRED-002", {"贷款借据编码": "D-BAD-DATE", "贷款发放日期": "2021-02-30"}),
    ("VALUE-001", {"贷款借据编码": "D-BAD-RATE", "利率水平": "4.35.0"}),
    ("VALUE-002", {"贷款借据编码": "D-BAD-CODE", "贷款质量": "FQ9"}),
    ("KEY-001", {"贷款借据编码": "D-WIDE"}),
    ("LOAN-001", {"贷款借据编码": "D-ORDER", "贷款到期日期": "2021-01-01", "贷款利率重新定价日": "2021-01-01"}),
)
"""(code, cells of a row of the stock): the code is found on that row."""


def line(cells: Mapping[str, str], firm: str) -> str:
    """A record of the stock as this bank writes it."""
    whole = {**ROW, "借款人证件代码": firm, **cells}
    return "\x01".join(whole.get(name, r"\N") for name in names(STOCK)) + "\n"


def plant(book: Path) -> int:
    """Put the dirt into the files; returns the rows added to the stock."""
    stock = next(book.glob(f"{STOCK}.*gz"))
    with gzip.open(stock, "rt", encoding="gb18030", newline="") as stream:
        firm = stream.readline().split("\x01")[names(STOCK).index("借款人证件代码")]
    odd = [line({"贷款借据编码": key, **cells}, firm) for key, cells in ODD.items()]
    wrong = [line(cells, firm) for _, cells in WRONG]
    ragged = "D-RAGGED\x01B1\x01x\n"
    with gzip.open(stock, "ab") as packed:
        packed.write("".join((*odd, *wrong, ragged)).encode("gb18030"))
    control = book / f"{STOCK}.ok"
    promised = int(control.read_text("utf-8").rpartition("|")[2]) + len(odd) + len(wrong) + 1
    control.write_text(f"{stock.name}|{promised}\n", "utf-8")
    _files(book)
    return len(odd) + len(wrong) + 1


def _files(book: Path) -> None:
    """Files that contradict their control files, a part that is missing, a file that is named and not there."""
    header = "|".join(names("JS_201_DBHTXX"))
    (book / "JS_201_DBHTXX.txt").write_text(f"{header}\n{'|' * header.count('|')}\n", "utf-8")
    (book / "JS_201_DBHTXX.ctl").write_text("JS_201_DBHTXX.txt rows=2\n", "utf-8")
    head = "|".join(names("JS_201_CLZXYP"))
    for part in (1, 3):
        row = "|".join(["X", "B1", "HT", f"LN000000000{part}", "0", "0"])
        (book / f"JS_201_CLZXYP_{part}.txt").write_text(f"{head}\n{row}\n", "utf-8")
    (book / "JS_201_CLZXYP_1.chk").write_text("20220731 1 17 99\n", "utf-8")
    (book / "all.flg").write_text("JS_205_CLPJRZ.txt|12\n", "utf-8")


FILES: Final = {"FILE-001": "JS_201_DBHTXX.txt", "FILE-002": "JS_205_CLPJRZ.txt", "FILE-003": "JS_201_CLZXYP",
                "FILE-004": "JS_201_CLZXYP_1.txt"}  # fmt: skip


def check(report: Report, book: Path, summary: synth.SynthSummary, added: int, natural: set[str], into: Path) -> None:
    """Read and judge."""
    read = exchange.read_book(book, into=into)
    found = exchange.findings(into).collect()
    loans = pl.concat([exchange.load_part(into, "loan", part) for part in range(read.parts)])
    rows = {file.name: file for file in read.files}
    for name, count in summary.files.items():
        if name in rows:
            more = added if name.startswith(STOCK) else 0
            file = rows[name]
            report.check(f"rows of {name}", file.rows_read == count + more, f"{file.rows_read} of {count + more}")
            kept = file.rows_accepted + file.rows_quarantined == file.rows_read
            report.check(f"no row of {name} is lost", kept)
    held = rows["JS_201_DBHTXX.txt"]
    report.check("the file that contradicts its control file is not read", held.rows_read == 0)
    for key in ODD:
        mine = loans.filter(loan_id=key)
        plain = mine.select("balance_fen", "drawn_on", "maturity_on", "quality", "currency", "extended_maturity_on")
        right = (100_000, date(2021, 7, 15), date(2022, 9, 15), "FQ01", "CNY", None)
        report.check(f"{key} is read for what it says", plain.rows() == [right], str(plain.rows()))
    _wrong(report, found, natural)
    drawn = loans.filter(~pl.col("loan_id").str.starts_with("D-"))
    sums = dict(drawn.group_by("currency").agg(pl.col("balance_fen").sum()).iter_rows())
    report.check("balances tie to the fen", sums == summary.balances_fen, f"{sums} of {summary.balances_fen}")
    told = found.filter(pl.col("code").str.starts_with("LEDGER"))
    report.check("only the branch with planted rows is off the ledger", set(told["row_id"]) == {f"{BRANCH}/CNY"})


def _wrong(report: Report, found: pl.DataFrame, natural: set[str]) -> None:
    said = pl.concat_str(pl.col("row_id", "value", "args").fill_null(""), separator=" ")
    for code, cells in WRONG:
        mark = next(iter(cells.values()))
        hit = found.filter((pl.col("code") == code) & said.str.contains(mark[:10], literal=True))
        report.check(f"{code} on {mark}", hit.height == 1, f"{hit.height} findings")
    report.check("ROW-001", found.filter(code="ROW-001").height == 1)
    for code, file in FILES.items():
        hit = found.filter(code=code)
        report.check(f"{code} of {file}", hit["source_file"].to_list() == [file], str(hit["source_file"].to_list()))
    planted = {code for code, _ in WRONG} | set(FILES) | {"ROW-001", "LEDGER-001", "LEDGER-002"}
    once = found.filter(~pl.col("code").is_in(list(natural | {"LEDGER-001", "LEDGER-002"})))
    report.check(
        "nothing else is accused", once.height == len(WRONG) + 1 + len(FILES), str(once["code"].value_counts().rows())
    )
    report.check("no other code", set(found["code"]) <= planted | natural, str(set(found["code"]) - planted - natural))


def main(argv: Sequence[str] | None = None) -> int:
    """Run; the exit code is 1 when something failed."""
    parser = argparse.ArgumentParser(prog="validation.extracts", description=__doc__)
    parser.add_argument("--loans", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=20220731)
    asked = parser.parse_args(argv)
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        clean, book = Path(folder) / "clean", Path(folder) / "book"
        synth.write_book(clean, loans=min(asked.loans, CLEAN_LOANS), seed=asked.seed, layout="extracts", dirt=False)
        exchange.read_book(clean, into=Path(folder) / "clean_read")
        natural = set(exchange.findings(Path(folder) / "clean_read").collect()["code"])
        report.check("a clean bank has warnings only", natural <= NATURAL, str(natural))
        summary = synth.write_book(book, loans=asked.loans, seed=asked.seed, layout="extracts", dirt=False)
        added = plant(book)
        check(report, book, summary, added, natural, Path(folder) / "read")
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
