"""What a program or a form is told of a value that does not fit."""

from typing import Annotated, Any

import pytest
from annotated_types import MaxLen, MinLen
from pydantic import AfterValidator, BaseModel, ValidationError

from engine.core.validation import fields_of


class Asked(BaseModel):
    """plain: as Pydantic sees text; trimmed: text that something of ours looked at first; many: a list."""

    plain: Annotated[str, MinLen(2), MaxLen(4)] = "fine"
    trimmed: Annotated[str, AfterValidator(str.strip), MinLen(2), MaxLen(4)] = "fine"
    many: Annotated[list[int], MinLen(1), MaxLen(2)] = [1]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"plain": ""}, "This is required."),
        ({"trimmed": "  "}, "This is required."),
        ({"plain": "x"}, "“x” is too short: use at least 2 characters."),
        ({"trimmed": "x"}, "“x” is too short: use at least 2 characters."),
        ({"plain": "longer"}, "“longer” is too long: use at most 4 characters."),
        ({"trimmed": "longer"}, "“longer” is too long: use at most 4 characters."),
        ({"many": []}, "Too few: send at least 1."),
        ({"many": [1, 2, 3]}, "Too many: send at most 2."),
    ],
)
def test_text_is_too_short_and_lists_have_too_few(sent: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Asked(**sent)
    assert [str(one) for one in fields_of(caught.value).values()] == [said]
