"""DMN models of others: read, and decided as the standard says. An adapter: nothing of it enters packs.

`read_model(bytes)` gives the decisions of a model, `decide(model, name, inputs)` the value of one. FEEL knows more than
the rule language does (text joining, dates with times, lists, null on error); packs are written in the rule language
only, and `policy` does not import this folder. Source: OMG DMN 1.5, compliance level 2.
"""

from steadyrest.rules.dmn.decide import decide, typed
from steadyrest.rules.dmn.model import Model
from steadyrest.rules.dmn.read import DmnError, read_model

__all__ = ["DmnError", "Model", "decide", "read_model", "typed"]
