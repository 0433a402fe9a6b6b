"""`schedule`: one loan, before and after events, as table, chart and totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

import typer
from rich.console import Console
from rich.markup import escape

from steadyrest import app as root
from steadyrest.cli.output import AsJson, Lang, day, emit, grid, language, say
from steadyrest.contracts import Bullet, EvenPrincipal, InterestOnly, Level, LoanTerms, PaymentHoliday, Plan
from steadyrest.errors import UsageError
from steadyrest.text import Language
from steadyrest.units import format_fen, parse_fen, parse_rate_e7

_BAR: Final = 36
_DATE: Final = "YYYY-MM-DD"
_PLANS: Final[Mapping[str, Level | EvenPrincipal | Bullet]] = {
    "level": Level(),
    "even_principal": EvenPrincipal(),
    "bullet": Bullet(),
}

_EVENTS: Final = (
    "May be repeated / 可重复: 'defer [principal|interest] FROM..TO [to DAY] [first|spread N|capitalise|waive]'"
    " 'shift from DAY by N' 'extend to DAY' 'skip 1,2' 'pay AMOUNT on DAY [term|next]' 'rate 3.9% from DAY'"
    " 'pause FROM..TO' 'fee AMOUNT on DAY' 'forgive AMOUNT on DAY' 'settle on DAY'"
)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(schedule)


def schedule(
    principal: Annotated[str, typer.Option(help="Amount paid out, yuan / 发放金额（元）")],
    drawn: Annotated[str, typer.Option(metavar=_DATE, help="Day it is paid out / 发放日")],
    maturity: Annotated[str, typer.Option(metavar=_DATE, help="Maturity / 到期日")],
    rate: Annotated[str | None, typer.Option(help="Fixed rate a year, such as 4.35% / 固定年利率")] = None,
    benchmark: Annotated[
        str | None, typer.Option(help="LPR1Y, LPR5Y or LPR of the term, no fixed rate / 挂钩利率")
    ] = None,
    spread_bp: Annotated[int, typer.Option(help="Basis points over it / 加点（基点）")] = 0,
    reset_months: Annotated[int, typer.Option(help="Months between resets / 重定价周期（月）")] = 12,
    floor: Annotated[str | None, typer.Option(help="Lowest floating rate / 利率下限")] = None,
    cap: Annotated[str | None, typer.Option(help="Highest floating rate / 利率上限")] = None,
    plan: Annotated[
        Literal["level", "even_principal", "bullet"], typer.Option(help="How principal is repaid / 还本方式")
    ] = "level",
    cycle: Annotated[int, typer.Option(help="Months between dues / 还款周期（月）")] = 1,
    settlement_day: Annotated[int | None, typer.Option(help="Interest settlement day / 结息日")] = None,
    day_count: Annotated[str, typer.Option(help="A360 A365F 30E360 30E360ISDA AA M12D360 / 计息基础")] = "A360",
    interest_only: Annotated[int, typer.Option(help="First dues without principal / 只付息期数")] = 0,
    holiday: Annotated[int, typer.Option(help="First dues without any payment / 免还期数")] = 0,
    event: Annotated[list[str] | None, typer.Option(help=_EVENTS)] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """The dues of one loan, and what events make of them / 单笔贷款的还款计划，以及变更前后对比"""
    rates = _rates(rate, benchmark, floor, cap, spread_bp=spread_bp, reset_cycle_months=reset_months)
    loan = _loan(principal, drawn, maturity, interest_cycle_months=cycle, interest_day=settlement_day, **rates)
    loan = _with_plan(replace(loan, day_count=day_count), plan, interest_only, holiday)
    found = root.what_if(loan, event or [])
    emit(_payload(found), as_json, lambda console: _show(console, found, language(lang)))


def _rates(
    rate: str | None, benchmark: str | None, floor: str | None, cap: str | None, **reset: int
) -> dict[str, str | int | None]:
    """The terms of a fixed rate, or of a benchmark with a spread and its limits."""
    if (rate is None) == (benchmark is None) or (rate is not None and (floor or cap)):
        raise UsageError("call.rate_or_benchmark")
    if benchmark is None:
        return {"rate_type": "RF01", "nominal_rate_e7": _read(parse_rate_e7, rate)}
    limits = {"floor_rate_e7": _read(parse_rate_e7, floor), "cap_rate_e7": _read(parse_rate_e7, cap)}
    return {"rate_type": "RF02", "benchmark": benchmark, **reset, **limits}


def _read(parse: Callable[[str], int], text: str | None) -> int | None:
    try:
        return None if text is None else parse(text)
    except ValueError as problem:
        raise UsageError("call.amount", text=problem) from None


def _loan(principal: str, drawn: str, maturity: str, **terms: Any) -> LoanTerms:
    amount, drawn_on, maturity_on = _read(parse_fen, principal), day("--drawn", drawn), day("--maturity", maturity)
    assert amount is not None
    assert drawn_on is not None
    assert maturity_on is not None
    return LoanTerms("loan", amount, drawn_on, maturity_on, Level(), **terms)


def _with_plan(loan: LoanTerms, plan: str, interest_only: int, holiday: int) -> LoanTerms:
    base = _PLANS[plan]
    then: Level | EvenPrincipal | Bullet | InterestOnly = InterestOnly(interest_only, base) if interest_only else base
    whole: Plan = PaymentHoliday(holiday, then) if holiday else then
    return replace(loan, plan=whole)


def _payload(found: root.WhatIf) -> dict[str, Any]:
    return {
        "before": _side(found.before),
        "after": _side(found.after) if found.events else None,
        "extra_interest_fen": found.extra_interest_fen,
    }


def _side(side: root.Side) -> dict[str, Any]:
    return {
        "interest_fen": side.interest_fen,
        "last_due_on": side.last_due_on,
        "effective_rate": side.effective_rate,
        "dues": [
            {
                "due_on": item.due_on,
                "principal_fen": item.principal_fen,
                "interest_fen": item.interest_fen,
                "fee_fen": item.fee_fen,
                "penalty_fen": item.penalty_fen,
                "paid_fen": item.paid_fen,
                "balance_fen": balance,
            }
            for item, balance in zip(side.instalments, side.balances_fen, strict=True)
            if item.due_fen
        ],
    }


def _show(console: Console, found: root.WhatIf, lang: Language) -> None:
    console.print(_table(found, lang))
    for line in _chart(found, lang):
        console.print(escape(line))
    console.print()
    for line in _totals(found, lang):
        console.print(escape(line))


def _table(found: root.WhatIf, lang: Language) -> Any:
    """Due day, what was due before, and principal, interest and balance after; without events those as signed."""
    before = {item.due_on: item.due_fen for item in found.before.instalments}
    names = ["due_on", *(["before"] if found.events else []), "principal", "interest", "balance"]
    rows: list[list[object]] = []
    now = list(zip(found.after.instalments, found.after.balances_fen, strict=True))
    gone = sorted(set(before) - {item.due_on for item, _ in now})
    for item, balance in now:
        if item.due_fen or before.get(item.due_on):
            parts = (item.principal_fen, item.due_fen - item.principal_fen, balance)
            was = [_yuan(before.get(item.due_on, 0))] if found.events else []
            rows.append([item.due_on, *was, *map(_yuan, parts)])
    rows += [[on, _yuan(before[on]), "–", "–", "–"] for on in gone if before[on]]
    rows.sort(key=lambda row: str(row[0]))
    heads = [say(f"head.{name}", lang) for name in names]
    title = say("title.what_if" if found.events else "title.schedule", lang)
    return grid(title, heads, rows, range(1, len(names)))


def _chart(found: root.WhatIf, lang: Language) -> Iterator[str]:
    """A bar for what falls due in every month; a lighter one below for what fell due before, where that differs."""
    before, after = _by_month(found.before), _by_month(found.after)
    most = max([*before.values(), *after.values(), 1])
    yield say("chart", lang) if found.events else say("chart_plain", lang)
    for month in sorted(before.keys() | after.keys()):
        now, was = after.get(month, 0), before.get(month, 0)
        yield f"{month}  {_bar('█', now, most)} {_yuan(now)}"
        if now != was:
            yield f"         {_bar('░', was, most)} {_yuan(was)}"


def _by_month(side: root.Side) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in side.instalments:
        month = f"{item.due_on:%Y-%m}"
        found[month] = found.get(month, 0) + item.due_fen
    return {month: fen for month, fen in found.items() if fen}


def _bar(letter: str, amount: int, most: int) -> str:
    return letter * max(round(_BAR * amount / most), 1 if amount else 0)


def _totals(found: root.WhatIf, lang: Language) -> Iterator[str]:
    sides = [("before", found.before), ("after", found.after)] if found.events else [("before", found.before)]
    for name, side in sides:
        rate = "–" if side.effective_rate is None else f"{100 * side.effective_rate:.4f}%"
        yield say(
            f"schedule.{name if found.events else 'alone'}",
            lang,
            interest=_yuan(side.interest_fen),
            last=side.last_due_on,
            rate=rate,
        )
    if found.events:
        yield say("schedule.extra", lang, interest=_yuan(found.extra_interest_fen))


def _yuan(fen: int) -> str:
    return format_fen(fen)
