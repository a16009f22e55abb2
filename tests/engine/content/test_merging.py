"""Two writers, one page: nothing that either wrote is lost, and what clashes is named."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.content.pages.merging import merge


def node(own: str, *children: dict[str, Any], **settings: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"id": own, "type": "text", "settings": settings}
    return {**made, "children": list(children)} if children else made


def page(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**fields, "blocks": list(blocks)}


def ids(content: dict[str, Any]) -> list[str]:
    def inside(blocks: list[dict[str, Any]]) -> list[str]:
        return [one for block in blocks for one in (block["id"], *inside(block.get("children", [])))]

    return inside(content["blocks"])


BASE = page(node("a", text="a"), node("b", node("c", text="c"), text="b"), node("d", text="d"), title="T")


def test_what_each_changed_stands_beside_the_other() -> None:
    mine = page(node("a", text="mine"), node("b", node("c", text="c"), text="b"), node("d", text="d"), title="My title")
    theirs = page(node("a", text="a"), node("b", node("c", text="theirs"), text="b"), node("d", text="d"), title="T")
    merged = merge(BASE, mine, theirs)
    assert not merged.clashes
    assert merged.content == page(
        node("a", text="mine"), node("b", node("c", text="theirs"), text="b"), node("d", text="d"), title="My title"
    )


def test_one_value_changed_by_both_is_named_with_both() -> None:
    mine, theirs = page(node("a", text="x", size=1)), page(node("a", text="y"))
    merged = merge(page(node("a", text="a")), mine, theirs)
    (clash,) = merged.clashes
    assert (clash.block_id, clash.setting, clash.mine, clash.theirs) == ("a", "settings.text", "x", "y")
    assert merged.content["blocks"][0]["settings"] == {"text": "y", "size": 1}


def test_new_blocks_of_both_are_there() -> None:
    mine = page(node("a", text="a"), node("m", text="m"), *BASE["blocks"][1:], title="T")
    theirs = page(*BASE["blocks"], node("t", text="t"), title="T")
    assert ids(merge(BASE, mine, theirs).content) == ["a", "m", "b", "c", "d", "t"]


def test_what_i_moved_moves_and_what_they_wrote_in_it_goes_along() -> None:
    mine = page(node("d", text="d"), node("a", text="a"), node("b", node("c", text="c"), text="b"), title="T")
    theirs = page(node("a", text="a"), node("b", node("c", text="c"), text="b"), node("d", text="new"), title="T")
    merged = merge(BASE, mine, theirs)
    assert ids(merged.content) == ["d", "a", "b", "c"]
    assert merged.content["blocks"][0]["settings"] == {"text": "new"}


def test_what_i_deleted_stays_where_they_wrote_in_it() -> None:
    mine = page(node("a", text="a"), node("d", text="d"), title="T")
    theirs = page(node("a", text="a"), node("b", node("c", text="theirs"), text="b"), node("d", text="d"), title="T")
    merged = merge(BASE, mine, theirs)
    assert ids(merged.content) == ["a", "b", "c", "d"]
    assert merged.clashes[0].what == "deleted_by_me"
    assert ids(merge(BASE, mine, BASE).content) == ["a", "d"]


def test_what_they_deleted_comes_back_where_i_wrote_in_it() -> None:
    mine = page(node("a", text="mine"), *BASE["blocks"][1:], title="T")
    theirs = page(*BASE["blocks"][1:], title="T")
    merged = merge(BASE, mine, theirs)
    assert "a" in ids(merged.content)
    assert merged.clashes[0].what == "deleted_by_them"


def test_blocks_put_into_each_other_make_no_circle() -> None:
    base = page(node("a"), node("b"))
    merged = merge(base, page(node("b", node("a"))), page(node("a", node("b"))))
    assert sorted(ids(merged.content)) == ["a", "b"]


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Any]:
    """A tree over few ids, so that two of them share many."""
    names = draw(st.permutations("abcdefgh"))[: draw(st.integers(0, 8))]
    blocks: list[dict[str, Any]] = []
    placed: list[dict[str, Any]] = []
    for name in names:
        made = {"id": name, "type": "text", "settings": {"text": draw(st.sampled_from("xyz"))}}
        parent = draw(st.sampled_from([None, *placed])) if placed else None
        (blocks if parent is None else parent.setdefault("children", [])).append(made)
        placed.append(made)
    return {"title": draw(st.sampled_from("TU")), "blocks": blocks}


@given(trees(), trees(), trees())
def test_nothing_new_is_lost_and_nothing_is_there_twice(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    found = ids(merge(base, mine, theirs).content)
    assert len(found) == len(set(found))
    assert (set(ids(mine)) | set(ids(theirs))) - set(ids(base)) <= set(found)
    assert set(ids(mine)) & set(ids(theirs)) <= set(found)


@given(trees(), trees())
def test_one_writer_alone_is_taken_as_they_wrote(base: dict[str, Any], changed: dict[str, Any]) -> None:
    assert merge(base, base, changed).content == changed
    assert sorted(ids(merge(base, changed, base).content)) == sorted(ids(changed))
    assert merge(base, changed, changed).content == changed
