"""One typed rule language for data quality and policy: parsed once, run in Polars, in SQL, or by row with reasons."""

from steadyrest.rules.checks import Problem, check
from steadyrest.rules.conditions import Condition, Masks, by_bit, checked, masks_of, polars_masks, sql_masks
from steadyrest.rules.interpreter import evaluate
from steadyrest.rules.mutate import Mutant, mutants
from steadyrest.rules.parse import parse
from steadyrest.rules.polars_backend import to_polars
from steadyrest.rules.reasons import Counterfactual, Reason, counterfactual, explain
from steadyrest.rules.sql_backend import to_sql
from steadyrest.rules.syntax import Node, columns, leaves, positive, text_of
from steadyrest.rules.types import Parameter
from steadyrest.rules.words import value_words, words

__all__ = [
    "Condition",
    "Counterfactual",
    "Masks",
    "Mutant",
    "Node",
    "Parameter",
    "Problem",
    "Reason",
    "by_bit",
    "check",
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
    "positive",
    "sql_masks",
    "text_of",
    "to_polars",
    "to_sql",
    "value_words",
    "words",
]
