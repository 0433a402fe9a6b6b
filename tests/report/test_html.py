"""The page as a reader's browser and a strict server see it: self-contained, bilingual, accessible, and adding up."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from steadyrest.book.manifest import ControlTotal
from steadyrest.report import RunFacts, write_report

Run = tuple[Path, RunFacts]
_VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Tags in order with their attributes, text by table cell, and a check that what opens closes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.tables: list[dict[str, list[list[str]]]] = []
        self._open: list[str] = []
        self._part = ""
        self._cell: list[str] | None = None
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append({"thead": [], "tbody": [], "tfoot": []})
        elif tag in ("thead", "tbody", "tfoot"):
            self._part = tag
        elif tag == "tr":
            self.tables[-1][self._part].append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag in ("td", "th") and self._cell is not None:
            self.tables[-1][self._part][-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


@pytest.fixture(scope="module")
def source(run: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("page") / "report.html"
    write_report(*run, out)
    return out.read_text("utf-8")


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def test_nothing_is_loaded_and_nothing_runs(source: str, page: Page) -> None:
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    for _, attributes in page.tags:
        assert "style" not in attributes
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#").startswith("#")
        assert attributes.get("fill", "url(#").startswith("url(#")
    style = source[source.index("<style>") + 7 : source.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_names_the_one_style_sheet(source: str, page: Page) -> None:
    style = source[source.index("<style>") + 7 : source.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policies = [attributes["content"] for tag, attributes in page.tags if attributes.get("http-equiv")]
    assert policies == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]


def test_ids_are_unique_and_every_reference_has_its_target(page: Page) -> None:
    ids = Counter(attributes["id"] for _, attributes in page.tags if "id" in attributes)
    assert [name for name, times in ids.items() if times > 1] == []
    wanted = {attributes["href"][1:] for _, attributes in page.tags if "href" in attributes}
    wanted |= {attributes["for"] for _, attributes in page.tags if "for" in attributes}
    wanted |= {name for _, attributes in page.tags for name in attributes.get("aria-labelledby", "").split()}
    wanted |= {attributes["fill"][5:-1] for _, attributes in page.tags if "fill" in attributes}
    assert wanted - set(ids) == set()


def test_both_languages_hold_the_same_tables_and_charts(source: str) -> None:
    zh, en = source.split('<main class="copy en" lang="en">')
    for mark in ("<table", "<svg", "<section", "<h2"):
        assert zh.count(mark) == en.count(mark) > 0
    visible = re.sub(r"<[^>]+>", " ", en)
    chinese = set(re.findall(r"[一-鿿]+", visible.replace("中文", "").replace("中心架", "")))
    files = set(re.findall(r"[一-鿿]+", "存量单位贷款 客户"))
    assert chinese <= files


def test_tables_have_captions_and_scoped_headers(page: Page) -> None:
    tables = sum(tag == "table" for tag, _ in page.tags)
    assert sum(tag == "caption" for tag, _ in page.tags) == tables
    for tag, attributes in page.tags:
        if tag == "th":
            assert attributes.get("scope") in ("col", "row", "colgroup", "rowgroup")


def test_headings_go_down_one_level_at_a_time(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 2
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_rows_are_as_wide_as_their_head(page: Page) -> None:
    for printed in page.tables:
        width = {len(row) for part in ("tbody", "tfoot") for row in printed[part] if len(row) > 1}
        assert len(width) == 1


def test_charts_are_well_formed_and_say_what_they_show(source: str) -> None:
    charts = re.findall(r"<svg.*?</svg>", source, re.DOTALL)
    assert len(charts) >= 10
    for chart in charts:
        tree = ElementTree.fromstring(chart)
        assert tree.get("role") == "img"
        title, described = tree.find("title"), tree.find("desc")
        assert title is not None
        assert title.text
        assert described is not None
        assert described.text
        for mark in tree.iter("rect"):
            assert float(mark.get("width", "0")) > 0
            assert float(mark.get("height", "0")) > 0


def hundredths(cell: str) -> int | None:
    """A printed number with two decimals, or a count; None for anything else."""
    if not re.fullmatch(r"[−]?[\d,]+(\.\d\d)?", cell):
        return None
    digits = cell.replace("−", "-").replace(",", "")
    return int(digits.replace(".", "")) if "." in digits else int(digits) * 100


def test_printed_parts_add_up_to_the_printed_totals(page: Page) -> None:
    columns = 0
    for printed in page.tables:
        for total in printed["tfoot"]:
            for index, cell in enumerate(total):
                expected = hundredths(cell)
                if index and expected is not None:
                    parts = [hundredths(row[index]) or 0 for row in printed["tbody"] if len(row) > 1]
                    assert sum(parts) == expected, (printed["thead"], index)
                    columns += 1
    assert columns > 40


def test_no_name_and_no_identity_number_leaves_unless_asked(
    source: str, run: Run, unmasked: RunFacts, tmp_path: Path
) -> None:
    borrowers = pl.read_parquet(run[0] / "enterprise.parquet")
    assert [number for number in borrowers["borrower_id"] if number in source] == []
    assert "江苏恒力" not in source
    write_report(run[0], unmasked, tmp_path / "report.html")
    shown = (tmp_path / "report.html").read_text("utf-8")
    assert any(number in shown for number in borrowers["borrower_id"])
    assert "请按客户信息管理" in shown


def test_same_run_same_bytes(run: Run, source: str, make: Callable[[Path, int], RunFacts], tmp_path: Path) -> None:
    facts = make(tmp_path / "tables", 900)
    assert facts == run[1]
    write_report(tmp_path / "tables", facts, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text("utf-8") == source


def test_weak_points_stand_on_the_first_page(run: Run, source: str, tmp_path: Path) -> None:
    first = source[: source.index('<section id="eligibility-zh"')]
    for words in ("合成数据", "缺少还款条件", "被隔离", "最后核对至2024-11-20", "D级"):
        assert words in first
    differs = replace(run[1], totals=(ControlTotal("loan", "balance_fen", "CNY", 100, 101),))
    write_report(run[0], differs, tmp_path / "report.html")
    assert "请勿使用本报告" in (tmp_path / "report.html").read_text("utf-8")


def test_receipts_drawn_after_the_as_of_date_are_counted_on_the_first_page(
    run: Run, source: str, tmp_path: Path
) -> None:
    shutil.copytree(run[0], tmp_path / "tables")
    late = {"code": "RELIEF-004", "severity": "warning", "table": "loan", "field": "drawn_on"}
    rows = pl.DataFrame([{**late, "row_id": f"JJ{number}"} for number in range(1_200)])
    finding = pl.read_parquet(run[0] / "finding.parquet")
    more = rows.cast({"severity": finding.schema["severity"]})
    pl.concat([finding, more], how="diagonal").write_parquet(tmp_path / "tables" / "finding.parquet")
    write_report(tmp_path / "tables", run[1], tmp_path / "report.html")
    found = (tmp_path / "report.html").read_text("utf-8")
    first = found[: found.index('<section id="eligibility-zh"')]
    assert "1,200 笔借据在截至日之后才放款" in first
    assert "1,200 receipts were drawn after the as-of date" in found
    assert "截至日之后才放款" not in source


def test_a_risk_effect_that_nobody_assessed_is_said_and_is_no_result(run: Run, source: str, tmp_path: Path) -> None:
    assert "尚未评估" not in source
    shutil.copytree(run[0], tmp_path / "tables")
    signed = pl.read_parquet(run[0] / "amendment.parquet")
    kind = signed.schema["risk_effect"]
    open_ones = signed.with_columns(pl.lit("not_assessed", kind).alias("risk_effect"))
    open_ones.write_parquet(tmp_path / "tables" / "amendment.parquet")
    write_report(tmp_path / "tables", run[1], tmp_path / "report.html")
    found = (tmp_path / "report.html").read_text("utf-8")
    assert "笔的风险后果尚未评估" in found
    assert "must not be taken as not restructured" in found
    assert found.count("<td>not assessed</td>") >= 1
    assert "非重组资产" not in found
    open_ones.with_columns(pl.lit(None, kind).alias("risk_effect")).write_parquet(
        tmp_path / "tables" / "amendment.parquet"
    )
    write_report(tmp_path / "tables", run[1], tmp_path / "again.html")
    assert "笔的风险后果尚未评估" in (tmp_path / "again.html").read_text("utf-8"), "not supplied is not assessed"


def test_a_run_without_any_table_still_reports(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    write_report(tmp_path / "tables", replace(run[1], files=(), totals=()), tmp_path / "report.html")
    found = (tmp_path / "report.html").read_text("utf-8")
    Page(found)
    assert "贷款簿中没有贷款" in found
    assert "缺少还款条件" in found


def test_text_of_the_data_cannot_become_markup(run: Run, tmp_path: Path) -> None:
    for item in run[0].iterdir():
        frame = pl.read_parquet(item)
        if "loan_id" in frame.columns:
            frame = frame.with_columns(pl.col("loan_id") + '"><script>x</script>')
        frame.write_parquet(tmp_path / item.name)
    write_report(tmp_path, run[1], tmp_path / "report.html")
    assert "<script" not in (tmp_path / "report.html").read_text("utf-8")


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_has_the_contrast_that_wcag_aa_asks_for() -> None:
    style = (resources.files("steadyrest.report") / "report.css").read_text("utf-8")
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", style))
    shades = dict(re.findall(r"\.shade(\d) \.tile \{ fill: (#[0-9a-f]{6})", style))
    pairs = [
        (named[ink], named[ground])
        for ink in ("ink", "soft", "deep", "ochre", "red", "green")
        for ground in ("paper", "wash")
    ]
    pairs += [(named["ochre"], named["ochre-wash"]), ("#ffffff", named["deep"])]
    pairs += [(named["ink"], shades[shade]) for shade in "123"] + [("#ffffff", shades[shade]) for shade in "45"]
    for ink, ground in pairs:
        lighter, darker = sorted((luminance(ink), luminance(ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ink, ground)
