"""Reports of a finished run: one HTML page and one workbook, from the result tables and the facts of the run."""

from steadyrest.report.facts import ClauseFacts, ConditionFacts, RunFacts
from steadyrest.report.gather import gather, plain_rows
from steadyrest.report.html import write_report
from steadyrest.report.mask import masker
from steadyrest.report.workbook import write_decisions, write_workbook

__all__ = [
    "ClauseFacts",
    "ConditionFacts",
    "RunFacts",
    "gather",
    "masker",
    "plain_rows",
    "write_decisions",
    "write_report",
    "write_workbook",
]
