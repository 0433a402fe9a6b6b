"""What is found out about a text file before it is read."""

from __future__ import annotations

from pathlib import Path

from steadyrest.exchange.delimited import TextTable
from steadyrest.exchange.dialect import sniff


def test_a_quoted_cell_far_below_an_unquoted_head_is_one_cell(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    plain = "".join(f"{number},name {number},x\n" for number in range(40_000))
    file.write_text(f'id,name,rest\n{plain}40000,"one, cell",x\n', "utf-8")
    assert sniff(file, file.name).is_quoted
    file.write_text(f'id,name,rest\n{plain}40000,"5 inch pipe,x\n', "utf-8")
    assert not sniff(file, file.name).is_quoted


def test_a_name_that_begins_with_a_quote_loses_no_row(tmp_path: Path) -> None:
    """Without a quote that closes a cell, a quote at its beginning is a letter: every line is a row."""
    path = tmp_path / "x.txt"
    names = ["A", '"B公司', "C", '"D公司', "E"]
    path.write_text("id|name\n" + "".join(f"J{at}|{name}\n" for at, name in enumerate(names)), "utf-8")
    table = TextTable(path, "x.txt")
    assert table.dialect.is_quoted is False
    assert [name for batch in table.batches(("name",)) for name in batch.frame["name"]] == names
