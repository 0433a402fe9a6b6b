"""Events as a person writes them on one line.

    defer [principal|interest] FROM..TO [to DAY] [first|spread N|capitalise|waive]
    shift from DAY by N          extend to DAY            skip MONTH[,MONTH ...] [FROM..TO]
    pay AMOUNT on DAY [instalment|term|next]              settle on DAY            forgive AMOUNT on DAY
    fee AMOUNT on DAY            penalty AMOUNT on DAY    rate RATE% from DAY         pause FROM..TO

A payment beyond what is due repays principal of the running period; the level falls (`instalment`, also when nothing is
said), the plan ends sooner (`term`), or it stands for the next principal (`next`). Days are YYYY-MM-DD, amounts yuan.
What is agreed for the future counts from drawdown on, or from `signed DAY`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from steadyrest.contracts.servicing.events import Event, Kind
from steadyrest.contracts.servicing.terms import Prepayment
from steadyrest.errors import UsageError
from steadyrest.rules.types import nearest
from steadyrest.units import parse_fen, parse_rate_e7

_DAY: Final = r"(\d{4}-\d{2}-\d{2})"
_SIGNED: Final = re.compile(rf"\s+signed\s+{_DAY}$")
_TREATMENTS: Final = {"first": "first_resumed", "spread": "spread", "capitalise": "capitalise", "waive": "waive"}
Values = tuple[Any, ...]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _defer(values: Values) -> dict[str, Any]:
    part, first, last, to, how, count = values
    return {
        "part": part,
        "from_on": _day(first),
        "until_on": _day(last),
        "new_due_on": _day(to) if to else None,
        "treatment": _TREATMENTS[how] if how else "at_end",
        "instalments": int(count or 0),
    }


def _skip(values: Values) -> dict[str, Any]:
    months, first, last = values
    return {
        "months": tuple(int(month) for month in months.split(",")),
        "from_on": _day(first) if first else None,
        "until_on": _day(last) if last else None,
    }


def _money(values: Values) -> dict[str, Any]:
    return {"amount_fen": parse_fen(values[0]), "effective_on": _day(values[1])}


_PHRASES: Final[Mapping[str, tuple[str, Kind, Callable[[Values], dict[str, Any]]]]] = {
    "defer": (
        (
            rf"(?:(principal|interest)\s+)?{_DAY}\.\.{_DAY}(?:\s+to\s+{_DAY})?"
            r"(?:\s+(first|spread|capitalise|waive)(?:\s+(\d+))?)?"
        ),
        Kind.DEFERRAL,
        _defer,
    ),
    "shift": (
        rf"from\s+{_DAY}\s+by\s+(\d+)",
        Kind.SHIFT,
        lambda v: {"from_on": _day(v[0]), "months": (int(v[1]),)},
    ),
    "extend": (rf"to\s+{_DAY}", Kind.EXTENSION, lambda v: {"new_due_on": _day(v[0])}),
    "skip": (rf"(\d+(?:,\d+)*)(?:\s+{_DAY}\.\.{_DAY})?", Kind.SKIP, _skip),
    "pay": (rf"(\S+)\s+on\s+{_DAY}(?:\s+(?:instalment|term|next))?", Kind.REPAYMENT, _money),
    "forgive": (rf"(\S+)\s+on\s+{_DAY}", Kind.FORGIVENESS, _money),
    "fee": (rf"(\S+)\s+on\s+{_DAY}", Kind.CHARGE, lambda v: _money(v) | {"part": "fee"}),
    "penalty": (rf"(\S+)\s+on\s+{_DAY}", Kind.CHARGE, lambda v: _money(v) | {"part": "penalty"}),
    "settle": (rf"on\s+{_DAY}", Kind.SETTLEMENT, lambda v: {"effective_on": _day(v[0])}),
    "rate": (
        rf"(\S+%)\s+from\s+{_DAY}",
        Kind.RATE_CHANGE,
        lambda v: {"rate": Fraction(parse_rate_e7(v[0]), 10**7), "effective_on": _day(v[1])},
    ),
    "pause": (
        rf"{_DAY}\.\.{_DAY}",
        Kind.INTEREST_PAUSE,
        lambda v: {"effective_on": _day(v[0]), "until_on": _day(v[1])},
    ),
}


_MODES: Final[Mapping[str, Prepayment]] = {
    "instalment": "reduces_instalment",
    "term": "reduces_term",
    "next": "next_instalments",
}


def prepayment_of(text: str) -> Prepayment | None:
    """What a payment beyond what is due does by its phrase; none for a phrase of something else.

    >>> prepayment_of("pay 100 on 2022-08-01 term"), prepayment_of("settle on 2022-08-01")
    ('reduces_term', None)
    """
    word, _, rest = text.strip().partition(" ")
    return _MODES.get(rest.split()[-1] if rest else "", "reduces_instalment") if word == "pay" else None


def read_event(text: str, sequence: int, drawn_on: date) -> Event:
    """One event; `UsageError` with the phrase that is meant where it cannot be read.

    >>> read_event("defer 2022-08-01..2022-12-31 to 2022-12-30", 2, date(2022, 1, 20)).new_due_on
    datetime.date(2022, 12, 30)
    """
    said = text.strip()
    signed = _SIGNED.search(said)
    said = _SIGNED.sub("", said)
    word, _, rest = said.partition(" ")
    if word not in _PHRASES:
        raise UsageError("call.event_word", text=text, nearest=nearest(word, _PHRASES))
    pattern, kind, read = _PHRASES[word]
    found = re.fullmatch(pattern, rest.strip())
    if found is None:
        raise UsageError("call.event", text=text, form=_FORMS[word])
    try:
        parameters = {"effective_on": _day(signed[1]) if signed else drawn_on} | read(found.groups())
    except ValueError as problem:
        raise UsageError("call.event", text=f"{text} ({problem})", form=_FORMS[word]) from None
    return Event(kind=kind, sequence=sequence, **parameters)


_FORMS: Final = {
    "defer": "defer [principal|interest] FROM..TO [to DAY] [first|spread N|capitalise|waive]",
    "shift": "shift from DAY by N",
    "extend": "extend to DAY",
    "skip": "skip MONTH[,MONTH] [FROM..TO]",
    "pay": "pay AMOUNT on DAY [instalment|term|next]",
    "forgive": "forgive AMOUNT on DAY",
    "fee": "fee AMOUNT on DAY",
    "penalty": "penalty AMOUNT on DAY",
    "settle": "settle on DAY",
    "rate": "rate RATE% from DAY",
    "pause": "pause FROM..TO",
}
