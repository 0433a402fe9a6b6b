"""Decision tables: rules as rows over registered columns, with every hit policy of DMN.

`table` makes a checked table from texts, `decide` gives its results for a frame, `decide_row` for one row (the
yardstick), `analyse` names what no row covers, what several cover and what is never reached, `nodes` are the rows as
predicates of the rule language, for Polars and SQL.
"""

from steadyrest.rules.tables.analysis import Finding, analyse
from steadyrest.rules.tables.cells import Cell, cell_text, read_cell
from steadyrest.rules.tables.decide import decide, decide_row
from steadyrest.rules.tables.model import HIT_POLICIES, STATES, Input, Output, Row, Table, result_text, table
from steadyrest.rules.tables.predicates import nodes, polars_rule, sql_rule

__all__ = [
    "HIT_POLICIES",
    "STATES",
    "Cell",
    "Finding",
    "Input",
    "Output",
    "Row",
    "Table",
    "analyse",
    "cell_text",
    "decide",
    "decide_row",
    "nodes",
    "polars_rule",
    "read_cell",
    "result_text",
    "sql_rule",
    "table",
]
