"""Rule text cut into tokens, each with its place. A sign that is not of the language is refused with the one meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NoReturn, cast

from steadyrest.errors import RuleError
from steadyrest.rules.types import Value

MAX_LENGTH: Final = 4_000

TokenKind = Literal["day", "ratio", "number", "text", "parameter", "word", "sign", "end"]

_TOKEN = re.compile(
    r"""
      (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}\b)
    | (?P<ratio>[0-9]+\.[0-9]+\b)
    | (?P<number>[0-9]+(?:_[0-9]+)*\b)
    | (?P<text>"[^"\x00-\x1f\x7f\ud800-\udfff]*")
    | (?P<parameter>\$[a-z][a-z0-9_]*)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign><=|>=|==|!=|<(?!>)|[>(),\-])
    """,
    re.VERBOSE | re.ASCII,
)
_SPACE = re.compile(r"[ \t\r\n]*")
_MEANT: Final = {
    "=": "==",
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
    "&&": "and",
    "||": "or",
    "!": "not",
    "'": '"',
    "“": '"',
    "”": '"',
    "（": "(",
    "）": ")",
    "，": ",",
}
"""Signs people write for what the language spells otherwise."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `at` counts letters from zero."""

    kind: TokenKind
    text: str
    at: int


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a rule, closed by an `end` token; a text beyond the limit or a foreign letter is a `RuleError`."""
    if len(text) > MAX_LENGTH:
        raise RuleError("rule.too_long", length=len(text), limit=MAX_LENGTH)
    found: list[Token] = []
    at = _skip_space(text, 0)
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            _refuse_letter(text, at)
        found.append(Token(_kind(match), match.group(), at))
        at = _skip_space(text, match.end())
    return (*found, Token("end", "", len(text)))


def literal(token: Token, text: str) -> Value | None:
    """The value of a literal token; null for other tokens; a day that no calendar has is a `RuleError`."""
    if token.kind == "number":
        return int(token.text.replace("_", ""))
    if token.kind == "ratio":
        return float(token.text)
    if token.kind == "text":
        return token.text[1:-1]
    if token.kind == "day":
        try:
            return date.fromisoformat(token.text)
        except ValueError:
            raise RuleError("rule.no_such_day", **place(text, token.at), found=token.text) from None
    if token.kind == "word" and token.text in ("true", "false"):
        return token.text == "true"
    return None


def place(text: str, at: int) -> dict[str, object]:
    """Line, letter in the line (both from one) and the words around it, for error sentences.

    >>> place("a == 1\\nand b", 11)
    {'line': 2, 'letter': 5, 'near': 'and b'}
    """
    start = text.rfind("\n", 0, at) + 1
    stop = text.find("\n", at)
    near = text[max(start, at - 40) : min(len(text) if stop < 0 else stop, at + 40)]
    return {"line": text.count("\n", 0, at) + 1, "letter": at - start + 1, "near": visible(near.strip())}


def visible(text: str) -> str:
    """A piece of a rule text as an error may print it: at most 80 letters, and a dot for each that has no shape.

    >>> visible("a\x1b[2J")
    'a·[2J'
    """
    return "".join(letter if letter.isprintable() else "·" for letter in text[:80])


def _kind(match: re.Match[str]) -> TokenKind:
    return cast(TokenKind, match.lastgroup)


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _refuse_letter(text: str, at: int) -> NoReturn:
    if text[at] == '"':
        raise RuleError("rule.open_text", **place(text, at))
    for width in (2, 1):
        found = text[at : at + width]
        if found in _MEANT:
            raise RuleError("rule.meant", **place(text, at), found=found, meant=_MEANT[found])
    raise RuleError("rule.letter", **place(text, at), found=ascii(text[at])[1:-1])
