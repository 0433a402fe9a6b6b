"""Small models for the tests: the XML of a decision, and what it gives."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from steadyrest.rules.dmn import decide, read_model
from steadyrest.rules.dmn.feel import expression, unary_tests

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m">'


def feel(text: str, **scope: Any) -> Any:
    """The value of an expression; underscores of names stand for blanks."""
    named = {name.replace("_", " "): value for name, value in scope.items()}
    return expression(text, named)(named)


def holds(tests: str, value: Any, **scope: Any) -> bool | None:
    """Whether unary tests hold of a value."""
    return unary_tests(tests, scope)(value, scope)


def text(of: str) -> str:
    return f"<text>{escape(of)}</text>"


def table(policy: str, inputs: list[str], outputs: list[str], rules: list[tuple[str, str]], more: str = "") -> str:
    """A decision table. Outputs are `name` or `name: values`, cells of a rule are joined by `|`."""
    heads = "".join(f"<input><inputExpression>{text(name)}</inputExpression></input>" for name in inputs)
    for output in outputs:
        name, _, values = output.partition(": ")
        listed = f"<outputValues>{text(values)}</outputValues>" if values else ""
        heads += f'<output name="{name}">{listed}{more}</output>'
    body = "".join(
        "<rule>" + "".join(f"<inputEntry>{text(cell)}</inputEntry>" for cell in tests.split("|"))
        + "".join(f"<outputEntry>{text(cell)}</outputEntry>" for cell in results.split("|")) + "</rule>"
        for tests, results in rules
    )  # fmt: skip
    return f"<decisionTable {policy}>{heads}{body}</decisionTable>"


def model(body: str, inputs: dict[str, str], *, type_ref: str = "", more: str = "") -> bytes:
    """A model with one decision `D` over its inputs."""
    needs = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in inputs
    )
    data = "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'
        for name, kind in inputs.items()
    )
    variable = f'<variable name="D" typeRef="{type_ref}"/>' if type_ref else ""
    decision = f'<decision id="D" name="D">{variable}{needs}{body}</decision>'
    return f"{HEAD}{more}{data}{decision}</definitions>".encode()


def decided(body: str, inputs: dict[str, str], values: dict[str, Any], **parts: str) -> Any:
    """What the one decision of such a model gives."""
    return decide(read_model(model(body, inputs, **parts)), "D", values)
