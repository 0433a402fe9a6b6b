"""Reading a DMN model: XML without entities, of bounded size and depth, any version of the namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from steadyrest.rules.dmn.model import (
    Boxed,
    Context,
    Decision,
    Function,
    Input,
    Invocation,
    Items,
    Literal,
    Model,
    Output,
    Relation,
    Table,
    Type,
)

MAX_BYTES: Final = 8 << 20
MAX_DEPTH: Final = 64
Element = ElementTree.Element


class DmnError(ValueError):
    """A model that cannot be read or decided; the message says what and where."""


def read_xml(content: bytes) -> Element:
    """The root of a document; a document type, an entity, depth or size beyond the limits are refused."""
    if len(content) > MAX_BYTES:
        raise DmnError(f"XML of more than {MAX_BYTES} bytes")
    parser, builder, depth = expat.ParserCreate(), ElementTree.TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise DmnError(f"line {parser.CurrentLineNumber}: elements nested deeper than {MAX_DEPTH}")
        builder.start(name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name.rpartition(":")[2])

    def refuse(*_: object) -> None:
        raise DmnError(f"line {parser.CurrentLineNumber}: a document type is not read")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise DmnError(f"line {error.lineno}: {expat.errors.messages[error.code]}") from None
    return builder.close()


def read_model(content: bytes) -> Model:
    """A model from its XML. `DmnError` for what is no model or holds a body that is not known."""
    root = read_xml(content)
    if root.tag != "definitions":
        raise DmnError(f"<{root.tag}> is no DMN model")
    inputs = {_id(item): (item.get("name", ""), _variable(item)) for item in root.iterfind("inputData")}
    known = (*root.iterfind("decision"), *root.iterfind("businessKnowledgeModel"))
    decisions = {_id(item): _decision(item) for item in known}
    types = {item.name: item for item in (_type(node) for node in root.iterfind("itemDefinition"))}
    return Model(root.get("name", ""), inputs, decisions, types)


def _id(element: Element) -> str:
    return element.get("id") or str(element.get("name", ""))


def _text(element: Element | None, path: str = "text") -> str:
    found = element.findtext(path) if element is not None else None
    return (found or "").strip()


def _ref(element: Element) -> str:
    """A reference to a type, as attribute or as element; a prefix says nothing."""
    found = element.get("typeRef") or _text(element, "typeRef")
    return found.rpartition(":")[2] if found.count(":") == 1 else found


def _variable(element: Element) -> str:
    variable = element.find("variable")
    return _ref(variable) if variable is not None else ""


def _type(element: Element) -> Type:
    components = {item.name: item for item in (_type(node) for node in element.iterfind("itemComponent"))}
    allowed = _text(element.find("allowedValues")) or _text(element.find("typeConstraint"))
    return Type(element.get("name", ""), _ref(element), components, allowed, element.get("isCollection") == "true")


def _decision(element: Element) -> Decision:
    logic = element.find("encapsulatedLogic")
    body = _function(logic) if logic is not None else _body(element)
    return Decision(_id(element), element.get("name", ""), _variable(element), tuple(_needs(element)), body)


def _needs(element: Element) -> Iterator[str]:
    for kind in ("informationRequirement", "knowledgeRequirement"):
        for requirement in element.iterfind(kind):
            for child in requirement:
                yield child.get("href", "").rpartition("#")[2]


_BODIES: Final = (
    "literalExpression",
    "decisionTable",
    "context",
    "invocation",
    "list",
    "relation",
    "functionDefinition",
)


def _body(element: Element) -> Boxed:
    """The one boxed expression below an element."""
    for child in element:
        if child.tag in _BODIES:
            return _boxed(child)
    raise DmnError(f"{element.get('name') or element.tag}: no expression that is known")


def _boxed(element: Element) -> Boxed:
    if element.tag == "literalExpression":
        return Literal(_text(element))
    if element.tag == "decisionTable":
        return _table(element)
    if element.tag == "context":
        entries = element.iterfind("contextEntry")
        return Context(tuple((entry.find("variable").get("name", "") if entry.find("variable") is not None else "",  # type: ignore[union-attr]
                              _body(entry)) for entry in entries))  # fmt: skip
    if element.tag == "invocation":
        bindings = ((node.find("parameter"), node) for node in element.iterfind("binding"))
        named = tuple((parameter.get("name", ""), _body(node)) for parameter, node in bindings if parameter is not None)
        return Invocation(_text(element.find("literalExpression")), named)
    if element.tag == "list":
        return Items(tuple(_boxed(child) for child in element if child.tag in _BODIES))
    if element.tag == "relation":
        columns = tuple(column.get("name", "") for column in element.iterfind("column"))
        rows = (tuple(_boxed(cell) for cell in row if cell.tag in _BODIES) for row in element.iterfind("row"))
        return Relation(columns, tuple(rows))
    return _function(element)


def _function(element: Element) -> Function:
    parameters = tuple((item.get("name", ""), _ref(item)) for item in element.iterfind("formalParameter"))
    return Function(parameters, _body(element))


def _table(element: Element) -> Table:
    inputs = tuple(
        Input(_text(item.find("inputExpression")), _text(item.find("inputValues")))
        for item in element.iterfind("input")
    )
    outputs = tuple(
        Output(
            item.get("name", ""), _text(item.find("outputValues")), _text(item.find("defaultOutputEntry")), _ref(item)
        )
        for item in element.iterfind("output")
    )
    rules = tuple(
        (tuple(_text(cell) for cell in rule.iterfind("inputEntry")),
         tuple(_text(cell) for cell in rule.iterfind("outputEntry")))
        for rule in element.iterfind("rule")
    )  # fmt: skip
    return Table(element.get("hitPolicy", "UNIQUE"), element.get("aggregation", ""), inputs, outputs, rules)
