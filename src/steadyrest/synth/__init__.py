"""A deterministic, made-up bank book for demonstrations, tests and benches: same arguments, same bytes."""

from steadyrest.synth.write import SynthSummary, write_book

__all__ = ["SynthSummary", "write_book"]
