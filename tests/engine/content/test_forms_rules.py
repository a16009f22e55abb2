"""What a form asks, what is shown of it, and what an answer may be: without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.content.forms.answers import check
from engine.content.forms.letters import merged
from engine.content.forms.logic import shown, steps_of
from engine.content.forms.shapes import FieldType, checked, read
from engine.core.errors import Invalid


def fields(*given_: dict) -> list:
    return read(checked([{"label": "Question", **one} for one in given_]))


def answer(value, **field):
    """Return what becomes of one typed value: the answer, or the sentence that refuses it."""
    (one,) = fields({"id": "a", **field})
    found = check([one], {"a": value})
    return str(found.wrong["a"]) if found.wrong else found.answers.get("a")


class TestShape:
    @pytest.mark.parametrize(
        ("sent", "place"),
        [
            ([{"id": "a", "type": "text"}], "fields.0.label"),
            ([{"id": "A b", "type": "text", "label": "x"}], "fields.0.id"),
            ([{"id": "a", "type": "text", "label": "x"}] * 2, "fields.1.id"),
            ([{"id": "a", "type": "choice", "label": "x"}], "fields.0.options"),
            ([{"id": "a", "type": "choice", "label": "x", "options": ["1", "1"]}], "fields.0.options"),
            ([{"id": "a", "type": "choice", "label": "x", "options": ["1"], "default": "2"}], "fields.0.default"),
            ([{"id": "a", "type": "number", "label": "x", "minimum": 3, "maximum": 2}], "fields.0.maximum"),
            ([{"id": "a", "type": "text", "label": "x", "pattern": "(?=a)"}], "fields.0.pattern"),
            ([{"id": "a", "type": "text", "label": "x", "pattern": "("}], "fields.0.pattern"),
            ([{"id": "a", "type": "rating", "label": "x", "maximum": 99}], "fields.0.maximum"),
            ([{"id": "a", "type": "text", "label": "x", "surprise": 1}], "fields.0.surprise"),
            ([{"id": "a", "type": "nothing", "label": "x"}], "fields.0.type"),
            ("text", "fields"),
        ],
    )
    def test_what_cannot_be_is_named_by_its_place(self, sent, place):
        with pytest.raises(Invalid) as refused:
            checked(sent)
        assert place in refused.value.fields

    @pytest.mark.parametrize("source", ["b", "a", "nowhere", "part"])
    def test_a_condition_looks_back_at_a_question(self, source):
        sent = [
            {"id": "part", "type": "section", "label": "x"},
            {"id": "a", "type": "text", "label": "x", "show": {"conditions": [{"field": source, "is": "filled"}]}},
            {"id": "b", "type": "text", "label": "Later"},
        ]
        with pytest.raises(Invalid) as refused:
            checked(sent)
        assert list(refused.value.fields) == ["fields.1.show"]

    def test_a_choice_that_is_gone_is_told_where_a_condition_waits_for_it(self):
        rule = {"conditions": [{"field": "a", "is": "is", "value": "Old"}]}
        sent = [
            {"id": "a", "type": "choice", "label": "Kind", "options": ["New"]},
            {"id": "b", "type": "text", "label": "x", "show": rule},
        ]
        with pytest.raises(Invalid) as refused:
            checked(sent)
        assert "Old" in str(refused.value.fields["fields.1.show"])

    def test_what_is_as_usual_is_not_kept(self):
        assert checked([{"id": "a", "type": "text", "label": "x", "required": False}]) == [
            {"id": "a", "type": "text", "label": "x"}
        ]


class TestAnswer:
    @pytest.mark.parametrize(
        ("field", "typed", "kept"),
        [
            ({"type": "text"}, "  Ada \r\n Lovelace ", "Ada Lovelace"),
            ({"type": "long_text"}, "one\r\ntwo\r\n", "one\ntwo"),
            ({"type": "email"}, "ADA@Example.org", "ada@example.org"),
            ({"type": "phone"}, "+442079460958", "+44 20 7946 0958"),
            ({"type": "number"}, "12,50", "12.5"),
            ({"type": "number"}, "-0", "0"),
            ({"type": "number"}, 3, "3"),
            ({"type": "date"}, "2026-05-01", "2026-05-01"),
            ({"type": "choices", "options": ["a", "b", "c"]}, ["c", "a", "a"], ["a", "c"]),
            ({"type": "checkbox"}, "on", True),
            ({"type": "checkbox"}, "", None),
            ({"type": "consent"}, True, True),
            ({"type": "rating"}, "4", 4),
            ({"type": "text", "pattern": "[A-Z]{2}[0-9]+"}, "AB12", "AB12"),
        ],
    )
    def test_it_is_kept_in_one_form(self, field, typed, kept):
        assert answer(typed, **field) == kept

    @pytest.mark.parametrize(
        ("field", "typed", "why"),
        [
            ({"type": "text", "maxLength": 3}, "abcd", "too long"),
            ({"type": "text"}, "x" * 501, "too long"),
            ({"type": "text"}, "x" * 10_000_000, "too long"),
            ({"type": "long_text"}, "x" * 10_001, "too long"),
            ({"type": "long_text", "minLength": 10}, "short", "at least 10"),
            ({"type": "text"}, ["a"], "not an answer"),
            ({"type": "text"}, {"a": 1}, "not an answer"),
            ({"type": "text"}, 1 << 300, "too large"),
            ({"type": "email"}, "a@b.org\r\nBcc: x@y.org", "e-mail"),
            ({"type": "email"}, "a@b.org, c@d.org", "e-mail"),
            ({"type": "phone"}, "call me", "phone"),
            ({"type": "number"}, "1e999", "not a number"),
            ({"type": "number"}, "NaN", "not a number"),
            ({"type": "number"}, "9" * 5_000, "too long"),
            ({"type": "number", "minimum": 1}, "0.5", "at least 1"),
            ({"type": "date", "earliest": "2026-01-01"}, "2025-12-31", "2026-01-01"),
            ({"type": "date"}, "31.12.2026", "not a date"),
            ({"type": "choice", "options": ["a"]}, "b", "not one of"),
            ({"type": "choices", "options": ["a", "b"]}, ["a", "z"], "not one of"),
            ({"type": "choices", "options": ["a", "b"], "maxLength": 1}, ["a", "b"], "at most 1"),
            ({"type": "checkbox"}, "perhaps", "not an answer"),
            ({"type": "rating"}, "6", "1 to 5"),
            ({"type": "rating"}, "-1", "1 to 5"),
            ({"type": "file"}, "token", "not an answer"),
            ({"type": "address"}, "Street 1", "not an answer"),
            ({"type": "text", "pattern": "a+", "patternMessage": "Only a."}, "b", "Only a."),
            ({"type": "consent", "required": True}, "false", "Tick"),
            ({"type": "text", "required": True}, "   ", "needs an answer"),
        ],
    )
    def test_what_is_none_is_said_with_what_to_do(self, field, typed, why):
        assert why in answer(typed, **field)

    def test_a_pattern_that_would_take_for_ever_elsewhere_takes_no_time(self):
        assert "form" in answer("a" * 400 + "!", type="text", pattern="(a|aa)+")

    def test_an_address_is_checked_part_by_part(self):
        (one,) = fields({"id": "home", "type": "address", "required": True})
        found = check([one], {"home": {"country": "US", "line1": "1 Main St", "postalCode": "x"}})
        assert {"home.city", "home.region", "home.postalCode"} <= found.wrong.keys()
        assert check([one], {"home": {"country": "US"}}).wrong.keys() == {"home"}

    @given(some.sampled_from(list(FieldType)), some.recursive(
        some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=30),
        lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ))  # fmt: skip
    def test_whatever_is_sent_is_answered_or_refused(self, kind, typed):
        paid = {"pays": "own", "currency": "EUR"} if kind is FieldType.PAYMENT else {}
        email = {"id": "b", "type": "email", "required": True}
        one, _email = fields({"id": "a", "type": kind.value, "options": ["a", "b"], **paid}, email)
        found = check([one], {"a": typed})
        assert not (found.wrong and found.answers)


KIND = {"id": "kind", "type": "choice", "label": "Kind", "options": ["Order", "Other"]}


def when(id_: str, field: str, value: str, how: str = "is", **more) -> dict:
    return {"id": id_, "type": "text", "show": {"conditions": [{"field": field, "is": how, "value": value}]}, **more}


class TestShown:
    def test_what_is_not_shown_has_no_answer_and_needs_none(self):
        asked = fields(KIND, when("number", "kind", "Order", required=True))
        assert check(asked, {"kind": "Other", "number": "42"}).answers == {"kind": "Other"}
        assert check(asked, {"kind": "Order"}).wrong.keys() == {"number"}

    def test_it_follows_through_several(self):
        asked = fields(KIND, when("number", "kind", "Order"), when("year", "number", "", "filled"))
        hidden = check(asked, {"kind": "Other", "number": "42", "year": "2026"})
        assert hidden.answers == {"kind": "Other"}
        assert [one.id for one in check(asked, {"kind": "Order", "number": "42"}).fields] == ["kind", "number", "year"]

    @pytest.mark.parametrize(
        ("how", "value", "typed", "is_shown"),
        [
            ("is", "order", "Order", True),
            ("is_not", "Order", "", True),
            ("contains", "rde", "Order", True),
            ("contains_not", "rde", "Order", False),
            ("greater", "9", "10", True),
            ("greater", "9", "8.5", False),
            ("less", "9", "", False),
            ("less", "2026-02-01", "2026-01-31", True),
            ("filled", "", "x", True),
            ("empty", "", "", True),
        ],
    )
    def test_each_look_at_an_answer(self, how, value, typed, is_shown):
        asked = fields({"id": "a", "type": "text"}, when("b", "a", value, how))
        assert ("b" in [one.id for one in shown(asked, {"a": typed})]) is is_shown

    def test_any_is_enough_where_any_is_said(self):
        rule = {
            "match": "any",
            "conditions": [{"field": "a", "is": "filled"}, {"field": "b", "is": "is", "value": "true"}],
        }
        asked = fields(
            {"id": "a", "type": "text"}, {"id": "b", "type": "checkbox"}, {"id": "c", "type": "text", "show": rule}
        )
        assert [one.id for one in shown(asked, {"b": True})][-1] == "c"
        assert [one.id for one in shown(asked, {"b": False})][-1] == "b"

    def test_a_section_and_a_step_take_what_is_in_them_along(self):
        rule = {"conditions": [{"field": "kind", "is": "is", "value": "Order"}]}
        asked = fields(
            KIND,
            {"id": "s", "type": "section", "show": rule},
            {"id": "inside", "type": "text", "required": True},
            {"id": "p", "type": "step", "show": rule},
            {"id": "later", "type": "text", "required": True},
        )
        assert check(asked, {"kind": "Other"}).wrong == {}
        assert check(asked, {"kind": "Order"}).wrong.keys() == {"inside", "later"}
        assert [(step.title, len(step.fields)) for step in steps_of(asked)] == [("", 3), ("Question", 1)]


def test_a_letters_places_are_filled_once_and_never_again():
    assert merged("Dear {{ name }}, {{nothing}}!", {"name": "{{ secret }}", "secret": "x"}) == "Dear {{ secret }}, !"
