"""What reads the pages for the other tests sees what must not be there."""

import pytest

from tests.security.pages import problems_of


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<script src='//evil.example/x.js'></script>",
        "<img src=x onerror=x>",
        "<a href=' javascript:x'>x</a>",
        "<iframe srcdoc='x'></iframe>",
        "<form action='//evil.example'></form>",
        "<p style='x'>x</p>",
        "<p><b>x</p>",
        "</div>",
        "<base href='/'>",
        '<script type="application/ld+json">{</script>',
        "<main></main>",
    ],
)
def test_it_is_seen(html):
    assert problems_of(f"<main>{html}</main>") != []


def test_a_page_as_it_should_be_is_left_alone():
    html = '<main><p>a &lt;script&gt;</p><img src="data:image/png;base64,x" alt=""></main>'
    assert problems_of(html + '<script type="application/ld+json">{"a": "\\u003c"}</script>') == []
