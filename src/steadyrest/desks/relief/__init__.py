"""The relief desk: who may be helped, under which clause, how, what was agreed, and what the return then says.

Who uses it. The inclusive-finance desk of a bank screens the month's book and sees for every receipt and clause which
condition stops it; the relationship manager takes a proposal to the borrower; the approver decides on the sheet;
reporting takes the dates and status of what is signed.

Clauses. Every screening clause and definition of the snapshot: the desk knows none by name. With the shipped packs
these are points 2 to 4 of the Notice of July 2022, the deferral line of March 2020 to November 2022, and the two
definitions of an inclusive loan. Size follows the statistical standard, reporting the rules D1 to D15 of the loan
return. Programme, legal form and risk effect stay three columns.

Tables in: `loan, loan_terms, enterprise, linked_enterprise, customer_link, credit_line, evidence, arrears,
application, agreement, consent, guarantee, decision`, of whole borrowers: a book may be split, a borrower never.

Tables out, with exactly their registered columns, each in the order of its key; cash flows schedule by
schedule:

    facts     loan_facts, cash_flow_month (before), finding
    screen    loan_facts (definition flags), eligibility, clause_result
    propose   option, cash_flow (before, proposed), finding
    decide    decision (those that stand), finding
    amend     amendment, cash_flow (after)
    months    cash_flow_month (proposed, after)
    cases     case_event, finding

A stage that writes a table it also reads returns all of it, earlier rows included; of another table it returns the
rows that are new.
"""

from __future__ import annotations

from typing import Final

from steadyrest.desks.relief.stages import amend, cases, decide, facts, months, propose, screen
from steadyrest.desks.stage import Stage

STAGES: Final[tuple[Stage, ...]] = (
    facts.STAGE,
    screen.STAGE,
    propose.STAGE,
    decide.STAGE,
    amend.STAGE,
    months.STAGE,
    cases.STAGE,
)
"""The stages in the order in which they run."""

__all__ = ["STAGES"]
