"""Why: any receipt, and any cell of a result table, answered with clause, citation, inputs, formula and versions.

    run folder + journal (+ the original book)  ->  tree of plain records  ->  JSON object or lines of text

`explain_loan` tells everything of one receipt; `explain_cell` one column of its rows. Formulas, inputs and rules of
every registered column stand as data in `lineage.toml`, sentences in `labels/explain.toml`. Conditions are judged
again by the interpreter, amounts added up again, interest worked out again from terms; where a second computation
does not give what the run has written, the explanation says so. Inputs that are not in the run are read through a
port; without it they are named as not at hand.
"""

from steadyrest.book.explain.cell import explain_cell
from steadyrest.book.explain.loan import explain_loan
from steadyrest.book.explain.render import Answer, Mask, as_dict, as_lines, nothing_hidden
from steadyrest.book.explain.tree import Explanation, Fact, Sentence

__all__ = [
    "Answer",
    "Explanation",
    "Fact",
    "Mask",
    "Sentence",
    "as_dict",
    "as_lines",
    "explain_cell",
    "explain_loan",
    "nothing_hidden",
]
