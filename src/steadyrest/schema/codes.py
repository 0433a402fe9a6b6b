"""Closed code lists. A list is what the label table holds under `code.<list>`, in that order.

>>> closed("loan_status")
('LS01', 'LS02', 'LS03', 'LS04')
"""

from __future__ import annotations

from functools import cache

from steadyrest.text import Text, catalogue


@cache
def closed(name: str) -> tuple[str, ...]:
    """The codes of one list in their official order; an unknown list is a `KeyError`."""
    prefix = f"code.{name}."
    found = tuple(key.removeprefix(prefix) for key in catalogue() if key.startswith(prefix))
    if not found:
        raise KeyError(name)
    return found


def code_label(name: str, code: str) -> Text:
    """The label of one code."""
    return catalogue()[f"code.{name}.{code}"]
