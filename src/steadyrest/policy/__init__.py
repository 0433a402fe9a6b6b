"""Policy as data: packs of clauses, resolved over the day in force and the day known into one frozen snapshot."""

from steadyrest.policy.canonical import canonical, canonical_table
from steadyrest.policy.coverage import CoverageRow, InstrumentRow, coverage, instruments
from steadyrest.policy.diff import Change, diff
from steadyrest.policy.load import load_library, packs_folder
from steadyrest.policy.model import Clause, PolicySnapshot, Relief, RuledTable, Strength
from steadyrest.policy.pages import pages
from steadyrest.policy.resolve import resolve
from steadyrest.policy.scaffold import scaffold
from steadyrest.policy.scenarios import Failure, ScenarioReport, Survivor, run_scenarios
from steadyrest.policy.sources import Library, Overlay, Pack

__all__ = [
    "Change",
    "Clause",
    "CoverageRow",
    "Failure",
    "InstrumentRow",
    "Library",
    "Overlay",
    "Pack",
    "PolicySnapshot",
    "Relief",
    "RuledTable",
    "ScenarioReport",
    "Strength",
    "Survivor",
    "canonical",
    "canonical_table",
    "coverage",
    "diff",
    "instruments",
    "load_library",
    "packs_folder",
    "pages",
    "resolve",
    "run_scenarios",
    "scaffold",
]
