"""Answers as text: for a list, a letter, a table; and what a search looks through."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.content.forms.shapes import LAYOUT, TRUTHS, FieldType, FormField
from engine.core.money import Money
from engine.core.plaintext import fold

LONGEST_SUMMARY = 300
LONGEST_WORDS = 20_000
_NAMES = frozenset({"name", "your name", "full name"})


def text_of(one: FormField, value: Any, *, yes: str = "yes") -> str:
    """Return an answer as text; of an address its lines, of several their words with commas between."""
    if one.type in TRUTHS or value in (None, "", [], {}, False):
        return yes if value else ""
    if one.type is FieldType.ADDRESS and isinstance(value, Mapping):
        parts = (value.get(name) for name in ("line1", "line2", "postal_code", "city", "region", "country", "phone"))
        named = "" if value.get("name") in ("–", "", None) else str(value["name"])
        return ", ".join(str(part) for part in (named, *parts) if part)
    if one.type is FieldType.PAYMENT and isinstance(value, Mapping):
        paid = Money(int(value["amountMinor"]), str(value["currency"]))
        return f"{paid.decimal:f} {paid.currency}" + (f" ({value['label']})" if value.get("label") else "")
    if one.type is FieldType.FILE and isinstance(value, list):
        return ", ".join(str(file.get("name", "")) for file in value if isinstance(file, Mapping))
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


def rows_of(
    questions: Sequence[FormField], answers: Mapping[str, Any], *, yes: str = "yes"
) -> list[tuple[FormField, str]]:
    """Return what was answered, question by question."""
    return [
        (one, text)
        for one in questions
        if one.type not in LAYOUT and (text := text_of(one, answers.get(one.id), yes=yes))
    ]


def summary_of(questions: Sequence[FormField], answers: Mapping[str, Any]) -> str:
    """Return the first answers in a line: by what staff know one entry from another."""
    short = [
        text
        for one, text in rows_of(questions, answers)
        if one.type not in TRUTHS and one.type not in (FieldType.HIDDEN, FieldType.RATING)
    ]
    line = " · ".join(" ".join(text.split()) for text in short[:3])
    return line if len(line) <= LONGEST_SUMMARY else line[: LONGEST_SUMMARY - 1] + "…"


def email_of(questions: Sequence[FormField], answers: Mapping[str, Any]) -> str:
    """Return the sender's address: the first that was given."""
    found = (answers.get(one.id) for one in questions if one.type is FieldType.EMAIL)
    return next((str(text).lower() for text in found if text), "")


def name_of(questions: Sequence[FormField], answers: Mapping[str, Any]) -> str:
    """Return the sender's name: what the field `name`, or else the one of that label, was answered."""
    texts = [one for one in questions if one.type is FieldType.TEXT and answers.get(one.id)]
    named = [one for one in texts if one.id == "name"] or [one for one in texts if one.label.casefold() in _NAMES]
    return str(answers[named[0].id]) if named else ""


def words_of(questions: Sequence[FormField], answers: Mapping[str, Any]) -> str:
    """Return every answer, folded as searches fold what they look for."""
    text = " ".join(text for _one, text in rows_of(questions, answers))
    return fold(text)[:LONGEST_WORDS]
