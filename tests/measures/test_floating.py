"""Floating loans: each reset gives a new rate and no gain or loss."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from steadyrest.contracts import Bullet, EvenPrincipal, Level, LoanTerms, project, resolve, terms_frame
from steadyrest.errors import UsageError
from steadyrest.measures import (
    RATE_STATUS,
    Flows,
    Pieces,
    carrying_amounts,
    effective_rates,
    flows,
    follow_resets,
    loan_flows,
    loan_pieces,
    loan_rates,
)

DRAWN = date(2022, 1, 20)
QUOTES = pl.DataFrame(
    {
        "quote_on": [date(2021, 12, 20), date(2022, 12, 20), date(2023, 12, 20)],
        "lpr_1y_rate_e7": [380_000, 365_000, 345_000],
        "lpr_5y_rate_e7": [465_000, 430_000, 420_000],
    }
)


def floating(loan_id: str, plan: object) -> LoanTerms:
    return LoanTerms(
        loan_id,
        100_000_000,
        DRAWN,
        date(2025, 1, 20),
        plan,  # type: ignore[arg-type]
        rate_type="RF02",
        benchmark="LPR1Y",
        spread_bp=50,
        reset_cycle_months=12,
        day_count="A365F",
    )


LOANS = (
    floating("F1", EvenPrincipal()),
    floating("F2", Bullet()),
    LoanTerms("X1", 50_000_000, DRAWN, date(2024, 1, 20), Level(), nominal_rate_e7=430_000),
    LoanTerms("B1", 50_000_000, DRAWN, date(2021, 1, 20), Level(), nominal_rate_e7=430_000),
    floating("F3", Level()),
)
FEES = pl.Series([500_000, None, 250_000, 0, None])


@pytest.fixture(scope="module")
def book() -> tuple[Pieces, object]:
    resolved = resolve(terms_frame(LOANS), quotes=QUOTES)
    pieces = loan_pieces(resolved, FEES)
    return pieces, follow_resets(pieces)


def test_a_floating_loan_has_a_piece_a_reset_and_a_fixed_one_has_one(book) -> None:  # type: ignore[no-untyped-def]
    pieces, found = book
    assert np.diff(pieces.offsets).tolist() == [3, 3, 1, 1, 3]
    assert [RATE_STATUS[k] for k in found.status] == [*["ok"] * 7, "no_flows", *["ok"] * 3]


def test_the_first_piece_knows_no_later_quote(book) -> None:  # type: ignore[no-untyped-def]
    pieces, _ = book
    early = resolve(terms_frame(LOANS[:1]), quotes=QUOTES.head(1))
    assert pieces.flows.of(0) == loan_flows(early, project(early), FEES.head(1)).of(0)


def test_a_reset_is_never_a_gain_or_a_loss(book) -> None:  # type: ignore[no-untyped-def]
    pieces, found = book
    for piece in (1, 2, 4, 5, 9, 10):
        reset = pl.Series([int(pieces.resets[piece])]).cast(pl.Int32).cast(pl.Date)[0]
        days = pl.Series([reset] * pieces.flows.size)
        amounts = carrying_amounts(pieces.flows, found.daily, days)
        assert amounts[piece - 1] == found.opening[piece]
        assert amounts[piece] == pytest.approx(found.opening[piece], abs=1e-5)


def test_without_fees_the_rate_is_the_contract_rate_of_its_time(book) -> None:  # type: ignore[no-untyped-def]
    _, found = book
    for piece, annual in zip((4, 5), (0.0365 + 0.005, 0.0345 + 0.005), strict=True):
        monthly = np.expm1(found.daily[piece] * 365 / 12) * 12
        assert monthly == pytest.approx(annual, abs=5e-5)


def test_a_fee_stays_in_the_rate_after_a_reset(book) -> None:  # type: ignore[no-untyped-def]
    _, found = book
    assert (found.daily[:3] > found.daily[3:6]).all()


def test_a_fixed_loan_has_the_rate_it_has_anyway(book) -> None:  # type: ignore[no-untyped-def]
    pieces, found = book
    assert effective_rates(_one(pieces.flows, 6)).daily[0] == found.daily[6]


def test_the_table_of_loans_says_what_its_rates_rest_on(book) -> None:  # type: ignore[no-untyped-def]
    _, found = book
    table = loan_rates(resolve(terms_frame(LOANS), quotes=QUOTES), FEES)
    assert table["loan"].to_list() == [0, 0, 0, 1, 1, 1, 2, 3, 4, 4, 4]
    assert table["basis"].to_list() == [*["fees"] * 3, *["contract"] * 3, "fees", "fees", *["contract"] * 3]
    assert table["from_on"].to_list()[:3] == [DRAWN, date(2023, 1, 20), date(2024, 1, 20)]
    assert table["daily_log_rate"].to_list()[:7] == found.daily[:7].tolist()
    assert table.row(7, named=True)["status"] == "no_flows"
    assert table["opening_fen"].null_count() == 5
    assert set(loan_rates(resolve(terms_frame(LOANS), quotes=QUOTES))["basis"]) == {"contract"}


def test_a_piece_without_a_rate_leaves_the_later_ones_without() -> None:
    bad = flows([0, 0, 1], [DRAWN, date(2023, 1, 20), date(2024, 1, 20)], [-5, -6, 7])
    found = follow_resets(Pieces(np.array([0, 2]), np.array([0, 19_400]), bad))
    assert [RATE_STATUS[k] for k in found.status] == ["no_sign_change", "no_sign_change"]
    with pytest.raises(UsageError, match="flows_apart"):
        Pieces(np.array([0, 1]), np.array([0, 1]), bad)


def _one(of: Flows, contract: int) -> Flows:
    rows = of.of(contract)
    return flows([0] * len(rows), [day for day, _ in rows], [amount for _, amount in rows])
