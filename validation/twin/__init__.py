"""The independent twin of a relief run: every cell again, from the input files, one row at a time.

`python -m validation.twin DIR [--book PATH]` reads the manifest of a finished run, reads the input files again by the
mapping, and computes eligibility, options, amendments and cash flows from the text of the rules: rows are mappings,
loops are plain, conditions go through the rule interpreter, schedules through the slow schedule of tests/reference.
No Polars, no Numba, and none of the product's stages take part.
"""
