"""The interest of one due, spelled out: which periods are paid on its day, and the arithmetic of each."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from steadyrest.book.explain.cells import Cell, dues, tie
from steadyrest.book.explain.interest import Move, Period, Stretch, periods_paid_on
from steadyrest.book.explain.tree import Explanation, Fact, Sentence, filled, own, said, word
from steadyrest.book.run_folder import Row
from steadyrest.schema import TABLES, Kind, code_label
from steadyrest.text import Text
from steadyrest.units import format_fen, format_rate_e7

_OF_LOAN = ("drawn_on", "maturity_on", "rate_type", "nominal_rate_e7")


def worked_interest(cell: Cell) -> tuple[Explanation, ...]:
    """The periods paid on the day of a due, each with balance x rate x days / basis; needs the terms of the book."""
    terms = terms_of(cell)
    version = str(cell.row["version"])
    moves = moves_of(cell, version, "interest")
    if terms is None or moves is None:
        return (Explanation("interest", word("how_made"), says=(not_shown(cell, version),)),)
    rows = dues(cell, version, cell.option_no)
    periods = periods_paid_on(terms, rows, moves, cell.row["due_on"])
    if periods is None:
        return (Explanation("interest", word("how_made"), says=(said("no_schedule"),)),)
    total = sum(period.amount_fen for period in periods)
    says = (_rate_source(terms), *(() if periods else (said("no_period"),)), tie(total, cell))
    parts = tuple(_period_part(period, terms, cell.currency) for period in periods)
    return (Explanation("interest", word("how_made"), says=says, parts=parts),)


def moved_interest(cell: Cell) -> tuple[Explanation, ...]:
    """The interest an amendment moved, as it stands on its new day: of the periods that were due inside the window."""
    terms, moves = terms_of(cell), moves_of(cell, "after", "interest")
    rows = dues(cell, "after", cell.option_no)
    if terms is None or moves is None or not rows:
        return (Explanation("interest", word("how_made"), says=(not_shown(cell, "after"),)),)
    days = dict.fromkeys(move.new_due_on for move in moves)
    found = [periods_paid_on(terms, rows, moves, on) or [] for on in days]
    moved = [period for periods in found for period in periods if period.is_moved]
    says = (_rate_source(terms), tie(sum(period.amount_fen for period in moved), cell))
    parts = tuple(_period_part(period, terms, cell.currency) for period in moved)
    return (Explanation("interest", word("how_made"), says=says, parts=parts),)


def terms_of(cell: Cell) -> Row | None:
    """The terms of the receipt with the days and the rate of its loan row; null when they are not at hand."""
    terms, loan = cell.rows("loan_terms"), cell.rows("loan")
    if not terms or not loan:
        return None
    return {**terms[0], **{name: loan[0].get(name) for name in _OF_LOAN}}


def moves_of(cell: Cell, version: str, part: str) -> list[Move] | None:
    """The deferrals of `principal` or `interest` that a version holds, in their order; null when they are not at hand
    or do not go to one day each.
    """
    if version == "before":
        return []
    if not cell.option_no:
        return _agreed_moves(cell, part)
    options = cell.run.rows("option", loan_id=cell.facts["loan_id"], option_no=cell.option_no)
    if any(_goes_apart(row) for row in options):
        return None
    return [
        Move(row["from_on"], row["to_on"], _decided_day(cell) if version == "after" else row["new_due_on"])
        for row in options
        if str(row["deferred_part"]) in (part, "both")
    ]


def not_shown(cell: Cell, version: str) -> Sentence:
    """Why no arithmetic is shown: the plan spreads or slides, or the terms are not at hand."""
    if version != "before" and cell.option_no:
        options = cell.run.rows("option", loan_id=cell.facts["loan_id"], option_no=cell.option_no)
        if any(_goes_apart(row) for row in options):
            return said("moves_apart")
    return said("no_terms_at_hand")


def _goes_apart(option: Row) -> bool:
    return option["shift_months"] is not None or option["spread_periods"] is not None


def _decided_day(cell: Cell) -> date:
    """The new due date that was signed: the one of the decision where it names one, else that of the option."""
    key = {"loan_id": cell.facts["loan_id"], "option_no": cell.option_no}
    signed = [row for row in cell.run.rows("decision", **key) if str(row["decision"]) == "signed"]
    own_day = next((row["new_due_on"] for row in signed if row.get("new_due_on")), None)
    found: date = own_day or cell.run.rows("option", **key)[0]["new_due_on"]
    return found


def _agreed_moves(cell: Cell, part: str) -> list[Move] | None:
    agreements = cell.rows("agreement")
    if agreements is None:
        return None
    as_of = cell.run.manifest.as_of
    in_force = [
        row
        for row in agreements
        if str(row["legal_form"]) == "deferral_agreement"
        and row["signed_on"] is not None
        and row["signed_on"] <= as_of
        and (row.get("broken_on") is None or row["broken_on"] > as_of)
        and str(row.get("deferred_part") or "both") in (part, "both")
    ]
    ordered = sorted(in_force, key=lambda row: (row["signed_on"], row["agreement_id"]))
    return [Move(row["from_on"], row["to_on"], row["new_due_on"]) for row in ordered]


def _rate_source(terms: Row) -> Sentence:
    if str(terms.get("rate_type")) != "RF02":
        return said("rate_fixed")
    benchmark = code_label("benchmark", str(terms["benchmark"]))
    spread = _same(str(terms["spread_bp"]))
    limits = [terms.get("floor_rate_e7"), terms.get("cap_rate_e7")]
    if limits == [None, None]:
        return Sentence(filled("rate_floating", benchmark=benchmark, spread=spread))
    floor, cap = (word("no_limit") if limit is None else _same(format_rate_e7(limit)) for limit in limits)
    return Sentence(filled("rate_floating_within", benchmark=benchmark, spread=spread, floor=floor, cap=cap))


def _same(text: str) -> Text:
    return Text(zh=text, en=text)


def _period_part(period: Period, terms: Row, currency: str) -> Explanation:
    key = "period_moved" if period.is_moved else "period"
    rounding = code_label("rounding", str(terms.get("rounding") or "half_up"))
    amount = format_fen(period.amount_fen)
    said_amount = Sentence(filled("rounded", rounding=rounding, amount=Text(zh=amount, en=amount)))
    return Explanation(
        "period",
        word(key, start=period.start, end=period.end, planned=period.planned_on),
        period.start.isoformat(),
        (said_amount,),
        (Fact(TABLES["cash_flow"]["interest_due_fen"], period.amount_fen, currency),),
        tuple(_stretch_part(item, currency) for item in period.stretches),
        is_brief=True,
    )


def _stretch_part(stretch: Stretch, currency: str) -> Explanation:
    title = word(
        "stretch",
        balance=format_fen(stretch.balance_fen),
        rate=format_rate_e7(stretch.rate_e7),
        days=stretch.days,
        basis=stretch.basis,
        exact=_decimals(stretch.exact_fen),
    )
    facts = (
        Fact(TABLES["cash_flow"]["balance_after_fen"], stretch.balance_fen, currency),
        Fact(TABLES["loan"]["nominal_rate_e7"], stretch.rate_e7),
        own("days", stretch.days, Kind.COUNT),
        own("basis", stretch.basis, Kind.COUNT),
    )
    return Explanation("stretch", title, stretch.start.isoformat(), facts=facts, is_brief=True)


def _decimals(fen: Fraction) -> str:
    """Yuan with six decimals, cut, so that a tie is seen as one.

    >>> _decimals(Fraction(10050, 100))
    '1.005000'
    """
    millionths = fen.numerator * 10_000 // fen.denominator
    return f"{millionths // 1_000_000:,}.{millionths % 1_000_000:06d}"
