"""Our decision tables as DMN, and DMN tables of others as ours where their cells are of our language.

Written is DMN 1.3 with one decision; the labels of its columns say unit and kind, so that reading it gives the same
table. A cell of another tool that needs FEEL is refused and named.
"""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from steadyrest.errors import RuleError
from steadyrest.rules.dmn.model import Table as DmnTable
from steadyrest.rules.dmn.read import DmnError, read_model, read_xml
from steadyrest.rules.tables.cells import cell_text, is_ordered
from steadyrest.rules.tables.model import HIT_POLICIES, Input, Output, Table, result_text, table
from steadyrest.rules.types import nearest
from steadyrest.schema import TABLES
from steadyrest.schema.registry import Column, Kind
from steadyrest.text import Text

_FACTS: Final = TABLES["loan_facts"].by_name()
_HEAD: Final = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name={name} namespace="steadyrest" '
    'expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/">'
)
_TYPES: Final = {Kind.CODE: "string", Kind.TEXT: "string", Kind.DAY: "date", Kind.FLAG: "boolean"}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FEEL_DAY: Final = re.compile(r'date\(\s*"(\d{4}-\d{2}-\d{2})"\s*\)|@"(\d{4}-\d{2}-\d{2})"')


def to_dmn(known: Table, name: str) -> str:
    """The table as a DMN model with one decision."""
    policy, _, aggregation = known.hit_policy.partition("collect_")
    words = f'hitPolicy="{"COLLECT" if aggregation else policy.upper().replace("_", " ")}"'
    words += f' aggregation="{aggregation.upper()}"' if aggregation else ""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', _HEAD.format(name=quoteattr(name))]
    parts.append(f'<decision id="d" name={quoteattr(name)}><decisionTable {words}>')
    for item in known.inputs:
        kind = _TYPES.get(item.column.kind, "number")
        head = f'<input id="{item.column.name}" label={quoteattr(item.unit)}><inputExpression typeRef="{kind}">'
        parts.append(f"{head}<text>{item.column.name}</text></inputExpression></input>")
    parts += [_output(output) for output in known.outputs]
    for row in known.rows:
        cells = [_feel(cell_text(cell, item.column, item.unit), item.column)
                 for cell, item in zip(row.cells, known.inputs, strict=True)]  # fmt: skip
        results = [_result(result_text(value, output), output.kind)
                   for value, output in zip(row.results, known.outputs, strict=True)]  # fmt: skip
        entries = "".join(f"<inputEntry><text>{escape(text)}</text></inputEntry>" for text in cells)
        entries += "".join(f"<outputEntry><text>{escape(text)}</text></outputEntry>" for text in results)
        parts.append(f"<rule><description>{escape(row.note)}</description>{entries}</rule>")
    return "\n".join([*parts, "</decisionTable></decision></definitions>", ""])


def _output(output: Output) -> str:
    values = ", ".join(_result(str(value), output.kind) for value in output.values)
    listed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    label = quoteattr(f"{output.kind.value}; {output.unit}; {output.label.zh}; {output.label.en}")
    kind = _TYPES.get(output.kind, "number")
    return f'<output name={quoteattr(output.name)} label={label} typeRef="{kind}">{listed}</output>'


def _feel(text: str, column: Column) -> str:
    """A cell as a unary test of FEEL; what speaks of missing values has null."""
    if text in ("-", "missing", "present"):
        return {"-": "-", "missing": "null", "present": "not(null)"}[text]
    if column.kind is Kind.DAY:
        return _DAY.sub(lambda day: f'date("{day.group()}")', text)
    if is_ordered(column):
        return text
    turned = text.startswith("not(")
    words = ", ".join(
        f'"{word.strip()}"' for word in text.removeprefix("not(").removesuffix(")" if turned else "").split(",")
    )
    return f"not({words})" if turned else words


def _result(text: str, kind: Kind) -> str:
    if text == "-":
        return "null"
    if kind in (Kind.CODE, Kind.TEXT):
        return f'"{text}"'
    return f'date("{text}")' if kind is Kind.DAY else text


def from_dmn(content: bytes) -> Table:
    """The first decision table of a model as ours.

    Raises `RuleError` for a model without a table, an input that is no registered column, and a cell with more than our
    language has; it names row and column.
    """
    try:
        model = read_model(content)
        root = read_xml(content)
    except DmnError as error:
        raise RuleError("rule.dmn", detail=str(error)) from None
    found = next((item.body for item in model.decisions.values() if isinstance(item.body, DmnTable)), None)
    if found is None:
        raise RuleError("rule.dmn", detail="<decisionTable>")
    labels = [node.get("label", "") for node in root.iter("input")]
    inputs = [_input(column.expression, label) for column, label in zip(found.inputs, labels, strict=True)]
    heads = [(node.get("label", ""), node.get("typeRef", "")) for node in root.iter("output")]
    outputs = [_output_of(item.name, head, item.values) for item, head in zip(found.outputs, heads, strict=True)]
    policy = f"collect_{found.aggregation.lower()}" if found.aggregation else found.hit_policy.lower().replace(" ", "_")
    notes = [node.findtext("description") or "" for node in root.iter("rule")]
    rows = [
        (
            [_cell(text, item.column) for text, item in zip(cells, inputs, strict=True)],
            [_plain(text) for text in results],
            note,
        )
        for (cells, results), note in zip(found.rules, notes, strict=True)
    ]
    if policy not in HIT_POLICIES:
        raise RuleError("rule.hit_policy", found=policy, nearest=nearest(policy, HIT_POLICIES))
    return table(policy, inputs, outputs, rows)


def _input(name: str, unit: str) -> Input:
    if name not in _FACTS:
        raise RuleError("rule.table_column", name=name, nearest=nearest(name, _FACTS))
    known = unit if _FACTS[name].kind in (Kind.MONEY, Kind.RATE) else ""
    return Input(_FACTS[name], _FACTS[name].label, known)


def _output_of(name: str, head: tuple[str, str], values: str) -> Output:
    """An output; of other tools only the type is known."""
    said, kind = head
    parts = [part.strip() for part in said.split(";")]
    listed = tuple(_plain(word) for word in values.split(",") if word.strip())
    if len(parts) == 4 and parts[0] in [item.value for item in Kind]:
        return Output(name or "result", Kind(parts[0]), Text(parts[2], parts[3]), parts[1], listed)
    told = {"string": Kind.CODE if listed else Kind.TEXT, "boolean": Kind.FLAG, "date": Kind.DAY}.get(kind, Kind.COUNT)
    return Output(name or "result", told, Text(name or "result", name or "result"), "", listed)


def _cell(text: str, column: Column) -> str:
    """A unary test of FEEL in our words; anything else is left for the reader of cells to refuse."""
    clean = text.strip()
    plain = {"null": "missing", "not(null)": "present"}.get(clean.replace(" ", ""), clean)
    if column.kind is Kind.DAY:
        return _FEEL_DAY.sub(lambda found: found.group(1) or found.group(2), plain)
    return plain if is_ordered(column) else plain.replace('"', "")


def _plain(text: str) -> str:
    clean = _FEEL_DAY.sub(lambda found: found.group(1) or found.group(2), text.strip())
    return "-" if clean == "null" else clean.strip('"')
