"""Measured claims. One script a claim; each prints JSON lines with the baseline measured in the same run."""
