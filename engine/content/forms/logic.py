"""Which fields are shown, by the answers of those before them. The server's word is the truth; a script only hurries.

What is not shown has no answer: conditions that ask for it meet an empty one, whatever was sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.content.forms.shapes import Comparison, Condition, FieldType, FormField, Rule


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a form. rule: all that must hold for it."""

    title: str
    text: str
    fields: Sequence[FormField]
    rule: Rule | None


def steps_of(fields: Sequence[FormField]) -> list[Step]:
    """Return a form's pages: one where no step is among the fields, never an empty one but for an empty form."""
    found: list[Step] = []
    title, text, rule, own = "", "", None, list[FormField]()
    for one in fields:
        if one.type is not FieldType.STEP:
            own.append(one)
            continue
        if own or found or title:
            found.append(Step(title, text, tuple(own), rule))
        title, text, rule, own = one.label, one.help, one.show, []
    return [*found, Step(title, text, tuple(own), rule)]


def shown(fields: Sequence[FormField], values: Mapping[str, Any]) -> list[FormField]:
    """Return the fields that apply, layout too, where these are the values by id, as typed or as kept."""
    found: list[FormField] = []
    seen: dict[str, Any] = {}
    is_step_shown = is_section_shown = True
    for one in fields:
        holds = one.show is None or holds_rule(one.show, seen)
        if one.type is FieldType.STEP:
            is_step_shown, is_section_shown = holds, True
        elif one.type is FieldType.SECTION:
            is_section_shown = holds
        if is_step_shown and is_section_shown and holds:
            found.append(one)
            if one.asks and one.id in values:
                seen[one.id] = values[one.id]
    return found


def holds_rule(rule: Rule, values: Mapping[str, Any]) -> bool:
    """Return whether a rule holds for these values; one without conditions does."""
    if not rule.conditions:
        return True
    found = (holds(one, values.get(one.field)) for one in rule.conditions)
    return all(found) if rule.match == "all" else any(found)


def holds(condition: Condition, value: Any) -> bool:
    """Return whether a condition holds for a value. Words are compared whatever their case."""
    wanted = condition.value.strip().casefold()
    words = _words(value)
    return _LOOKS[condition.is_](words, wanted)


#: (the answer's words, the wanted one), all folded.
_LOOKS: Mapping[Comparison, Callable[[list[str], str], bool]] = {
    Comparison.FILLED: lambda words, _wanted: bool(words),
    Comparison.EMPTY: lambda words, _wanted: not words,
    Comparison.IS: lambda words, wanted: wanted in words if words else not wanted,
    Comparison.IS_NOT: lambda words, wanted: wanted not in words if words else bool(wanted),
    Comparison.CONTAINS: lambda words, wanted: any(wanted in word for word in words),
    Comparison.CONTAINS_NOT: lambda words, wanted: not any(wanted in word for word in words),
    Comparison.GREATER: lambda words, wanted: bool(words) and _order(words[0], wanted) > 0,
    Comparison.LESS: lambda words, wanted: bool(words) and _order(words[0], wanted) < 0,
}


def _words(value: Any) -> list[str]:
    """Return a value as the words that it is compared by; none where it is empty."""
    match value:
        case None | False | "" | [] | {}:
            return []
        case True:
            return ["true"]
        case list():
            return [word for one in value for word in _words(one)]
        case dict():
            return [text for one in value.values() if (text := str(one).strip().casefold())]
        case _:
            text = str(value).strip().casefold()
            return [text] if text else []


def _order(one: str, other: str) -> int:
    """Return -1, 0 or 1: by number where both are numbers, else as texts, which orders dates."""
    try:
        left, right = Decimal(one), Decimal(other)
        if left.is_finite() and right.is_finite():
            return (left > right) - (left < right)
    except InvalidOperation:
        pass
    return (one > other) - (one < other)
