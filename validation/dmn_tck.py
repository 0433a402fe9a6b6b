"""Command line: `python -m validation.dmn_tck DIR`.

DIR holds the folders of the DMN Technology Compatibility Kit: a model (`.dmn`) and its test cases (`*-test-*.xml`). A
case passes when every result of it is the expected one, numbers to 1e-8. What cannot run is failed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from steadyrest.rules.dmn import DmnError, Model, decide, read_model
from steadyrest.rules.dmn.read import read_xml
from steadyrest.rules.dmn.values import Value, equal, to_date, to_datetime, to_duration, to_number, to_text, to_time
from validation.report import Report

CLOSE: Final = Decimal("1e-8")
NUMBERS: Final = ("decimal", "double", "float", "int", "integer", "long", "short", "byte")
READERS: Final = {"date": to_date, "dateTime": to_datetime, "time": to_time, "duration": to_duration,
                  "dayTimeDuration": to_duration, "yearMonthDuration": to_duration}  # fmt: skip


def value_of(node: Element) -> Value:
    """What a node of a test holds: one value, components, or a list."""
    if node.get("nil") == "true":
        return None
    for child in node:
        if child.tag == "component":
            return {item.get("name", ""): value_of(item) for item in node.iterfind("component")}
        if child.tag == "list":
            return None if child.get("nil") == "true" else [value_of(item) for item in child.iterfind("item")]
        if child.tag == "value":
            return scalar(child)
    return None


def scalar(node: Element) -> Value:
    """A single value by its XML type; without one it is text."""
    if node.get("nil") == "true":
        return None
    kind, text = (node.get("type") or "string").rpartition(":")[2], node.text or ""
    if kind in NUMBERS:
        return to_number(text.strip())
    if kind == "boolean":
        return text.strip() in ("true", "1")
    if kind in READERS:
        return READERS[kind](text.strip())
    return text


def is_expected(found: Value, wanted: Value) -> bool:
    """Whether a result is the expected one; numbers may differ by 1e-8."""
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) <= CLOSE
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(is_expected, found, wanted))
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return found.keys() == wanted.keys() and all(is_expected(found[name], wanted[name]) for name in wanted)
    return equal(found, wanted) is True


def differences(model: Model, case: Element) -> Iterator[str]:
    """What a case expected and did not get."""
    inputs = {node.get("name", ""): value_of(node) for node in case.iterfind("inputNode")}
    results = case.findall("resultNode")
    if not results:
        yield "no result is expected"
    for node in results:
        name, expected = node.get("name", ""), node.find("expected")
        wanted = None if expected is None or node.get("errorResult") == "true" else value_of(expected)
        try:
            found = decide(model, name, inputs)
        except (DmnError, RecursionError) as error:
            yield f"{name}: {error}"
            continue
        if not is_expected(found, wanted):
            yield f"{name}: expected {to_text(wanted)}, found {to_text(found)}"


def check_file(report: Report, path: Path) -> None:
    """All cases of one file of tests."""
    try:
        tests = read_xml(path.read_bytes())
        model = read_model((path.parent / (tests.findtext("modelName") or "").strip()).read_bytes())
    except (DmnError, OSError) as error:
        report.failed(path.name, str(error))
        return
    cases = tests.findall("testCase")
    if not cases:
        report.failed(path.name, "no test case")
    for case in cases:
        wrong = list(differences(model, case))
        report.check(f"{path.name} {case.get('id', '-')}", not wrong, "; ".join(wrong))


def main(argv: Sequence[str] | None = None) -> int:
    """Run; the exit code is 1 when something failed."""
    parser = argparse.ArgumentParser(prog="python -m validation.dmn_tck", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder: Path = parser.parse_args(argv).folder
    report = Report()
    tested: set[Path] = set()
    for path in sorted(folder.rglob("*.xml")):
        check_file(report, path)
        tested.add(path.parent)
    for path in sorted(folder.rglob("*.dmn")):
        if path.parent not in tested:
            report.failed(path.name, "no test cases beside it")
    if not tested:
        report.failed(str(folder), "no file of test cases")
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
