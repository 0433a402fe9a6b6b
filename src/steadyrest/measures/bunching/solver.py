"""The one door to HiGHS: a linear or mixed-integer programme as arrays in, values and row prices out.

One thread, no clock, a fixed seed: the same programme has the same answer. What comes back is checked by whoever asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from steadyrest.errors import UsageError
from steadyrest.measures.flows import Floats

INFINITE: Final = float("inf")
NODES: Final = 5_000
"""Nodes a mixed-integer programme may take: a limit that does not depend on the machine."""


@dataclass(slots=True)
class Programme:
    """Minimise cost x within bounds; rows are added one by one: columns and values between two ends."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)

    def columns(self, count: int, *, cost: float = 0.0, low: float = 0.0, high: float = INFINITE) -> range:
        """New columns, and their positions."""
        first = len(self.cost)
        self.cost += [cost] * count
        self.low += [low] * count
        self.high += [high] * count
        return range(first, first + count)

    def row(self, columns: Any, values: Any, *, low: float = -INFINITE, high: float = INFINITE) -> int:
        """A new row, and its position."""
        self.start.append(len(self.column))
        self.column.extend(columns)
        self.value.extend(values)
        self.row_low.append(low)
        self.row_high.append(high)
        return len(self.row_low) - 1


@dataclass(frozen=True, slots=True)
class Solution:
    """`value` a column, `price` a row (what a unit more of its end changes in the objective)."""

    objective: float
    value: Floats
    price: Floats


def minimise(programme: Programme, *, whole: bool = False) -> Solution | None:
    """The best solution; null where there is none. `whole`: columns with a finite upper bound are integers."""
    try:
        import highspy
    except ImportError as missing:  # an installation without its dependencies
        raise UsageError("measures.no_solver") from missing
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(programme.cost), len(programme.row_low)
    model.col_cost_, model.col_lower_, model.col_upper_ = (
        np.array(part, np.float64) for part in (programme.cost, programme.low, programme.high)
    )
    model.row_lower_, model.row_upper_ = (
        np.array(programme.row_low, np.float64),
        np.array(programme.row_high, np.float64),
    )
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array([*programme.start, len(programme.column)], np.int32)
    model.a_matrix_.index_ = np.array(programme.column, np.int32)
    model.a_matrix_.value_ = np.array(programme.value, np.float64)
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(np.isfinite(high))] for high in programme.high]
    solver = highspy.Highs()
    for name, setting in _SETTINGS.items():
        solver.setOptionValue(name, setting)
    solver.passModel(model)
    solver.run()
    status = solver.getModelStatus()
    found = status == highspy.HighsModelStatus.kOptimal or (
        whole and solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    )
    if not found:
        return None
    answer = solver.getSolution()
    price = np.array(answer.row_dual if not whole else [0.0] * len(programme.row_low))
    return Solution(float(solver.getInfo().objective_function_value), np.array(answer.col_value), price)


_SETTINGS: Final[dict[str, Any]] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 1,
    "mip_max_nodes": NODES,
    "mip_rel_gap": 0.0,
}
