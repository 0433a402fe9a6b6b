"""Every sentence a person can meet exists in both languages, with the fields that its caller fills."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest

from steadyrest import errors
from steadyrest.text import catalogue
from tests.tidy.source import PACKAGE, Module, called, calls, functions, imported, literals, modules

FINDING = re.compile(r"[A-Z]+(-[A-Z]+)*-\d{3}")
CHINESE = re.compile("[\u3400-\u9fff]")
HOLE = "\0"
OWN_WORDS = {"zh", "en"}
"""A field that takes the words of its own language."""
BLANKS = {"rules.words.next", "cli.head.soft"}
"""What stands between two sentences, nothing in Chinese and a blank in English; the head of a column of marks."""

LABELS_OF_THE_REGISTRY = ("schema/",)
HELP_OF_COMMANDS = ("cli/",)
WORDS_OF_DATA = {
    "exchange/control.py": "words for rows in control files that are read",
    "exchange/mapping.py": "words for yes and no in files that are read",
    "report/html.py": "the name of the language itself on its switch",
    "report/tiles.py": "short names of two provinces",
    "report/words.py": "the Chinese way to write a day",
    "synth/dirt.py": "a field name of the official layout",
    "synth/east.py": "field names and words of the official layout",
    "synth/pboc.py": "field names of the official layout",
}

ERRORS = {name for name, item in vars(errors).items() if isinstance(item, type) and issubclass(item, Exception)}


def fields(text: str) -> set[str]:
    """The names a sentence has fields for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def pattern(node: ast.expr) -> str | None:
    """A text as the code writes it, each part that is not constant as a hole; null when none of it is constant."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(pattern(item) or HOLE for item in node.values)
    return None


def candidates(node: ast.expr) -> Iterator[str]:
    """All texts an argument can be: a constant, one with holes, or the sides of a conditional."""
    if isinstance(node, ast.IfExp):
        yield from candidates(node.body)
        yield from candidates(node.orelse)
        return
    found = pattern(node)
    if found is not None:
        yield found


@cache
def helpers() -> dict[tuple[str, str], str]:
    """Functions that look a label up under a prefix of their own: (module, name) -> prefix, `label` itself included."""
    found = {("steadyrest.text", "label"): ""}
    for _ in range(3):  # a helper may rest on a helper
        for module in modules():
            for function in functions(module.tree):
                prefix = _prefix(module, function, found)
                if prefix is not None:
                    found[(module.name, function.name)] = prefix
    return found


def _prefix(module: Module, function: ast.AST, known: dict[tuple[str, str], str]) -> str | None:
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    first = next(iter(function.args.args), None)
    for call in calls(function):
        target = known.get(_resolved(module, called(call)))
        if target is None or not call.args or first is None:
            continue
        argument = call.args[0]
        if isinstance(argument, ast.Name) and argument.id == first.arg:
            return target
        if isinstance(argument, ast.JoinedStr) and len(argument.values) == 2:
            head, tail = argument.values
            own = tail.value if isinstance(tail, ast.FormattedValue) else tail
            prefix = pattern(head)
            if prefix is not None and isinstance(own, ast.Name) and own.id == first.arg:
                return target + prefix
    return None


def _resolved(module: Module, name: str) -> tuple[str, str]:
    return imported(module.tree).get(name, (module.name, name))


@cache
def label_keys() -> tuple[tuple[str, str], ...]:
    """(place, key) of every label the code looks up; parts known only when it runs are holes."""
    found = []
    for module in modules():
        names = imported(module.tree)
        for call in calls(module.tree):
            prefix = helpers().get(names.get(called(call), (module.name, called(call))))
            if prefix is None or not call.args:
                continue
            found += [(f"{module.place}:{call.lineno}", prefix + key) for key in candidates(call.args[0])]
    return tuple(found)


def exists(key: str) -> bool:
    """A label has this key, or one that fits its holes."""
    if HOLE not in key:
        return key in catalogue()
    fits = re.compile(".+".join(re.escape(part) for part in key.split(HOLE)))
    return any(fits.fullmatch(name) for name in catalogue())


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """(place, code, fields given) of every exception that is made; fields are null when they are passed on."""
    for module in modules():
        for call in calls(module.tree):
            if called(call) in ERRORS and call.args:
                names = [word.arg for word in call.keywords]
                given = None if None in names else {str(name) for name in names}
                for code in candidates(call.args[0]):
                    yield f"{module.place}:{call.lineno}", code, given


def test_the_search_for_labels_finds_the_helpers() -> None:
    assert helpers()[("steadyrest.book.explain.tree", "word")] == "explain."
    assert helpers()[("steadyrest.rules.words", "fill")] == "rules."
    assert len(label_keys()) > 100


def test_every_label_the_code_names_exists() -> None:
    assert [f"{place} {key.replace(HOLE, '*')}" for place, key in label_keys() if not exists(key)] == []


def test_both_languages_have_the_same_fields() -> None:
    uneven = {key: fields(text.zh) ^ fields(text.en) for key, text in catalogue().items()}
    assert [key for key, names in uneven.items() if names - OWN_WORDS] == []


def test_no_label_is_empty() -> None:
    empty = {key for key, text in catalogue().items() if not text.zh.strip() or not text.en.strip()}
    assert empty - BLANKS == set()


@pytest.mark.parametrize("kind", ["error", "finding"])
def test_errors_and_findings_say_what_and_what_to_do(kind: str) -> None:
    codes = {key.rpartition(".")[0] for key in catalogue() if key.startswith(f"{kind}.")}
    assert codes
    assert [code for code in sorted(codes) if not {f"{code}.what", f"{code}.todo"} <= set(catalogue())] == []


def test_every_exception_has_its_sentences() -> None:
    made = list(raised())
    assert len(made) > 20
    assert [f"{place} {code}" for place, code, _ in made if not exists(f"error.{code}.what")] == []


def test_every_exception_fills_its_sentences() -> None:
    short = []
    for place, code, given in raised():
        if given is None or HOLE in code or f"error.{code}.what" not in catalogue():
            continue
        wanted = {name for end in ("what", "todo") for name in fields(catalogue()[f"error.{code}.{end}"].en)}
        short += [f"{place} {code}: {', '.join(sorted(wanted - given))}"] if wanted - given else []
    assert short == []


def test_every_finding_code_has_its_sentences() -> None:
    found = {node.value for module in modules() for node in literals(module.tree) if FINDING.fullmatch(str(node.value))}
    for path in PACKAGE.rglob("*.yaml"):
        found |= set(re.findall(r"^\s*-?\s*code:\s*\"?([A-Z-]+-\d{3})", path.read_text("utf-8"), re.MULTILINE))
    assert len(found) > 10
    assert [code for code in sorted(map(str, found)) if f"finding.{code}.what" not in catalogue()] == []


def test_chinese_stands_in_labels_and_not_in_code() -> None:
    spoken = {
        module.place
        for module in modules()
        if any(CHINESE.search(str(node.value)) for node in literals(module.tree))
        and not module.place.startswith((*LABELS_OF_THE_REGISTRY, *HELP_OF_COMMANDS))
    }
    assert spoken - set(WORDS_OF_DATA) == set()
    assert set(WORDS_OF_DATA) - spoken == set(), "an exception that is no longer needed"
