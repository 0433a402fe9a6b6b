"""What is wrong with the terms of one contract: the field, what was given and what is possible.

Sentences stand in the label table under `error.contracts.*`. A batch turns the exception into a finding of the contract
and goes on; nothing is clipped.
"""

from __future__ import annotations

from steadyrest.errors import InputError


class TermsError(InputError):
    """The terms of a contract are missing, unknown or impossible. `field` is the ACTUS term in snake_case."""

    def __init__(self, code: str, field: str, **values: object) -> None:
        self.field = field
        super().__init__(f"contracts.{code}", field=field, **values)
