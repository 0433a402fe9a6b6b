"""From text to a typed predicate. Total and closed: no calls, no loops, no user code; length and depth are limited.

predicate   := conjunction ("or" conjunction)*
conjunction := negation ("and" negation)*
negation    := "not" negation | "(" predicate ")" | test
test        := column op operand | column ["not"] "in" ( "(" value, ... ")" | $list )
             | column ["not"] "between" operand "and" operand | "exists" column | flag-column
operand     := column | value
value       := ["-"] number | ["-"] ratio | "text" | 2022-12-31 | true | false | $parameter
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn

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
)
from steadyrest.rules.tokens import Token, literal, place, tokens, visible
from steadyrest.rules.types import (
    ORDERED_KINDS,
    Parameter,
    Scope,
    Value,
    columns_agree,
    has_type,
    in_range,
    nearest,
    parameter_agrees,
)
from steadyrest.schema.registry import Column, Kind

MAX_DEPTH: Final = 64
MAX_VALUES: Final = 500

_OPERATORS: Final[Mapping[str, Operator]] = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
KEYWORDS: Final = frozenset({"and", "or", "not", "in", "between", "exists", "true", "false"})


def parse(text: str, scope: Scope, parameters: Mapping[str, Parameter] | None = None) -> Node:
    """Parse and type-check a predicate over the columns of `scope`.

    Raises `RuleError` with line and letter for a syntax error, an unknown column, code or parameter (with the nearest
    right name), for sides of different type or unit, and for texts beyond the limits of length and depth.
    """
    return _Predicate(text, scope, parameters or {}).whole()


class _Reader:
    """Tokens, the place in them, and what the language says about columns and values."""

    def __init__(self, text: str, scope: Scope, parameters: Mapping[str, Parameter]) -> None:
        self.text = text
        self.scope = scope
        self.parameters = parameters
        self.tokens = tokens(text)
        self.index = 0
        self.depth = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.here
        self.index += 1
        return token

    def accept(self, text: str) -> bool:
        if self.here.kind in ("word", "sign") and self.here.text == text:
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            self.wrong("expected_sign", self.here, expected=text)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.wrong("too_deep", self.here, limit=MAX_DEPTH)

    def wrong(self, code: str, token: Token, **values: object) -> NoReturn:
        if token.kind == "end" and code.startswith("expected"):
            code = f"{code}_at_end"
        shown = {key: visible(value) if isinstance(value, str) else value for key, value in values.items()}
        raise RuleError(f"rule.{code}", **place(self.text, token.at), **{"found": visible(token.text), **shown})

    def column(self) -> ColumnRef:
        token = self.take()
        if token.kind != "word" or token.text in KEYWORDS:
            self.wrong("expected_column", token)
        if token.text not in self.scope:
            self.wrong("unknown_column", token, nearest=nearest(token.text, self.scope))
        return ColumnRef(self.scope[token.text])

    def parameter(self, token: Token) -> tuple[str, Parameter]:
        name = token.text[1:]
        if name not in self.parameters:
            self.wrong("unknown_parameter", token, nearest=nearest(name, self.parameters))
        return name, self.parameters[name]

    def number_or_word(self) -> tuple[Token, Value]:
        """A literal with its sign; a sign before anything but a number is refused."""
        negative = self.accept("-")
        token = self.take()
        value = literal(token, self.text)
        if value is None or (negative and token.kind not in ("number", "ratio")):
            self.wrong("expected_value", token)
        return token, -value if negative and isinstance(value, int | float) else value

    def finish(self) -> None:
        if self.here.kind != "end":
            self.wrong("expected_end", self.here)


class _Predicate(_Reader):
    """The grammar of predicates, one method a line of it."""

    def whole(self) -> Node:
        node = self.predicate()
        self.finish()
        return node

    def predicate(self) -> Node:
        self.deeper()
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
            self.deeper()
            node: Node = Not(self.negation())
            self.depth -= 1
            return node
        if self.accept("("):
            node = self.predicate()
            self.expect(")")
            return node
        return self.test()

    def test(self) -> Node:
        at = self.here.at
        if self.accept("exists"):
            return Exists(self.column(), at)
        column = self.column()
        if self.here.text in _OPERATORS:
            return self.comparison(column, at)
        negated = self.accept("not")
        if self.accept("in"):
            node: Node = Among(column, self.members(column), at)
        elif self.here.text == "between":
            node = self.interval(column, at)
        elif not negated and column.column.kind is Kind.FLAG:
            return Compare(column, "==", Constant(True), at)
        else:
            self.wrong("expected_test", self.here, name=column.name)
        return Not(node) if negated else node

    def comparison(self, column: ColumnRef, at: int) -> Compare:
        sign = self.take()
        operator = _OPERATORS[sign.text]
        if operator not in ("==", "!="):
            self.need_order(column, sign)
        return Compare(column, operator, self.operand(column), at)

    def interval(self, column: ColumnRef, at: int) -> Between:
        self.need_order(column, self.take())
        low = self.operand(column)
        self.expect("and")
        return Between(column, low, self.operand(column), at)

    def members(self, column: ColumnRef) -> tuple[Constant, ...]:
        if self.here.kind == "parameter":
            return self.listed(column)
        self.expect("(")
        values = [self.constant(column)]
        while self.accept(","):
            values.append(self.constant(column))
        if len(values) > MAX_VALUES:
            self.wrong("too_many_values", self.here, count=len(values), limit=MAX_VALUES)
        self.expect(")")
        return tuple(values)

    def operand(self, column: ColumnRef) -> Operand:
        token = self.here
        if token.kind != "word" or token.text in ("true", "false"):
            return self.constant(column)
        other = self.column()
        if not columns_agree(column.column, other.column):
            self.mistyped(column.column, token)
        return other

    def constant(self, column: ColumnRef) -> Constant:
        if self.here.kind == "parameter":
            values = self.listed(column)
            if len(values) != 1:
                self.wrong("list_parameter", self.tokens[self.index - 1])
            return values[0]
        token, value = self.number_or_word()
        return Constant(self.fitting(column.column, value, token))

    def listed(self, column: ColumnRef) -> tuple[Constant, ...]:
        """The values of a parameter, one or many."""
        token = self.take()
        name, parameter = self.parameter(token)
        if not parameter_agrees(column.column, parameter):
            self.mistyped(column.column, token, parameter.unit)
        values = parameter.value if isinstance(parameter.value, tuple) else (parameter.value,)
        if not 0 < len(values) <= MAX_VALUES:
            self.wrong("too_many_values", token, count=len(values), limit=MAX_VALUES)
        return tuple(Constant(self.fitting(column.column, value, token), name) for value in values)

    def fitting(self, column: Column, value: Value, token: Token) -> Value:
        if not has_type(value, column):
            self.mistyped(column, token)
        if not in_range(value, column):
            self.wrong("out_of_range", token, name=column.name)
        if column.codes and value not in column.codes:
            self.wrong("unknown_code", token, name=column.name, value=value, nearest=nearest(str(value), column.codes))
        return float(value) if column.kind is Kind.RATIO and isinstance(value, int) else value

    def need_order(self, column: ColumnRef, operator: Token) -> None:
        if column.column.kind not in ORDERED_KINDS:
            self.wrong("no_order", operator, name=column.name, kind=column.column.kind.value)

    def mistyped(self, column: Column, token: Token, unit: str = "") -> NoReturn:
        kind = f"{column.kind.value}, {column.unit}" if column.unit else column.kind.value
        self.wrong("mistyped", token, name=column.name, kind=kind, unit=f" ({unit})" if unit else "")
