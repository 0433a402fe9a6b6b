"""One typed rule language for data quality and policy: parsed once, run as Polars, as SQL text, or row by row with reasons."""

from steadyrest.rules.conditions import Condition, Masks, by_bit, checked, masks_of, polars_masks, sql_masks
from steadyrest.rules.interpreter import Counterfactual, Reason, counterfactual, evaluate, explain
from steadyrest.rules.mutate import Mutant, mutants
from steadyrest.rules.parse import Parameter, parse
from steadyrest.rules.polars_backend import to_polars
from steadyrest.rules.sql_backend import to_sql
from steadyrest.rules.syntax import Node, columns, leaves, text_of

__all__ = [
    "Condition",
    "Counterfactual",
    "Masks",
    "Mutant",
    "Node",
    "Parameter",
    "Reason",
    "by_bit",
    "checked",
    "columns",
    "counterfactual",
    "evaluate",
    "explain",
    "leaves",
    "masks_of",
    "mutants",
    "parse",
    "polars_masks",
    "sql_masks",
    "text_of",
    "to_polars",
    "to_sql",
]
