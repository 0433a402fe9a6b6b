"""Letters to tokens. Names of FEEL may hold blanks and signs, so the names in scope decide how far a name goes."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from steadyrest.rules.dmn.read import DmnError

MAX_LETTERS: Final = 20_000
_NUMBER: Final = re.compile(r"(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?")
_NAME: Final = re.compile(r"[^\W\d]\w*")
_SIGNS: Final = ("**", "..", "<=", ">=", "!=", *"()[]{},:.+-*/<>=?@")
_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
KEYWORDS: Final = frozenset({"and", "or", "between", "in", "if", "then", "else", "true", "false", "null", "not",
                             "for", "return", "some", "every", "satisfies", "instance", "of", "function"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, string, name, word (a keyword), sign or end."""

    kind: str
    text: str
    at: int


def tokens(text: str, names: Collection[str] = ()) -> list[Token]:
    """All tokens of an expression, with an end. `names` are those in scope, longest match first."""
    if len(text) > MAX_LETTERS:
        raise DmnError(f"an expression of more than {MAX_LETTERS} letters")
    long = {name for name in (*names, *LONG_NAMES) if name.strip() and not _NAME.fullmatch(name)}
    known = [_pattern(name) for name in sorted(long, key=lambda name: (-len(name), name))]
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        comment = _COMMENT.match(text, at)
        if comment:
            at = comment.end()
            continue
        token, at = _next(text, at, known)
        found.append(token)
    return [*found, Token("end", "", at)]


LONG_NAMES: Final = ("date and time", "years and months duration", "string length", "upper case", "lower case",
                     "substring before", "substring after", "starts with", "ends with", "list contains",
                     "insert before", "index of", "distinct values", "round up", "round down", "round half up",
                     "round half down", "day of week", "day of year", "month of year", "week of year")  # fmt: skip
"""Functions of FEEL whose names hold blanks."""


def _pattern(name: str) -> tuple[str, re.Pattern[str]]:
    words = r"\s+".join(re.escape(word) for word in name.split())
    return " ".join(name.split()), re.compile(rf"{words}(?!\w)")


def _next(text: str, at: int, known: list[tuple[str, re.Pattern[str]]]) -> tuple[Token, int]:
    if text[at] == '"':
        return _string(text, at)
    for name, pattern in known:
        found = pattern.match(text, at)
        if found:
            return Token("name", name, at), found.end()
    number = _NUMBER.match(text, at)
    if number and not text.startswith("..", number.start()):
        end = number.end()
        return Token("number", text[at:end], at), end
    name_found = _NAME.match(text, at)
    if name_found:
        word = name_found.group()
        return Token("word" if word in KEYWORDS else "name", word, at), name_found.end()
    for sign in _SIGNS:
        if text.startswith(sign, at):
            return Token("sign", sign, at), at + len(sign)
    raise DmnError(f"the letter {text[at]!r} at {at + 1} is not of FEEL")


def _string(text: str, at: int) -> tuple[Token, int]:
    letters: list[str] = []
    k = at + 1
    while k < len(text):
        letter = text[k]
        if letter == '"':
            whole = "".join(letters).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return Token("string", whole, at), k + 1
        if letter == "\\" and k + 1 < len(text):
            code = text[k + 1]
            width = {"u": 4, "U": 6}.get(code, 0)
            if width and re.fullmatch(r"[0-9a-fA-F]+", text[k + 2 : k + 2 + width]):
                letters.append(chr(int(text[k + 2 : k + 2 + width], 16)))
                k += 2 + width
                continue
            letters.append(_ESCAPES.get(code, "\\" + code))
            k += 2
            continue
        letters.append(letter)
        k += 1
    raise DmnError(f"the text that begins at {at + 1} has no end")
