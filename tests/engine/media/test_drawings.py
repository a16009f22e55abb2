"""Drawings: what only draws stays, whatever else somebody put in goes."""

import os
import re
from pathlib import Path

import pytest

from engine.core.errors import Invalid
from engine.media.drawings import MAX_ELEMENTS, clean
from tests.factories.files import HOSTILE_DRAWING

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SAMPLES = Path(os.environ["AGORA_SAMPLES"]) if "AGORA_SAMPLES" in os.environ else None
DANGER = re.compile(
    r"script|foreignObject|javascript|data:(?!image/(png|jpeg|gif|webp))|https?://(?!www\.w3\.org)|\son\w+=|ENTITY|<!|<\?|"
    r"alert|animate|<set|<iframe|<p\b|url\((?!['\"]?#)|@import",
    re.IGNORECASE,
)


def cleaned(body: str, more: str = "") -> str:
    return clean(f"<svg {SVG} {more}>{body}</svg>".encode()).data.decode()


def _use(number: int) -> str:
    return f"<use href='#a{number}'/>" * 10


class TestClean:
    def test_a_hostile_one_keeps_only_its_shapes(self) -> None:
        found = clean(HOSTILE_DRAWING)
        text = found.data.decode()
        assert DANGER.findall(text.replace("http://www.w3.org", "")) == []
        assert text.count("<rect") == 2
        assert 'fill="url(#g)"' in text
        assert (found.width, found.height) == (40, 20)

    @pytest.mark.parametrize(
        "body",
        [
            "<script>x</script>",
            "<SCRIPT xmlns='http://www.w3.org/1999/xhtml'>x</SCRIPT>",
            "<x:script xmlns:x='http://www.w3.org/2000/svg'>x</x:script>",
            "<g xmlns='http://www.w3.org/1999/xhtml'><iframe src='javascript:x'/></g>",
            "<use href='data:image/svg+xml;base64,PHN2Zz4='/>",
            "<image href='data:image/svg+xml;base64,PHN2Zz4='/>",
            "<image xlink:href='//evil.example/x.png'/>",
            "<rect style='fill:u\\72l(//evil.example)'/>",
            "<style>rect{background:\\75rl(//evil.example)}</style>",
            "<style>@import '//evil.example'</style>",
            "<style>&lt;script&gt;</style>",
            "<rect ONCLICK='x'/><rect onfocusin='x'/>",
            "<a href='java&#9;script:x'><rect/></a>",
            "<animate attributeName='href' to='javascript:x'/>",
            "<set attributeName='onload' to='x'/>",
            "<handler type='text/ecmascript'>x</handler>",
            "<filter id='f'><feImage href='//evil.example'/></filter>",
            "<text>a<tspan><script>x</script></tspan></text>",
        ],
    )
    def test_nothing_in_it_runs_or_leads_away(self, body: str) -> None:
        found = cleaned(body)
        assert DANGER.findall(found.replace("http://www.w3.org", "")) == []
        assert "evil" not in found
        clean(found.encode())  # and it is well-formed

    def test_what_draws_stays(self) -> None:
        body = (
            "<defs><linearGradient id='g'><stop offset='0' stop-color='#fff'/></linearGradient></defs>"
            "<style>.a{fill:url(#g);stroke:#000}</style><g transform='rotate(3)'><path class='a' d='M0 0h9'/>"
            "<text font-family='Inter'>Tea &amp; &lt;cake&gt;</text></g><use href='#g'/>"
            "<image href='data:image/png;base64,iVBORw0='/>"
        )
        found = cleaned(body, "viewBox='0 0 24 12'")
        for part in ("linearGradient", "fill:url(#g)", "rotate(3)", "Tea &amp; &lt;cake&gt;", 'href="#g"', "iVBORw0="):
            assert part in found

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"<svg", "well-formed"),
            (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "does not begin"),
            (b"<svg/>", "namespace"),
            (b'<!DOCTYPE svg [<!ENTITY a "x">]><svg xmlns="http://www.w3.org/2000/svg"/>', "entities"),
            (
                b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>',
                "entities",
            ),
            (b'<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://evil.example/">%p;]><svg/>', "entities"),
            (f"<svg {SVG}>{'<g>' * 200}{'</g>' * 200}</svg>".encode(), "too many parts"),
            (f"<svg {SVG}>{'<g/>' * (MAX_ELEMENTS + 1)}</svg>".encode(), "too many parts"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>" + b" " * 5_300_000 + b"</svg>", "larger than"),
        ],
        ids=["torn", "page", "no namespace", "entity", "file", "parameter", "deep", "many", "large"],
    )
    def test_what_could_hide_or_harm_is_refused(self, data: bytes, words: str) -> None:
        with pytest.raises(Invalid, match=words):
            clean(data)

    def test_one_that_repeats_itself_without_end_is_refused(self) -> None:
        levels = "".join(f"<g id='a{n}'>{_use(n - 1)}</g>" for n in range(1, 12))
        circle = "<g id='a'><use href='#b'/><use href='#c'/></g><g id='b'><use href='#a'/><use href='#c'/></g>"
        circle += "<g id='c'><use href='#a'/><use href='#b'/></g>"
        for body in (f"<g id='a0'><rect/></g>{levels}<use href='#a11'/>", circle):
            with pytest.raises(Invalid, match="repeats itself"):
                cleaned(body)

    @pytest.mark.skipif(SAMPLES is None, reason="AGORA_SAMPLES is not set")
    def test_the_hostile_samples_are_safe_or_refused(self) -> None:
        assert SAMPLES is not None
        for path in sorted((SAMPLES / "06-security/svg").glob("*.svg")):
            try:
                text = clean(path.read_bytes()).data.decode()
            except Invalid:
                assert "Test" in path.name
            else:
                assert DANGER.findall(text.replace("http://www.w3.org", "")) == [], path
