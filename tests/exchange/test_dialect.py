"""What is found out about a text file before it is read."""

from __future__ import annotations

from pathlib import Path

from steadyrest.exchange.dialect import sniff


def test_a_quoted_cell_far_below_an_unquoted_head_is_one_cell(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    plain = "".join(f"{number},name {number},x\n" for number in range(40_000))
    file.write_text(f'id,name,rest\n{plain}40000,"one, cell",x\n', "utf-8")
    assert sniff(file, file.name).is_quoted
    file.write_text(f'id,name,rest\n{plain}40000,"5 inch pipe,x\n', "utf-8")
    assert not sniff(file, file.name).is_quoted
