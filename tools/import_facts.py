"""Make the packaged reference tables from a folder of collected facts: python tools/import_facts.py FACTS.

The tables are committed; running this again on the same facts gives the same bytes.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "src/steadyrest/reference/data"

PROVINCES_EN = {
    "11": "Beijing", "12": "Tianjin", "13": "Hebei", "14": "Shanxi", "15": "Inner Mongolia", "21": "Liaoning",
    "22": "Jilin", "23": "Heilongjiang", "31": "Shanghai", "32": "Jiangsu", "33": "Zhejiang", "34": "Anhui",
    "35": "Fujian", "36": "Jiangxi", "37": "Shandong", "41": "Henan", "42": "Hubei", "43": "Hunan", "44": "Guangdong",
    "45": "Guangxi", "46": "Hainan", "50": "Chongqing", "51": "Sichuan", "52": "Guizhou", "53": "Yunnan", "54": "Tibet",
    "61": "Shaanxi", "62": "Gansu", "63": "Qinghai", "64": "Ningxia", "65": "Xinjiang", "71": "Taiwan",
    "81": "Hong Kong", "82": "Macao",
}  # fmt: skip
TILES = {  # (row, column) of a tile grid: neighbours stay near each other, no outline is drawn
    "23": (0, 8), "15": (1, 6), "22": (1, 8), "65": (2, 0), "62": (2, 3), "64": (2, 4), "14": (2, 5), "11": (2, 6),
    "12": (2, 7), "21": (2, 8), "54": (3, 0), "63": (3, 2), "61": (3, 4), "41": (3, 5), "13": (3, 6), "37": (3, 7),
    "51": (4, 2), "50": (4, 3), "42": (4, 4), "34": (4, 5), "32": (4, 6), "31": (4, 7), "53": (5, 2), "52": (5, 3),
    "43": (5, 4), "36": (5, 5), "33": (5, 6), "45": (6, 3), "44": (6, 4), "35": (6, 5), "71": (6, 6), "82": (7, 3),
    "81": (7, 4), "46": (8, 3),
}  # fmt: skip
NAICS = (
    ("11", "A", "agriculture, forestry, fishing and hunting are section A"),
    ("21", "B", "mining, oil and gas extraction are section B"),
    ("22", "D", "utilities are section D; sewage, a small part, is N in China"),
    ("23", "E", "construction is section E"),
    ("31", "C", "manufacturing is section C"),
    ("32", "C", "manufacturing is section C"),
    ("33", "C", "manufacturing is section C"),
    ("42", "F", "wholesale is division 51 of section F"),
    ("44", "F", "retail is division 52 of section F"),
    ("45", "F", "retail is division 52 of section F"),
    ("48", "G", "transport is section G"),
    ("49", "G", "post, couriers and storage are section G"),
    ("51", "", "information: publishing and film are section R, telecommunications and software I"),
    ("52", "J", "finance and insurance are section J"),
    ("53", "", "real estate is section K, rental and leasing L"),
    (
        "54",
        "",
        "professional services: legal and accounting are section L, research and engineering M, computer design I",
    ),
    ("55", "L", "management of companies is division 72 of section L"),
    ("56", "", "administrative support is section L, waste services N"),
    ("61", "P", "education is section P"),
    ("62", "Q", "health care and social assistance are section Q"),
    ("71", "R", "arts, entertainment and recreation are section R"),
    ("72", "H", "accommodation and food services are section H"),
    ("81", "", "other services: repair and personal services are section O, associations S"),
    ("92", "S", "public administration is section S"),
)
SIZE_2017 = {
    "A": "A", "B,C,D": "B C D", "E": "E", "F51": "F51", "F52": "F52", "G54-58": "G54 G55 G56 G57 G58", "G59": "G59",
    "G60": "G60", "H61": "H61", "H62": "H62", "I63-64": "I63 I64", "I65": "I65", "K7010": "K7010", "K7020": "K7020",
    "L": "L", "M,N,O,Q,R,K703,K709": "M N O Q R K703 K709",
}  # fmt: skip
SIZE_2011 = {
    "工业 (B+C+D: mining, manufacturing, utilities)": ("B C D", "工业"), "建筑业": ("E", "建筑业"),
    "批发业": ("F51", "批发业"), "零售业": ("F52", "零售业"), "农林牧渔": ("A", "农、林、牧、渔业"),
    "交通运输业": ("G54 G55 G56 G57 G58", "交通运输业(不含铁路)"),
    "软件和信息技术服务业": ("I65", "软件和信息技术服务业"),
}  # fmt: skip
TAG_COLUMNS = ("strategic", "high_tech_manufacturing", "high_tech_service", "ip_intensive", "digital")
LARGE_TO_SMALL = ("large", "medium", "small")
METRIC = {"staff": "employees", "revenue_10k": "revenue", "assets_10k": "assets"}
INDICATOR = {"employees": ("employees", 1), "revenue": ("revenue_fen", 10**6), "assets": ("total_assets_fen", 10**6)}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (DATA / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def rate_e7(percent: str) -> int:
    whole, _, decimals = percent.partition(".")
    return int(whole) * 100_000 + int(decimals.ljust(5, "0"))


def grade(status: str) -> str:
    """Recalled and derived-from-recalled rows are D, the rest copies (C): no official site is among the sources."""
    return "D" if "RECALLED" in status else "C"


def industry(facts: Path) -> Iterator[list[object]]:
    tags: dict[str, dict[str, str]] = {}
    for row in rows_of(facts / "reference/gbt4754_policy_tags.csv"):
        known = tags.setdefault(row["code"], {}).get(row["tag"])
        whole = row["partial"] != "True"
        tags[row["code"]][row["tag"]] = "whole" if whole or known == "whole" else "part"
    htp = {row["code"]: row["htp"] for row in rows_of(facts / "reference/high_tech_manufacturing_2017_htp.csv")}
    for row in rows_of(facts / "reference/gbt4754_2017.csv"):
        tag = tags.get(row["code"], {})
        names = ("strategic", "highTech_mfg", "highTech_svc", "ip_intensive", "digital")
        yield [row["code"], row["level"], row["section"], row["parent"], row["name_zh"], htp.get(row["code"], ""),
               *(tag.get(name, "") for name in names)]  # fmt: skip


def sizes(facts: Path) -> Iterator[list[object]]:
    """Thresholds of the 2017 statistical standard and, as far as the facts hold them, of 工信部联企业〔2011〕300号."""
    for row in rows_of(facts / "enterprise_size.csv"):
        codes, name = SIZE_2011[row["industry"]]
        metrics = [METRIC[metric] for metric in (row["metric_a"], row["metric_b"]) if metric]
        bounds = [[int(part.strip().removeprefix(">=")) for part in row[size].split("and")] for size in LARGE_TO_SMALL]
        for index, metric in enumerate(metrics):
            column, unit = INDICATOR[metric]
            yield ["2011", codes, name, column, *(bound[index] * unit for bound in bounds)]
    for row in rows_of(facts / "reference/msme_size_thresholds_2017.csv"):
        column, unit = INDICATOR[row["indicator"]]
        bounds_2017 = [int(row[f"{size}_min"]) * unit for size in LARGE_TO_SMALL]
        yield ["2017", SIZE_2017[row["scope"]], row["industry_zh"], column, *bounds_2017]


def calendar(facts: Path) -> Iterator[list[object]]:
    for row in rows_of(facts / "reference/cn_calendar_2004_2026.csv"):
        a, b = row["is_workday_chinesecalendar"], row["is_workday_holidays_pkg"]
        assert not a or not b or a == b or row["date"] < "2006", row["date"]
        working = a or b
        session = row["is_xshg_session"]
        weekday = int(row["weekday"]) < 5
        if (working == "True") != weekday or (session and (session == "True") != weekday):
            yield [row["date"], int(working == "True"), {"True": 1, "False": 0}.get(session, "")]


SEEN_6_27 = ("2024-01-01", "2025-10-31")
"""Between which versions of the source table 6.27 was seen."""
ENDED = "终止报送"


def official_fields(facts: Path) -> Iterator[list[object]]:
    """Fields in order, with the short code that stands for the name in files, and whether reporting has ended."""
    for row in rows_of(facts / "returns/pboc_fields.csv"):
        ended = ENDED in row["rule_zh"]
        yield [row["table_code"], row["seq"], row["field_zh"], "", row["length"], int(ended), "", ""]
    for row in rows_of(facts / "returns/east5_fields.csv"):
        name = row["name_zh"].removesuffix("(PK)")
        yield [row["table_code"], row["seq"], name, row["field"], row["type"], 0, "", ""]
    for row in rows_of(facts / "returns/ybt_6_27_fields.csv"):
        yield [row["table_code"], row["seq"], row["name_zh"], row["field"], "", 0, *SEEN_6_27]


def official_codes(facts: Path) -> Iterator[list[object]]:
    """Codes by field; in EAST the words themselves are reported."""
    for row in rows_of(facts / "returns/pboc_codes.csv"):
        yield [row["table_code"], row["field_zh"], row["code"], row["label_zh"]]
    for row in rows_of(facts / "returns/east5_values.csv"):
        yield [row["table_code"], row["name_zh"], row["value_zh"], row["value_zh"]]
    for row in rows_of(facts / "returns/ybt_6_27_fields.csv"):
        for item in row["values_seen"].split(";"):
            code, _, words = item.strip().partition(" ")
            if code.isdigit() and len(code) == 2 and words:
                yield [row["table_code"], row["name_zh"], code, words]


def main(facts: Path) -> None:
    write(
        "industry",
        ["code", "level", "section", "parent", "name_zh", "high_tech_code", *TAG_COLUMNS],
        industry(facts),
    )
    write("provinces", ["code", "name_zh", "name_en", "tile_row", "tile_column"],
          ([r["code"], r["name"], PROVINCES_EN[r["code"]], *TILES[r["code"]]]
           for r in rows_of(facts / "reference/provinces.csv")))  # fmt: skip
    write(
        "areas",
        ["code", "name_zh", "province_code"],
        ([r["code"], r["name"], r["provinceCode"]] for r in rows_of(facts / "reference/areas.csv")),
    )
    write("calendar", ["on", "is_bank_day", "is_session"], calendar(facts))
    write("lpr", ["quote_on", "lpr_1y_rate_e7", "lpr_5y_rate_e7", "grade"],
          ([r["quote_date"], rate_e7(r["lpr_1y_pct"]), rate_e7(r["lpr_5y_plus_pct"]), grade(r["status"])]
           for r in rows_of(facts / "lpr_history.csv")))  # fmt: skip
    write("relending_rates", ["from_on", "to_on", "rate_3m_e7", "rate_6m_e7", "rate_1y_e7", "grade"],
          ([r["effective_from"], r["effective_to"], *(rate_e7(r[f"rate_{m}_pct"]) for m in ("3m", "6m", "1y")),
            grade(r["status"])] for r in rows_of(facts / "relending_sme_rates.csv")))  # fmt: skip
    write(
        "size_thresholds",
        ["standard", "industries", "name_zh", "measure", "large_min", "medium_min", "small_min"],
        sizes(facts),
    )
    write("naics_to_gbt", ["naics_sector", "section", "reading"], NAICS)
    write(
        "code_lists",
        ["list", "code", "label_zh"],
        ([r["list"], r["code"], r["label"]] for r in rows_of(facts / "code_lists.csv") if r["list"] != "list"),
    )
    write("official_codes", ["table_code", "field_zh", "code", "label_zh"], official_codes(facts))
    write(
        "official_fields",
        ["table_code", "sequence", "field_zh", "field_code", "format", "is_ended", "seen_from_on", "seen_to_on"],
        official_fields(facts),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
