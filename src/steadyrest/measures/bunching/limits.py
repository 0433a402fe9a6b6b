"""What no day, week or customer's week may carry: a share of the total, an amount, or both (the smaller counts)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from steadyrest.errors import UsageError
from steadyrest.units import FEN_LIMIT, RATE_ONE

Scope = Literal["day", "week", "customer_week"]
SCOPES: Final[tuple[Scope, ...]] = ("day", "week", "customer_week")


@dataclass(frozen=True, slots=True)
class Limit:
    """`share_e7`: 1e-7 of the total of everything that falls due, rounded down to the fen; `amount_fen`: absolute."""

    share_e7: int | None = None
    amount_fen: int | None = None

    def __post_init__(self) -> None:
        if self.share_e7 is not None and not 0 < self.share_e7 <= RATE_ONE:
            raise UsageError("measures.limit", field="share_e7", value=self.share_e7, allowed=f"1..{RATE_ONE}")
        if self.amount_fen is not None and not 0 < self.amount_fen < FEN_LIMIT:
            raise UsageError("measures.limit", field="amount_fen", value=self.amount_fen, allowed=f"1..{FEN_LIMIT - 1}")

    def cap(self, total_fen: int) -> int | None:
        """The limit as an amount; null where none is set."""
        caps = [] if self.amount_fen is None else [self.amount_fen]
        if self.share_e7 is not None:
            caps.append(total_fen * self.share_e7 // RATE_ONE)
        return min(caps, default=None)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits by scope; a week runs from Monday to Sunday. What is not set is not limited."""

    day: Limit = field(default_factory=Limit)
    week: Limit = field(default_factory=Limit)
    customer_week: Limit = field(default_factory=Limit)

    def caps(self, total_fen: int) -> dict[Scope, int]:
        """The limits that are set, as amounts."""
        caps = {scope: getattr(self, scope).cap(total_fen) for scope in SCOPES}
        return {scope: cap for scope, cap in caps.items() if cap is not None}
