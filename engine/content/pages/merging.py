"""Two people wrote on one page: what each changed is brought together block by block, and what clashes is named.

Pure: contents are JSON as versions hold it. The result keeps everything that either wrote; where both changed the same
value differently, theirs stands and the clash holds both, so that the second writer chooses.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

ROOT = ""
_ASIDE = ("children",)

What = Literal["value", "place", "deleted_by_me", "deleted_by_them"]


@dataclass(frozen=True, slots=True)
class Clash:
    """What both changed. block_id: empty for the page itself. setting: dotted, `settings.text` or `seoTitle`."""

    what: What
    block_id: str
    setting: str = ""
    mine: Any = None
    theirs: Any = None


@dataclass(frozen=True, slots=True)
class Merged:
    """The content that holds both, and what clashes in it."""

    content: dict[str, Any]
    clashes: Sequence[Clash]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Return theirs with what I changed since the base."""
    work = _Merge(_Flat.of(base), _Flat.of(mine), _Flat.of(theirs))
    fields = {side: {k: v for k, v in one.items() if k != "blocks"} for side, one in
              (("base", base), ("mine", mine), ("theirs", theirs))}  # fmt: skip
    own = work.values(ROOT, "", fields["base"], fields["mine"], fields["theirs"])
    work.run()
    return Merged({**own, "blocks": work.result.tree(ROOT)}, work.clashes)


@dataclass
class _Flat:
    """A tree laid out: each block without its children, and the order below each."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=lambda: {ROOT: []})
    above: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "_Flat":
        flat = cls()
        flat._take(content.get("blocks") or (), ROOT)
        return flat

    def _take(self, blocks: Sequence[Any], parent: str) -> None:
        for raw in blocks:
            if not isinstance(raw, Mapping) or not isinstance(raw.get("id"), str) or raw["id"] in self.nodes:
                continue
            self.nodes[raw["id"]] = {name: value for name, value in raw.items() if name not in _ASIDE}
            self.place(raw["id"], parent, None)
            self._take(raw.get("children") or (), raw["id"])

    def place(self, own: str, parent: str, index: int | None) -> None:
        order = self.below.setdefault(parent, [])
        order.insert(len(order) if index is None else index, own)
        self.above[own] = parent
        self.below.setdefault(own, [])

    def lift(self, own: str) -> None:
        self.below[self.above.pop(own)].remove(own)

    def drop(self, own: str) -> None:
        for child in list(self.below.get(own, ())):
            self.drop(child)
        self.lift(own)
        self.below.pop(own, None)
        self.nodes.pop(own, None)

    def inside(self, own: str) -> Iterator[str]:
        for child in self.below.get(own, ()):
            yield child
            yield from self.inside(child)

    def is_inside(self, own: str, other: str) -> bool:
        while own and own != other:
            own = self.above.get(own, ROOT)
        return bool(own)

    def walk(self) -> Iterator[str]:
        return self.inside(ROOT)

    def tree(self, parent: str) -> list[dict[str, Any]]:
        found = []
        for own in self.below.get(parent, ()):
            children = self.tree(own)
            found.append({**self.nodes[own], **({"children": children} if children else {})})
        return found


@dataclass
class _Merge:
    base: _Flat
    mine: _Flat
    theirs: _Flat
    clashes: list[Clash] = field(default_factory=list)
    result: _Flat = field(init=False)

    def __post_init__(self) -> None:
        self.result = _Flat(
            dict(self.theirs.nodes),
            {parent: list(order) for parent, order in self.theirs.below.items()},
            dict(self.theirs.above),
        )

    def run(self) -> None:
        my_moves, their_moves = _moved(self.base, self.mine), _moved(self.base, self.theirs)
        for own in self.mine.walk():
            if own not in self.base.nodes:
                self.added(own)
            elif own in self.theirs.nodes:
                self.both(own, my_moves, their_moves)
            elif self.mine.nodes[own] != self.base.nodes[own]:
                self.clashes.append(Clash("deleted_by_them", own))
                self.added(own)
        for own in list(self.base.walk()):
            if own not in self.mine.nodes and own in self.result.nodes:
                self.deleted(own)

    def added(self, own: str) -> None:
        if own in self.theirs.nodes:
            return
        self.result.nodes[own] = self.mine.nodes[own]
        self.stand(own)

    def stand(self, own: str) -> None:
        """Put a block where it stands in mine: after the nearest one before it that is there."""
        parent = self.mine.above[own]
        if parent != ROOT and parent not in self.result.nodes:
            parent = ROOT
        order = self.result.below.setdefault(parent, [])
        mine = self.mine.below[self.mine.above[own]]
        before = next((one for one in reversed(mine[: mine.index(own)]) if one in order), None)
        self.result.place(own, parent, order.index(before) + 1 if before else 0)

    def both(self, own: str, my_moves: set[str], their_moves: set[str]) -> None:
        sides = (self.base.nodes[own], self.mine.nodes[own], self.theirs.nodes[own])
        if sides[1] != sides[2]:
            self.result.nodes[own] = self.values(own, "", *sides)
        if own not in my_moves:
            return
        parent = self.mine.above[own]
        if own in their_moves and parent != self.theirs.above[own]:
            self.clashes.append(Clash("place", own, mine=parent, theirs=self.theirs.above[own]))
        elif own not in their_moves and not (parent and self.result.is_inside(parent, own)):
            self.result.lift(own)
            kept = self.result.below[own]
            self.stand(own)
            self.result.below[own] = kept

    def deleted(self, own: str) -> None:
        """Take out what I deleted, unless they wrote in it since."""
        whole = [own, *self.result.inside(own)]
        is_theirs = any(self.theirs.nodes.get(one) != self.base.nodes.get(one) for one in whole)
        if is_theirs or any(one in self.mine.nodes for one in whole):
            self.clashes.append(Clash("deleted_by_me", own))
        else:
            self.result.drop(own)

    def values(
        self, own: str, at: str, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> dict[str, Any]:
        merged = dict(theirs)
        for name in {**theirs, **mine, **base}:
            was, my, their = base.get(name), mine.get(name), theirs.get(name)
            if my in (was, their):
                continue
            if isinstance(my, Mapping) and isinstance(their, Mapping):
                found = was if isinstance(was, Mapping) else {}
                merged[name] = self.values(own, f"{at}{name}.", found, my, their)
            elif their == was:
                merged.pop(name, None) if my is None else merged.update({name: my})
            else:
                self.clashes.append(Clash("value", own, f"{at}{name}", my, their))
        return merged


def _moved(base: _Flat, now: _Flat) -> set[str]:
    """Return the blocks that stand elsewhere now: below another, or in another order among those that stayed."""
    moved = {own for own, parent in now.above.items() if own in base.nodes and base.above[own] != parent}
    for parent, order in now.below.items():
        old = [own for own in base.below.get(parent, ()) if now.above.get(own) == parent]
        new = [own for own in order if base.above.get(own) == parent]
        if old != new:
            stayed: set[str] = set()
            for match in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
                stayed.update(old[match.a : match.a + match.size])
            moved |= set(new) - stayed
    return moved


def moves(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """Return the ids of blocks of the old content that stand elsewhere in the new one."""
    return _moved(_Flat.of(old), _Flat.of(new))
