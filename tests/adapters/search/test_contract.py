"""What every search adapter does."""

import json
import os
from pathlib import Path

import pytest

from engine.core.ports import SearchWords
from tests.adapters.search.conftest import Index, batches


class TestWords:
    async def test_every_word_must_be_there(self, index: Index) -> None:
        await index.put("Blue mug", "holds coffee")
        await index.put("Blue bowl")
        assert await index.titles("blue mug ") == ["Blue mug"]
        assert await index.titles("blue coffee ") == ["Blue mug"]
        assert await index.titles("blue fork ") == []

    async def test_the_last_word_may_be_begun(self, index: Index) -> None:
        await index.put("Chocolate")
        assert await index.titles("choc") == ["Chocolate"]
        assert await index.titles("choc ") == []

    async def test_a_title_counts_more_than_keywords_and_these_more_than_the_text(self, index: Index) -> None:
        await index.put("Third", "a lamp among many other words")
        await index.put("Second", keywords="lamp")
        await index.put("Lamp")
        assert await index.titles("lamp ") == ["Lamp", "Second", "Third"]

    async def test_accents_and_case_do_not_matter(self, index: Index) -> None:
        await index.put("Café Société")
        for text in ("cafe societe", "CAFÉ", "café société"):
            assert await index.titles(text) == ["Café Société"]

    async def test_words_are_found_in_their_other_forms(self, index: Index) -> None:
        await index.put("Running shoes")
        assert await index.titles("shoe run ") == ["Running shoes"]
        index.words.now = SearchWords("de")
        await index.put("Blaue Tassen")
        assert await index.titles("tasse blau ") == ["Blaue Tassen"]

    async def test_words_that_say_nothing_may_be_missing(self, index: Index) -> None:
        await index.put("Mug")
        assert await index.titles("the mug for ") == ["Mug"]
        await index.put("The The")
        assert await index.titles("the ") == ["The The"]

    async def test_one_slip_is_forgiven_in_long_words_only(self, index: Index) -> None:
        await index.put("Chocolate", keywords="sun")
        for text in ("chocolat ", "chocolatte ", "chcoolate ", "chovolate ", "chocolare"):
            assert await index.titles(text) == ["Chocolate"], text
        assert await index.titles("sin ") == []

    async def test_a_slip_in_the_word_that_is_being_typed_is_forgiven(self, index: Index) -> None:
        await index.put("Chocolate")
        assert await index.titles("chicol") == ["Chocolate"]

    async def test_a_word_that_is_known_is_not_taken_for_another(self, index: Index) -> None:
        await index.put("Coast", "by the sea")
        await index.put("Toast")
        assert await index.titles("coast ") == ["Coast"]

    async def test_codes_are_found_first_whole_and_never_guessed(self, index: Index) -> None:
        await index.put("MUG-10 look-alike MUG-10 MUG-10", keywords="mug 10")
        await index.put("Blue mug", codes=("MUG-10", "0012"))
        for text in ("mug-10", "MUG-10", " MUG-10 ", "0012"):
            assert (await index.titles(text))[0] == "Blue mug", text
        assert "Blue mug" in await index.titles("mug10")
        assert await index.titles("MUG-11") == []
        assert await index.titles("0013") == []

    async def test_synonyms_stand_for_each_other(self, index: Index) -> None:
        index.words.now = SearchWords("en", {"tee": ("t-shirt",), "t-shirt": ("tee",)})
        await index.put("Blue T-Shirt")
        await index.put("Red tee")
        assert sorted(await index.titles("tee")) == ["Blue T-Shirt", "Red tee"]
        assert await index.titles("red t-shirt") == ["Red tee"]
        assert await index.titles("red tees ") == ["Red tee"]

    @pytest.mark.parametrize(
        ("title", "text"),
        [
            ("绿茶杯子", "绿茶"),
            ("绿茶杯子", "杯"),
            ("緑茶カップ", "カップ"),
            ("ถ้วยชา", "ชา"),
            ("Голубая чашка", "чашка"),
            ("Голубая чашка", "chashka"),
            ("כוס כחולה", "כחולה"),
            ("كوب أزرق", "كوب"),
            ("파란 머그", "머그"),
            ("नीला प्याला", "प्याला"),
            ("Straße", "strasse"),
        ],
    )
    async def test_every_script_is_found(self, index: Index, title: str, text: str) -> None:
        await index.put("Something else")
        await index.put(title)
        assert await index.titles(text) == [title]

    async def test_letters_without_spaces_between_must_stand_together(self, index: Index) -> None:
        await index.put("茶绿")
        assert await index.titles("绿茶") == []


class TestAnswers:
    async def test_the_words_that_matched_are_marked_in_plain_text(self, index: Index) -> None:
        await index.put("Mug", "<p>Holds a <b>generous</b> coffee &amp; cake</p>")
        found = await index.hit("coffees")
        assert found.snippet == "Holds a generous coffee & cake"
        assert [found.snippet[a:b] for a, b in found.marks] == ["coffee"]

    async def test_a_long_text_is_cut_around_the_match(self, index: Index) -> None:
        await index.put("Mug", "before " * 60 + "coffee " + "after " * 60)
        found = await index.hit("coffee")
        assert found.snippet.startswith("…before")
        assert found.snippet.endswith("after…")
        assert [found.snippet[a:b] for a, b in found.marks] == ["coffee"]

    async def test_where_nothing_is_found_a_better_question_is_offered(self, index: Index) -> None:
        await index.put("Chocolate biscuit", keywords="teapot")
        assert (await index.ask("chokolatte ")).did_you_mean == "chocolate"
        assert (await index.ask("chocolatebiscuit")).did_you_mean == "chocolate biscuit"
        assert (await index.ask("tea pot ")).did_you_mean == "teapot"
        assert (await index.ask("xylophone")).did_you_mean == ""
        assert (await index.ask("chocolate ")).did_you_mean == ""

    async def test_what_only_staff_may_see_is_not_hinted_at(self, index: Index) -> None:
        await index.put("Lovelace", type="order", visibility="staff")
        await index.put("Mug")
        assert await index.titles("lovelace") == []
        assert (await index.ask("lovelasse ")).did_you_mean == ""
        assert await index.index.complete("lov") == []
        assert await index.titles("lovelace", include_staff=True) == ["Lovelace"]
        assert (await index.ask("lovelasse ", include_staff=True)).did_you_mean == "lovelace"

    async def test_some_are_only_listed_and_some_only_found(self, index: Index) -> None:
        await index.put("Listed mug", visibility="listed")
        await index.put("Found mug", visibility="found")
        assert await index.titles("mug") == ["Found mug"]
        assert await index.titles("") == ["Listed mug"]
        assert len(await index.titles("mug", include_staff=True)) == 2

    async def test_a_question_is_completed_with_what_finds_something(self, index: Index) -> None:
        await index.put("Blue mug")
        await index.put("Blue muffin", keywords="mulberry")
        await index.put("Red mushroom")
        assert list(await index.index.complete("mu"))[:1] != []
        assert sorted(await index.index.complete("blue mu")) == ["blue muffin", "blue mug", "blue mulberry"]
        assert await index.index.complete("mug ") == []
        assert await index.index.complete("") == []

    async def test_no_question_is_completed_with_a_code_whose_parts_were_joined(self, index: Index) -> None:
        await index.put("Nesting bowls", codes=("BOW-NEST",))
        assert await index.index.complete("bow") == ["bowls"]
        assert await index.titles("bownest") == ["Nesting bowls"]


class TestNarrowing:
    @pytest.fixture
    async def shelf(self, index: Index) -> Index:
        for title, size, colour, price in (
            ("A", ("S", "M"), "red", 10),
            ("B", ("M",), "red", 20),
            ("C", ("L",), "blue", 30),
            ("D", (), "blue", -5),
        ):
            facets = {"option:Size": size, "colour": (colour,)}
            await index.put(f"{title} mug", facets=facets, numbers={"price": price})
        await index.put("E mug", type="page")
        return index

    async def test_facets_are_counted_each_as_if_its_own_filter_were_off(self, shelf: Index) -> None:
        asked = {"facets": ("option:Size", "colour"), "types": ("product",)}
        all_of_them = await shelf.ask(**asked)
        assert all_of_them.facets == {"option:Size": {"M": 2, "S": 1, "L": 1}, "colour": {"red": 2, "blue": 2}}
        red = await shelf.ask(filters={"colour": ("red",)}, **asked)
        assert red.facets == {"option:Size": {"M": 2, "S": 1}, "colour": {"red": 2, "blue": 2}}
        small = await shelf.ask("mug", filters={"colour": ("red",), "option:Size": ("S", "L")}, **asked)
        assert [hit.title for hit in small.hits] == ["A mug"]
        assert small.facets == {"option:Size": {"M": 2, "S": 1}, "colour": {"red": 1, "blue": 1}}

    async def test_numbers_narrow_and_tell_their_bounds(self, shelf: Index) -> None:
        assert sorted(await shelf.titles(ranges={"price": (10, 20)})) == ["A mug", "B mug"]
        assert sorted(await shelf.titles(ranges={"price": (None, 10)})) == ["A mug", "D mug"]
        assert await shelf.titles(ranges={"price": (25, None)}) == ["C mug"]
        assert await shelf.titles(ranges={"weight": (1, None)}) == []
        found = await shelf.ask(ranges={"price": (10, 20)}, filters={"colour": ("red",)}, facets=("price", "colour"))
        assert found.bounds == {"price": (10, 20)}
        assert found.facets == {"colour": {"red": 2}}
        assert (await shelf.ask(ranges={"price": (10, 20)}, facets=("price",))).bounds == {"price": (-5, 30)}

    async def test_numbers_sort_and_what_has_none_comes_last(self, shelf: Index) -> None:
        assert await shelf.titles(sort="price") == ["D mug", "A mug", "B mug", "C mug", "E mug"]
        assert await shelf.titles(sort="-price") == ["C mug", "B mug", "A mug", "D mug", "E mug"]
        assert await shelf.titles("mug", sort="price", offset=1, limit=2) == ["A mug", "B mug"]
        assert len(await shelf.titles(sort="unheard of")) == 5

    async def test_types_are_counted_over_all_types(self, shelf: Index) -> None:
        found = await shelf.ask("mug", types=("page",))
        assert ([hit.title for hit in found.hits], found.total) == (["E mug"], 1)
        assert found.types == {"product": 4, "page": 1}

    async def test_only_counting_brings_no_hits(self, shelf: Index) -> None:
        found = await shelf.ask("mug", limit=0, facets=("colour",))
        assert (list(found.hits), found.total, found.facets["colour"]) == ([], 5, {"red": 2, "blue": 2})

    async def test_a_facet_may_have_any_name(self, index: Index) -> None:
        name = 'option:Größe "(.*)[" \\'
        await index.put("A", facets={name: ("1",), "option:Other": ("2",)})
        assert (await index.ask(facets=(name,), filters={name: ("1", "'; --")})).facets == {name: {"1": 1}}


class TestWriting:
    async def test_what_is_put_again_takes_the_place_of_what_was_there(self, index: Index) -> None:
        await index.put("Mug", "blue", facets={"colour": ("blue",)}, codes=("X-1",))
        await index.put("Mug", "red", facets={"colour": ("red",)})
        found = await index.ask("mug", facets=("colour",))
        assert (found.total, found.facets) == (1, {"colour": {"red": 1}})
        assert await index.titles("x-1") == []

    async def test_what_is_removed_is_gone(self, index: Index) -> None:
        await index.put("Mug")
        await index.put("Bowl")
        await index.index.remove("product", [index.ids["Mug"]])
        await index.index.remove("page", [index.ids["Bowl"]])
        assert await index.titles("") == ["Bowl"]

    async def test_a_new_index_takes_the_place_of_the_old(self, index: Index) -> None:
        await index.put("Old")
        assert (await index.index.state()).problem == "missing"
        await index.index.rebuild(batches(index.document("New"), index.document("Newer")))
        assert sorted(await index.titles("")) == ["New", "Newer"]
        state = await index.index.state()
        assert (state.documents, state.problem, state.is_building) == (2, "", False)

    async def test_what_changes_while_it_is_built_is_in_the_new_one(self, index: Index) -> None:
        await index.put("Old")
        await index.put("Gone")

        async def slow():
            yield [index.document("Old"), index.document("Gone")]
            await index.put("Old", "changed")
            await index.put("Added")
            await index.index.remove("product", [index.ids["Gone"]])
            assert sorted(await index.titles("")) == ["Added", "Old"]
            yield [index.document("Last")]

        await index.index.rebuild(slow())
        assert sorted(await index.titles("")) == ["Added", "Last", "Old"]
        assert await index.titles("changed") == ["Old"]

    async def test_building_that_fails_leaves_the_old_one(self, index: Index) -> None:
        await index.put("Old")

        async def failing():
            yield [index.document("New")]
            raise RuntimeError("the power went")

        with pytest.raises(RuntimeError):
            await index.index.rebuild(failing())
        assert await index.titles("") == ["Old"]
        await index.index.rebuild(batches(index.document("New")))
        assert await index.titles("") == ["New"]

    async def test_another_language_makes_it_outdated_and_it_still_answers(self, index: Index) -> None:
        await index.index.rebuild(batches(index.document("Mug")))
        index.words.now = SearchWords("de")
        assert (await index.index.state()).problem == "outdated"
        assert await index.titles("mug") == ["Mug"]
        await index.index.rebuild(batches(index.document("Mug")))
        assert (await index.index.state()).problem == ""


HOSTILE = [
    "", " ", "\x00", '"', "'", "a AND", "NOT", "AND OR NOT", "(", "))) ((", "title:mug", "mug~2", "mug^9", "mug*", "*",
    "[a TO b]", "{", "}", "+-&|!", "\\", "/regex/", "a:b:c", "near(mug, 2)", "'; DROP TABLE search_documents; --", "%",
    "_", "<script>alert(1)</script>", "🎉🎉", "👩‍👩‍👧‍👦 mug", "\u202emug", "\ufeff", "\ud800", "ﷺ" * 20, "a" * 10_000,
    "mug " * 2_500, "绿" * 5_000, "!" * 10_000, "-mug", "mug -blue", ":*", "mug:*", "<->", "a <-> b", "& | !",
    "e\u0301" * 50,
    "e\u0301" * 50, "\n\t\r", "½ ² ③", "İ ı ſ", "x\x1fy", "$1", "${x}", ":match", "%(x)s", "{0}", "--", "/*", "e",
    "ß" * 200,
]  # fmt: skip


class TestHostile:
    @pytest.fixture
    async def filled(self, index: Index) -> Index:
        await index.put("Mug", "the text", codes=("X:1",), facets={"colour": ("red",)})
        return index

    async def test_no_question_fails(self, filled: Index) -> None:
        for text in HOSTILE:
            found = await filled.ask(text, facets=("colour",), filters={"colour": (text, "red")})
            assert found.total in {0, 1}, text
            await filled.index.complete(text)
        assert await filled.titles("mug") == ["Mug"]

    async def test_anything_can_be_put(self, index: Index) -> None:
        kept = [text for text in HOSTILE if "\x00" not in text and "\ud800" not in text]
        for place, text in enumerate(kept):
            values = {"keywords": text, "codes": (text,), "facets": {"f": (text,)}, "numbers": {"price": place}}
            await index.index.put([index.document(f"{place} {text}", f"<p>{text}</p>", **values)])
        assert (await index.ask(limit=0)).total == len(kept)

    async def test_naughty_strings_are_found_or_not_and_never_fail(self, filled: Index) -> None:
        samples = os.environ.get("AGORA_SAMPLES")
        if not samples:
            pytest.skip("AGORA_SAMPLES is not set: the list of naughty strings is not here")
        path = next((Path(samples) / "06-security" / "blns").glob("*.json"))
        for text in json.loads(path.read_text(encoding="utf-8")):
            await filled.ask(str(text))
