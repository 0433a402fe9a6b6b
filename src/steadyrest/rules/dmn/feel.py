"""FEEL expressions and unary tests: parsed once into a function of the scope. Total: an error of evaluation is null.

Precedence, from the loosest: if, for, some and every; or; and; comparison, between, in; + and -; * and /; **; the
minus of one value; paths, filters and calls. (DMN 1.5, 10.3.1.2.)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final, TypeAlias

from steadyrest.rules.dmn import operations as op
from steadyrest.rules.dmn.builtins import BUILTINS
from steadyrest.rules.dmn.read import DmnError
from steadyrest.rules.dmn.tokens import Token, tokens
from steadyrest.rules.dmn.values import Range, Value, compared, equal, to_number

Scope: TypeAlias = Mapping[str, Value]
Expression: TypeAlias = Callable[[Scope], Value]
Test: TypeAlias = Callable[[Value, Scope], "bool | None"]
INPUT: Final = "?"
MAX_DEPTH: Final = 60


def expression(text: str, names: Collection[str] = ()) -> Expression:
    """An expression; `DmnError` with the place of what cannot be parsed."""
    parser = _Parser(text, names)
    found = parser.expression()
    parser.end()
    return found


def unary_tests(text: str, names: Collection[str] = ()) -> Test:
    """Tests of an input entry: `-` holds always, otherwise one of the tests must."""
    if text.strip() in ("", "-"):
        return lambda value, scope: True
    parser = _Parser(text, names)
    found = parser.tests()
    parser.end()
    return found


class _Parser:
    """One pass over the tokens, at each place one function of the grammar."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text, self.tokens, self.at, self.depth = text, tokens(text, names), 0, 0
        self.asks_input = False

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def end(self) -> None:
        if self.token.kind != "end":
            self.wrong()

    def wrong(self) -> DmnError:
        raise DmnError(f"{self.text!r}: {self.token.text or 'the end'!r} at {self.token.at + 1} is not expected")

    def take(self, *texts: str) -> str:
        """The text of the token when it is one of these signs or words, else nothing."""
        if self.token.kind in ("sign", "word") and self.token.text in texts:
            self.at += 1
            return self.tokens[self.at - 1].text
        return ""

    def need(self, text: str) -> None:
        if not self.take(text):
            self.wrong()

    def name(self, *also: str) -> str:
        """The text of a name; a keyword is one where no other thing can stand."""
        if self.token.kind not in ("name", "word", *also):
            self.wrong()
        self.at += 1
        return self.tokens[self.at - 1].text

    def expression(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise DmnError(f"{self.text!r}: nested deeper than {MAX_DEPTH}")
        found = self.choice() if self.take("if") else self.loop() if self.take("for") else self.disjunction()
        self.depth -= 1
        return found

    def choice(self) -> Expression:
        condition = self.expression()
        self.need("then")
        yes = self.expression()
        self.need("else")
        no = self.expression()
        return lambda scope: yes(scope) if condition(scope) is True else no(scope)

    def loop(self) -> Expression:
        each = list(self.iterations())
        self.need("return")
        body = self.expression()
        return lambda scope: op.looped(each, body, scope)

    def iterations(self) -> Iterator[tuple[str, Expression]]:
        while True:
            name = self.name()
            self.need("in")
            start = self.expression()
            yield name, self.stretch(start) if self.take("..") else start
            if not self.take(","):
                return

    def stretch(self, start: Expression) -> Expression:
        stop = self.expression()
        return lambda scope: op.steps(start(scope), stop(scope))

    def disjunction(self) -> Expression:
        quantor = self.take("some", "every")
        if quantor:
            each = list(self.iterations())
            self.need("satisfies")
            body = self.expression()
            return lambda scope: op.quantified(quantor, op.looped(each, body, scope))
        parts = [self.conjunction()]
        while self.take("or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else lambda scope: op.any_of([part(scope) for part in parts])

    def conjunction(self) -> Expression:
        parts = [self.comparison()]
        while self.take("and"):
            parts.append(self.comparison())
        return parts[0] if len(parts) == 1 else lambda scope: op.all_of([part(scope) for part in parts])

    def comparison(self) -> Expression:
        left = self.sum()
        sign = self.take("<", "<=", ">", ">=", "=", "!=")
        if sign:
            right = self.sum()
            return lambda scope: op.compare(sign, left(scope), right(scope))
        if self.take("between"):
            low = self.sum()
            self.need("and")
            high = self.sum()
            return lambda scope: Range(low(scope), high(scope), True, True).holds(left(scope))
        if self.take("in"):
            tests = self.grouped_tests()
            return lambda scope: tests(left(scope), scope)
        if self.take("instance"):
            self.need("of")
            kind = self.name()
            return lambda scope: op.is_instance(left(scope), kind)
        return left

    def grouped_tests(self) -> Test:
        """`in (tests)` or `in test`."""
        before = self.at
        if self.take("("):
            try:
                tests = self.tests()
                self.need(")")
                return tests
            except DmnError:
                self.at = before
        return self.test()

    def sum(self) -> Expression:
        return self.chain(self.product, "+", "-")

    def product(self) -> Expression:
        return self.chain(self.power, "*", "/")

    def power(self) -> Expression:
        return self.chain(self.negation, "**")

    def chain(self, part: Callable[[], Expression], *signs: str) -> Expression:
        """Operators of one rank, from the left."""
        found = part()
        while sign := self.take(*signs):
            found = _operation(sign, found, part())
        return found

    def negation(self) -> Expression:
        if self.take("-"):
            inner = self.negation()
            return lambda scope: op.negative(inner(scope))
        return self.postfix()

    def postfix(self) -> Expression:
        found = self.primary()
        while True:
            if self.take("."):
                found = _member(found, self.name())
            elif self.take("["):
                found = _filtered(found, self.expression())
                self.need("]")
            elif self.take("("):
                found = self.call(found)
            else:
                return found

    def call(self, function: Expression) -> Expression:
        positional: list[Expression] = []
        named: dict[str, Expression] = {}
        while not self.take(")"):
            is_named = self.token.kind == "name" and self.tokens[self.at + 1].text == ":"
            if is_named:
                name = self.name()
                self.need(":")
                named[name] = self.expression()
            else:
                positional.append(self.expression())
            if not self.take(","):
                self.need(")")
                break
        return lambda scope: op.called(
            function(scope), [part(scope) for part in positional], {name: part(scope) for name, part in named.items()}
        )

    def primary(self) -> Expression:
        token = self.token
        if token.kind in ("number", "string"):
            self.at += 1
            constant: Value = token.text if token.kind == "string" else to_number(token.text)
            return lambda scope: constant
        if self.take("?"):
            self.asks_input = True
            return lambda scope: scope.get(INPUT)
        if self.take("@"):
            text = self.token.text
            self.at += 1
            return lambda scope: op.at_literal(text)
        literal = self.take("true", "false", "null")
        if literal:
            fixed = {"true": True, "false": False, "null": None}[literal]
            return lambda scope: fixed
        if self.take("{"):
            return self.context()
        if token.kind == "sign" and token.text in "([]":
            return self.bracketed()
        if token.kind == "name" or token.text == "not":
            self.at += 1
            name = token.text
            return lambda scope: scope[name] if name in scope else BUILTINS.get(name)
        raise self.wrong()

    def context(self) -> Expression:
        entries: list[tuple[str, Expression]] = []
        while not self.take("}"):
            key = self.name("string")
            self.need(":")
            entries.append((key, self.expression()))
            if not self.take(","):
                self.need("}")
                break
        return lambda scope: op.context(entries, scope)

    def bracketed(self) -> Expression:
        """An interval, a list, or an expression in parentheses."""
        opening = self.token.text
        self.at += 1
        if opening == "[" and self.take("]"):
            return lambda scope: []
        first = self.expression()
        if self.take(".."):
            last = self.expression()
            closing = self.take(")", "]", "[")
            if not closing:
                self.wrong()
            return lambda scope: Range(first(scope), last(scope), opening == "[", closing == "]")
        if opening == "(":
            self.need(")")
            return first
        if opening == "]":
            self.wrong()
        items = [first]
        while self.take(","):
            items.append(self.expression())
        self.need("]")
        return lambda scope: [item(scope) for item in items]

    def tests(self) -> Test:
        """Tests with commas between; `not(...)` around them."""
        if self.token.text == "not" and self.tokens[self.at + 1].text == "(":
            before = self.at
            self.at += 2
            inner = self.tests()
            self.need(")")
            if self.token.kind == "end" or self.token.text in (",", ")"):
                return lambda value, scope: op.negated(inner(value, scope))
            self.at = before
        parts = [self.test()]
        while self.take(","):
            parts.append(self.test())
        return lambda value, scope: op.any_of([part(value, scope) for part in parts])

    def test(self) -> Test:
        sign = self.take("<", "<=", ">", ">=", "=", "!=")
        if sign:
            right = self.sum()
            return lambda value, scope: op.compare(sign, value, right({**scope, INPUT: value}))
        before, self.asks_input = self.asks_input, False
        body = self.expression()
        asks, self.asks_input = self.asks_input, before
        return lambda value, scope: _tested(body({**scope, INPUT: value}), value, asks)


def _operation(sign: str, left: Expression, right: Expression) -> Expression:
    run = op.OPERATIONS[sign]
    return lambda scope: run(left(scope), right(scope))


def _member(of: Expression, name: str) -> Expression:
    return lambda scope: op.member(of(scope), name)


def _filtered(of: Expression, by: Expression) -> Expression:
    return lambda scope: op.filtered(of(scope), by, scope)


def _tested(found: Value, value: Value, asks_input: bool) -> bool | None:
    """What an expression says of the input: a test of its own, a range, a list, or the value itself."""
    if asks_input:
        return found if isinstance(found, bool) else None
    if isinstance(found, Range):
        return found.holds(value)
    if isinstance(found, list) and not isinstance(value, list):
        return any(_tested(item, value, asks_input) is True for item in found)
    return equal(value, found)


__all__ = ["INPUT", "Expression", "Scope", "Test", "compared", "expression", "unary_tests"]
