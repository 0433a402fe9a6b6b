"""Words of the report in one language: labels, codes, days, currencies, counts."""

from __future__ import annotations

import re
from datetime import date

from steadyrest.report.markup import Html, text
from steadyrest.schema import code_label
from steadyrest.text import Language, Text, catalogue, label

_FIELD = re.compile(r"\{[^}]*\}")


def say(key: str, language: Language, **values: object) -> Html:
    """A sentence or label of the report, escaped."""
    return text(words(key, language, **values))


def words(key: str, language: Language, **values: object) -> str:
    """A sentence or label of the report as plain text."""
    return label(f"report.{key}", **values)[language]


def code(name: str, value: str | None, language: Language) -> Html:
    """The label of a code; a missing code is a dash."""
    return text(code_label(name, value)[language]) if value else Html("–")


def day(on: date, language: Language) -> str:
    """A day in running text.

    >>> day(date(2022, 7, 31), "zh"), day(date(2022, 7, 31), "en")
    ('2022年7月31日', '31 July 2022')
    """
    if language == "zh":
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {words(f'month.{on.month}', 'en')} {on.year}"


def heading(label_text: Text, language: Language) -> str:
    """A label at the head of a column or bar: with a capital letter in English.

    >>> heading(Text(zh="符合", en="eligible"), "en")
    'Eligible'
    """
    found = label_text[language]
    return found[:1].upper() + found[1:]


def iso(on: date | None) -> Html:
    """A day in a table; a missing day is a dash."""
    return text(on.isoformat()) if on else Html("–")


def currency_name(currency: str, language: Language) -> str:
    """The name of a currency; one without a label stands by its code."""
    found = catalogue().get(f"report.currency.{currency}")
    return found[language] if found else currency


def number(value: int | None) -> str:
    """A count with thousands separators; one that is not known is a dash."""
    return "–" if value is None else f"{value:,}"


def count(value: int | None) -> Html:
    """A count in a table; one that is not known is a dash."""
    return text(number(value))


def finding_words(finding_code: str) -> Text:
    """What a finding code means; its fields, which differ from row to row, are left open."""
    found = catalogue().get(f"finding.{finding_code}.what")
    if found is None:
        return Text(zh="", en="")
    return Text(zh=_FIELD.sub("…", found.zh), en=_FIELD.sub("…", found.en))
