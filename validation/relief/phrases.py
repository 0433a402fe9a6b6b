"""What a vector expects, in closed words.

`class_effect` is a sentence; its leading phrase names the effect, in this order of search (the first that fits):

| phrase | effect |
|---|---|
| none | none |
| unchanged | unchanged |
| not lowered | not_lowered |
| may stay normal | may_stay_normal |
| class by ability to pay | by_ability_to_pay |
| restructured asset, restructured: | restructured |
| special-mention trigger, overdue: special-mention trigger, overdue trigger stays | special_mention_trigger |
| new loan repays old, at least special-mention, new repays old | at_least_special_mention |

"at least CLASS" before the first semicolon is the floor, "trigger ... on DATE" the first report date with arrears,
"tested for restructuring" anywhere says that the test is due.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

EFFECTS: tuple[tuple[str, str], ...] = (
    (r"none\b", "none"),
    (r"unchanged\b", "unchanged"),
    (r"not lowered\b", "not_lowered"),
    (r"may stay normal\b", "may_stay_normal"),
    (r".*class by ability to pay\b", "by_ability_to_pay"),
    (r"restructured( asset)?\b", "restructured"),
    (r"(overdue: )?special-mention trigger\b", "special_mention_trigger"),
    (r"overdue trigger stays\b", "special_mention_trigger"),
    (r"(new loan|new) repays old\b|at least special-mention\b", "at_least_special_mention"),
)
CLASSES = {"special-mention": "FQ02", "substandard": "FQ03", "doubtful": "FQ04", "loss": "FQ05"}


@dataclass(frozen=True)
class Phrase:
    """The effect, and what else the sentence says; null where it is silent."""

    effect: str | None
    floor: str | None
    trigger_on: date | None
    is_tested: bool | None


def phrase(sentence: str) -> Phrase:
    """Read a sentence; an effect of None means that no phrase fits."""
    lead = sentence.split(";")[0]
    effect = next((word for pattern, word in EFFECTS if re.match(pattern, lead)), None)
    floor = re.search(r"at least (special-mention|substandard|doubtful|loss)", lead)
    trigger = re.search(r"trigger (?:met )?on (\d{4}-\d{2}-\d{2})", lead)
    return Phrase(
        effect,
        CLASSES[floor[1]] if floor else None,
        date.fromisoformat(trigger[1]) if trigger else None,
        True if "tested for restructuring" in sentence else None,
    )


def rules(text: str) -> set[str]:
    """The reporting rules a text names: D1 to D15."""
    return set(re.findall(r"D\d+", text))
