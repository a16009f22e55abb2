"""A dialect: what a program's product files call things, and which of it says nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.core.i18n import Message
from engine.core.tabular.mapping import Field, guess

#: The meaning of a column that a format reads by its own rule, such as one of many numbered ones.
OWN = "·"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one program writes products.

    names: {column in lower case: field}; where there are none, meanings are guessed from the fields' synonyms and from
    what is in the columns. own: whether the format reads a column by its own rule. signs: columns, in lower case, all
    of which a file of this program has. says_nothing: values, of columns that have no place here, which are no loss.
    """

    name: str
    label: Message
    fields: tuple[Field, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    signs: frozenset[str] = frozenset()
    own: Callable[[str], bool] = lambda _column: False
    says_nothing: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def is_guessed(self) -> bool:
        return not self.names

    @property
    def many(self) -> frozenset[str]:
        """The fields that several columns may hold."""
        return frozenset(each.name for each in self.fields if each.is_many)

    def recognises(self, columns: Sequence[str]) -> bool:
        """Return whether a file with these columns is this program's."""
        return bool(self.signs) and self.signs <= {column.lower() for column in columns}

    def meanings(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
        """Return `{column: field}`, or OWN, for each column that means something."""
        own = {column: OWN for column in columns if self.own(column)}
        if self.is_guessed:
            return {**guess(columns, self.fields, rows), **own}
        known = {column: self.names[column.lower()] for column in columns if column.lower() in self.names}
        return {**known, **own}
