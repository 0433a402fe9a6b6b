"""Numbers several desks need on cash flows: effective rates, carrying amounts, modifications, and maturity bunching.

    flows (offsets, days, amounts) -> effective rate -> carrying amount on any day -> gain or loss of a modification

`flows` and `loan_flows` make flows, `effective_rates` finds the rate of each contract, `follow_resets` those of
floating ones, `carrying_amounts` and `amortised_cost` value them, `modifications` compares old and new terms at the
original rate. What has no rate has a status (`RATE_STATUS`, with its finding in `RATE_FAULTS`); it never raises.
`bunching` spreads new due days so that no day, week or customer's week carries more than a set share.
"""

from steadyrest.measures.carrying_amount import amortised_cost, carrying_amounts
from steadyrest.measures.effective_rate import FloatingRates, Pieces, Rates, effective_rates, follow_resets
from steadyrest.measures.floating import RATE_BASES, loan_pieces, loan_rates
from steadyrest.measures.flows import Flows, flows, later, loan_flows
from steadyrest.measures.modification import SubstanceTest, modifications
from steadyrest.measures.status import RATE_FAULTS, RATE_STATUS, RATE_STATUS_TYPE

__all__ = [
    "RATE_BASES",
    "RATE_FAULTS",
    "RATE_STATUS",
    "RATE_STATUS_TYPE",
    "FloatingRates",
    "Flows",
    "Pieces",
    "Rates",
    "SubstanceTest",
    "amortised_cost",
    "carrying_amounts",
    "effective_rates",
    "flows",
    "follow_resets",
    "later",
    "loan_flows",
    "loan_pieces",
    "loan_rates",
    "modifications",
]
