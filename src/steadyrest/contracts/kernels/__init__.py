"""The exact engine: integers in, integers out. These files see numbers only, so they run on any executor.

`layout` names the fields of the matrices, `check` says which terms are possible, `civil` and `grid` are dates, `resets`
rates, `money` and `interest` exact amounts, `plan` the contract as signed, `moves` what was agreed later, `amounts` the
money of what was moved, `fold` one loan, `batch` columns of loans.
"""
