"""From plain mappings (JSON, a row, a form) to terms: the one place where text becomes numbers, days and cycles."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from steadyrest.contracts.account.business import CALENDARS, CONVENTIONS
from steadyrest.contracts.account.cycles import read_cycle, read_period
from steadyrest.contracts.account.daycount import COUNTS
from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.account.moments import read_moment
from steadyrest.contracts.account.terms import ROLE_SIGNS, Reference, Terms

Value = Callable[[str], object]

WITHOUT_EFFECT: Final = frozenset({
    "contract_deal_date", "creator_id", "counterparty_id", "seniority", "non_performing_date", "grace_period",
    "delinquency_period", "delinquency_rate", "prepayment_period", "credit_line_amount", "market_value_observed",
    "settlement_currency", "fixing_period", "fixing_days", "option_exercise_end_date", "contract_identifier",
    "cycle_anchor_date_of_optionality", "cycle_of_optionality", "maximum_penalty_free_disbursement",
})  # fmt: skip
"""Terms of the dictionary that change no event here: a reset is observed on the day it applies, an early repayment
when it is observed, and arrears are events of servicing.
"""

_SYNONYMS: Final[Mapping[str, Mapping[str, str]]] = {
    "array_fixed_variable": {"FIX": "F", "VAR": "V"},
    "scaling_effect": {"O": "0"},
    "business_day_convention": {"NULL": "NOS", "N": "NOS"},
    "penalty_type": {"O": "N"},
}
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "contract_role": tuple(ROLE_SIGNS),
    "contract_performance": ("PF", "DL", "DQ", "DF", "MA", "TE"),
    "day_count_convention": tuple(COUNTS),
    "level_rate_basis": ("actual", "twelfths"),
    "business_day_convention": CONVENTIONS,
    "calendar": tuple(CALENDARS),
    "end_of_month_convention": ("SD", "EOM"),
    "interest_calculation_base": ("NT", "NTIED", "NTL"),
    "array_increase_decrease": ("INC", "DEC"),
    "array_fixed_variable": ("F", "V"),
    "scaling_effect": tuple(f"{i}{n}{m}" for i in "0I" for n in "0N" for m in "0M"),
    "fee_basis": ("A", "N"),
    "prepayment_effect": ("N", "A", "M"),
    "penalty_type": ("N", "A", "R", "I"),
    "credit_event_type_covered": ("DL", "DQ", "DF"),
    "guaranteed_exposure": ("NO", "NI", "MV"),
    "cycle_point_of_interest_payment": ("E",),
    "cycle_point_of_rate_reset": ("B",),
}
"""What the engine carries out. Interest in advance and post-fixed resets are refused, not mistaken for the usual."""


def read_terms(given: Mapping[str, Any], *, strict: bool = True) -> Terms:
    """Terms from a mapping with ACTUS names, in camelCase or snake_case; values as text or numbers, blanks allowed.

    With `strict` a name that no contract type knows is a `TermsError`; without, it is kept in `other`.
    """
    values: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for written, value in given.items():
        name = snake(written)
        if _is_blank(value):
            continue
        if name in _READERS:
            values[name] = _read(name, value)
        elif name in WITHOUT_EFFECT or not strict:
            other[name] = value
        else:
            raise TermsError("term_unknown", name)
    for name in ("contract_type", "contract_role", "status_date"):
        if name not in values:
            raise TermsError("term_missing", name)
    return Terms(**values, other=other)


def snake(name: str) -> str:
    """An ACTUS name as a name of ours.

    >>> snake("premiumDiscountAtIED"), snake("xDayNotice"), snake("contractID")
    ('premium_discount_at_ied', 'x_day_notice', 'contract_id')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def read_fraction(text: str) -> Fraction:
    """A decimal number as it is written. Infinity and not-a-number are `ValueError`."""
    number = Decimal(text.strip())
    if not number.is_finite():
        raise ValueError(f"not a number: {text!r}")
    return Fraction(number)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _read(name: str, value: Any) -> object:
    read, is_array = _READERS[name]
    if name == "contract_structure":
        return tuple(_reference(item) for item in value)
    try:
        if is_array:
            items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
            return tuple(read(_spelled(name, item)) for item in items)
        return read(_spelled(name, value))
    except (ValueError, ArithmeticError):
        raise TermsError("term_unreadable", name, value=str(value)[:80]) from None


def _spelled(name: str, value: Any) -> str:
    """The text of a value; of a choice, the spelling this engine uses."""
    text = str(value).strip()
    synonyms = _SYNONYMS.get(name, {})
    if name == "scaling_effect":
        text = "".join(synonyms.get(letter, letter) for letter in text)
    text = synonyms.get(text, text)
    allowed = _CHOICES.get(name)
    if allowed is not None and text not in allowed:
        raise TermsError("term_value", name, value=text, allowed=", ".join(allowed))
    return text


def _reference(item: Mapping[str, Any]) -> Reference:
    """A referenced contract (CNT), the name of one (CID), or a market object (MOC)."""
    target = item["object"]
    role, kind = str(item.get("referenceRole", "")), str(item.get("referenceType", ""))
    if not isinstance(target, Mapping):
        return Reference(role, market_object_code=str(target)) if kind == "MOC" else Reference(role, str(target))
    if "contractType" in target:
        contract = read_terms(target, strict=False)
        return Reference(role, contract.contract_id, contract, contract.market_object_code)
    code = target.get("marketObjectCode")
    name = target.get("contractIdentifier", target.get("contractID", ""))
    return Reference(role, str(name), None, None if code is None else str(code))


_BY_TYPE: Final[Mapping[str, Value]] = {
    "datetime": read_moment,
    "Fraction": read_fraction,
    "Cycle": read_cycle,
    "Period": read_period,
    "str": str,
    "Reference": str,
}


def _readers() -> dict[str, tuple[Value, bool]]:
    """How each term is read, from the type it is declared with."""
    found: dict[str, tuple[Value, bool]] = {}
    for term in fields(Terms):
        declared = str(term.type)
        inner = re.fullmatch(r"tuple\[(\w+), \.\.\.\]", declared)
        plain = inner[1] if inner else declared.removesuffix(" | None")
        if plain in _BY_TYPE:
            found[term.name] = (_BY_TYPE[plain], inner is not None)
    return found


_READERS: Final = _readers()
