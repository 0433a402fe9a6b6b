"""From text to a typed tree. Total and closed: no calls, no loops, no user code; length and depth are limited.

predicate := conjunction ("or" conjunction)*
conjunction := negation ("and" negation)*
negation  := "not" negation | "(" predicate ")" | test
test      := column op operand | column ["not"] "in" "(" value, ... ")"
           | column "between" operand "and" operand | "exists" column | flag-column
operand   := column | number | "text" | 2022-12-31 | true | false | $parameter
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final, NoReturn, cast

from steadyrest.errors import RuleError
from steadyrest.rules.syntax import (
    Among,
    And,
    Between,
    ColumnRef,
    Compare,
    Constant,
    Exists,
    Node,
    Not,
    Operand,
    Operator,
    Or,
    Value,
)
from steadyrest.schema.registry import Column, Kind

MAX_LENGTH: Final = 4_000
MAX_DEPTH: Final = 64
MAX_VALUES: Final = 500

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<day>\d{4}-\d{2}-\d{2}\b)
    | (?P<ratio>-?\d+\.\d+)
    | (?P<number>-?\d+)
    | (?P<text>"[^"\n]*")
    | (?P<parameter>\$[a-z][a-z0-9_]*)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign><=|>=|==|!=|<|>|\(|\)|,)
    )""",
    re.VERBOSE,
)
_ORDERED = {Kind.COUNT, Kind.MONEY, Kind.RATE, Kind.RATIO, Kind.DAY, Kind.MASK}
_INTEGERS = {Kind.COUNT, Kind.MONEY, Kind.RATE, Kind.MASK}
_KEYWORDS = {"and", "or", "not", "in", "between", "exists", "true", "false"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated value of a clause as a predicate sees it: its kind must fit the column it is compared with."""

    kind: Kind
    value: Value


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse(text: str, scope: Mapping[str, Column], parameters: Mapping[str, Parameter] | None = None) -> Node:
    """Parse and type-check a predicate over the columns of `scope`.

    Raises `RuleError` with the position for a syntax error, an unknown column, code or parameter (with the nearest
    right name), operands of different types, and texts beyond the limits of length and depth.
    """
    if len(text) > MAX_LENGTH:
        raise RuleError("rule.too_long", length=len(text), limit=MAX_LENGTH)
    return _Parser(text, scope, parameters or {}).whole()


class _Parser:
    def __init__(self, text: str, scope: Mapping[str, Column], parameters: Mapping[str, Parameter]) -> None:
        self.text = text
        self.scope = scope
        self.parameters = parameters
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.predicate()
        if self.here.kind != "end":
            self.fail("and, or")
        return node

    @property
    def here(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.here
        self.at += 1
        return token

    def accept(self, *texts: str) -> bool:
        if self.here.kind in ("word", "sign") and self.here.text in texts:
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            self.fail(text)

    def fail(self, expected: str) -> NoReturn:
        token = self.here
        found = token.text or "…"
        raise RuleError(
            "rule.syntax", text=self.text[:200], position=token.position + 1, found=found, expected=expected
        )

    def predicate(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise RuleError("rule.too_deep", limit=MAX_DEPTH)
        parts = [self.conjunction()]
        while self.accept("or"):
            parts.append(self.conjunction())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def conjunction(self) -> Node:
        parts = [self.negation()]
        while self.accept("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negation(self) -> Node:
        if self.accept("not"):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise RuleError("rule.too_deep", limit=MAX_DEPTH)
            node = Not(self.negation())
            self.depth -= 1
            return node
        if self.accept("("):
            node_ = self.predicate()
            self.expect(")")
            return node_
        return self.test()

    def test(self) -> Node:
        if self.accept("exists"):
            return Exists(self.column())
        column = self.column()
        if self.accept("between"):
            low = self.operand(column)
            self.expect("and")
            high = self.operand(column)
            self.need_order(column, "between")
            return Between(column, low, high)
        if self.here.text == "not" and self.tokens[self.at + 1].text == "in":
            self.at += 2
            return Not(self.members(column))
        if self.accept("in"):
            return self.members(column)
        if self.here.kind == "sign" and self.here.text not in "(),":
            operator = cast(Operator, self.take().text)
            if operator not in ("==", "!="):
                self.need_order(column, operator)
            return Compare(column, operator, self.operand(column))
        if column.column.kind is Kind.FLAG:
            return Compare(column, "==", Constant(True))
        self.fail("== != < <= > >= in between")

    def members(self, column: ColumnRef) -> Among:
        self.expect("(")
        values = [self.constant(column)]
        while self.accept(","):
            values.append(self.constant(column))
        self.expect(")")
        if len(values) > MAX_VALUES:
            raise RuleError("rule.too_long", length=len(values), limit=MAX_VALUES)
        return Among(column, tuple(values))

    def column(self) -> ColumnRef:
        token = self.here
        if token.kind != "word" or token.text in _KEYWORDS:
            self.fail("column")
        if token.text not in self.scope:
            raise RuleError("rule.unknown_column", name=token.text, nearest=_nearest(token.text, self.scope))
        self.at += 1
        return ColumnRef(self.scope[token.text])

    def operand(self, column: ColumnRef) -> Operand:
        token = self.here
        if token.kind == "word" and token.text not in ("true", "false"):
            other = self.column()
            if _family(other.column) != _family(column.column):
                self.mistyped(column, other.name)
            return other
        return self.constant(column)

    def constant(self, column: ColumnRef) -> Constant:
        token = self.take()
        if token.kind == "parameter":
            return self.parameter(column, token.text[1:])
        value = _literal(token)
        if value is None:
            self.at -= 1
            self.fail("value")
        if not _fits(value, column.column):
            self.mistyped(column, token.text)
        self.known_code(column, value)
        return Constant(value)

    def parameter(self, column: ColumnRef, name: str) -> Constant:
        if name not in self.parameters:
            raise RuleError("rule.unknown_parameter", name=name, nearest=_nearest(name, self.parameters))
        parameter = self.parameters[name]
        if parameter.kind is not column.column.kind:
            self.mistyped(column, f"${name}")
        self.known_code(column, parameter.value)
        return Constant(parameter.value, name)

    def known_code(self, column: ColumnRef, value: Value) -> None:
        codes = column.column.codes
        if codes and value not in codes:
            raise RuleError("rule.unknown_code", name=column.name, value=value, nearest=_nearest(str(value), codes))

    def need_order(self, column: ColumnRef, operator: str) -> None:
        if column.column.kind not in _ORDERED:
            raise RuleError("rule.no_order", name=column.name, kind=column.column.kind, operator=operator)

    def mistyped(self, column: ColumnRef, other: str) -> NoReturn:
        raise RuleError("rule.mistyped", name=column.name, kind=column.column.kind, other=other)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise RuleError("rule.letter", text=text[:200], position=position + 1, found=text[position:].strip()[:1])
        kind = match.lastgroup or ""
        found.append(_Token(kind, match.group(kind), match.start(kind)))
        position = match.end()
    return [*found, _Token("end", "", len(text)), _Token("end", "", len(text))]


def _literal(token: _Token) -> Value | None:
    if token.kind == "number":
        return int(token.text)
    if token.kind == "ratio":
        return float(token.text)
    if token.kind == "text":
        return token.text[1:-1]
    if token.kind == "day":
        try:
            return date.fromisoformat(token.text)
        except ValueError:
            return None
    if token.kind == "word" and token.text in ("true", "false"):
        return token.text == "true"
    return None


def _fits(value: Value, column: Column) -> bool:
    if isinstance(value, bool):
        return column.kind is Kind.FLAG
    if isinstance(value, int):
        return column.kind in _INTEGERS or column.kind is Kind.RATIO
    if isinstance(value, float):
        return column.kind is Kind.RATIO
    if isinstance(value, date):
        return column.kind is Kind.DAY
    return column.kind in (Kind.CODE, Kind.TEXT)


def _family(column: Column) -> object:
    """What may be compared with what: the kind, and for closed lists the list."""
    return (column.kind, column.codes)


def _nearest(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.0)
    return close[0] if close else "-"
