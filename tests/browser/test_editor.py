"""The editor of rich text: what is typed, pressed and pasted comes out as HTML that the engine keeps."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.core.html import clean_html
from tests.browser.conftest import DESK
from tests.browser.fieldpage import PASTE, as_new, editor, offer_pictures, opened, pick, style_guide, value
from tests.server import PASSWORD, Server

OWNER = "owner@example.org"
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><style>p.MsoNormal {margin:0}</style></head><body>
<!--StartFragment--><h1 style='mso-x:1'><span lang=EN-US style='font-size:20pt'>Care<o:p></o:p></span></h1>
<p class=MsoNormal><b>Wash</b> by <span style='font-style:italic;font-family:Calibri'>hand</span>.<o:p>&nbsp;</o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·&nbsp;&nbsp;</span>Warm</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o&nbsp;</span>Not hot</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·&nbsp;</span>Dry</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.&nbsp;</span>First</p>
<table class=MsoTable><tr><td><p class=MsoNormal><b>Cup</b></p></td><td><p class=MsoNormal>12</p></td></tr>
<tr><td><p class=MsoNormal>Plate<o:p></o:p></p><p class=MsoNormal>large</p></td><td>&nbsp;</td></tr></table>
<p><img src="file:///C:/x.png"><script>window.pwned = 1</script></p><!--EndFragment--></body></html>"""
DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1">
<h2 dir="ltr"><span style="font-size:16pt">Care</span></h2>
<p dir="ltr" style="line-height:1.38"><span style="font-weight:700">Wash</span>
<span style="font-weight:400"> by </span><span style="font-style:italic">hand</span></p>
<ul><li dir="ltr"><p role="presentation"><span>Warm</span></p></li></ul></b><br>"""
#: Everything that the engine allows and the editor shows, written as the engine writes it.
ALLOWED = (
    '<h2>Two</h2>\n<h3 lang="de">Drei</h3>\n<h4>Four</h4>\n<h5>Five</h5>\n<h6>Six</h6>\n'
    "<p><strong>b</strong> <em>i</em> <s>s</s> <u>u</u> <code>c</code> <sub>1</sub> <sup>2</sup> <mark>m</mark> "
    '<small>s</small> <kbd>K</kbd> <cite>c</cite> <q>q</q> <ins>n</ins> <abbr title="One &amp; two">a</abbr></p>\n'
    '<p dir="rtl">a<br>b</p>\n'
    '<ul><li>one<ul><li>in</li></ul></li><li>two</li></ul>\n<ol start="3"><li>three</li></ol>\n'
    "<blockquote><p>quoted</p></blockquote>\n<pre><code>x = 1\n  y &lt; 2</code></pre>\n<hr>\n"
    '<p><a href="https://a.example/?b=1&amp;c=2" title="A" hreflang="en" rel="noopener noreferrer">link</a> '
    '<a href="/products/mug" rel="noopener noreferrer">own</a> '
    '<img src="/media/a.webp" alt="A mug &gt; a cup" width="80" height="60" title="T"></p>'
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with style_guide(tmp_path_factory.mktemp("guide")) as url:
        yield url


@pytest.fixture(scope="module")
def opened_page(chromium: Browser, address: str) -> Iterator[Page]:
    with opened(chromium, address) as page:
        yield page


@pytest.fixture
def page(opened_page: Page) -> Iterator[Page]:
    with as_new(opened_page, allowed="404") as page:  # its pictures are nowhere
        yield page


def body(page: Page) -> str:
    """Return what the form would send, which is what the engine would keep."""
    html = value(page, "body")
    assert clean_html(html) == html
    return html


@pytest.mark.browser
class TestWriting:
    def test_untouched_text_is_sent_as_it_came(self, page):
        before = value(page, "body")
        page.get_by_role("textbox", name="Text").click()
        page.keyboard.press("ArrowDown")
        assert value(page, "body") == before

    def test_markdown_becomes_what_it_means(self, page):
        editor(page, "Text")
        page.keyboard.type("## Care\nWash **by hand** and `dry`\n- warm\nnot hot\n\n1. first\n\n> quoted")
        assert body(page) == (
            "<h2>Care</h2>\n<p>Wash <strong>by hand</strong> and <code>dry</code></p>\n"
            "<ul><li>warm</li><li>not hot</li></ul>\n<ol><li>first</li></ol>\n<blockquote><p>quoted</p></blockquote>"
        )

    def test_keys_and_buttons_do_the_same(self, page):
        editor(page, "Text")
        page.keyboard.press("Control+b")
        page.keyboard.type("bold")
        page.keyboard.press("Control+b")
        bar = page.get_by_role("toolbar").first
        expect(bar.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "false")
        bar.get_by_role("button", name="Italic").click()
        expect(bar.get_by_role("button", name="Italic")).to_have_attribute("aria-pressed", "true")
        page.keyboard.type("slanted")
        bar.get_by_role("button", name="Small heading").click()
        assert body(page) == "<h3><strong>bold</strong><em>slanted</em></h3>"
        bar.get_by_role("button", name="Undo").click()
        assert body(page) != "<h3><strong>bold</strong><em>slanted</em></h3>"
        page.keyboard.press("Control+Shift+z")
        assert body(page) == "<h3><strong>bold</strong><em>slanted</em></h3>"

    def test_nothing_written_is_nothing_sent(self, page):
        editor(page, "Text")
        assert body(page) == ""

    def test_the_toolbar_is_one_stop_and_arrows_go_along_it(self, page):
        page.get_by_role("textbox", name="Text").click()
        page.keyboard.press("Alt+F10")
        expect(page.get_by_role("button", name="Bold").first).to_be_focused()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("button", name="Heading", exact=True).first).to_be_focused()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("button", name="HTML").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("textbox", name="Text")).to_be_focused()


@pytest.mark.browser
class TestLinks:
    def ask(self, page: Page, address: str) -> None:
        page.keyboard.press("Control+k")
        page.get_by_label("Where the link leads").first.fill(address)
        page.keyboard.press("Enter")

    @pytest.mark.parametrize(
        ("typed", "href"),
        [
            ("https://a.example/b?c=d", "https://a.example/b?c=d"),
            ("a.example", "https://a.example"),
            ("/products/mug", "/products/mug"),
            ("ada@example.org", "mailto:ada@example.org"),
        ],
    )
    def test_selected_words_lead_there(self, page, typed, href):
        editor(page, "Text")
        page.keyboard.type("here")
        page.keyboard.press("Control+a")
        self.ask(page, typed)
        assert body(page) == f'<p><a href="{href}" rel="noopener noreferrer">here</a></p>'

    @pytest.mark.parametrize("typed", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "two words"])
    def test_what_leads_nowhere_good_is_refused_with_a_remedy(self, page, typed):
        editor(page, "Text")
        page.keyboard.type("here")
        page.keyboard.press("Control+a")
        self.ask(page, typed)
        expect(page.get_by_text(re.compile("Write it like https://example.org, /products/mug"))).to_be_visible()
        assert body(page) == "<p>here</p>"

    def test_one_can_be_taken_away(self, page):
        editor(page, "Text")
        page.keyboard.type("here")
        page.keyboard.press("Control+a")
        self.ask(page, "a.example")
        page.keyboard.press("Control+k")
        page.get_by_role("button", name="Remove link").click()
        assert body(page) == "<p>here</p>"


@pytest.mark.browser
class TestPictures:
    def test_one_comes_from_the_library_to_where_the_cursor_stood(self, page):
        offer_pictures(page)
        editor(page, "Text")
        page.keyboard.type("Look: ")
        page.get_by_role("button", name="Picture").first.click()
        pick(page)
        expect(page.get_by_role("textbox", name="Text")).to_be_focused()
        page.keyboard.type(" nice")
        assert body(page) == '<p>Look: <img src="/picture-3.svg" alt="A red mug"> nice</p>'


@pytest.mark.browser
class TestPasting:
    def test_word_comes_in_as_structure(self, page):
        text = editor(page, "Text")
        text.evaluate(PASTE, WORD)
        assert body(page) == (
            "<h2>Care</h2>\n<p><strong>Wash</strong> by <em>hand</em>.</p>\n"
            "<ul><li>Warm<ul><li>Not hot</li></ul></li><li>Dry</li></ul>\n<ol><li>First</li></ol>\n"
            "<p><strong>Cup</strong> | 12</p>\n<p>Plate large</p>"
        )

    def test_docs_come_in_as_structure(self, page):
        text = editor(page, "Text")
        text.evaluate(PASTE, DOCS)
        assert body(page) == "<h2>Care</h2>\n<p><strong>Wash</strong> by <em>hand</em></p>\n<ul><li>Warm</li></ul>"

    @pytest.mark.parametrize(
        "html",
        [
            "<img src=x onerror=window.pwned=1><p onclick=window.pwned=1>x</p>",
            "<a href='javascript:window.pwned=1'>x</a>",
            "<svg onload=window.pwned=1></svg><math><mtext></mtext></math>x",
            "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>x",
            "<form action=//evil.example><input name=x></form>x",
        ],
    )
    def test_nothing_that_is_pasted_runs_or_stays(self, page, html):
        text = editor(page, "Text")
        text.evaluate(PASTE, html)
        assert body(page) in ("<p>x</p>", "")
        assert page.evaluate("typeof window.pwned") == "undefined"


@pytest.mark.browser
class TestKeeping:
    def test_all_that_the_engine_allows_and_the_editor_shows_comes_out_the_same(self, page):
        assert clean_html(ALLOWED) == ALLOWED
        bar = page.get_by_role("toolbar").first
        bar.get_by_role("button", name="HTML").click()
        page.locator('textarea[name="body"]').fill(ALLOWED)
        bar.get_by_role("button", name="HTML").click()
        expect(page.get_by_role("textbox", name="Text")).to_have_class(re.compile("richtext-text"))
        page.keyboard.press("Control+Home")
        page.keyboard.type("x")
        page.keyboard.press("Backspace")
        assert body(page) == ALLOWED

    def test_what_the_editor_cannot_show_stays_as_html(self, page):
        sizes = page.locator('textarea[name="sizes"]')
        expect(sizes).to_be_visible()
        expect(page.get_by_text("It stays as HTML here, so that nothing is lost.")).to_be_visible()
        assert value(page, "sizes").startswith("<table>")

    def test_a_label_leads_into_the_text_and_says_what_is_wrong(self, page):
        wrong = page.get_by_role("textbox", name="Answer")
        expect(wrong).to_have_attribute("aria-invalid", "true")
        expect(wrong).to_have_accessible_description(re.compile("This is too short"))
        page.locator('label[for="field-note"]').click()
        expect(page.get_by_role("textbox", name="Note")).to_be_focused()


@pytest.mark.browser
class TestDescription:
    def test_a_product_is_described_saved_and_shown(self, server: Server, window: Callable[..., Page]):
        server.claim()
        page = window(DESK)
        page.goto("/admin/sign-in")
        page.get_by_label("E-mail").fill(OWNER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/admin")
        page.goto("/admin/products/new")
        page.get_by_label("Name").fill("Blue mug")
        page.get_by_label("Price", exact=True).fill("12.50")
        page.get_by_role("textbox", name="Description").click()
        page.keyboard.type("Thrown ")
        page.get_by_role("button", name="Bold").click()
        page.keyboard.type("by hand")
        page.get_by_label("Status").select_option("active")
        page.get_by_role("button", name="Add product").click()
        expect(page.get_by_text("The product is added.")).to_be_visible()
        text = page.get_by_role("textbox", name="Description")
        expect(text.locator("strong")).to_have_text("by hand")
        expect(page.get_by_role("button", name="Save product")).to_be_hidden()
        text.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(", twice")
        page.keyboard.press("Control+s")
        expect(page.get_by_text("The product is saved.")).to_be_visible()
        page.reload()
        expect(page.get_by_role("textbox", name="Description")).to_have_text("Thrown by hand, twice")
        page.goto("/products/blue-mug")
        expect(page.locator(".prose strong")).to_have_text("by hand, twice")
