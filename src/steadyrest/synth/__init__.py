"""A deterministic, made-up bank book for demonstrations, tests and benches: same arguments, same bytes."""

from steadyrest.synth.decisions import sample_decisions
from steadyrest.synth.write import Layout, SynthSummary, write_book

__all__ = ["Layout", "SynthSummary", "sample_decisions", "write_book"]
