"""A part of the book in the registered tables: types, keys, ties, and that everything a book needs is in it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from steadyrest import calendar, reference
from steadyrest.contracts import TERM_SCHEMA, project, resolve, totals
from steadyrest.desks.positions import agreed, in_force
from steadyrest.desks.size import computed_size
from steadyrest.schema import TABLES, closed
from steadyrest.synth.part import Place, part

AS_OF = date(2022, 7, 31)
Tables = dict[str, pl.DataFrame]


def terms_of(tables: Tables) -> pl.DataFrame:
    """Terms with the loan columns the engine reads beside them."""
    loan = tables["loan"].select("loan_id", "drawn_on", "maturity_on", "rate_type", "nominal_rate_e7", "balance_fen")
    joined = loan.join(tables["loan_terms"], on="loan_id", maintain_order="left")
    return joined.with_columns(pl.col(pl.Enum).cast(pl.String))


def test_every_table_has_its_registered_columns_and_keys(tables: Tables) -> None:
    for name, frame in tables.items():
        assert dict(frame.schema) == TABLES[name].polars(), name
        assert not frame.select(TABLES[name].key).is_duplicated().any(), name
        for column in TABLES[name].columns:
            if column.required:
                assert not frame[column.name].null_count(), f"{name}.{column.name}"


def test_every_row_belongs_to_the_book(tables: Tables) -> None:
    loans, people = tables["loan"]["loan_id"], tables["enterprise"]["borrower_id"]
    assert tables["loan"]["borrower_id"].is_in(people.implode()).all()
    assert tables["loan"]["borrower_id"].n_unique() == people.len() == 4000
    for name in ("loan_terms", "arrears", "agreement", "application", "consent"):
        assert tables[name]["loan_id"].is_in(loans.implode()).all(), name
    for name in ("evidence", "credit_line"):
        assert tables[name]["borrower_id"].is_in(people.implode()).all(), name


def test_balances_tie_to_the_schedule(tables: Tables) -> None:
    terms = terms_of(tables)
    late = tables["arrears"].group_by("loan_id").agg(pl.col("principal_fen").sum().alias("late"))
    terms = terms.join(late, on="loan_id", how="left", maintain_order="left")
    book = terms["balance_fen"] - terms["late"].fill_null(0)
    kept = [name for name in TERM_SCHEMA if name in terms.columns]
    found = totals(resolve(terms.select(kept), agreed(tables["agreement"], AS_OF)), book=book, as_of=AS_OF).by_loan
    assert set(found["status"].unique()) == {"ok"}
    assert (found["principal_fen"] == book).all()
    by_contract = (found["projection_basis"] == "contract").mean()
    assert isinstance(by_contract, float)
    assert 0.97 < by_contract < 1  # the rest was partly prepaid


def test_arrears_are_dues_of_the_schedule(tables: Tables) -> None:
    terms = terms_of(tables)
    kept = [name for name in TERM_SCHEMA if name in terms.columns]
    rows = project(resolve(terms.select(kept), agreed(tables["agreement"], AS_OF))).rows
    dues = rows.with_columns(terms["loan_id"].gather(rows["loan"]).alias("loan_id"))
    arrears = tables["arrears"].filter(pl.col("loan_id").is_in(terms["loan_id"].implode()))
    met = arrears.join(dues, on=["loan_id", "due_on"])
    assert met.height == arrears.height > 100
    assert (met["principal_fen"].is_in([0]) | (met["principal_fen"] == met["principal_due_fen"])).all()
    assert (met["interest_fen"].is_in([0]) | (met["interest_fen"] == met["interest_due_fen"])).all()
    assert (arrears["due_on"] < AS_OF).all()


def test_status_and_kind_of_arrears_agree(tables: Tables) -> None:
    late = tables["arrears"].group_by("loan_id").agg(pl.col("principal_fen", "interest_fen").sum())
    joined = tables["loan"].join(late, on="loan_id", how="left")
    is_late = pl.col("loan_status") == "LS03"
    assert joined.filter(is_late != pl.col("principal_fen").is_not_null()).is_empty()
    assert joined.filter(is_late != pl.col("overdue_kind").is_not_null()).is_empty()
    for kind, principal, interest in (("01", True, False), ("02", False, True), ("03", True, True)):
        rows = joined.filter(pl.col("overdue_kind") == kind)
        assert rows.height, kind
        assert ((rows["principal_fen"] > 0) == principal).all()
        assert ((rows["interest_fen"] > 0) == interest).all()


def test_every_shape_of_contract_is_there(tables: Tables) -> None:
    terms = tables["loan_terms"]
    seen = terms.group_by("amortisation").agg(
        pl.col("interest_only_periods").is_not_null().any().alias("free"),
        pl.col("holiday_periods").is_not_null().any().alias("holiday"),
    )
    assert set(seen["amortisation"]) == set(closed("amortisation"))
    assert seen.filter(pl.col("amortisation") != "bullet").select(pl.all_horizontal("free", "holiday").all()).item()
    assert set(terms["day_count"].drop_nulls()) == set(closed("day_count"))
    assert {1, 3} <= set(terms.filter(amortisation="bullet", interest_day=20)["interest_cycle_months"])
    assert set(terms["benchmark"].drop_nulls()) == {"LPR1Y", "LPR5Y"}
    without = 1 - terms.height / tables["loan"].height
    assert 0.01 < without < 0.03


def test_codes_currencies_and_classes_are_all_there(tables: Tables) -> None:
    loan = tables["loan"]
    assert set(loan["quality"]) == set(closed("quality"))
    assert {"LS01", "LS02", "LS03"} == set(loan["loan_status"])
    assert set(loan["currency"]) == {"CNY", "USD"}
    assert set(tables["enterprise"]["borrower_kind"]) == set(closed("borrower_kind"))
    assert set(tables["evidence"]["evidence_kind"]) == set(closed("evidence_kind"))
    assert set(tables["consent"]["consent_state"]) == set(closed("consent_state"))


def test_agreements_of_every_kind_move_something(tables: Tables) -> None:
    agreement = tables["agreement"]
    assert set(agreement["legal_form"]) == {"deferral_agreement", "extension_contract"}
    assert agreement["signed_on"].null_count() > 10
    assert agreement["broken_on"].drop_nulls().len() > 0
    assert (agreement["signed_on"].drop_nulls() <= AS_OF).all()
    deferrals = agreement.filter(pl.col("legal_form") == "deferral_agreement")
    assert (deferrals["new_due_on"] > deferrals["to_on"]).all()
    extensions = in_force(agreement, AS_OF).filter(pl.col("legal_form") == "extension_contract")
    joined = extensions.join(tables["loan"], on="loan_id")
    assert (joined["new_due_on"] > joined["maturity_on"]).all()
    assert (joined["extended_maturity_on"] == joined["new_due_on"]).all()


def test_reported_sizes_are_those_of_the_standard(tables: Tables) -> None:
    firms = tables["enterprise"].with_columns(computed_size(tables["enterprise"]).alias("computed"))
    both = firms.filter(pl.col("enterprise_size").is_not_null() & pl.col("computed").is_not_null())
    assert both.height > 2000
    assert (both["enterprise_size"] == both["computed"]).all()


def test_most_of_the_book_is_manufacturing(tables: Tables) -> None:
    sections = tables["enterprise"]["industry_code"].drop_nulls().str.slice(0, 1)
    share = (sections == "C").mean()
    assert isinstance(share, float)
    assert 0.3 < share < 0.5


def test_floating_rates_are_the_quote_plus_the_spread(tables: Tables) -> None:
    joined = tables["loan"].join(tables["loan_terms"], on="loan_id").filter(pl.col("rate_type") == "RF02")
    assert (joined["nominal_rate_e7"] == joined["benchmark_rate_e7"] + joined["spread_bp"] * 1000).all()
    quotes = reference.table("lpr")
    known = set(quotes["lpr_1y_rate_e7"]) | set(quotes["lpr_5y_rate_e7"])
    assert set(joined["benchmark_rate_e7"]) <= known


def test_receipts_are_drawn_on_bank_days(tables: Tables) -> None:
    assert all(calendar.is_bank_day(on) for on in tables["loan"]["drawn_on"].unique())
    assert tables["loan"]["drawn_on"].is_between(date(2018, 9, 1), AS_OF).all()


def test_owners_reach_their_business_through_links(tables: Tables) -> None:
    links = tables["customer_link"].filter(pl.col("link_kind") == "owner_of")
    kinds = tables["enterprise"].select("borrower_id", "borrower_kind", "industry_code")
    owners = links.join(kinds, left_on="from_borrower_id", right_on="borrower_id")
    assert set(owners["borrower_kind"]) == {"owner"}
    assert links["to_borrower_id"].is_in(kinds["borrower_id"].implode()).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_seed_gives_terms_the_engine_refuses(seed: int) -> None:
    made = part(seed, Place(seed, 1000 * seed, 800, 2000 * seed, 2000), AS_OF)
    assert made["loan"].height == 2000
    assert (made["loan"]["balance_fen"] > 0).all()


def test_other_days_work_too() -> None:
    made = part(7, Place(0, 0, 400, 0, 1000), date(2022, 12, 31))
    assert made["loan"]["drawn_on"].max() <= date(2022, 12, 31)  # type: ignore[operator]
