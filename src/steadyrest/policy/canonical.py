"""A clause as plain values: what is hashed, compared, written to the journal and explained from it."""

from __future__ import annotations

from datetime import date

from steadyrest.policy.model import Clause, Relief, RuledTable
from steadyrest.rules import Condition, Parameter, text_of
from steadyrest.rules.tables import cell_text, result_text
from steadyrest.text import Text


def canonical(clause: Clause) -> dict[str, object]:
    """Everything a clause says, as JSON values; the place of the file does not belong to it.

    Predicates are written with the values of their parameters, so that they can be parsed again by themselves.
    """
    return {
        "id": clause.id,
        "slug": clause.slug,
        "kind": clause.kind,
        "title": _both(clause.title),
        "document": _both(clause.document),
        "article": _both(clause.article),
        "quote": clause.quote,
        "strength": clause.strength,
        "binds": list(clause.binds),
        "grade": clause.grade,
        "source": clause.source,
        "effective_from": plain(clause.effective_from),
        "effective_to": plain(clause.effective_to),
        "known_from": plain(clause.known_from),
        "supersedes": list(clause.supersedes),
        "status": clause.status,
        "open_readings": [_both(reading) for reading in clause.open_readings],
        "conditions": [_condition(condition) for condition in clause.conditions],
        "parameters": {name: _parameter(value) for name, value in sorted(clause.parameters.items())},
        "relief": _relief(clause.relief) if clause.relief else None,
        "defines": clause.defines,
        "mechanism": clause.mechanism,
        "confirmed_by": clause.confirmed_by,
    }


def plain(value: object) -> object:
    """A value as JSON has it: days as ISO text, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _condition(condition: Condition) -> dict[str, object]:
    return {
        "bit": condition.bit,
        "id": condition.id,
        "title": _both(condition.title),
        "test": text_of(condition.node),
        "soft": condition.is_soft,
    }


def _parameter(parameter: Parameter) -> dict[str, object]:
    return {"value": plain(parameter.value), "unit": parameter.unit}


def _relief(relief: Relief) -> dict[str, object]:
    return {
        "programme": relief.programme,
        "legal_forms": list(relief.legal_forms),
        "window_from": plain(relief.window_from),
        "window_to": plain(relief.window_to),
        "parts": relief.parts,
        "cap_on": plain(relief.cap_on),
        "cap_strength": relief.cap_strength,
    }


def canonical_table(item: RuledTable) -> dict[str, object]:
    """Everything a decision table says, as JSON values: its cells as texts."""
    known = item.table
    return {
        "id": item.id,
        "slug": item.slug,
        "title": _both(item.title),
        "document": _both(item.document),
        "article": _both(item.article),
        "grade": item.grade,
        "source": item.source,
        "effective_from": plain(item.effective_from),
        "effective_to": plain(item.effective_to),
        "known_from": plain(item.known_from),
        "confirmed_by": item.confirmed_by,
        "hit_policy": known.hit_policy,
        "inputs": [{"column": part.column.name, "unit": part.unit} for part in known.inputs],
        "outputs": [{"name": part.name, "kind": part.kind.value, "unit": part.unit} for part in known.outputs],
        "rules": [
            [
                *(cell_text(cell, part.column, part.unit) for cell, part in zip(row.cells, known.inputs, strict=True)),
                *(result_text(value, part) for value, part in zip(row.results, known.outputs, strict=True)),
            ]
            for row in known.rows
        ],
    }
