"""What is published, held and called spam: disguises, links, forms, and no training."""

from datetime import timedelta

import pytest

from engine.content.spam import folding
from engine.content.spam.judging import Outcome, Post, Seen, judge, said
from engine.content.spam.learning import Knowledge, likelihood, opinion, words_of
from engine.core.spamsettings import SpamSettings

MINUTE = timedelta(minutes=1)
SETTINGS = SpamSettings(held_words=["viagra", "casino*", "buy followers", "赌场"])


def outcome(text: str, seen: Seen | None = None, known: Knowledge | None = None, **changes: object) -> tuple[str, ...]:
    """Return the outcome and the codes of its reasons."""
    post = Post(text, **{"author": "Ada", "email": "ada@example.org", "age": MINUTE, **changes})  # type: ignore[arg-type]
    verdict = judge(post, seen or Seen(), known or Knowledge(), SETTINGS)
    return (verdict.outcome.value, *(reason.code for reason in verdict.reasons))


@pytest.mark.parametrize(
    "text",
    [
        "A lovely mug, it keeps tea warm. Thank you.",
        "Schöne Tasse, gefällt mir sehr. Größe prima!",
        "Отличная кружка, спасибо большое",
        "Καλημέρα, πολύ ωραία κούπα",
        "קנקן יפה מאוד، تصميم جميل",
        "می‌خواهم یکی بخرم",  # with the joiner that Persian needs
        "とても素敵なマグカップです。",
        "Great 👩‍👩‍👧‍👦 and 🏳️‍🌈, e.g. for picnics. See file.txt, version 2.0, at 10.30",
        "See https://example.org/a and www.example.com for more",
        "Ask me: ada@example.org, bob@example.com, eve@example.net, kim@example.de",
        "A α and a β are µ-metres; naïve café, œuvre, Łódź, Đorđe",
        "It costs $1 450, or 1 337 €; a b test; I, a man, O no",
    ],
)
def test_what_people_write_is_published(text: str) -> None:
    assert outcome(text) == ("publish",)


@pytest.mark.parametrize(
    "text",
    [
        "cheap viagra here",
        "VIAGRA",
        "v1agra",
        "v.i.a.g.r.a",
        "v i a g r a",
        "v-i_a*g r a",
        "𝓿𝓲𝓪𝓰𝓻𝓪",
        "ｖｉａｇｒａ",
        "v̷i̸a̶g̵r̴a̷",
        "vi\u00adag\u200bra",
        "vιаgrа",  # Greek iota, Cyrillic а
        "the best CASINOS online",
        "c@s1no-games",
        "buy   followers",
        "B u y followers",
        "最好的赌场在这里",
    ],
)
def test_held_words_are_found_through_disguises(text: str) -> None:
    found, *codes = outcome(text)
    assert found == "hold"
    assert "held_words" in codes


def test_a_held_word_is_not_found_inside_another() -> None:
    settings = SpamSettings(held_words=["sex", "ass"])
    post = Post("From Essex and Sussex with class and assistance", age=MINUTE)
    assert judge(post, Seen(), Knowledge(), settings).outcome is Outcome.PUBLISH


def test_disguise_itself_is_held_without_any_list() -> None:
    assert outcome("get pаypаl money") == ("hold", "disguise")
    assert outcome("free mo\u200bney") == ("hold", "disguise")
    assert outcome("turned \u202eyenom\u202c") == ("hold", "disguise")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("http://a.example https://b.example", 2),
        ("www.a.example and B.COM/x and c.de", 3),
        ("hxxp://a.example a[.]com b (dot) net c dot com", 4),
        ("[url=http://a.example]x[/url] <a href='//b.example'>y</a>", 2),
        ("ｈｔｔｐ：／／ａ．example http://a。example/", 2),
        ("http://user@evil.example/", 1),
        ("mail me at a@b.com", 0),
        ("word.Next sentence.and 3.14 e.g. i.e. file.txt", 0),
        ("call.me.In the end, t.me/channel and bit.ly/abc", 2),
        ("https://", 0),
    ],
)
def test_links_are_counted_however_they_are_written(text: str, count: int) -> None:
    assert len(folding.links(text)) == count


def test_many_links_are_held_and_nothing_but_links_is_spam() -> None:
    assert outcome("http://a.example " * 2) == ("publish",)
    assert outcome("http://a.example " * 3) == ("hold", "links")
    assert outcome("http://a.example " * 10) == ("spam", "links")


def test_a_link_in_the_name_counts() -> None:
    assert outcome("http://a.example http://b.example", author="buy www.c.example")[0] == "hold"


def test_the_form_tells_machines_from_people() -> None:
    assert outcome("Nice", trap="https://spam.example") == ("spam", "trap")
    assert outcome("Nice", age=timedelta(seconds=2)) == ("hold", "fast")
    assert outcome("Nice", age=timedelta(seconds=3)) == ("publish",)
    assert outcome("Nice", age=None) == ("hold", "ageless")
    assert outcome("Nice", age=timedelta(seconds=-5)) == ("hold", "ageless")
    assert outcome("Nice", age=timedelta(days=2)) == ("hold", "stale")
    assert outcome("Nice", age=None, asks_age=False) == ("publish",)


def test_staff_are_never_judged() -> None:
    assert outcome("viagra " + "http://a.example " * 30, trap="x", age=None, is_trusted=True) == ("publish",)


def test_rate_and_repeats_are_held() -> None:
    assert outcome("Nice", Seen(by_address=9)) == ("publish",)
    assert outcome("Nice", Seen(by_address=10)) == ("hold", "address_rate")
    assert outcome("Nice", Seen(by_author=6)) == ("hold", "author_rate")
    assert outcome("Nice", Seen(same_by_author=1)) == ("hold", "repeat")
    assert outcome("Nice", Seen(same_by_others=5)) == ("publish",)  # two people may say the same short thing
    assert outcome("Nice and " * 9, Seen(same_by_others=1)) == ("hold", "repeat")


class TestLearning:
    def test_without_training_there_is_no_opinion(self) -> None:
        assert opinion(words_of("cheap pills now"), Knowledge()) is None
        only_spam = Knowledge(50, 0, {"cheap": (50, 0)})
        assert opinion(words_of("cheap"), only_spam) is None

    def test_unknown_words_say_nothing(self) -> None:
        assert opinion(words_of("entirely novel vocabulary"), Knowledge(10, 10)) is None

    def test_it_says_which_words_weighed_most(self) -> None:
        known = Knowledge(20, 20, {"cheap": (18, 1), "pills": (20, 0), "mug": (0, 15), "the": (19, 19)})
        found = opinion(words_of("the cheap pills"), known)
        assert found is not None
        assert found.likelihood > 0.98
        assert [word for word, _share in found.words] == ["pills", "cheap"]

    def test_one_word_alone_holds_and_never_condemns(self) -> None:
        known = Knowledge(20, 20, {"pills": (20, 0)})
        assert outcome("where are my pills, please", known=known) == ("hold", "learnt")
        more = dict.fromkeys(("pills", "cheap", "order"), (20, 0))
        assert outcome("order cheap pills", known=Knowledge(20, 20, more)) == ("spam", "learnt")

    def test_counts_that_went_astray_do_no_harm(self) -> None:
        known = Knowledge(5, 5, {"odd": (900, 0), "word": (0, 900)})
        assert 0 < likelihood("odd", known) < 1
        assert 0 < likelihood("word", known) < 1
        assert opinion(["odd"] * 10_000, known) is not None

    def test_words_are_seen_through_disguise_and_bounded(self) -> None:
        assert "cheap" in words_of("ＣＨＥ\u200bАР")
        assert "link:evil.example" in words_of("http://www.evil.example/x?y")
        assert "mail:bad.example" in words_of("x", email="A@BAD.example")
        assert len(words_of(" ".join(f"word{n}" for n in range(5_000)))) == 400
        assert all(len(word) <= 40 for word in words_of("x" * 5_000, "y" * 500, "z@" + "w" * 300))


def test_reasons_are_kept_as_json_and_said_again() -> None:
    verdict = judge(Post("viagra", age=MINUTE), Seen(), Knowledge(), SETTINGS)
    kept = verdict.reasons[0].kept()
    assert kept == {"code": "held_words", "values": {"words": ["viagra"]}}
    assert str(said(kept["code"], kept["values"])) == "It has words that you hold: viagra."
    assert "gone" in str(said("gone", {}))


@pytest.mark.parametrize(
    "text", ["(" * 50_000, "a." * 50_000, "w w " * 20_000, "\u200b" * 50_000, "//" * 9_000, "a\u0301" * 30_000]
)
def test_hostile_text_ends(text: str) -> None:
    assert outcome(text[:20_000])[0] in {"publish", "hold", "spam"}
