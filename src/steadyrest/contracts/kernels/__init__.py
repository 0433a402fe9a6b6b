"""The exact engine: integers in, integers out. These files see numbers only, so they run on any executor.

`layout` names the rows of the matrices, `civil` and `grid` are dates, `money` is interest and instalments, `plan` the
contract as signed, `moves` what was agreed later, `fold` one loan, `batch` columns of loans.
"""
