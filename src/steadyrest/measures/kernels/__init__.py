"""Measures of cash flows as loops over numbers. Flows lie contract after contract: offsets, day numbers, amounts in
fen.

`discount` is the one way a flow is brought to another day, `rate` finds the rate at which flows are worth nothing,
`roots` counts such rates where there may be several, `carrying` values what is left on a day, `repair` moves due days.
"""
